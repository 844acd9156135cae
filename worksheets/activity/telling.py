"""Entries of the journal, told in French: who, did what, to what, when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

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
Links = dict[str, tuple[str, str]]


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
    links = _links(entries, user, territory)

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
        _told(group, links, is_new=is_new(group[0]))
        for group in (list(group) for _, group in groupby(entries, key=alike))
    ]


def _told(entries: list[Entry], links: Links, *, is_new: bool) -> Happening:
    latest = entries[0]
    label, url = links.get(latest.target, ("", ""))
    before, has_link, after = sentence_of(entries, has_target=bool(label))
    return Happening(
        at=latest.at,
        author=latest.actor.name if latest.actor else NOBODY,
        before=before,
        label=label if has_link else "",
        url=url if has_link else "",
        after=after,
        is_new=is_new,
    )


def _links(entries: list[Entry], user: User, territory: Territory) -> Links:
    """What each target is called, and where its page is."""
    worksheets = Worksheet.objects.visible_to(user).filter(territory=territory)
    opportunities = Opportunity.objects.filter(territory=territory)
    actions = DetectionAction.objects.visible_to(user).filter(territory=territory)
    deleted = [entry for entry in entries if entry.verb == DELETED]
    links = {territory.scope: ("l’équipe", reverse("territories:team", args=[territory.ref]))}
    links |= _worksheet_links(territory, worksheets.filter(ref__in=_refs(entries, "worksheet:")))
    if deleted:
        in_bin = opportunities.deleted_for(user).filter(ref__in=_refs(deleted, "opportunity:"))
        bin_url = reverse("opportunities:bin", args=[territory.ref])
        links |= {row.target: (quoted(row.title), bin_url) for row in in_bin.only("ref", "title")}
    refs = _refs(entries, "opportunity:")
    return (
        links
        | dict(_titled(opportunities.visible_to(user).filter(ref__in=refs), territory, "detail"))
        | dict(
            _titled(actions.filter(ref__in=_refs(entries, "action:")), territory, "action-detail")
        )
    )


def _refs(entries: Iterable[Entry], prefix: str) -> set[str]:
    return {
        entry.target.removeprefix(prefix) for entry in entries if entry.target.startswith(prefix)
    }


def _worksheet_links(territory: Territory, worksheets: QuerySet[Worksheet]) -> Links:
    links = {}
    for ref, step, about in worksheets.values_list("ref", "step", "opportunity__title"):
        label = Step(step).label
        links[f"worksheet:{ref}"] = (
            f"{label} – {about}" if about else label,
            reverse("worksheets:worksheet-show", args=[territory.ref, ref]),
        )
    return links


def _titled(queryset: QuerySet, territory: Territory, route: str) -> Iterator:
    for row in queryset.only("ref", "title"):
        url = reverse(f"opportunities:{route}", args=[territory.ref, row.ref])
        yield row.target, (quoted(row.title), url)
