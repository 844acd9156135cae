"""The shape of a grid. A declaration is plain data: it goes to the database as JSON and comes
back the same, and the form, the read view, the PDF and completeness are derived from it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from worksheets.enums import QuestionKind


@dataclass(frozen=True)
class Choice:
    key: str
    label: str


@dataclass(frozen=True)
class Column:
    """A column of a table; with `choices` its cells hold a choice key, with `is_date` a day."""

    key: str
    label: str
    is_date: bool = False
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Question:
    """One thing asked. `offered` is how many empty entries or rows the page shows at least;
    `continues` joins it to the question above, as in one cell of the paper. A mark `is_derived`
    isn't written: it is done once opportunities are chosen."""

    key: str
    kind: QuestionKind
    label: str
    help: str = ""
    number: str = ""
    offered: int = 0
    optional: bool = False
    continues: bool = False
    is_derived: bool = False
    has_text: bool = False
    choices: tuple[Choice, ...] = ()
    columns: tuple[Column, ...] = ()


@dataclass(frozen=True)
class Group:
    """Questions under one common heading, such as "Les conditions nécessaires…"."""

    label: str
    questions: tuple[Question, ...]
    number: str = ""
    help: str = ""

    def name_of(self, question: Question) -> str:
        """What to call a question away from its group: one that goes on from the first, in small
        letters, needs it ("Process de repérage, en interne")."""
        goes_on = question.label[:1].islower()
        return f"{self.questions[0].label}, {question.label}" if goes_on else question.label


@dataclass(frozen=True)
class Block:
    """A part of the grid; asked once, or once for each chosen opportunity. Then its first row,
    `subject_label`, is filled from the opportunity itself."""

    key: str
    title: str
    groups: tuple[Group, ...]
    per_opportunity: bool = False
    subject_label: str = ""
    subject_help: str = ""

    @property
    def questions(self) -> Iterator[Question]:
        for group in self.groups:
            yield from group.questions


@dataclass(frozen=True)
class Grid:
    """A whole canvas. `introduction` and `purposes` stand above the grid and fold away."""

    step: str
    title: str
    blocks: tuple[Block, ...]
    heading: str = ""
    introduction: str = ""
    purposes: tuple[str, ...] = ()
    introduction_end: str = ""

    @cached_property
    def by_key(self) -> dict[str, Question]:
        return {question.key: question for block in self.blocks for question in block.questions}

    @cached_property
    def keys_per_opportunity(self) -> frozenset[str]:
        return frozenset(
            question.key
            for block in self.blocks
            if block.per_opportunity
            for question in block.questions
        )

    def to_json(self) -> dict[str, Any]:
        """Plain dicts and lists, equal after a round trip through the database."""
        return json.loads(json.dumps(asdict(self)))

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Grid:
        """The grid that `to_json` wrote down."""
        blocks = tuple(_block(block) for block in data["blocks"])
        return cls(**{**data, "blocks": blocks, "purposes": tuple(data["purposes"])})


def _choices(data: list[dict[str, Any]]) -> tuple[Choice, ...]:
    return tuple(Choice(**choice) for choice in data)


def _question(data: dict[str, Any]) -> Question:
    columns = tuple(
        Column(**{**column, "choices": _choices(column["choices"])}) for column in data["columns"]
    )
    kind = QuestionKind(data["kind"])
    choices = _choices(data["choices"])
    return Question(**{**data, "kind": kind, "choices": choices, "columns": columns})


def _block(data: dict[str, Any]) -> Block:
    groups = tuple(
        Group(**{**group, "questions": tuple(_question(q) for q in group["questions"])})
        for group in data["groups"]
    )
    return Block(**{**data, "groups": groups})
