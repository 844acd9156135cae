"""Reading a spreadsheet, whatever it is called: XLSX, ODS or CSV, known by what is in it.

Row by row and within limits: a file comes from anywhere, and a few kilobytes may claim to be
billions of cells. Macros and links are never looked at; a formula counts for the value that the
spreadsheet kept of it.
"""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any

from openpyxl.utils import get_column_letter

from opportunities.exchange import ods, xlsx
from opportunities.exchange.values import is_blank, shown

MAX_SIZE = 15 * 1024 * 1024  # bytes
MAX_UNPACKED = 200 * 1024 * 1024  # bytes, of a compressed file
MAX_PARTS = 2_000  # files in a compressed file
MAX_ROWS = 50_000
MAX_COLUMNS = 300
MAX_CELL = 131_072  # characters; a longer one is a quotation mark that nobody closed

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CHUNK = 64 * 1024
_DELIMITERS = ";,\t"

Row = tuple[int, list[Any]]


class UnreadableFile(Exception):
    """Nothing can be imported from this file; the message tells its owner why."""


@dataclass(frozen=True)
class Sample:
    """What a file looks like: its format, its headers, its first rows."""

    format: str
    headers: list[str]
    rows: list[Row]


def look_at(file: IO[bytes], *, most_rows: int) -> Sample:
    """The beginning of the file. Raises UnreadableFile."""
    kind = recognise(file)
    with closing(read_table(file, kind)) as rows:
        _, headers = next(rows)
        first = list(islice(rows, most_rows))
    if not first:
        raise UnreadableFile(
            "Ce fichier ne contient que les intitulés des colonnes : ajoutez au moins une ligne."
        )
    return Sample(kind, headers, first)


def recognise(file: IO[bytes]) -> str:
    """The format of the file, "xlsx", "ods" or "csv", by its content. Raises UnreadableFile."""
    size = file.seek(0, io.SEEK_END)
    if size > MAX_SIZE:
        raise UnreadableFile(
            f"Ce fichier pèse {size / 2**20:.0f} Mo ; {MAX_SIZE // 2**20} Mo au plus sont "
            "possibles. Partagez-le en plusieurs fichiers."
        )
    file.seek(0)
    head = file.read(8)
    if not head.strip():
        raise UnreadableFile("Ce fichier est vide.")
    if head.startswith(_OLE):
        raise UnreadableFile(
            "Ce fichier est protégé par un mot de passe, ou au format d’Excel d’avant 2007 (.xls). "
            "Enregistrez-le au format « Classeur Excel (.xlsx) », sans mot de passe."
        )
    if head.startswith(_ZIP):
        return _format_of_package(file)
    if head.startswith((b"%PDF", b"<", b"{", b"\xef\xbb\xbf<", b"\x89PNG", b"\xff\xd8\xff")):
        raise UnreadableFile(_NOT_A_TABLE)
    return "csv"


def read_table(file: IO[bytes], kind: str) -> Generator[Row, None, None]:
    """(line, cells) of each row that holds something; the first is that of the headers, as texts.
    A row is as long as the headers. Raises UnreadableFile, also midway."""
    reader = {"xlsx": _xlsx_rows, "ods": _ods_rows, "csv": _csv_rows}[kind]
    with closing(reader(file)) as raw:
        yield from _checked(row for row in raw if not all(map(is_blank, row[1])))


def _checked(rows: Iterator[Row]) -> Iterator[Row]:
    found = next(rows, None)
    if found is None:
        raise UnreadableFile("Ce fichier est vide.")
    line, first = found
    headers = _headers(first)
    yield line, headers
    width = len(headers)
    for count, (number, cells) in enumerate(rows, start=1):
        if count > MAX_ROWS:
            raise UnreadableFile(
                f"Ce fichier a plus de {MAX_ROWS:,} lignes".replace(",", "\u202f")
                + " : partagez-le en plusieurs fichiers."
            )
        if not all(map(is_blank, cells[width:])):
            column = get_column_letter(width + 1)
            raise UnreadableFile(
                f"La ligne {number} a plus de cellules que d’intitulés : donnez un intitulé à la "
                f"colonne {column}, ou videz-la."
            )
        yield number, [*cells[:width], *[None] * (width - len(cells))]


_NOT_A_TABLE = (
    "Ce fichier n’est ni un tableur Excel (.xlsx), ni un tableur OpenDocument (.ods), ni un "
    "fichier CSV."
)
_BROKEN = "Ce fichier est abîmé ou incomplet : enregistrez-le à nouveau depuis votre tableur."


def _headers(cells: list[Any]) -> list[str]:
    """The names of the columns; blank ones at the end don't count."""
    while cells and is_blank(cells[-1]):
        cells.pop()
    if len(cells) > MAX_COLUMNS:
        raise UnreadableFile(
            f"Ce fichier a plus de {MAX_COLUMNS} colonnes : gardez celles qui sont à importer."
        )
    names = [" ".join(str(cell).split()) if isinstance(cell, str) else "" for cell in cells]
    if not any(names):
        raise UnreadableFile("La première ligne doit donner les intitulés des colonnes.")
    places: dict[str, int] = {}
    for place, name in enumerate(names, start=1):
        if name and (first := places.setdefault(name.casefold(), place)) != place:
            raise UnreadableFile(
                f"Deux colonnes s’appellent « {shown(name)} » ({get_column_letter(first)} et "
                f"{get_column_letter(place)}) : renommez l’une d’elles."
            )
    return names


@contextmanager
def _package(file: IO[bytes]) -> Iterator[zipfile.ZipFile]:
    """The compressed file, within the limits. Python's zipfile reads no more of a part than the
    size that the file declares, which is what is counted here."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as package:
            parts = package.infolist()
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise UnreadableFile(
                    "Ce fichier est trop lourd une fois décompressé. Supprimez-en les feuilles, "
                    "les images et les mises en forme inutiles."
                )
            yield package
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError) as error:
        raise UnreadableFile(_BROKEN) from error


def _format_of_package(file: IO[bytes]) -> str:
    with _package(file) as package:
        names = set(package.namelist())
        if any(part.flag_bits & 1 for part in package.infolist()):
            raise UnreadableFile("Ce fichier est protégé par un mot de passe : enlevez-le.")
        if "xl/workbook.xml" in names:
            return "xlsx"
        if "content.xml" in names and "mimetype" in names:
            with package.open("mimetype") as declared:
                if declared.read(100).decode("ascii", "replace").startswith(ods.MIMETYPE):
                    return "ods"
    raise UnreadableFile(_NOT_A_TABLE)


def _xlsx_rows(file: IO[bytes]) -> Generator[Row, None, None]:
    with _package(file) as package:
        try:
            yield from xlsx.read_rows(package, most_columns=MAX_COLUMNS, longest=MAX_CELL)
        except xlsx.BrokenXlsx as error:
            raise UnreadableFile(str(error)) from error
        except Exception as error:
            # A file made to harm can fail anywhere, with any exception.
            raise UnreadableFile(_BROKEN) from error


def _ods_rows(file: IO[bytes]) -> Generator[Row, None, None]:
    with _package(file) as package:
        if "META-INF/manifest.xml" in package.namelist():
            with package.open("META-INF/manifest.xml") as manifest:
                if b"encryption-data" in manifest.read(_CHUNK):
                    raise UnreadableFile("Ce fichier est protégé par un mot de passe : enlevez-le.")
        try:
            with package.open("content.xml") as content:
                yield from ods.read_rows(content, most_columns=MAX_COLUMNS, longest=MAX_CELL)
        except ods.BrokenOds as error:
            raise UnreadableFile(str(error)) from error


def _csv_rows(file: IO[bytes]) -> Generator[Row, None, None]:
    encoding = _encoding(file)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")
    try:
        head = text.read(_CHUNK)
        if "\x00" in head:
            raise UnreadableFile(_NOT_A_TABLE)
        text.seek(0)
        csv.field_size_limit(MAX_CELL)
        lines = (line.replace("\x00", "") for line in text)
        reader = csv.reader(lines, delimiter=_delimiter(head))
        try:
            for line, cells in enumerate(reader, start=1):
                yield line, [_unguarded(cell) for cell in cells]
        except csv.Error as error:
            raise UnreadableFile(
                f"Le fichier ne se lit plus après la ligne {reader.line_num} : un guillemet y est "
                "peut-être ouvert et jamais refermé."
            ) from error
    finally:
        text.detach()  # the file stays open: it isn't ours to close


def _encoding(file: IO[bytes]) -> str:
    """UTF-16 says what it is; what is valid UTF-8 is UTF-8, accents being what they are; the rest
    is what Excel writes in France."""
    file.seek(0)
    head = file.read(2)
    if head in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := file.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _delimiter(head: str) -> str:
    """The one that the line of the headers has most of, outside quotation marks."""
    first = next((line for line in head.splitlines() if line.strip()), "")
    bare = "".join(first.split('"')[::2])
    return max(_DELIMITERS, key=bare.count)


# Where a cell is text that a spreadsheet would take for a formula, an apostrophe stands before it.
# The full-width signs count too: Excel takes them for the others where people write with them.
FORMULA_SIGNS = "=+-@\t\r\n＝＋－＠"


def guarded(text: str) -> str:
    """`text` as a CSV says it, so that no spreadsheet computes it. `_unguarded` gives it back."""
    return f"'{text}" if _needs_guard(text) else text


def _unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and _needs_guard(text) else text


def _needs_guard(text: str) -> bool:
    bare = text.lstrip("'")
    return bare[:1] in FORMULA_SIGNS and bool(bare)
