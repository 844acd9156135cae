"""A worksheet as it is read: the grid's words and the answers side by side, ready for a template.

The read view, the PDF, the review and the blank sheet are this one document in different clothes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format

from worksheets import completeness, kinds
from worksheets.content import Content, Slot, Subject
from worksheets.enums import QuestionKind
from worksheets.grids.schema import Column, Group, Question

NO_BREAK, NARROW = "\u00a0", "\u202f"


@dataclass(frozen=True)
class Row:
    """One question and its answer; `answer` is what the template of its kind shows."""

    slot: Slot
    label: str
    answer: Any
    is_blank: bool

    @property
    def question(self) -> Question:
        return self.slot.question

    @property
    def template(self) -> str:
        """The template that shows an answer of this kind; it is given `row`."""
        return f"worksheets/answers/{self.question.kind.value}.html"


@dataclass(frozen=True)
class Part:
    """Rows under one heading; most parts have no heading and one row."""

    group: Group
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Section:
    """A block of the grid, or its repetition for one opportunity (`subject`, `position`)."""

    key: str
    title: str
    parts: tuple[Part, ...]
    progress: completeness.Progress
    subject: Subject | None = None
    position: int = 0
    subject_label: str = ""
    subject_help: str = ""

    @property
    def anchor(self) -> str:
        """Not the key alone, which may be that of one of its questions too."""
        return f"bloc-{self.key}--{self.subject.ref}" if self.subject else f"bloc-{self.key}"

    @property
    def rows(self) -> list[Row]:
        return [row for part in self.parts for row in part.rows]


@dataclass(frozen=True)
class Document:
    content: Content
    sections: tuple[Section, ...]


def document_of(content: Content) -> Document:
    """Every section in the order of the grid; a block asked per opportunity gives one section for
    each, none when no opportunity is chosen."""
    sections = []
    for block in content.grid.blocks:
        subjects = content.opportunities if block.per_opportunity else (None,)
        for position, subject in enumerate(subjects, start=1):
            slots = [Slot(question, subject) for question in block.questions]
            sections.append(
                Section(
                    key=block.key,
                    title=block.title,
                    parts=tuple(_part(content, group, subject) for group in block.groups),
                    progress=completeness.progress_among(content, slots),
                    subject=subject,
                    position=position if subject else 0,
                    subject_label=block.subject_label,
                    subject_help=block.subject_help,
                )
            )
    return Document(content, tuple(sections))


def _part(content: Content, group: Group, subject: Subject | None) -> Part:
    return Part(group, tuple(row_of(content, Slot(q, subject)) for q in group.questions))


def row_of(content: Content, slot: Slot) -> Row:
    """The row of one slot: label with the programme's horizon, answer in French."""
    value = content.value(slot)
    return Row(
        slot=slot,
        label=label_of(content, slot.question),
        answer=_SHOWN[slot.question.kind](slot.question, value),
        is_blank=kinds.is_blank(slot.question.kind, value),
    )


def label_of(content: Content, question: Question) -> str:
    return question.label.replace("{horizon}", str(content.horizon))


def euros(cents: int) -> str:
    """123456 -> "1 234,56 €", with the spaces that don't break."""
    sign = "−" if cents < 0 else ""
    whole, part = divmod(abs(cents), 100)
    return f"{sign}{whole:,}".replace(",", NARROW) + f",{part:02}{NO_BREAK}€"


def _day(iso: str) -> str:
    """ "1er octobre 2026": with the year, as on paper."""
    if not iso:
        return ""
    on = date.fromisoformat(iso)
    return date_format(on, r"j\e\r F Y" if on.day == 1 else "j F Y")


def _choices(question, value):
    return {
        "choices": [
            {
                "label": choice.label,
                "is_ticked": choice.key in value["ticked"],
                "comment": value["ticked"].get(choice.key, ""),
            }
            for choice in question.choices
        ],
        "other": value["other"],
        "text": value["text"],
        "has_text": question.has_text,
    }


def cell_in_words(column: Column, text: str) -> str:
    """What a stored cell of a table says: a day in French, a choice by its label."""
    if column.is_date:
        return _day(text)
    return {choice.key: choice.label for choice in column.choices}.get(text, text)


def _table(question, value):
    return {
        "columns": [column.label for column in question.columns],
        "rows": [
            {
                "id": row["id"],
                "cells": [
                    (column.label, cell_in_words(column, row["cells"][column.key]))
                    for column in question.columns
                ],
                "signed_name": row.get("signed_name", ""),
            }
            for row in value
        ],
    }


def _budget(question, value):
    totals = kinds.budget_totals(value)
    return {
        "sides": [
            {
                "key": side,
                "title": title,
                "lines": [
                    {
                        "label": line["label"],
                        "amount": "" if line["cents"] is None else euros(line["cents"]),
                    }
                    for line in value[side]
                ],
                "total": euros(totals[side]),
            }
            for side, title in kinds.BUDGET_SIDES.items()
        ],
        "balance": euros(totals["balance"]),
        "is_balanced": totals["balance"] == 0,
    }


def _as_it_is(question, value):
    return value


_SHOWN = {
    QuestionKind.TEXT: _as_it_is,
    QuestionKind.LIST: lambda question, value: [entry["text"] for entry in value],
    QuestionKind.CHOICES: _choices,
    QuestionKind.TABLE: _table,
    QuestionKind.BUDGET: _budget,
    QuestionKind.MARK: _as_it_is,
}
