"""Where the worksheets of a territory are: what exists, what is to come, what is due next.

A `Line` is one worksheet that a territory has, or is to have, in a programme. The home of a team,
the list of its worksheets and the trainers' board are made of lines; the number of queries doesn't
depend on how many there are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING, TypedDict

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from opportunities.models import Opportunity
from programmes.calendar import DatedItem, calendar_of, deadline_of, is_late, upcoming
from programmes.enums import Step
from programmes.models import Deadline, Programme
from territories.enums import Role
from worksheets import completeness
from worksheets.content import Subject
from worksheets.enums import State
from worksheets.grids.declarations import GRIDS
from worksheets.models import Comment, Submission, Transition, Worksheet, slot_name
from worksheets.sketches import Sketch, sketches_of
from worksheets.standing import Standing

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

NOT_STARTED = "none"  # the state, for a page, of a worksheet that doesn't exist
_STEP_TITLES = {grid.step: grid.title for grid in GRIDS}


class Trace(TypedDict):
    """What `worksheets_open_to` annotates: the last change of state and the name of its author,
    None before any; the last submission, None too, but not where there is one to review."""

    moved_at: datetime | None
    moved_by: str | None
    sent_at: datetime


@dataclass(frozen=True)
class Line:
    """`subject` is the opportunity at step 2, None there while none is chosen. `sketch` is what
    the reader may know of what is being written, None for nothing; `changed_count`, how many of
    these answers others have changed since the reader's last visit."""

    programme: Programme
    step: Step
    worksheet: WithAnnotations[Worksheet, Trace] | None = None
    subject: Subject | None = None
    deadline: Deadline | None = None
    sketch: Sketch | None = None
    open_comments: int = 0
    changed_count: int = 0

    @property
    def title(self) -> str:
        """ "Étape 1 : Détecter les opportunités", "Étape 2 – La halle"."""
        if self.subject:
            return f"{self.step.label} – {self.subject.title}"
        return self.worksheet.grid.title if self.worksheet else _STEP_TITLES[self.step]

    @property
    def state(self) -> str:
        """A value of State, or NOT_STARTED."""
        return self.worksheet.state if self.worksheet else NOT_STARTED

    @property
    def submitted(self) -> WithAnnotations[Worksheet, Trace] | None:
        """The worksheet, if the trainers have it to review."""
        return self.worksheet if self.state == State.SUBMITTED else None

    @property
    def is_to_choose(self) -> bool:
        """Step 2, before any opportunity is chosen for it."""
        return self.step == Step.STEP_2 and self.subject is None

    @property
    def is_with_team(self) -> bool:
        """The team has it in hand, or is to begin it."""
        return self.worksheet is None or self.worksheet.is_with_team

    @cached_property
    def is_overdue(self) -> bool:
        """Late and still with the team."""
        return self.is_with_team and is_late(self.deadline, timezone.now())

    @cached_property
    def progress(self) -> completeness.Progress | None:
        """While it is being written, for those who may know."""
        if self.sketch is None or not self.is_with_team:
            return None
        return completeness.progress(self.sketch)

    @cached_property
    def missing(self) -> list[completeness.Missing]:
        return completeness.missing(self.sketch) if self.sketch and self.is_with_team else []


def worksheets_open_to(user) -> QuerySet[WithAnnotations[Worksheet, Trace]]:
    """The worksheets that `user` may see with what a line shows of them: their relations and their
    Trace; two queries."""
    moves = Transition.objects.filter(worksheet=OuterRef("pk")).order_by("-at", "-pk")
    sent = Submission.objects.filter(worksheet=OuterRef("pk")).order_by("-number")
    return (
        Worksheet.objects.visible_to(user)
        .annotate(
            moved_at=Subquery(moves.values("at")[:1]),
            moved_by=Subquery(moves.values("by__name")[:1]),
            sent_at=Subquery(sent.values("submitted_at")[:1]),
        )
        .select_related(
            "territory",
            "programme",
            "changed_by",
            "review_started_by",
            "opportunity__district",
            "opportunity__commune",
        )
        # One instance for all worksheets that are pinned to it: its grid is read once.
        .prefetch_related("grid_version")
    )


def open_comments_of(worksheets: QuerySet[Worksheet]) -> dict[int, list[str]]:
    """The slot name of each open thread, by the worksheet's row number; one query."""
    found = defaultdict(list)
    comments = Comment.objects.filter(
        worksheet__in=worksheets.values("pk"), thread=None, resolved_at=None
    )
    for pk, key, ref in comments.values_list("worksheet", "question", "opportunity__ref"):
        found[pk].append(slot_name(key, ref))
    return found


def lines_of(standing: Standing, programmes: Iterable[Programme]) -> list[Line]:
    """The lines of one territory in `programmes`, for one person, in the order of the journey.
    Six queries at most."""
    worksheets = worksheets_open_to(standing.user).filter(territory=standing.territory)
    sketches = sketches_of(worksheets)
    comments = open_comments_of(worksheets)
    parts = {ws.pk: standing.draft_part(ws, sketches[ws.pk]) for ws in worksheets}
    lines = []
    for programme in programmes:
        lines += lines_in(
            programme,
            [ws for ws in worksheets if ws.programme_id == programme.pk],
            parts,
            comments,
            sees_expected=standing.sees_expected(programme),
        )
    return lines


def lines_about(
    standing: Standing, programmes: Iterable[Programme], opportunity: Opportunity
) -> list[Line]:
    """The step 2 lines of one opportunity, one for each of `programmes`. Five queries."""
    worksheets = worksheets_open_to(standing.user).filter(opportunity=opportunity)
    sketches = sketches_of(worksheets)
    comments = open_comments_of(worksheets)
    parts = {ws.pk: standing.draft_part(ws, sketches[ws.pk]) for ws in worksheets}
    started = {ws.programme_id: ws for ws in worksheets}
    subject = Subject.of(opportunity)
    return [
        _line(
            programme,
            Step.STEP_2,
            started.get(programme.pk),
            subject,
            sketches=parts,
            comments=comments,
        )
        for programme in programmes
        if programme.pk in started or standing.sees_expected(programme)
    ]


def lines_in(
    programme: Programme,
    worksheets: Sequence[WithAnnotations[Worksheet, Trace]],
    sketches: Mapping[int, Sketch | None],
    comments: Mapping[int, list[str]],
    *,
    sees_expected: bool,
) -> list[Line]:
    """The lines of one territory in one programme, from what was read for many at once:
    `sketches` and the slot names of open `comments`, by the worksheets' row numbers."""

    def line(step, worksheet, subject=None):
        return _line(programme, step, worksheet, subject, sketches=sketches, comments=comments)

    once = {ws.step: ws for ws in worksheets if ws.opportunity is None}
    lines = [
        line(step, once.get(step))
        for step in (Step.SELF_DIAGNOSIS, Step.STEP_1)
        if step in once or sees_expected
    ]
    started = {ws.opportunity.ref: ws for ws in worksheets if ws.opportunity}
    step_1 = sketches[once[Step.STEP_1].pk] if Step.STEP_1 in once else None
    chosen = step_1.opportunities if step_1 and sees_expected else ()
    subjects = {subject.ref: subject for subject in chosen}
    subjects |= {
        ws.opportunity.ref: Subject.of(ws.opportunity) for ws in worksheets if ws.opportunity
    }
    lines += [line(Step.STEP_2, started.get(ref), subject) for ref, subject in subjects.items()]
    if sees_expected and not subjects:
        lines.append(line(Step.STEP_2, None))
    return lines


def _line(
    programme: Programme,
    step: Step,
    worksheet: WithAnnotations[Worksheet, Trace] | None,
    subject: Subject | None,
    *,
    sketches: Mapping[int, Sketch | None],
    comments: Mapping[int, list[str]],
) -> Line:
    sketch = sketches[worksheet.pk] if worksheet else None
    return Line(
        programme=programme,
        step=step,
        worksheet=worksheet,
        subject=subject,
        deadline=deadline_of(programme, step),
        sketch=sketch,
        open_comments=count_seen(comments.get(worksheet.pk, ()), sketch) if worksheet else 0,
    )


def count_seen(names: Iterable[str], sketch: Sketch | None) -> int:
    """How many of the slots `names` are among those that `sketch` shows."""
    counts = Counter(names)
    if not counts or sketch is None:
        return 0
    return sum(counts[slot.name] for slot in sketch.slots())


def next_due(lines: Iterable[Line], today: date) -> Line | None:
    """What the team is to do next: of what it has in hand, what is due first, then what was
    returned to it without a deadline, then the first of the journey. A programme that is over
    comes after those that go on."""

    def urgency(line):
        is_past = not upcoming(line.programme, today)
        due_on = line.deadline.due_on if line.deadline else date.max
        return is_past, due_on, line.state != State.RETURNED

    return min((line for line in lines if line.is_with_team), key=urgency, default=None)


class Act(Enum):
    """What a reader can do about a line."""

    REVIEW = "review"
    START = "start"
    CHOOSE = "choose"  # an opportunity, whose step 2 then begins
    WRITE = "write"
    SUBMIT = "submit"
    READ = "read"
    WAIT = "wait"


@dataclass(frozen=True)
class Call:
    """The one line of a territory that calls its reader now, and what they can do about it."""

    line: Line
    act: Act


def call_for(lines: Sequence[Line], standing: Standing, today: date) -> Call | None:
    """For a trainer what was submitted first, if anything waits for them; else what is due next."""
    waiting = [
        (worksheet.sent_at, line)
        for line in lines
        if (worksheet := line.submitted) and standing.can_review(line.programme)
    ]
    if waiting:
        _, oldest = min(waiting, key=itemgetter(0))
        return Call(oldest, Act.REVIEW)
    line = next_due(lines, today)
    if line is None:
        return None
    act = _act_on(line, standing)
    # Without a date, what others are to begin calls nobody.
    return None if act is Act.WAIT and line.deadline is None else Call(line, act)


def _act_on(line, standing):
    if line.is_to_choose:
        return Act.CHOOSE if standing.can_start else Act.WAIT
    if line.worksheet is None:
        return Act.START if standing.can_start else Act.WAIT
    if not line.missing and not line.open_comments and Role.LEAD in standing.team_roles:
        return Act.SUBMIT
    return Act.WRITE if standing.can_write else Act.READ


@dataclass(frozen=True)
class CalendarItem:
    """A dated item of a programme as a team sees it. `is_sent` says, of a deadline, that nothing
    of its step is left to the team; None where the reader can't know, and for a session."""

    item: DatedItem
    programme: Programme
    is_past: bool
    is_next: bool = False
    is_sent: bool | None = None

    @property
    def is_overdue(self) -> bool:
        return self.is_past and self.is_sent is False

    @property
    def is_done(self) -> bool:
        return bool(self.is_sent) or (self.is_past and not self.is_overdue)


def calendar_for(
    standing: Standing, programmes: Iterable[Programme], lines: Sequence[Line], today: date
) -> list[CalendarItem]:
    """The dates of `programmes`, earliest first; the first one that still counts is `is_next`."""
    dated = [(item, programme) for programme in programmes for item in calendar_of(programme)]
    found = []
    has_next = False
    for item, programme in sorted(dated, key=lambda pair: pair[0].on):
        is_sent = None
        if item.step and standing.sees_expected(programme):
            of_step = [
                line for line in lines if line.programme == programme and line.step == item.step
            ]
            is_sent = not any(line.is_with_team for line in of_step)
        is_next = not has_next and item.on >= today and not is_sent
        has_next |= is_next
        found.append(CalendarItem(item, programme, item.on < today, is_next, is_sent))
    return found
