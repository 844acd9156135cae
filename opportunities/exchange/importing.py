"""A spreadsheet's way into the opportunities of a territory.

It is uploaded and its columns are matched; a task checks every row (`checking`); once somebody has
seen what would happen, another writes all of it in one transaction, or nothing. What changed since
the check is never overwritten: the rows are checked again first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import IO, Any, cast

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django_tasks import task

from accounts.models import User
from accounts.wording import normalise
from opportunities.enums import ImportState, RowOutcome
from opportunities.exchange import tables
from opportunities.exchange.checking import RowReader, check_rows, count_outcomes
from opportunities.exchange.columns import BY_KEY, REASON, Column, propose
from opportunities.exchange.places import Places
from opportunities.exchange.values import is_blank, shown
from opportunities.exchange.writing import ChangedSince, NotReady, fill, move, write_rows
from opportunities.models import FileImport, ImportRow, Opportunity, StageChange
from opportunities.permissions import user_can_create
from territories.models import Territory

PREVIEWED = 8  # rows
KEPT = timedelta(days=7)  # what nobody finishes
# A task that says nothing for so long has ended with its worker.
SILENCE = timedelta(minutes=5)

_STEADY = (ImportState.UPLOADED, ImportState.CHECKED, ImportState.FAILED)


class WrongRowsRemain(Exception):
    def __init__(self, count: int):
        super().__init__(
            f"Des lignes restent à corriger ({count}). Corrigez le fichier et envoyez-le à "
            "nouveau, ou choisissez de les laisser de côté."
        )


def upload(*, territory: Territory, file: UploadedFile, by: User) -> FileImport:
    """Keeps the file, with a matching proposed for its columns. Raises tables.UnreadableFile.
    Forgets what was left unfinished in this territory for a week."""
    sample = tables.look_at(cast(IO[bytes], file.file), most_rows=1)
    keys = propose(sample.headers)
    name, _ = normalise(file.name or "")
    for forgotten in unfinished().filter(territory=territory):
        discard(forgotten)
    file_import = FileImport(
        territory=territory,
        name=name[-200:],
        format=sample.format,
        matching=[
            {"header": normalise(header)[0], "column": key}
            for header, key in zip(sample.headers, keys, strict=True)
        ],
        created_by=by,
    )
    file_import.file.save(f"{sample.format}.{sample.format}", file, save=False)
    file_import.save()
    return file_import


def unfinished() -> QuerySet[FileImport]:
    """What was begun longer ago than KEPT: its file may name people, and nobody wants it."""
    old = FileImport.objects.filter(created_at__lt=timezone.now() - KEPT)
    return old.exclude(state=ImportState.WRITTEN)


def left_aside_for_long() -> QuerySet[ImportRow]:
    """The rows that an import, written longer ago than KEPT, left out: they may name people."""
    return ImportRow.objects.filter(file_import__written_at__lt=timezone.now() - KEPT)


def discard(file_import: FileImport) -> None:
    """Takes an import away with its file; what it wrote stays."""
    storage, name = file_import.file.storage, file_import.file.name
    file_import.delete()
    if name:
        transaction.on_commit(lambda: storage.delete(name))


@dataclass(frozen=True)
class Preview:
    """The first rows. `samples` has, for each column of the file, its first values as written;
    `columns` are those that are imported, and each of `rows` is its line, a (text, problem) for
    each of `columns` as it would be understood, and the problems that are of no column."""

    samples: list[list[str]]
    columns: list[Column]
    rows: list[tuple[int, list[tuple[str, str]], list[str]]]


def preview(file_import: FileImport) -> Preview:
    """What the matching makes of the first rows. Raises tables.UnreadableFile."""
    with file_import.file.open("rb") as file:
        sample = tables.look_at(file.file, most_rows=PREVIEWED)
    places = Places(file_import.territory)
    reader = RowReader(file_import, places)
    columns = [BY_KEY[entry["column"]] for entry in file_import.matching if entry["column"]]
    rows = []
    for line, cells in sample.rows:
        draft = reader.read(line, cells)
        problems = dict(draft.problems)
        understood = _understood(draft.found, places)
        rows.append(
            (
                line,
                [
                    (_in_words(column.write(understood)), problems.pop(column.field, ""))
                    for column in columns
                ],
                list(problems.values()),
            )
        )
    samples = [
        [shown(cells[place]) for _, cells in sample.rows if not is_blank(cells[place])][:3]
        for place in range(len(sample.headers))
    ]
    return Preview(samples, columns, rows)


def _understood(found: dict[str, Any], places: Places) -> Opportunity:
    """The opportunity that a row describes, not saved, as the columns write it out."""
    opportunity: Any = Opportunity(ref="")
    fill(opportunity, found, places)
    opportunity.reasons = [StageChange(reason=found.get(REASON, ""))]
    return opportunity


def _in_words(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return date_format(cell, "d/m/Y")
    return shown(cell if isinstance(cell, str | int) else number_format(cell))


@transaction.atomic
def match_columns(*, file_import: FileImport, keys: list[str], default_kind: str) -> None:
    """What each column of the file is, in its order; forgets what was checked. Raises NotReady."""
    matching = [
        {"header": entry["header"], "column": key}
        for entry, key in zip(file_import.matching, keys, strict=True)
    ]
    move(
        file_import,
        _STEADY,
        state=ImportState.UPLOADED,
        matching=matching,
        default_kind=default_kind,
        counts={},
        failure="",
    )
    file_import.rows.all().delete()


@transaction.atomic
def begin_check(file_import: FileImport) -> None:
    """Has a task check every row. Raises NotReady."""
    now = timezone.now()
    move(
        file_import,
        tuple(ImportState) if is_stuck(file_import) else _STEADY,
        state=ImportState.CHECKING,
        attempt=file_import.attempt + 1,
        progress=0,
        progressed_at=now,
        checked_at=now,
        counts={},
        failure="",
    )
    check_file.enqueue(file_import.ref, file_import.attempt)


def is_stuck(file_import: FileImport) -> bool:
    """Whether its task has stopped without a word."""
    return (
        file_import.state in (ImportState.CHECKING, ImportState.WRITING)
        and file_import.progressed_at is not None
        and file_import.progressed_at < timezone.now() - SILENCE
    )


@task()
def check_file(ref: str, attempt: int) -> None:
    """Checks the rows of the import, unless it was asked for again meanwhile."""
    file_import = _current(ref, attempt, ImportState.CHECKING)
    if file_import is None:
        return
    file_import.rows.all().delete()
    counts: dict[str, int] = {}
    try:
        for rows in check_rows(file_import):
            count_outcomes(rows, counts)
            with transaction.atomic():
                done = file_import.progress + len(rows)
                move(
                    file_import,
                    (ImportState.CHECKING,),
                    progress=done,
                    progressed_at=timezone.now(),
                )
                ImportRow.objects.bulk_create(rows)
        move(file_import, (ImportState.CHECKING,), state=ImportState.CHECKED, counts=counts)
    except NotReady:
        return
    except tables.UnreadableFile as error:
        _fail(file_import, str(error))
    except Exception:
        _fail(file_import, _INCIDENT)
        raise


@transaction.atomic
def begin_writing(*, file_import: FileImport, by: User, leave_out: bool) -> None:
    """Has a task write what was checked; `leave_out` says that the wrong rows are knowingly left
    out. Raises WrongRowsRemain, NotReady."""
    wrong = file_import.counts.get(RowOutcome.WRONG, 0)
    if wrong and not leave_out:
        raise WrongRowsRemain(wrong)
    move(
        file_import,
        (ImportState.CHECKED,),
        state=ImportState.WRITING,
        progressed_at=timezone.now(),
    )
    write_file.enqueue(file_import.ref, file_import.attempt, by.pk)


@task()
def write_file(ref: str, attempt: int, user_pk: int) -> None:
    """Writes the rows of the import, all or none."""
    file_import = _current(ref, attempt, ImportState.WRITING)
    if file_import is None:
        return
    by = User.objects.get(pk=user_pk)
    try:
        if not user_can_create(by, file_import.territory):
            _fail(file_import, "Vous n’avez plus le droit d’ajouter des opportunités ici.")
            return
        write_rows(file_import=file_import, by=by)
    except NotReady:
        return
    except ChangedSince as error:
        _fail(file_import, str(error))
    except Exception:
        _fail(file_import, _INCIDENT)
        raise


_INCIDENT = (
    "Un incident a interrompu l’import ; rien n’a été importé. Vérifiez à nouveau, et si cela se "
    "reproduit, prévenez l’administrateur de la plateforme."
)


def _fail(file_import: FileImport, sentence: str) -> None:
    FileImport.objects.filter(pk=file_import.pk, attempt=file_import.attempt).update(
        state=ImportState.FAILED, failure=sentence, written_at=None, written_by=None
    )


def _current(ref: str, attempt: int, state: str) -> FileImport | None:
    waiting = FileImport.objects.filter(ref=ref, attempt=attempt, state=state)
    return waiting.select_related("territory").first()
