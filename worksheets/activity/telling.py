"""Entries of the journal, told in French: who, did what, to what, when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.templatetags.french import quoted
from journal.models import Entry
from opportunities.models import DetectionAction, Opportunity
from programmes.enums import Step
from territories.models import Territory
from worksheets.activity.reading import DELETED
from worksheets.activity.sentences import folds, folds_targets, sentence_of
from worksheets.models import Worksheet

NOBODY = "La plateforme"


class Target(NamedTuple):
    """What an entry is about: its name, its page, and the horizon of a worksheet's programme, which
    the names of its questions may say."""

    label: str
    url: str
    horizon: str = ""


Targets = dict[str, Target]


@dataclass(frozen=True)
class Happening:
    """One sentence: `author` `before` `label` (a link to `url`) `after`. `at` is when the latest of
    the entries that it tells was written; `is_new`, whether the reader hadn't seen it."""

    at: datetime
    author: str
    before: str
    label: str
    url: str
    after: str
    is_new: bool = False

    @property
    def on(self) -> date:
        """The day, in Europe/Paris."""
        return timezone.localdate(self.at)


def tell(
    entries: Iterable[Entry], user: User, territory: Territory, *, since: datetime | None = None
) -> list[Happening]:
    """`entries` of the journal of `territory`, which `user` may read, in their order: what somebody
    did several times in a row on one day is one sentence. What others did after `since` is new.
    Four queries at most."""
    entries = list(entries)
    targets = _targets(entries, user, territory)

    def is_new(entry):
        return since is not None and entry.at > since and entry.actor_id != user.pk

    def alike(entry):
        """Equal for entries that are told together; alone, for the rest."""
        if not folds(entry.verb):
            return entry.pk
        target = None if folds_targets(entry.verb) else entry.target
        day = timezone.localdate(entry.at)
        return entry.actor_id, entry.verb, target, day, is_new(entry)

    return [
        _told(group, targets, is_new=is_new(group[0]))
        for group in (list(group) for _, group in groupby(entries, key=alike))
    ]


def _told(entries: list[Entry], targets: Targets, *, is_new: bool) -> Happening:
    latest = entries[0]
    target = targets.get(latest.target)
    before, has_link, after = sentence_of(
        entries, has_target=target is not None, horizon=target.horizon if target else ""
    )
    return Happening(
        at=latest.at,
        author=latest.actor.name if latest.actor else NOBODY,
        before=before,
        label=target.label if target and has_link else "",
        url=target.url if target and has_link else "",
        after=after,
        is_new=is_new,
    )


def _targets(entries: list[Entry], user: User, territory: Territory) -> Targets:
    """What `entries` are about, by what the journal calls it."""
    worksheets = Worksheet.objects.visible_to(user).filter(territory=territory)
    opportunities = Opportunity.objects.filter(territory=territory)
    actions = DetectionAction.objects.visible_to(user).filter(territory=territory)
    deleted = [entry for entry in entries if entry.verb == DELETED]
    targets = {
        territory.scope: Target("l’équipe", reverse("territories:team", args=[territory.ref]))
    }
    targets |= _worksheets(territory, worksheets.filter(ref__in=_refs(entries, "worksheet:")))
    if deleted:
        in_bin = opportunities.deleted_for(user).filter(ref__in=_refs(deleted, "opportunity:"))
        bin_url = reverse("opportunities:bin", args=[territory.ref])
        for row in in_bin.only("ref", "title"):
            targets[row.target] = Target(quoted(row.title), bin_url)
    visible = opportunities.visible_to(user).filter(ref__in=_refs(entries, "opportunity:"))
    targets |= _titled(visible, territory, "detail")
    held = actions.filter(ref__in=_refs(entries, "action:"))
    return targets | _titled(held, territory, "action-detail")


def _refs(entries: Iterable[Entry], prefix: str) -> set[str]:
    return {
        entry.target.removeprefix(prefix) for entry in entries if entry.target.startswith(prefix)
    }


def _worksheets(territory: Territory, worksheets: QuerySet[Worksheet]) -> Targets:
    targets = {}
    rows = worksheets.values_list("ref", "step", "opportunity__title", "programme__horizon")
    for ref, step, about, horizon in rows:
        label = Step(step).label
        targets[f"worksheet:{ref}"] = Target(
            f"{label} – {about}" if about else label,
            reverse("worksheets:worksheet-show", args=[territory.ref, ref]),
            str(horizon),
        )
    return targets


def _titled(queryset: QuerySet, territory: Territory, route: str) -> Targets:
    return {
        row.target: Target(
            quoted(row.title), reverse(f"opportunities:{route}", args=[territory.ref, row.ref])
        )
        for row in queryset.only("ref", "title")
    }
