"""The rows of an import, written: all of them in one transaction, or none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, cast

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from accounts.models import User
from accounts.templatetags.french import quoted
from journal.recording import record
from journal.references import free_references
from opportunities.enums import ImportState, RowOutcome
from opportunities.exchange.checking import likeness
from opportunities.exchange.columns import COLUMNS, REASON
from opportunities.exchange.places import Places
from opportunities.models import FileImport, ImportRow, Opportunity, StageChange
from opportunities.searching import text_of
from territories.models import Territory

_BATCH = 1000  # rows

# What a row may write on an opportunity; names of attributes.
_WRITABLE = ({column.field for column in COLUMNS} | {"nearness"}) - {REASON}
_FIELDS = {
    field.attname: field
    for field in Opportunity._meta.concrete_fields
    if field.attname in _WRITABLE
}
# Their values are texts in the rows.
_DATES_AND_DECIMALS = {
    name: field
    for name, field in _FIELDS.items()
    if isinstance(field, models.DateField | models.DecimalField)
}
_UPDATED = [field.name for name, field in _FIELDS.items() if name != "ref"]


class NotReady(Exception):
    """What is asked for doesn't follow from where the import is."""

    def __init__(self):
        super().__init__("Cet import a avancé entre-temps : voici où il en est.")


class ChangedSince(Exception):
    """The opportunities moved on between the check and the writing; nothing was written."""

    def __init__(self, titles: list[str]):
        which = ", ".join(quoted(title) for title in titles[:3])
        more = " et d’autres" if len(titles) > 3 else ""
        super().__init__(
            f"Depuis la vérification, quelqu’un a travaillé sur {which}{more}. Rien n’a été "
            "importé : vérifiez à nouveau, pour ne rien remplacer sans l’avoir vu."
        )


@transaction.atomic
def write_rows(*, file_import: FileImport, by: User) -> None:
    """Creates and updates what the rows say, each with its line in the trace of stages, and records
    one entry in the journal; takes the file and the rows away, but those left aside. Raises
    ChangedSince with nothing written, NotReady."""
    now = timezone.now()
    move(
        file_import,
        (ImportState.WRITING,),
        state=ImportState.WRITTEN,
        written_at=now,
        written_by=by,
    )
    places = Places(file_import.territory)
    _refuse_newcomers(file_import)
    try:
        for rows in _batches(file_import, RowOutcome.CREATE):
            _create(rows, file_import.territory, places, by, now)
        for rows in _batches(file_import, RowOutcome.UPDATE):
            _update(rows, places, by, now)
    except IntegrityError as error:  # what a row says that it is called was taken meanwhile
        raise ChangedSince([file_import.name]) from error
    record(
        verb="opportunities.imported",
        by=by,
        scope=file_import.territory.scope,
        target=file_import.territory.scope,
        file=file_import.name,
        **file_import.counts,
    )
    file_import.rows.exclude(outcome=RowOutcome.WRONG).delete()
    storage, name = file_import.file.storage, cast(str, file_import.file.name)
    FileImport.objects.filter(pk=file_import.pk).update(file="")
    transaction.on_commit(lambda: storage.delete(name))


def move(file_import: FileImport, states: tuple[str, ...], **values: Any) -> None:
    """Writes `values` on an import that is in one of `states` and at the attempt that is known.
    Raises NotReady when it has moved on."""
    same = FileImport.objects.filter(
        pk=file_import.pk, state__in=states, attempt=file_import.attempt
    )
    if not same.update(**values):
        raise NotReady
    for name, value in values.items():
        setattr(file_import, name, value)


def _batches(file_import: FileImport, outcome: str) -> Iterator[list[ImportRow]]:
    rows, last = file_import.rows.filter(outcome=outcome).order_by("line"), 0
    while batch := list(rows.filter(line__gt=last)[:_BATCH]):
        yield batch
        last = batch[-1].line


def _refuse_newcomers(file_import: FileImport) -> None:
    """An opportunity added since the check may be the one that a row would create again."""
    newcomers = Opportunity.objects.filter(
        territory=file_import.territory, created_at__gte=file_import.checked_at
    )
    found = {
        likeness(kind, title, commune): title
        for kind, title, commune in newcomers.values_list("kind", "title", "commune_id")
    }
    repeated = file_import.rows.filter(outcome=RowOutcome.CREATE, likeness__in=found)
    if titles := [found[row.likeness] for row in repeated[:4]]:
        raise ChangedSince(titles)


def fill(opportunity: Opportunity, found: dict[str, Any], places: Places) -> None:
    """Gives the opportunity what a row says (attributes to values, dates and decimals maybe as
    texts), and the words by which it is found."""
    for name, value in found.items():
        if name in _DATES_AND_DECIMALS:
            setattr(opportunity, name, _DATES_AND_DECIMALS[name].to_python(value))
        elif name != REASON:
            setattr(opportunity, name, value)
    # From memory: a query a row would be one too many.
    for relation, known in (("district", places.districts), ("commune", places.communes)):
        if place := known.get(getattr(opportunity, f"{relation}_id")):
            setattr(opportunity, relation, place)
    opportunity.search_text = text_of(opportunity)


def _create(
    rows: list[ImportRow], territory: Territory, places: Places, by: User, now: datetime
) -> None:
    places.learn(row.values for row in rows)
    opportunities = []
    for row, ref in zip(rows, free_references(Opportunity, len(rows)), strict=True):
        opportunity = Opportunity(
            ref=ref,
            territory=territory,
            created_at=now,
            created_by=by,
            updated_at=now,
            updated_by=by,
        )
        fill(opportunity, row.values, places)
        opportunities.append(opportunity)
    Opportunity.objects.bulk_create(opportunities)
    StageChange.objects.bulk_create(
        StageChange(
            opportunity=opportunity,
            to_stage=opportunity.stage,
            reason=row.values.get(REASON, ""),
            by=by,
            at=now,
        )
        for opportunity, row in zip(opportunities, rows, strict=True)
    )


def _update(rows: list[ImportRow], places: Places, by: User, now: datetime) -> None:
    seen = {cast(int, row.opportunity_id): row for row in rows}
    locked = Opportunity.objects.select_for_update(of=("self",)).filter(
        pk__in=seen, deleted_at=None, merged_into=None
    )
    opportunities = list(locked)
    states = {o.pk: (o.version, o.stage) for o in opportunities}
    changed = [row.title for pk, row in seen.items() if states.get(pk) != (row.version, row.stage)]
    if changed:
        raise ChangedSince(changed)
    places.learn(row.values for row in rows)
    moves = []
    for opportunity in opportunities:
        row, before = seen[opportunity.pk], opportunity.stage
        fill(opportunity, row.values, places)
        opportunity.version += 1
        opportunity.updated_at, opportunity.updated_by = now, by
        if opportunity.stage != before:
            moves.append(
                StageChange(
                    opportunity=opportunity,
                    from_stage=before,
                    to_stage=opportunity.stage,
                    reason=row.values.get(REASON, ""),
                    by=by,
                    at=now,
                )
            )
    # As one insertion that meets its own rows: bulk_update is ten times slower.
    Opportunity.objects.bulk_create(
        opportunities,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[*_UPDATED, "version", "updated_at", "updated_by", "search_text"],
    )
    StageChange.objects.bulk_create(moves)
