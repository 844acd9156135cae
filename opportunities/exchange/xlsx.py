"""Office spreadsheets (ECMA-376, transitional or strict), read row by row.

openpyxl writes them; reading goes without it, as for ODS (docs/decisions/exchange.md): it keeps an
object for each element that it has passed, so that thirty kilobytes may fill the memory.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Callable, Iterator
from typing import Any
from xml.parsers import expat

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.cell import column_index_from_string
from openpyxl.utils.datetime import CALENDAR_MAC_1904, WINDOWS_EPOCH, from_excel, from_ISO8601

from opportunities.exchange.markup import told

_WORKBOOK = "xl/workbook.xml"
# What Excel itself takes, or several times that.
_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384
_MOST_CELLS = 20_000_000
_MOST_STYLES = 100_000
_LONGEST_CODE = 255  # characters of the format of a number
_MOST_SHEETS = 1_000
_MOST_STRINGS = 2_000_000
_MOST_CHARACTERS = 50_000_000  # of the shared texts together; a character takes up to four bytes
_SMALL = 10 * 1024 * 1024  # bytes, of the parts that hold no cells


class BrokenXlsx(Exception):
    """No table can be read; the message says why, in French."""


class TooLarge(BrokenXlsx):
    def __init__(self) -> None:
        super().__init__(
            "Ce fichier est trop lourd une fois décompressé. Supprimez-en les feuilles, les images "
            "et les mises en forme inutiles."
        )


def read_rows(
    package: zipfile.ZipFile, *, most_columns: int, longest: int
) -> Iterator[tuple[int, list[Any]]]:
    """(line, cells) of the rows of the first visible sheet that hold something. Cells are texts,
    numbers, booleans, dates, times or None; a formula is the value kept beside it. A row is cut one
    cell beyond `most_columns`; a text has at most `longest` characters. Raises BrokenXlsx and, for
    what no spreadsheet writes, whatever it stumbles on."""
    book = _Book(package)
    strings = _strings_of(package, book.target("sharedStrings"), longest)
    formats = _dates_of(package, book.target("styles"))
    sheet = _Sheet(strings, formats, book.epoch, most_columns, longest)
    for _ in _parsed(package, book.first_sheet, sheet.start, sheet.end, sheet.characters):
        yield from sheet.take()
        if sheet.is_over:
            return


def _parsed(
    package: zipfile.ZipFile,
    name: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] = lambda name: None,
    characters: Callable[[str], None] = lambda text: None,
) -> Iterator[None]:
    """Tells what the part `name` holds to three functions, with names without their namespace;
    stops after each piece of it."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda name, attributes: start(_local(name), attributes)
    parser.EndElementHandler = lambda name: end(_local(name))
    parser.CharacterDataHandler = characters
    with package.open(name) as part:
        yield from told(parser, part)


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _read_small(
    package: zipfile.ZipFile, name: str, start: Callable[[str, dict[str, str]], None]
) -> None:
    if package.getinfo(name).file_size > _SMALL:
        raise TooLarge
    for _ in _parsed(package, name, start):
        pass


class _Book:
    """What the workbook says of its parts."""

    def __init__(self, package: zipfile.ZipFile):
        self.epoch = WINDOWS_EPOCH
        self._sheets: list[str] = []  # relations of those that are visible
        self._targets: dict[str, tuple[str, str]] = {}  # relation: (kind, part)
        self._names = set(package.namelist())
        _read_small(package, _WORKBOOK, self._start)
        _read_small(package, "xl/_rels/workbook.xml.rels", self._start_relation)

    @property
    def first_sheet(self) -> str:
        for relation in self._sheets:
            kind, part = self._targets[relation]
            if kind == "worksheet":  # others are drawings of charts
                return part
        raise BrokenXlsx("Ce fichier ne contient aucune feuille de calcul.")

    def target(self, kind: str) -> str:
        """The part of that kind; empty where there is none."""
        found = [part for other, part in self._targets.values() if other == kind]
        part = found[0] if found else f"xl/{kind}.xml"
        return part if part in self._names else ""

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "workbookPr" and attributes.get("date1904") in {"1", "true"}:
            self.epoch = CALENDAR_MAC_1904
        elif name == "sheet" and attributes.get("state", "visible") == "visible":
            if len(self._sheets) == _MOST_SHEETS:
                raise TooLarge
            self._sheets += [value for key, value in attributes.items() if key.endswith(" id")]

    def _start_relation(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and "Id" in attributes:
            kind = attributes.get("Type", "").rpartition("/")[2]
            part = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", "")))
            self._targets[attributes["Id"]] = kind, part.lstrip("/")


class _Text:
    """A text as its runs tell it; what says how it is pronounced is left out."""

    def __init__(self, longest: int):
        self._longest = longest
        self._pieces: list[str] = []
        self._length = 0
        self._is_open = False
        self._asides = 0

    def start(self, name: str) -> None:
        self._asides += name == "rPh"
        self._is_open = name in {"t", "v"} and not self._asides

    def end(self, name: str) -> None:
        self._asides -= name == "rPh"
        self._is_open = False

    def characters(self, text: str) -> None:
        if self._is_open:
            self._pieces.append(text)
            self._length += len(text)
            if self._length > self._longest:
                raise TooLarge

    def take(self) -> str:
        text, self._pieces, self._length = "".join(self._pieces), [], 0
        return text


def _strings_of(package: zipfile.ZipFile, name: str, longest: int) -> list[str]:
    """The texts that cells share, by their number."""
    strings: list[str] = []
    text = _Text(longest)
    length = 0

    def end(name: str) -> None:
        nonlocal length
        text.end(name)
        if name == "si":
            strings.append(text.take().replace("x005F_", ""))
            length += len(strings[-1])
            if len(strings) > _MOST_STRINGS or length > _MOST_CHARACTERS:
                raise TooLarge

    if name:
        for _ in _parsed(package, name, lambda name, _: text.start(name), end, text.characters):
            pass
    return strings


def _dates_of(package: zipfile.ZipFile, name: str) -> list[str]:
    """For each style of cells: "date" or "duration" where numbers are shown so, else ""."""
    codes: dict[int, str] = dict(BUILTIN_FORMATS)
    styles: list[int] = []
    is_of_cells = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal is_of_cells
        if name == "numFmt" and len(codes) <= _MOST_STYLES:
            codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")[:_LONGEST_CODE]
        elif name in {"cellXfs", "cellStyles", "cellStyleXfs", "dxfs"}:
            is_of_cells = name == "cellXfs"
        elif name == "xf" and is_of_cells:
            styles.append(int(attributes.get("numFmtId", "0")))
            if len(styles) > _MOST_STYLES:
                raise TooLarge

    if name:
        _read_small(package, name, start)
    known = {number: _shown_as(codes.get(number)) for number in set(styles)}
    return [known[number] for number in styles]


def _shown_as(code: str | None) -> str:
    if not is_date_format(code):
        return ""
    return "duration" if is_timedelta_format(code) else "date"


class _Sheet:
    """Rows as expat tells them."""

    def __init__(
        self, strings: list[str], formats: list[str], epoch: Any, most_columns: int, longest: int
    ):
        self.is_over = False
        self._strings, self._formats, self._epoch = strings, formats, epoch
        self._most = most_columns + 1
        self._rows: list[tuple[int, list[Any]]] = []
        self._line = 0
        self._cells: list[Any] = []
        self._column = self._count = 0
        self._cell: dict[str, str] = {}
        self._is_in_cell = False
        self._text = _Text(longest)

    def take(self) -> list[tuple[int, list[Any]]]:
        rows, self._rows = self._rows, []
        return rows

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self._is_in_cell:
            self._text.start(name)
        elif name == "c":
            self._cell, self._is_in_cell = attributes, True
            place = attributes.get("r", "").rstrip("0123456789")
            self._column = column_index_from_string(place) if place else self._column + 1
            self._count += 1
            if self._column > _MOST_COLUMNS or self._count > _MOST_CELLS:
                raise TooLarge
        elif name == "row":
            # Two rows can't have one number, nor go back.
            self._line = max(int(attributes.get("r", "0")), self._line + 1)
            self._cells, self._column = [], 0
            if self._line > _MOST_ROWS:
                raise TooLarge

    def characters(self, text: str) -> None:
        if self._is_in_cell:
            self._text.characters(text)

    def end(self, name: str) -> None:
        if self._is_in_cell and name != "c":
            self._text.end(name)
        elif name == "c":
            self._is_in_cell = False
            self._add_cell()
        elif name == "row" and self._cells:
            self._rows.append((self._line, self._cells))
        elif name == "sheetData":
            self.is_over = True

    def _add_cell(self) -> None:
        text = self._text.take()
        if text == "" or self._column > self._most:
            return
        self._cells += [None] * (self._column - len(self._cells))
        self._cells[self._column - 1] = self._value(text)

    def _value(self, text: str) -> Any:
        match self._cell.get("t", "n"):
            case "n":
                return self._number(text)
            case "s":
                return self._strings[int(text)]
            case "b":
                return bool(int(text))
            case "d":
                return from_ISO8601(text)
        return text

    def _number(self, text: str) -> Any:
        number = float(text) if {".", "e", "E"} & set(text) else int(text)
        style = int(self._cell.get("s", "0"))
        shown_as = self._formats[style] if style < len(self._formats) else ""
        if not shown_as:
            return number
        try:
            return from_excel(number, self._epoch, timedelta=shown_as == "duration")
        except (OverflowError, ValueError):
            return "#VALUE!"  # what the spreadsheet shows for it
