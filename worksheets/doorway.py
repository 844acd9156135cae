"""The door of a save: the worksheet for somebody who may write in it, and the answer that stands,
in one statement.

What is typed is saved every few seconds, by everybody: `Worksheet.objects.open_to`, which serves
all pages, takes longer to put together than all the rest of a save. A test holds the rights of the
one against those of the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import BooleanField, DateTimeField, JSONField, Model
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.models import User
from territories.enums import Role
from territories.models import Territory
from worksheets.access import Access
from worksheets.models import Answer, GridVersion, Worksheet
from worksheets.statements import Statement

WRITERS = {Role.LEAD, Role.CONTRIBUTOR, Role.PARTNER}

# The rights, as the statements about a worksheet (`sheet`) say them: a row for each role that the
# person holds (`held`), of which `roles_in` keeps those that count.
SHARED = "SELECT opportunity_id FROM opportunities_share WHERE user_id = %(user)s"
IS_SHARED = """sheet.opportunity_id IN (SELECT opportunity_id FROM shared)
          OR EXISTS (SELECT 1
                       FROM worksheets_chosenopportunity
                      WHERE worksheet_id = sheet.id
                        AND opportunity_id IN (SELECT opportunity_id FROM shared))"""
HELD = """JOIN territories_grant held
    ON held.territory_id = sheet.territory_id
   AND held.user_id = %(user)s
   AND (held.until IS NULL OR held.until >= %(today)s)
   AND held.programme_ref
       IN ('', (SELECT ref FROM programmes_programme WHERE id = sheet.programme_id))"""

# `about` is the reference of the opportunity that the question is about, empty if of none.
_SAVE = Statement(
    "save",
    f"""
WITH shared AS ({SHARED}),
     about AS (SELECT id FROM opportunities_opportunity WHERE ref = %(about)s)
SELECT held.role AS role,
       sheet.id AS id,
       sheet.state AS state,
       sheet.opportunity_id AS opportunity_id,
       sheet.programme_id AS programme_id,
       sheet.grid_version_id AS grid_version_id,
       sheet.territory_id AS territory_id,
       (SELECT published_at FROM worksheets_gridversion WHERE id = sheet.grid_version_id)
          AS published_at,
       {IS_SHARED} AS is_shared,
       (SELECT opportunity_id
          FROM worksheets_chosenopportunity
         WHERE worksheet_id = sheet.id
           AND opportunity_id IN (SELECT id FROM about)) AS chosen_id,
       EXISTS (SELECT 1 FROM shared WHERE opportunity_id IN (SELECT id FROM about))
          AS chosen_is_shared,
       answer.id AS answer_id,
       answer.value AS value,
       answer.version AS version,
       answer.saved_at AS saved_at,
       answer.saved_by_id AS saved_by_id
  FROM worksheets_worksheet sheet
  {HELD}
  LEFT JOIN worksheets_answer answer
    ON answer.worksheet_id = sheet.id
   AND answer.question = %(question)s
   AND COALESCE(answer.opportunity_id, 0) = COALESCE((SELECT id FROM about), 0)
 WHERE sheet.ref = %(worksheet)s
   AND sheet.territory_id = (SELECT id FROM territories_territory WHERE ref = %(territory)s)
""",  # noqa: S608 what it is built from are the constants above
    is_shared=BooleanField(),
    chosen_is_shared=BooleanField(),
    value=JSONField(),
    saved_at=DateTimeField(),
)


@dataclass(frozen=True)
class Place:
    """Where an answer goes. `opportunity_id` is that of the opportunity named, if the worksheet
    tells of it; `is_shared`, whether it is shared with the person. `answer` is what stands there,
    None if nothing does."""

    worksheet: Worksheet
    opportunity_id: int | None
    is_shared: bool
    answer: Answer | None


def open_to_write(user: User, territory_ref: str, worksheet_ref: str, slot_name: str) -> Place:
    """The place called `slot_name` in a worksheet that `user` may write in, whatever part of it.
    Raises Http404 where they don't see the worksheet, PermissionDenied where they only read it."""
    key, _, about = slot_name.partition("--")
    rows = _SAVE.rows(
        user=user.pk,
        about=about,
        question=key,
        today=connection.ops.adapt_datefield_value(timezone.localdate()),
        worksheet=worksheet_ref,
        territory=territory_ref,
    )
    roles = roles_in(rows)
    if roles.isdisjoint(WRITERS):
        refs = {"territory__ref": territory_ref, "ref": worksheet_ref}
        Access(user, get_object_or_404(Worksheet.objects.open_to(user), **refs)).check_can_write()
        raise Http404
    row = rows[0]
    own = ("id", "state", "opportunity_id", "programme_id", "grid_version_id", "territory_id")
    worksheet = _as_read(Worksheet, ref=worksheet_ref, **{name: row[name] for name in own})
    worksheet.territory = _as_read(Territory, id=row["territory_id"], ref=territory_ref)
    worksheet.grid_version = grid_version_of(row["grid_version_id"], row["published_at"])
    worksheet.held_roles = ",".join(sorted(roles))  # as `open_to` annotates it
    return Place(worksheet, row["chosen_id"], row["chosen_is_shared"], _answer(row, key))


def roles_in(rows: list[dict[str, Any]]) -> set[str]:
    """The roles that count there: that of a partner where something is shared with them."""
    return {row["role"] for row in rows if row["role"] != Role.PARTNER or row["is_shared"]}


def _as_read(model: type[Model], **fields: Any) -> Any:
    """An instance of which `fields` were read; what else is asked of it is read then."""
    names = [field.attname for field in model._meta.concrete_fields if field.attname in fields]
    return model.from_db(connection.alias, names, [fields[name] for name in names])


@lru_cache(maxsize=64)
def grid_version_of(pk, _published_at):
    """Immutable, and long to read: once for each process."""
    return GridVersion.objects.get(pk=pk)


def _answer(row, key):
    if row["answer_id"] is None:
        return None
    return _as_read(
        Answer,
        id=row["answer_id"],
        worksheet_id=row["id"],
        question=key,
        opportunity_id=row["chosen_id"],
        value=row["value"],
        version=row["version"],
        saved_at=row["saved_at"],
        saved_by_id=row["saved_by_id"],
    )
