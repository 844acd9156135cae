"""What the cell of a spreadsheet says, as people in France write it, and what is wrong with it.

A cell is None, a text, a number, a boolean or a date. Each reader takes one that isn't blank and
answers with the value of a field, or raises Refused with a sentence for the author of the file.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from accounts.wording import normalise

Cell = None | str | int | float | bool | date | datetime
Reader = Callable[[Any], Any]

# What a spreadsheet shows where a formula failed.
_FORMULA_ERRORS = frozenset(
    {"#N/A", "#REF!", "#NAME?", "#NOM?", "#VALUE!", "#VALEUR!", "#DIV/0!", "#NULL!", "#NUM!"}
)
_UNITS = re.compile(r"(?:m²|m2|€|euros?|km|ans?)$", re.IGNORECASE)
_THOUSANDS = re.compile(r"(?<=\d)[  \u202f\u2009'’](?=\d{3}(?!\d))")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("janvier", "janv"),
            ("fevrier", "fevr"),
            ("mars",),
            ("avril", "avr"),
            ("mai",),
            ("juin",),
            ("juillet", "juil"),
            ("aout",),
            ("septembre", "sept"),
            ("octobre", "oct"),
            ("novembre", "nov"),
            ("decembre", "dec"),
        ),
        start=1,
    )
    for name in names
}
_NUMERIC_DAY = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
# As spreadsheets shorten it. Beyond 49 the century can't be told.
_SHORT_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/([0-4]\d)")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_DAY_IN_WORDS = re.compile(r"(\d{1,2})(?:er)? ([a-z]+)\.? (\d{4})")
_TELLING = 4  # letters that abbreviate a choice, at least
_SHOWN = 60  # characters of a cell repeated in a sentence


class Refused(Exception):
    """A cell that can't be taken; the message says why."""


def fold(text: str) -> str:
    """`text` by which two spellings are one: without accents, case, spaces or punctuation."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    return "".join(character for character in plain if character.isalnum())


def is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def shown(cell: Cell) -> str:
    """A cell as a sentence repeats it, shortened."""
    text = " ".join(str(cell).split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def as_text(cell: Cell) -> str:
    """The cell as text: a whole number without decimals, as people typed it. Spreadsheets make
    numbers of codes."""
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    text, _ = normalise(str(cell))
    if text.strip() in _FORMULA_ERRORS:
        raise Refused(f"la formule de cette cellule a échoué ({text.strip()}).")
    return text


def line_of(max_length: int) -> Reader:
    """A text of one line."""

    def read(cell: Cell) -> str:
        return _within(" ".join(as_text(cell).strip().splitlines()), max_length)

    return read


def text_of(max_length: int) -> Reader:
    """A text of several lines, kept to the letter."""

    def read(cell: Cell) -> str:
        return _within(as_text(cell), max_length)

    return read


def whole_number(field: models.Field) -> Reader:
    def read(cell: Cell) -> int:
        number = _number(cell)
        if number != number.to_integral_value():
            raise Refused(f"« {shown(cell)} » n’est pas un nombre entier.")
        return _clean(field, int(number))

    return read


def amount(field: models.Field) -> Reader:
    """Euros, with two decimals at most."""

    def read(cell: Cell) -> Decimal:
        number = _number(cell)
        if isinstance(cell, float):
            number = round(number, 2)  # 12.3 is 12.300000000000000710 in a spreadsheet
        return _clean(field, number.quantize(Decimal("0.01")) if _has_cents(number) else number)

    return read


def degrees(limit: int) -> Reader:
    """An angle in degrees (WGS 84), between -`limit` and `limit`."""

    def read(cell: Cell) -> float:
        value = float(_number(cell))
        if not -limit <= value <= limit:
            raise Refused(f"« {shown(cell)} » n’est pas entre -{limit} et {limit} degrés (WGS 84).")
        return value

    return read


def day(cell: Cell) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    try:
        return date(*_parts_of_day(cell))
    except ValueError:
        raise Refused(
            f"« {shown(cell)} » n’est pas une date : écrivez par exemple 31/12/2026."
        ) from None


def choice(choices: Mapping[str, str]) -> Reader:
    """One of `choices` (value to label), by its label or its value, in any spelling, agreement or
    abbreviation that only one of them has: « Lancée », « Locaux vacants »."""
    found = {fold(value): value for value in choices} | {
        fold(label): value for value, label in choices.items()
    }
    expected = " / ".join(choices.values())

    def read(cell: Cell) -> str:
        text = fold(as_text(cell))
        value = found.get(text) or _only_one_that_begins(found, text)
        if not value:
            raise Refused(f"« {shown(cell)} » n’est pas un choix possible. Choix : {expected}.")
        return value

    return read


def _only_one_that_begins(found: Mapping[str, str], text: str) -> str:
    """The value of the one spelling in `found` that `text` begins; empty if none or several."""
    stem = text.rstrip("es")
    begun = {value for spelling, value in found.items() if spelling.startswith(stem)}
    return begun.pop() if len(stem) >= _TELLING and len(begun) == 1 else ""


def _within(text: str, max_length: int) -> str:
    if len(text) > max_length:
        counts = f"{len(text):,} caractères ; {max_length:,} au plus sont possibles."
        raise Refused("ce texte compte " + counts.replace(",", "\N{NARROW NO-BREAK SPACE}"))
    return text


def _number(cell: Cell) -> Decimal:
    """As written in France, with its unit if any: « 1 234,56 € », « 3 000 m² »."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        text = repr(cell)
    else:
        text = _UNITS.sub("", as_text(cell).strip()).strip()
        text = _THOUSANDS.sub("", text).replace("\N{MINUS SIGN}", "-")
    try:
        if not isinstance(cell, float) and not _NUMBER.fullmatch(text):
            raise InvalidOperation
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise Refused(f"« {shown(cell)} » n’est pas un nombre.") from None
    if not number.is_finite():
        raise Refused(f"« {shown(cell)} » n’est pas un nombre.")
    return number


def _has_cents(number: Decimal) -> bool:
    """Whether two decimals say it all, so that 12.5 and 12.50 are one value."""
    return abs(number) < 10**12 and number == round(number, 2)


def _clean(field: models.Field, value: Any) -> Any:
    """Within the limits that the model sets."""
    try:
        return field.clean(value, None)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from None


def _parts_of_day(cell: Cell) -> tuple[int, int, int]:
    """(year, month, day); raises ValueError."""
    text = " ".join(as_text(cell).split())
    if found := _NUMERIC_DAY.fullmatch(text):
        return int(found[3]), int(found[2]), int(found[1])
    if found := _SHORT_DAY.fullmatch(text):
        return 2000 + int(found[3]), int(found[2]), int(found[1])
    if found := _ISO_DAY.fullmatch(text):
        return int(found[1]), int(found[2]), int(found[3])
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    found = _DAY_IN_WORDS.fullmatch(plain)
    if not found or found[2] not in _MONTHS:
        raise ValueError
    return int(found[3]), _MONTHS[found[2]], int(found[1])
