"""Reading official CSV files as people really have them: downloaded, or saved again by Excel."""

import csv
import io
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from territories.imports.files import read_bytes
from territories.imports.reports import Report, UnusableFile

MAX_CELL = 131_072  # characters; a longer one is a quotation mark that nobody closed


@dataclass(frozen=True)
class Row:
    """One line of a table: its number in the file, counted from 1 for the header, and its cells
    by column name, stripped."""

    line: int
    cells: dict[str, str]

    @property
    def where(self) -> str:
        return f"ligne {self.line}"


def read_table(
    path: str | Path, report: Report, *, required: set[str], aliases: Mapping[str, str]
) -> list[Row]:
    """The rows of a CSV file with `;`, `,` or tabs, in UTF-8 (with a BOM or not) or Windows-1252.

    Column names are compared in lower case, without accents, with `_` for anything between
    words, then through `aliases` (as written in the file -> as named here). Lines with more
    cells than the header are refused in `report`. Raises UnusableFile where the file is not
    such a table or a column of `required` is missing.
    """
    text = _decode(read_bytes(path))
    first_line = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(";,\t", key=first_line.count)
    csv.field_size_limit(MAX_CELL)  # one for the whole process, which others set too
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    names: list[str] = []
    rows = []
    try:
        while True:
            line = reader.line_num + 1
            cells = [cell.strip() for cell in next(reader)]
            if not any(cells):
                continue
            if not names:
                names = _column_names(cells, required, aliases)
            elif any(cells[len(names) :]):
                report.refuse(f"ligne {line}", "elle a plus de cellules que l’en-tête.")
            else:
                cells += [""] * (len(names) - len(cells))
                rows.append(Row(line, dict(zip(names, cells, strict=False))))
    except StopIteration:
        pass
    except csv.Error as error:
        raise UnusableFile(
            f"Ce fichier n’est pas un CSV lisible : erreur vers la ligne {reader.line_num}."
        ) from error
    if not names:
        raise UnusableFile("Ce fichier est vide.")
    return rows


def codes_in(cell: str) -> list[str]:
    """The codes of a cell that may hold several, whatever stands between them or around them:
    `02571; 02691`, `245901160,200042190`, `="59350"`. Upper case, in their order."""
    return re.findall(r"[0-9A-Z]+", cell.upper())


def code_in(cell: str) -> str:
    """The one code of a cell, without what a spreadsheet put around it."""
    return "".join(codes_in(cell))


def _decode(content: bytes) -> str:
    if content.startswith(b"PK\x03\x04"):
        raise UnusableFile(
            "Ce fichier est un classeur, pas un CSV : enregistrez-le au format « CSV UTF-8 »."
        )
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnusableFile("Ce fichier n’est pas du texte en UTF-8 ou en Windows-1252.")


def _column_names(cells: list[str], required: set[str], aliases: Mapping[str, str]) -> list[str]:
    """The columns up to the last one that has a name: the official file ends with empty ones."""
    names = [_normalised(cell) for cell in cells]
    names = [name if aliases.get(name) in names else aliases.get(name, name) for name in names]
    while names and not names[-1]:
        names.pop()
    missing = sorted(required - set(names))
    if missing:
        raise UnusableFile(
            f"L’en-tête n’est pas celui attendu : il manque {', '.join(missing)}. "
            f"Colonnes lues : {', '.join(cells)[:300]}."
        )
    return names


def _normalised(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^0-9a-z]+", "_", plain.lower()).strip("_")
