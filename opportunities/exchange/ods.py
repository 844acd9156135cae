"""OpenDocument spreadsheets, read and written row by row.

The standard library is enough, and the libraries looked at aren't (docs/decisions/exchange.md):
they hold the whole table in memory, repeated cells included, and the one that writes takes minutes
for ten thousand rows.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import IO, Any
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from opportunities.exchange.markup import StrangeMarkup, told

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"

_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_CELLS = (f"{_TABLE} table-cell", f"{_TABLE} covered-table-cell")
_SEPARATOR = " "  # between a namespace and a name, as expat gives them


class BrokenOds(Exception):
    """No table can be read; the message says why, in French."""


def read_rows(
    content: IO[bytes], *, most_columns: int, longest: int
) -> Iterator[tuple[int, list[Any]]]:
    """(line, cells) of the rows of the first table that hold something; `content` is content.xml.
    Cells are texts, floats, booleans, texts of ISO dates, or None. A row is cut one cell beyond
    `most_columns`. Raises BrokenOds, also for a text of more than `longest` characters."""
    table = _FirstTable(most_columns, longest)
    try:
        for _ in told(table.parser, content):
            yield from table.take()
            if table.is_over:
                break
    except expat.ExpatError as error:
        raise BrokenOds("Ce fichier ODS est abîmé.") from error
    except StrangeMarkup as error:
        raise BrokenOds("Ce fichier ODS n’a pas été écrit par un tableur.") from error
    if not table.is_found:
        raise BrokenOds("Ce fichier ne contient aucune feuille de calcul.")


class _FirstTable:
    """Rows as expat tells them. What repeats is not written out before something comes after it:
    a sheet ends with a million empty rows that the file says in a line."""

    def __init__(self, most_columns: int, longest: int):
        self._most, self._longest = most_columns, longest
        self.is_found = self.is_over = False
        self._rows: list[tuple[int, int, list[Any]]] = []  # line, how many times, cells
        self._line = 0
        self._depth = 0  # of tables within tables
        self._cells: list[Any] = []
        self._pending = 0  # blank cells that only count if something follows
        self._texts: list[str] | None = None
        self._length = 0  # of the texts together
        self._is_in_paragraph = False
        self._cell: dict[str, str] = {}
        self._notes = 0  # within comments
        self.parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    def take(self) -> Iterator[tuple[int, list[Any]]]:
        rows, self._rows = self._rows, []
        for line, times, cells in rows:
            for offset in range(times):
                yield line + offset, list(cells)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self.is_over:
            return
        if name == f"{_TABLE} table":
            self._depth += 1
            self.is_found = True
        elif self._depth != 1:
            return
        elif name == f"{_TABLE} table-row":
            self._cells, self._pending = [], 0
            self._repeated = _times(attributes, "number-rows-repeated")
        elif name in _CELLS:
            self._cell, self._texts, self._is_in_paragraph = attributes, None, False
            self._length = 0
        elif name == f"{_OFFICE} annotation":
            self._notes += 1
        elif self._notes == 0:
            self._start_text(name, attributes)

    def _start_text(self, name: str, attributes: dict[str, str]) -> None:
        match name.removeprefix(f"{_TEXT} "):
            case "p" | "h":
                is_first, self._is_in_paragraph = self._texts is None, True
                self._texts = self._texts or []
                self._characters("" if is_first else "\n")
            case "s":
                count = attributes.get(f"{_TEXT} c", "1")
                self._characters(" " * (min(int(count), 1000) if count.isdigit() else 1))
            case "tab":
                self._characters("\t")
            case "line-break":
                self._characters("\n")

    def _characters(self, text: str) -> None:
        if self._is_in_paragraph and self._texts is not None and not self._notes:
            self._texts.append(text)
            self._length += len(text)
            if self._length > self._longest:
                raise BrokenOds(
                    f"La ligne {self._line + 1} a un texte beaucoup trop long pour une cellule."
                )

    def _end(self, name: str) -> None:
        if self.is_over or not self._depth:
            return
        if name == f"{_TABLE} table":
            self._depth -= 1
            self.is_over = self._depth == 0
        elif self._depth != 1:
            return
        elif name == f"{_OFFICE} annotation":
            self._notes -= 1
        elif name in (f"{_TEXT} p", f"{_TEXT} h"):
            self._is_in_paragraph = self._is_in_paragraph and self._notes > 0
        elif name in _CELLS:
            self._add_cell()
        elif name == f"{_TABLE} table-row":
            if self._cells:
                self._rows.append((self._line + 1, self._repeated, self._cells))
            self._line += self._repeated

    def _add_cell(self) -> None:
        value = self._value()
        times = _times(self._cell, "number-columns-repeated")
        self._texts = None
        if value is None:
            self._pending += times
            return
        room = self._most + 1 - len(self._cells)
        self._cells += [None] * min(self._pending, room)
        self._cells += [value] * min(times, max(room - self._pending, 0))
        self._pending = 0

    def _value(self) -> Any:
        cell = self._cell
        match cell.get(f"{_OFFICE} value-type"):
            case "float" | "percentage" | "currency":
                try:
                    return float(cell.get(f"{_OFFICE} value", ""))
                except ValueError:
                    pass
            case "date":
                return cell.get(f"{_OFFICE} date-value") or None
            case "boolean":
                return cell.get(f"{_OFFICE} boolean-value") == "true"
        text = cell.get(f"{_OFFICE} string-value") or "".join(self._texts or ())
        return text or None


def _times(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(f"{_TABLE} {name}", "1")
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 9 else 1


_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<office:document-content xmlns:office="{_OFFICE}" xmlns:table="{_TABLE}" '
    f'xmlns:text="{_TEXT}" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" '
    'office:version="1.3"><office:automatic-styles>'
    '<number:date-style style:name="day-format"><number:day number:style="long"/>'
    '<number:text>/</number:text><number:month number:style="long"/>'
    '<number:text>/</number:text><number:year number:style="long"/></number:date-style>'
    '<style:style style:name="day" style:family="table-cell" '
    'style:data-style-name="day-format"/>'
    '<style:style style:name="head" style:family="table-cell">'
    '<style:text-properties fo:font-weight="bold"/></style:style>'
    "</office:automatic-styles><office:body><office:spreadsheet>"
)
_TAIL = "</table:table></office:spreadsheet></office:body></office:document-content>"
_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
    'manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{MIMETYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)


def write_rows(file: IO[bytes], *, sheet: str, rows: Iterable[Iterable[Any]]) -> None:
    """Writes one table; the first of `rows` is its heading. Texts stay texts, whatever they begin
    with. The same rows give the same bytes."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        # First and not compressed: by this one knows the format of the file.
        package.writestr(_entry("mimetype", zipfile.ZIP_STORED), MIMETYPE)
        package.writestr(_entry("META-INF/manifest.xml"), _MANIFEST)
        with package.open(_entry("content.xml"), "w") as content:
            content.write(_HEAD.encode())
            content.write(f"<table:table table:name={quoteattr(sheet)}>".encode())
            style = ' table:style-name="head"'
            for row in rows:
                cells = "".join(_written(cell, style) for cell in row)
                content.write(f"<table:table-row>{cells}</table:table-row>".encode())
                style = ""
            content.write(_TAIL.encode())


def _entry(name: str, compression: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    """Dated 1980, as zip begins: the date of the export is in the name of the file."""
    entry = zipfile.ZipInfo(name)
    entry.compress_type = compression
    return entry


def _written(cell: Any, style: str) -> str:
    if cell is None or cell == "":
        return "<table:table-cell/>"
    if isinstance(cell, date):
        return (
            '<table:table-cell table:style-name="day" office:value-type="date" '
            f'office:date-value="{cell.isoformat()}"><text:p>{cell:%d/%m/%Y}</text:p>'
            "</table:table-cell>"
        )
    if isinstance(cell, int | float | Decimal):
        return (
            f'<table:table-cell office:value-type="float" office:value="{cell}">'
            f"<text:p>{cell}</text:p></table:table-cell>"
        )
    paragraphs = "".join(f"<text:p>{_spaced(line)}</text:p>" for line in cell.split("\n"))
    return f'<table:table-cell{style} office:value-type="string">{paragraphs}</table:table-cell>'


def _spaced(line: str) -> str:
    """A reader folds spaces unless they are elements."""
    parts = escape(line).replace("\t", "<text:tab/>").split(" ")
    if len(parts) == 1:
        return parts[0]
    return '<text:s text:c="1"/>'.join(parts) if _folds(line) else " ".join(parts)


def _folds(line: str) -> bool:
    return line.startswith(" ") or line.endswith(" ") or "  " in line
