"""What an open page asks every few seconds: who is here, and what changed since it last asked.

Most of the time the answer is "nothing", to many pages at once: then `glance` is all there is, one
statement (`statements`). It says the rights (`doorway`) once more than `Worksheet.objects.open_to`,
which takes three times as long to put together as the whole request does; a test holds them against
each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import Count
from django.utils import timezone

from accounts.models import User
from accounts.templatetags.french import moment
from territories.enums import Role
from worksheets.access import Access
from worksheets.content import Content, Slot, Subject
from worksheets.document import Row, row_of
from worksheets.doorway import HELD, IS_SHARED, SHARED, grid_version_of, roles_in
from worksheets.enums import WRITABLE, State
from worksheets.models import READS_EVERYTHING, Presence, Worksheet, slot_name
from worksheets.statements import Statement

# How long a page that says nothing more counts as open: it speaks every fifteen seconds.
FRESH = timedelta(seconds=40)
# Until then it happened "à l’instant".
RECENT = timedelta(minutes=1)

# A row for each role that the person holds, with the state of the discussions that it lets them
# read, and each person who is here. Looking up one column by a subquery of its own, rather than by
# one more join, spares the planner most of its work.
_GLANCE = Statement(
    "glance",
    f"""
WITH shared AS ({SHARED})
SELECT sheet.id AS worksheet_id,
       sheet.change_number AS number,
       sheet.state AS state,
       (SELECT MAX(changed_at) || ' ' || COUNT(*) || ' ' || COUNT(resolved_at)
          FROM worksheets_comment
         WHERE worksheet_id = sheet.id
           AND (held.role <> '{Role.PARTNER}'
                OR sheet.opportunity_id IS NOT NULL
                OR opportunity_id IN (SELECT opportunity_id FROM shared))) AS discussion,
       held.role AS role,
       {IS_SHARED} AS is_shared,
       sheet.opportunity_id IS NOT NULL
          OR (SELECT id
                FROM opportunities_opportunity
               WHERE ref = substr(here.slot_name, length(here.slot_name) - 7))
             IN (SELECT opportunity_id FROM shared) AS is_place_shared,
       here.user_id AS user_id,
       here.slot_name AS slot,
       (SELECT name FROM accounts_user WHERE id = here.user_id) AS name
  FROM worksheets_worksheet sheet
  {HELD}
  LEFT JOIN worksheets_presence here
    ON here.worksheet_id = sheet.id
   AND here.seen_at > %(fresh_since)s
 WHERE sheet.ref = %(worksheet)s
   AND sheet.territory_id = (SELECT id FROM territories_territory WHERE ref = %(territory)s)
""",  # noqa: S608 what it is built from are constants
)


@dataclass(frozen=True)
class Person:
    """Somebody else who has the worksheet open; `slot` is the name of the place where they are,
    empty where there is none, or where it isn't for the reader."""

    name: str
    initials: str
    tint: int
    slot: str


@dataclass(frozen=True)
class Glance:
    """A worksheet being written, as far as an open page must know, and the roles that `user` holds
    for it. `discussion` is opaque: it is another text once any comment that they may read was
    written, dealt with or opened again."""

    user: User
    roles: frozenset[str]
    worksheet_id: int
    number: int
    state: str
    discussion: str
    people: tuple[Person, ...]

    @property
    def state_in_words(self) -> str:
        return State(self.state).label

    @property
    def is_with_team(self) -> bool:
        return self.state in WRITABLE


def glance(user: User, territory_ref: str, worksheet_ref: str) -> Glance | None:
    """The worksheet for `user`, in one query; None unless they may read what is being written in it
    (`Access.sees_draft`), or some part of it."""
    now = timezone.now()
    rows = _GLANCE.rows(
        user=user.pk,
        territory=territory_ref,
        worksheet=worksheet_ref,
        today=connection.ops.adapt_datefield_value(timezone.localdate(now)),
        fresh_since=connection.ops.adapt_datetimefield_value(now - FRESH),
    )
    roles = roles_in(rows)
    sees_all = not roles.isdisjoint(READS_EVERYTHING)
    if not sees_all and Role.PARTNER not in roles:
        return None
    people = {
        row["user_id"]: _person(
            row["name"], row["slot"] if sees_all or row["is_place_shared"] else ""
        )
        for row in rows
        if row["user_id"] not in (None, user.pk)
    }
    readers = READS_EVERYTHING if sees_all else (Role.PARTNER,)
    seen = next(row for row in rows if row["role"] in readers)
    return Glance(
        user=user,
        roles=frozenset(roles),
        worksheet_id=seen["worksheet_id"],
        number=seen["number"],
        state=seen["state"],
        discussion=seen["discussion"] or "",
        people=tuple(sorted(people.values(), key=lambda person: person.name)),
    )


def _person(name: str, slot: str) -> Person:
    user = User(name=name)
    return Person(name, user.initials, user.tint, slot)


@dataclass(frozen=True)
class Change:
    """An answer that was saved. `is_mine` says whether by the reader, `is_writable` whether they
    may answer there; `trace` who saved it and when, `settled_trace` the same for when it is no
    longer recent."""

    row: Row
    value: Any
    version: int
    author: str
    is_mine: bool
    is_writable: bool
    trace: str
    settled_trace: str


@dataclass(frozen=True)
class Changes:
    """`opportunities` are the references of those that the worksheet tells of, in order; of these
    and of the answers, what the person may see."""

    answers: list[Change]
    opportunities: list[str]


def access_by(glanced: Glance) -> Access:
    """What `open_to` gives, as far as this module needs it, without asking for the rights again.
    One query, and another for a grid that this process never read."""
    worksheets = Worksheet.objects.select_related("territory", "programme", "grid_version")
    worksheet: Any = worksheets.defer("grid_version__declaration").get(pk=glanced.worksheet_id)
    worksheet.state = glanced.state
    known = worksheet.grid_version
    worksheet.grid_version = grid_version_of(known.pk, known.published_at)
    worksheet.held_roles = ",".join(sorted(glanced.roles))  # as `open_to` annotates it
    return Access(glanced.user, worksheet)


def changes_since(access: Access, number: int) -> Changes:
    """What was saved in the worksheet after its change number was `number`. Two queries, three for
    a partner, however much it is."""
    worksheet = access.worksheet
    chosen = worksheet.chosen.values_list("opportunity__ref", flat=True)
    opportunities = [ref for ref in chosen if _sees(access, ref)]
    changed = worksheet.answers.filter(changed_in__gt=number).order_by("pk")
    now = timezone.now()
    return Changes(
        answers=[
            _change(access, answer, now)
            for answer in changed.select_related(
                "saved_by", "opportunity__district", "opportunity__commune"
            )
            if _is_seen(access, answer, opportunities)
        ],
        opportunities=opportunities,
    )


def _is_seen(access, answer, opportunities):
    """Whether the answer is to a question of the worksheet as the person has it."""
    if answer.question not in access.worksheet.grid.by_key:
        return False
    if answer.opportunity:
        return answer.opportunity.ref in opportunities
    return access.sees_every_block


def _change(access, answer, now):
    slot = Slot(
        access.worksheet.grid.by_key[answer.question],
        Subject.of(answer.opportunity) if answer.opportunity else None,
    )
    content = Content(
        grid=access.worksheet.grid,
        territory=access.worksheet.territory.name,
        programme=access.worksheet.programme.name,
        horizon=access.worksheet.programme.horizon,
        answers={slot.name: answer.value},
    )
    author = answer.saved_by.name
    settled = f"{author}, {moment(answer.saved_at)}"
    is_recent = now - answer.saved_at < RECENT
    return Change(
        row=row_of(content, slot),
        value=answer.value,
        version=answer.version,
        author=author,
        is_mine=answer.saved_by == access.user,
        is_writable=access.worksheet.is_with_team and access.can_answer(slot),
        trace=f"{author}, à l’instant" if is_recent else settled,
        settled_trace=settled,
    )


def open_threads(access: Access) -> dict[str, int]:
    """How many threads are still open on each question that has any, by slot name; only where the
    person sees the question. One query, two for a partner."""
    threads = access.worksheet.comments.filter(thread=None, resolved_at=None)
    counted = threads.order_by().values_list("question", "opportunity__ref").annotate(Count("pk"))
    return {slot_name(key, ref): count for key, ref, count in counted if _sees(access, ref)}


def _sees(access: Access, opportunity_ref: str | None) -> bool:
    """Whether the person sees the questions about that opportunity, or without it those that are
    asked once."""
    return access.sees_every_block or opportunity_ref in access.shared_refs


def be_here(glanced: Glance, place: str) -> None:
    """Notes that the person has the worksheet open, at the slot named `place`, or at none, if that
    isn't one that they see. Whoever comes sweeps away those who left without a word."""
    if not place.isprintable():
        place = ""  # no database takes a NUL, not even to look for it
    now = timezone.now()
    here = Presence.objects.filter(worksheet=glanced.worksheet_id)
    if here.filter(user=glanced.user, slot_name=place).update(seen_at=now):
        return  # nearly always: still there
    name = _existing(access_by(glanced), place) if place else ""
    Presence.objects.bulk_create(
        [
            Presence(
                worksheet_id=glanced.worksheet_id, user=glanced.user, slot_name=name, seen_at=now
            )
        ],
        update_conflicts=True,
        unique_fields=["worksheet", "user"],
        update_fields=["slot_name", "seen_at"],
    )
    here.filter(seen_at__lt=now - FRESH).delete()


def leave(glanced: Glance) -> None:
    """Notes that the person closed the page."""
    Presence.objects.filter(worksheet=glanced.worksheet_id, user=glanced.user).delete()


def _existing(access: Access, name: str) -> str:
    """`name` if that is a place of the worksheet that the person sees, else nothing."""
    worksheet = access.worksheet
    key, _, ref = name.partition("--")
    grid = worksheet.grid
    if key not in grid.by_key or (key in grid.keys_per_opportunity) != bool(ref):
        return ""
    if ref and ref not in worksheet.chosen.values_list("opportunity__ref", flat=True):
        return ""
    return name if _sees(access, ref) else ""
