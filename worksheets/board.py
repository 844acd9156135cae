"""The trainers' board: where the territories of a programme are, as one matrix.

What it costs in queries doesn't depend on the number of territories.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from operator import itemgetter

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from journal.models import Entry
from opportunities.models import Opportunity
from programmes.calendar import deadline_of
from programmes.enums import Step
from programmes.models import Deadline, Member, Programme
from territories.enums import Role
from territories.models import Grant, Territory
from worksheets.activity.news import news_counts
from worksheets.lifecycle import Verb
from worksheets.models import Transition
from worksheets.overview import Line, lines_in, open_comments_of, worksheets_open_to
from worksheets.sketches import Sketch, sketches_of


@dataclass(frozen=True)
class Cell:
    """The lines of one territory at one step: several at step 2, one for each opportunity."""

    step: Step
    lines: list[Line]

    @property
    def started(self) -> list[Line]:
        return [line for line in self.lines if line.worksheet]

    @property
    def to_start(self) -> list[Line]:
        return [line for line in self.lines if line.worksheet is None]


@dataclass(frozen=True)
class Row:
    """One territory. `returned` are the row numbers of the worksheets that the reader of the board
    has once returned; `news_count`, how much others did since they were there last."""

    territory: Territory
    member_count: int
    opportunity_count: int
    has_lead: bool
    lines: tuple[Line, ...]
    returned: frozenset[int]
    last_activity: datetime | None
    news_count: int

    @property
    def cells(self) -> list[Cell]:
        """What the row says of each step, in the order of the journey."""
        return [Cell(step, [line for line in self.lines if line.step == step]) for step in Step]

    @cached_property
    def submitted(self) -> list[Line]:
        return [line for line in self.lines if line.submitted]

    @cached_property
    def corrected(self) -> list[Line]:
        """Submitted again after the reader of the board had returned them."""
        return [
            line for line in self.lines if line.submitted and line.submitted.pk in self.returned
        ]

    @cached_property
    def overdue(self) -> list[Line]:
        return [line for line in self.lines if line.is_overdue]


FILTERS: dict[str, tuple[str, Callable[[Row], bool]]] = {
    "": ("Tous", lambda row: True),
    "a-relire": ("À relire", lambda row: bool(row.submitted)),
    "corrigees": ("Corrigées", lambda row: bool(row.corrected)),
    "en-retard": ("En retard", lambda row: bool(row.overdue)),
    "sans-referent": ("Sans référent", lambda row: not row.has_lead),
}


@dataclass(frozen=True)
class Board:
    """One programme as one of its trainers or observers sees it. `is_trainer` says which: an
    observer knows nothing of drafts, nor of what the teams do between two submissions."""

    programme: Programme
    is_trainer: bool
    rows: tuple[Row, ...]

    @property
    def columns(self) -> list[tuple[Step, Deadline | None]]:
        return [(step, deadline_of(self.programme, step)) for step in Step]

    @property
    def submitted_count(self) -> int:
        return sum(len(row.submitted) for row in self.rows)

    @property
    def corrected_count(self) -> int:
        return sum(len(row.corrected) for row in self.rows)

    @property
    def overdue_count(self) -> int:
        return sum(len(row.overdue) for row in self.rows)

    @property
    def opportunity_count(self) -> int:
        return sum(row.opportunity_count for row in self.rows)

    def filters(self) -> list[tuple[str, str, int]]:
        """(value in the address, label, number of territories) of each filter."""
        return [
            (value, label, sum(keeps(row) for row in self.rows))
            for value, (label, keeps) in FILTERS.items()
            if self.is_trainer or value != "corrigees"
        ]

    def filtered(self, value: str) -> list[Row]:
        """The rows that the filter of that value keeps; a value that doesn't exist keeps all."""
        _, keeps = FILTERS.get(value, FILTERS[""])
        return [row for row in self.rows if keeps(row)]

    @property
    def next_to_review(self) -> Line | None:
        """What has waited longest, before all where nobody has begun the review."""
        waiting = [
            (worksheet.review_started_at is not None, worksheet.sent_at, line)
            for row in self.rows
            for line in row.lines
            if (worksheet := line.submitted)
        ]
        return min(waiting, key=itemgetter(0, 1))[-1] if waiting else None


def board_of(programme: Programme, user, *, is_trainer: bool) -> Board:
    """The board of `programme`, fetched with its deadlines, for one of its members."""
    territories = list(_territories_of(programme))
    worksheets = worksheets_open_to(user).filter(
        programme=programme, territory__enrolments__programme=programme
    )
    returns = Transition.objects.filter(worksheet__programme=programme, verb=Verb.RETURN, by=user)
    returned = frozenset(returns.values_list("worksheet", flat=True))
    sketches: dict[int, Sketch | None] = dict.fromkeys(ws.pk for ws in worksheets)
    comments: dict[int, list[str]] = {}
    if is_trainer:
        sketches |= sketches_of(worksheets)
        comments = open_comments_of(worksheets)
    by_territory = defaultdict(list)
    for worksheet in worksheets:
        worksheet.programme = programme  # with its dates, fetched once
        by_territory[worksheet.territory_id].append(worksheet)
    activity = _team_activity(programme, territories) if is_trainer else _submissions(by_territory)
    news = news_counts(user)
    rows = tuple(
        Row(
            territory=territory,
            member_count=territory.member_count,
            opportunity_count=territory.opportunity_count,
            has_lead=territory.has_a_lead,
            lines=tuple(
                lines_in(
                    programme, by_territory[territory.pk], sketches, comments, sees_expected=True
                )
            ),
            returned=returned,
            last_activity=activity.get(territory.pk),
            news_count=news.get(territory.scope, 0),
        )
        for territory in territories
    )
    return Board(programme=programme, is_trainer=is_trainer, rows=rows)


def how_many(queryset: QuerySet, *, of: str = "pk", territory: str = "territory") -> Coalesce:
    """For an annotation of territories: the number of different `of` among the rows of `queryset`
    that lead to each by the relation `territory`."""
    own = queryset.filter(**{territory: OuterRef("pk")}).order_by().values(territory)
    return Coalesce(Subquery(own.annotate(n=Count(of, distinct=True)).values("n")), 0)


def team_grants() -> QuerySet[Grant]:
    """Grants that make the teams of today."""
    return Grant.objects.current().of_team().filter(user__is_active=True)


def _territories_of(programme):
    leads = team_grants().filter(territory=OuterRef("pk"), role=Role.LEAD)
    return Territory.objects.filter(enrolments__programme=programme).annotate(
        member_count=how_many(team_grants(), of="user"),
        opportunity_count=how_many(Opportunity.objects.current().filter(deleted_at=None)),
        has_a_lead=Exists(leads),
    )


def _team_activity(programme, territories):
    """The last instant at which each team worked on a worksheet or an opportunity."""
    scopes = {territory.scope: territory.pk for territory in territories}
    entries = (
        Entry.objects.filter(
            Q(target__startswith="worksheet:") | Q(target__startswith="opportunity:"),
            scope__in=scopes,
        )
        .exclude(actor__in=Member.objects.filter(programme=programme).values("user"))
        .order_by()
        .values_list("scope")
        .annotate(last=Max("at"))
    )
    return {scopes[scope]: last for scope, last in entries}


def _submissions(by_territory):
    return {
        pk: max(worksheet.sent_at for worksheet in worksheets)
        for pk, worksheets in by_territory.items()
    }
