"""What an open page asks every few seconds: who is here, and what changed since it last asked.

Most of the time the answer is "nothing", to many pages at once: then `glance` is all there is, one
statement. It is written in SQL, as nothing else in the product: Django takes nine milliseconds to
put `Worksheet.objects.open_to` together, three times what the whole request takes, and PostgreSQL
three more to plan it. `docs/decisions/live.md` has the figures; a test holds its rights
against those of `open_to`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from weakref import WeakSet

from django.db import connection
from django.db.models import Count
from django.utils import timezone

from accounts.models import User
from accounts.templatetags.french import moment
from territories.enums import Role
from worksheets.access import Access
from worksheets.content import Content
from worksheets.document import Row, row_of
from worksheets.enums import WRITABLE, State
from worksheets.models import READS_EVERYTHING, Presence, slot_name

# How long a page that says nothing more counts as open: it speaks every fifteen seconds.
FRESH = timedelta(seconds=40)
# Until then it happened "à l’instant".
RECENT = timedelta(minutes=1)

# A row for each role that the person holds and each person who is here. Looking up one column by a
# subquery of its own, rather than by one more join, spares the planner most of its work.
_GLANCE = """
WITH shared AS (SELECT opportunity_id FROM opportunities_share WHERE user_id = %(user)s)
SELECT sheet.change_number,
       sheet.state,
       (SELECT MAX(changed_at) || ' ' || COUNT(*) || ' ' || COUNT(resolved_at)
          FROM worksheets_comment
         WHERE worksheet_id = sheet.id),
       held.role,
       sheet.opportunity_id IN (SELECT opportunity_id FROM shared)
          OR EXISTS (SELECT 1
                       FROM worksheets_chosenopportunity
                      WHERE worksheet_id = sheet.id
                        AND opportunity_id IN (SELECT opportunity_id FROM shared)),
       sheet.opportunity_id IS NOT NULL
          OR (SELECT id
                FROM opportunities_opportunity
               WHERE ref = substr(here.slot_name, length(here.slot_name) - 7))
             IN (SELECT opportunity_id FROM shared),
       here.user_id,
       here.slot_name,
       (SELECT name FROM accounts_user WHERE id = here.user_id)
  FROM worksheets_worksheet sheet
  JOIN territories_grant held
    ON held.territory_id = sheet.territory_id
   AND held.user_id = %(user)s
   AND (held.until IS NULL OR held.until >= %(today)s)
   AND held.programme_ref
       IN ('', (SELECT ref FROM programmes_programme WHERE id = sheet.programme_id))
  LEFT JOIN worksheets_presence here
    ON here.worksheet_id = sheet.id
   AND here.seen_at > %(fresh_since)s
 WHERE sheet.ref = %(worksheet)s
   AND sheet.territory_id = (SELECT id FROM territories_territory WHERE ref = %(territory)s)
"""


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
    """A worksheet being written, as far as an open page must know. `discussion` is opaque: it is
    another text once any comment was written, dealt with or opened again."""

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
    rows = _rows(
        user=user.pk,
        territory=territory_ref,
        worksheet=worksheet_ref,
        today=connection.ops.adapt_datefield_value(timezone.localdate(now)),
        fresh_since=connection.ops.adapt_datetimefield_value(now - FRESH),
    )
    roles = {role for _, _, _, role, is_shared, *_ in rows if role != Role.PARTNER or is_shared}
    sees_all = not roles.isdisjoint(READS_EVERYTHING)
    if not sees_all and Role.PARTNER not in roles:
        return None
    people = {
        pk: _person(name, slot if sees_all or is_theirs else "")
        for *_, is_theirs, pk, slot, name in rows
        if pk is not None and pk != user.pk
    }
    number, state, discussion, *_ = rows[0]
    here = sorted(people.values(), key=lambda person: person.name)
    return Glance(number, state, discussion or "", tuple(here))


def _rows(**parameters) -> list[tuple]:
    """What _GLANCE finds. PostgreSQL takes ten times as long to plan it as to run it, so each
    connection plans it once."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _prepare(parameters)
            names = ", ".join(f"%({name})s" for name in parameters)
            cursor.execute(f"EXECUTE glance ({names})", parameters)
        else:
            cursor.execute(_GLANCE, parameters)
        return cursor.fetchall()


_prepared: WeakSet = WeakSet()


def _prepare(names):
    """On the driver's own connection: it is no query of the request."""
    if connection.connection not in _prepared:
        places = {name: f"${number}" for number, name in enumerate(names, start=1)}
        with connection.connection.cursor() as cursor:
            cursor.execute(f"PREPARE glance AS {_GLANCE % places}")
        _prepared.add(connection.connection)


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


def changes_since(access: Access, number: int) -> Changes:
    """What was saved in `access.worksheet`, fetched by `open_to`, after its change number was
    `number`. Two queries, three for a partner, however much it is."""
    worksheet = access.worksheet
    changed = worksheet.answers.filter(changed_in__gt=number)
    answers = {a.slot_name: a for a in changed.select_related("saved_by", "opportunity")}
    values = {name: answer.value for name, answer in answers.items()}
    content = access.draft_part(Content.of(worksheet, answers=values))
    now = timezone.now()
    return Changes(
        answers=[
            _change(access, content, slot, answers[slot.name], now)
            for slot in content.slots()
            if slot.name in answers
        ],
        opportunities=[subject.ref for subject in content.opportunities],
    )


def _change(access, content, slot, answer, now):
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


def be_here(*, access: Access, place: str) -> None:
    """Notes that the person has the worksheet open, at the slot named `place`, or at none, if that
    isn't one that they see. Whoever comes sweeps away those who left without a word."""
    now = timezone.now()
    _, is_new = Presence.objects.update_or_create(
        worksheet=access.worksheet,
        user=access.user,
        defaults={"slot_name": _existing(access, place), "seen_at": now},
    )
    if is_new:
        Presence.objects.filter(worksheet=access.worksheet, seen_at__lt=now - FRESH).delete()


def leave(*, access: Access) -> None:
    """Notes that the person closed the page."""
    Presence.objects.filter(worksheet=access.worksheet, user=access.user).delete()


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
