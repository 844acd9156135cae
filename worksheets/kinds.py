"""How each kind of answer is stored, checked and judged blank.

Stored values, as JSON:
- text: a string
- list: [{"id": uuid, "text": str}, …] in the order that the team gave
- choices: {"ticked": {choice key: comment}, "other": str, "text": str}
- table: [{"id": uuid, "cells": {column key: str}}, …]; a cell of a date column is an ISO date
- budget: {"expenses": lines, "resources": lines}, a line is {"id", "label", "cents"}; cents is
  an integer or null
- mark: true or false

`clean` takes the same shapes, as a form collected them (cents as typed text), and keeps what was
typed to the letter, except characters that can't be stored (`accounts.wording`).
"""

import re
import uuid
from datetime import date
from decimal import Decimal

from accounts.wording import MAX_LENGTH, TextTooLong, normalise
from worksheets.enums import QuestionKind
from worksheets.grids.schema import Question

MAX_ROWS = 300
MAX_CENTS = 10**14  # a thousand billion euros: beyond any budget, within exact integers of JSON
MAX_DIGITS = 20  # typed: more than MAX_CENTS needs
BUDGET_SIDES = {"expenses": "Dépenses", "resources": "Ressources"}


class MalformedAnswer(Exception):
    """A value of the wrong shape; the message is for the person who sent it."""


class Cleaner:
    """Cleans one answer; remembers whether a text had to be normalised, and the total length."""

    def __init__(self, question: Question):
        self.question = question
        self.was_normalised = False
        self._length = 0

    def clean(self, raw):
        """The storable value of `raw`. Raises MalformedAnswer or accounts.wording.TextTooLong."""
        value = getattr(self, f"_{self.question.kind}")(raw)
        if self._length > MAX_LENGTH:
            raise TextTooLong(self._length)
        return value

    def _string(self, raw):
        if not isinstance(raw, str):
            raise MalformedAnswer("Cette réponse n’est pas un texte.")
        text, changed = normalise(raw)
        self.was_normalised |= changed
        self._length += len(text)
        return text

    def _rows(self, raw):
        if not isinstance(raw, list) or not all(isinstance(row, dict) for row in raw):
            raise MalformedAnswer("Cette réponse n’est pas une liste.")
        if len(raw) > MAX_ROWS:
            raise MalformedAnswer(
                f"{MAX_ROWS} lignes au plus sont possibles ; il y en a {len(raw)}."
            )
        ids = [_identifier(row.get("id")) for row in raw]
        if len(set(ids)) != len(ids):
            raise MalformedAnswer("Deux lignes portent le même identifiant.")
        return zip(ids, raw, strict=True)

    def _text(self, raw):
        return self._string(raw)

    def _mark(self, raw):
        if not isinstance(raw, bool):
            raise MalformedAnswer("Cette réponse est oui ou non.")
        return raw

    def _list(self, raw):
        entries = [
            {"id": id_, "text": self._string(row.get("text"))} for id_, row in self._rows(raw)
        ]
        return [entry for entry in entries if entry["text"].strip()]

    def _choices(self, raw):
        if not isinstance(raw, dict) or not isinstance(raw.get("ticked"), dict):
            raise MalformedAnswer("Cette réponse n’est pas un choix.")
        known = {choice.key for choice in self.question.choices}
        if not raw["ticked"].keys() <= known:
            raise MalformedAnswer("Un des choix n’est pas dans la question.")
        # In the question's order, so that the same answer is the same value.
        ticked = {
            choice.key: self._string(raw["ticked"][choice.key])
            for choice in self.question.choices
            if choice.key in raw["ticked"]
        }
        return {
            "ticked": ticked,
            "other": self._string(raw.get("other", "")),
            "text": self._string(raw.get("text", "")),
        }

    def _table(self, raw):
        rows = []
        for id_, row in self._rows(raw):
            cells = row.get("cells")
            if not isinstance(cells, dict):
                raise MalformedAnswer("Une ligne du tableau n’a pas de cellules.")
            cells = {
                column.key: self._cell(column, cells.get(column.key, ""))
                for column in self.question.columns
            }
            if any(cell.strip() for cell in cells.values()):
                rows.append({"id": id_, "cells": cells})
        return rows

    def _cell(self, column, raw):
        text = self._string(raw)
        if text and column.choices and text not in {choice.key for choice in column.choices}:
            raise MalformedAnswer(
                f"« {text} » n’est pas un choix de la colonne « {column.label} »."
            )
        if text and column.is_date:
            try:
                # In the one form that <input type="date"> shows again.
                text = date.fromisoformat(text).isoformat()
            except ValueError:
                raise MalformedAnswer(
                    f"« {text} » n’est pas une date : écrivez-la comme 2026-12-31."
                ) from None
        return text

    def _budget(self, raw):
        if not isinstance(raw, dict):
            raise MalformedAnswer("Cette réponse n’est pas un budget.")
        return {side: self._lines(raw.get(side, [])) for side in BUDGET_SIDES}

    def _lines(self, raw):
        lines = [
            {
                "id": id_,
                "label": self._string(row.get("label")),
                "cents": cents_of(row.get("cents")),
            }
            for id_, row in self._rows(raw)
        ]
        return [line for line in lines if line["label"].strip() or line["cents"] is not None]


def _identifier(raw):
    try:
        return str(uuid.UUID(raw))
    except (ValueError, TypeError, AttributeError):
        raise MalformedAnswer("Une ligne n’a pas d’identifiant valable.") from None


def cents_of(raw):
    """Cents (int) of an amount in euros as typed in French ("1 234,56 €"), None when blank.

    Accepts spaces of any kind between digits, a comma or a point before one or two decimals and a
    euro sign; an int is taken as cents already. Raises MalformedAnswer for anything else, for a
    negative amount and beyond MAX_CENTS.
    """
    if raw is None or (isinstance(raw, int) and not isinstance(raw, bool)):
        cents = raw
    elif isinstance(raw, str):
        digits = re.sub(r"[\s\u00a0\u202f]|€", "", raw).replace(",", ".")
        if not digits:
            return None
        if not re.fullmatch(r"-?[0-9]+(\.[0-9]{0,2})?", digits):
            raise MalformedAnswer(
                f"« {raw.strip()[:60]} » n’est pas un montant : "
                "écrivez par exemple 12 500 ou 1 234,56."
            )
        # Of a million digits Python would make a number for a minute, and do nothing else.
        is_too_long = len(digits) > MAX_DIGITS
        cents = MAX_CENTS + 1 if is_too_long else int(Decimal(digits) * 100)
    else:
        raise MalformedAnswer("Un montant n’est pas un nombre.")
    if cents is not None and not 0 <= cents <= MAX_CENTS:
        raise MalformedAnswer("Un montant est entre 0 et mille milliards d’euros.")
    return cents


def budget_totals(value):
    """Totals in cents: {"expenses": int, "resources": int, "balance": resources - expenses}."""
    totals = {side: sum(line["cents"] or 0 for line in value[side]) for side in BUDGET_SIDES}
    return {**totals, "balance": totals["resources"] - totals["expenses"]}


def blank(kind):
    """The value of a question that nobody answered yet."""
    return {
        QuestionKind.TEXT: "",
        QuestionKind.LIST: [],
        QuestionKind.CHOICES: {"ticked": {}, "other": "", "text": ""},
        QuestionKind.TABLE: [],
        QuestionKind.BUDGET: {"expenses": [], "resources": []},
        QuestionKind.MARK: False,
    }[QuestionKind(kind)]


def is_blank(kind, value):
    """Whether `value`, as stored, says nothing (white space says nothing)."""
    match QuestionKind(kind):
        case QuestionKind.TEXT:
            return not value.strip()
        case QuestionKind.CHOICES:
            return not (value["ticked"] or value["other"].strip() or value["text"].strip())
        case QuestionKind.BUDGET:
            return not any(value.values())
        case _:
            return not value
