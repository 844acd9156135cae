"""What of the journal somebody may read: the truth table of the product, entry by entry.

An entry is read by who may see what it is about. Beyond that: what is being written is told to
who reads drafts, what is said of people attached to an opportunity to who reads those, and a
partner isn't told the names of what isn't shared with them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet, TextChoices
from django.db.models.functions import Substr

from accounts.models import User
from journal.models import Entry
from opportunities.models import DetectionAction, Opportunity
from territories.enums import TEAM_ROLES, Role
from territories.models import Grant, Territory
from worksheets.lifecycle import JOURNAL_VERBS
from worksheets.models import READS_EVERYTHING, Worksheet
from worksheets.standing import Standing

# What became of a worksheet that was submitted: all that is told of it to who reads no draft.
OF_SUBMISSIONS = (*JOURNAL_VERBS.values(), "worksheet.review_started")
DELETED = "opportunity.deleted"


class Part(TextChoices):
    """What a feed can be narrowed to; the values stand in its address."""

    WORKSHEETS = "fiches", "Fiches"
    OPPORTUNITIES = "opportunites", "Opportunités"
    DETECTION = "reperage", "Repérage"
    TEAM = "equipe", "Équipe"

    @property
    def place(self) -> str:
        """After a number of news: "3 sur les fiches"."""
        return {
            Part.WORKSHEETS: "sur les fiches",
            Part.OPPORTUNITIES: "sur les opportunités",
            Part.DETECTION: "sur le repérage",
            Part.TEAM: "sur l’équipe",
        }[self]

    @classmethod
    def of(cls, entry: Entry) -> Part:
        return _PARTS.get(entry.verb.partition(".")[0], cls.TEAM)

    @property
    def entries(self) -> Q:
        """Those whose part it is."""
        others = self is Part.TEAM
        found = Q()
        for kind, part in _PARTS.items():
            if others or part is self:
                found |= Q(verb__startswith=f"{kind}.")
        return ~found if others else found


# By the kind of thing that begins a verb.
_PARTS = {
    "worksheet": Part.WORKSHEETS,
    "opportunity": Part.OPPORTUNITIES,
    "opportunities": Part.OPPORTUNITIES,
    "person": Part.OPPORTUNITIES,
    "action": Part.DETECTION,
}


class Held(NamedTuple):
    """One role of somebody on the work of one territory, and the programme that gives it if any."""

    territory_ref: str
    role: str
    programme_ref: str


def held_by(user: User) -> list[Held]:
    """All the roles that `user` holds today. One query."""
    grants = Grant.objects.current().filter(user=user)
    return [Held(*each) for each in grants.values_list("territory__ref", "role", "programme_ref")]


def entries_for(standing: Standing) -> QuerySet[Entry]:
    """The entries of one territory that the person may read, newest first."""
    held = [Held(standing.territory.ref, *grant) for grant in standing.grants]
    return entries_open_to(standing.user, held)


def entries_open_to(user: User, held: Iterable[Held]) -> QuerySet[Entry]:
    """The entries that `user`, whose current roles are `held`, may read in the journals of those
    territories, newest first."""
    held = list(held)
    territories = Territory.objects.filter(ref__in={each.territory_ref for each in held})
    scopes: dict[str, set[str]] = defaultdict(set)
    for territory_ref, role, _ in held:
        scopes[role].add(f"territory:{territory_ref}")
    entries = Entry.objects.filter(scope__in=_in(scopes, *Role)).filter(
        _of_worksheets(user, territories)
        | _of_opportunities(user, territories, scopes)
        | _about("action:", DetectionAction.objects.visible_to(user), territories)
        | _of_territories(scopes, {programme_ref for *_, programme_ref in held})
    )
    return entries.select_related("actor").order_by("-at", "-pk")


def _in(scopes: dict[str, set[str]], *roles: str) -> set[str]:
    """The scopes where one of `roles` is held."""
    return set().union(*(scopes[role] for role in roles))


def _about(prefix: str, queryset: QuerySet, territories: QuerySet[Territory]) -> Q:
    """Entries about a row of `queryset`, which the journal calls by `prefix` and its reference."""
    ref = Substr(OuterRef("target"), len(prefix) + 1)
    # A database may read all these rows at once: those of other territories would slow it down.
    rows = queryset.filter(ref=ref, territory__in=territories).order_by()
    return Q(Exists(rows), target__startswith=prefix)


def _of_worksheets(user: User, territories: QuerySet[Territory]) -> Q:
    """Of what is being written to who sees it whole; else of what was submitted."""
    written = _about("worksheet:", Worksheet.objects.written_before(user), territories)
    visible = _about("worksheet:", Worksheet.objects.visible_to(user), territories)
    return written | Q(visible, verb__in=OF_SUBMISSIONS)


def _of_opportunities(
    user: User, territories: QuerySet[Territory], scopes: dict[str, set[str]]
) -> Q:
    """Of people attached to them, and of what is in the bin, to who writes for the territory; of
    merges, which name another opportunity, to all but mere partners."""
    visible = _about("opportunity:", Opportunity.objects.visible_to(user), territories)
    in_bin = _about("opportunity:", Opportunity.objects.deleted_for(user), territories)
    of_people = Q(verb__startswith="person.")
    of_merges = Q(verb__startswith="opportunity.merged")
    writers = Q(scope__in=_in(scopes, Role.LEAD, Role.CONTRIBUTOR))
    see_all = Q(scope__in=_in(scopes, *(role for role in Role if role != Role.PARTNER)))
    return visible & (~of_people | writers) & (~of_merges | see_all) | Q(in_bin, verb=DELETED)


def _of_territories(scopes: dict[str, set[str]], programme_refs: set[str]) -> Q:
    """Of the team to all who see its page; of the programmes to the team, and to who follows them;
    of files of opportunities to who sees all of these; of the rest, invitations among it, to who
    reads everything."""
    of_team = Q(verb__startswith="team.") | Q(verb="territory.opened")
    of_files = Q(
        verb="opportunities.imported", scope__in=_in(scopes, *READS_EVERYTHING, Role.OBSERVER)
    )
    everything = Q(scope__in=_in(scopes, *READS_EVERYTHING))
    programmes = Q(scope__in=_in(scopes, *TEAM_ROLES)) | Q(
        target__in={f"programme:{ref}" for ref in programme_refs}
    )
    return Q(of_team | of_files | everything, target=F("scope")) | Q(
        programmes, verb="territory.enrolled"
    )
