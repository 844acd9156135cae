"""Opportunities written as spreadsheets and as a map layer, by the columns of `columns`.

Nobody is named in these files. Their order depends on nothing but what they say, so that what is
exported, imported elsewhere and exported again is the same.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO, Any

from django.db.models import Prefetch, QuerySet
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.text import slugify
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from accounts.templatetags.french import quoted
from opportunities.enums import Stage
from opportunities.exchange import ods
from opportunities.exchange.columns import COLUMNS, Column
from opportunities.exchange.tables import guarded
from opportunities.models import StageChange

# Beyond, the file is asked as CSV: somebody waits while a spreadsheet is made.
MOST_ROWS = 20_000
EXCEL_CELL = 32_767  # characters that Excel keeps in a cell
_CHUNK = 500  # rows read from the base at once
_SHEET = "Opportunités"
# No XML can hold these.
_NO_CHARACTERS = str.maketrans({"\ufffe": "\ufffd", "\uffff": "\ufffd"})


class TooMuch(Exception):
    """This format can't hold what is asked for; the message proposes another."""


def rows_of(opportunities: QuerySet) -> Iterator[Any]:
    """The opportunities, in the order of the files, with what the columns look at. Memory doesn't
    depend on how many there are."""
    abandoned = StageChange.objects.filter(to_stage=Stage.ABANDONED)
    rows = (
        opportunities.select_related("district", "commune", "territory")
        .prefetch_related(Prefetch("stage_changes", abandoned, to_attr="reasons"))
        .order_by("title", "ref")
    )
    return rows.iterator(chunk_size=_CHUNK)


def csv_lines(opportunities: QuerySet) -> Iterator[str]:
    """The lines of a CSV as Excel writes it in France: semicolons, decimal commas, a byte order
    mark. Cells that a spreadsheet would compute stand behind an apostrophe."""
    writer = csv.writer(Echo(), delimiter=";")
    yield "\ufeff" + writer.writerow([guarded(column.header) for column in COLUMNS])
    for row in rows_of(opportunities):
        yield writer.writerow([_in_csv(column.write(row)) for column in COLUMNS])


def geojson_lines(opportunities: QuerySet) -> Iterator[str]:
    """A FeatureCollection (RFC 7946): a point a feature, or no geometry where none is known."""
    yield '{"type": "FeatureCollection", "features": ['
    separator = "\n"
    for row in rows_of(opportunities):
        yield separator + json.dumps(_feature(row), ensure_ascii=False)
        separator = ",\n"
    yield "\n]}\n"


def write_xlsx(file: IO[bytes], opportunities: QuerySet) -> None:
    """Typed cells: a text is a text, whatever it begins with. Raises TooMuch."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_SHEET)
    sheet.freeze_panes = "A2"
    heads = []
    for place, column in enumerate(COLUMNS, start=1):
        head = WriteOnlyCell(sheet, column.header)
        head.font = Font(bold=True)
        heads.append(head)
        width = 40 if column.field in {"title", "description"} else max(len(column.header), 12) + 2
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.append(heads)
    try:
        for row in rows_of(opportunities):
            sheet.append([_in_xlsx(sheet, _short(row, column)) for column in COLUMNS])
    except TooMuch:
        book.save(io.BytesIO())  # openpyxl then takes its own temporary file away
        raise
    book.save(file)


def _short(row: Any, column: Column) -> Any:
    """The cell, if Excel can hold it. Raises TooMuch."""
    cell = column.write(row)
    if isinstance(cell, str) and len(cell) > EXCEL_CELL:
        raise TooMuch(
            f"{quoted(row.title)} : « {column.header} » compte {len(cell)} caractères, plus "
            f"que les {EXCEL_CELL} d’une cellule d’Excel. Exportez en ODS ou en CSV."
        )
    return cell


def write_ods(file: IO[bytes], opportunities: QuerySet) -> None:
    def rows() -> Iterator[list[Any]]:
        yield [column.header for column in COLUMNS]
        for row in rows_of(opportunities):
            yield [_in_xml(column.write(row)) for column in COLUMNS]

    ods.write_rows(file, sheet=_SHEET, rows=rows())


# What streams, and what is made whole first.
LINES = {"csv": csv_lines, "geojson": geojson_lines}
WRITERS = {"xlsx": write_xlsx, "ods": write_ods}
MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": ods.MIMETYPE,
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
}


def export(opportunities: QuerySet, *, extension: str, about: str) -> HttpResponseBase:
    """The file to download; `extension` is one of MEDIA_TYPES, `about` says of what in its name.
    Raises TooMuch."""
    name = file_name("opportunites", about, extension)
    media_type = MEDIA_TYPES[extension]
    if extension in LINES:
        lines = LINES[extension](opportunities)
        return attached(StreamingHttpResponse(lines), name, media_type)
    if opportunities.order_by()[: MOST_ROWS + 1].count() > MOST_ROWS:
        raise TooMuch(
            f"Ce format s’arrête à {MOST_ROWS:,} opportunités".replace(",", "\u202f")
            + " : affinez les filtres, ou exportez en CSV."
        )
    file = TemporaryFile()  # noqa: SIM115  the answer closes it
    try:
        WRITERS[extension](file, opportunities)
    except TooMuch:
        file.close()
        raise
    file.seek(0)
    return attached(FileResponse(file), name, media_type)


def file_name(what: str, about: str, extension: str) -> str:
    """ASCII, such as "opportunites-cu-de-dunkerque-2026-11-22.csv"."""
    parts = (what, slugify(about)[:60], timezone.localdate().isoformat())
    return f"{'-'.join(part for part in parts if part)}.{extension}"


def attached(response: HttpResponseBase, name: str, media_type: str) -> HttpResponseBase:
    """`response` as a file to keep, of which no cache keeps another copy."""
    response["Content-Type"] = media_type
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


class Echo:
    """What csv.writer writes, it returns."""

    def write(self, text: str) -> str:
        return text


def _in_csv(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, float):  # never with an exponent
        cell = Decimal(repr(cell))
    if isinstance(cell, Decimal):
        return f"{cell:f}".replace(".", ",")
    return guarded(cell) if isinstance(cell, str) else str(cell)


def _in_xml(cell: Any) -> Any:
    return cell.translate(_NO_CHARACTERS) if isinstance(cell, str) else cell


def _in_xlsx(sheet: Any, cell: Any) -> Any:
    if cell is None or cell == "":
        return None
    if isinstance(cell, date):
        dated = WriteOnlyCell(sheet, cell)
        dated.number_format = "DD/MM/YYYY"
        return dated
    if not isinstance(cell, str):
        return cell
    text = WriteOnlyCell(sheet, _in_xml(cell))
    text.data_type = "s"  # openpyxl takes what begins with = for a formula
    if guarded(cell) != cell:
        text.quotePrefix = True  # and Excel would, once somebody edits the cell
    return text


def _feature(row: Any) -> dict[str, Any]:
    is_placed = row.longitude is not None
    return {
        "type": "Feature",
        "id": row.ref,
        "geometry": {"type": "Point", "coordinates": [row.longitude, row.latitude]}
        if is_placed
        else None,
        "properties": {
            column.key: _in_json(column.write(row))
            for column in COLUMNS
            if column.field not in {"longitude", "latitude"}
        },
    }


def _in_json(cell: Any) -> Any:
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, Decimal):
        return float(cell)
    return None if cell == "" else cell
