"""Reading the content, and turning the answers told there into what a form would send."""

import re
import tomllib
import uuid
from pathlib import Path

from config.demo import clock
from worksheets.enums import QuestionKind

CONTENT = Path(__file__).parent / "content"
# A line break in a file is a space, unless a blank line or another one is beside it.
_WRAP = re.compile(r"(?<!\n)\n(?!\n)")


def read(path):
    """What a TOML file of the content says, its paragraphs unwrapped."""
    return _unwrapped(tomllib.loads(path.read_text(encoding="utf-8")))


def territory_folders():
    return sorted(path for path in CONTENT.iterdir() if path.is_dir())


def worksheet_files(folder):
    return sorted(set(folder.glob("*.toml")) - {folder / "territory.toml"})


def _unwrapped(value):
    if isinstance(value, str):
        return _WRAP.sub(" ", value.strip())
    if isinstance(value, list):
        return [_unwrapped(item) for item in value]
    if isinstance(value, dict):
        return {key: _unwrapped(item) for key, item in value.items()}
    return value


def as_sent(question, told, *, place, today):
    """The value that `worksheets.kinds.Cleaner` takes, from the shorter one of the content: a list
    of strings, rows as lists of cells, budget lines as pairs of a label and an amount.

    `place` names the answer among all: the nth row keeps its identifier from one save to the next.
    """
    match question.kind:
        case QuestionKind.LIST:
            return [{"id": _id(place, n), "text": text} for n, text in enumerate(told)]
        case QuestionKind.TABLE:
            return [
                {"id": _id(place, n), "cells": _cells(question, row, today)}
                for n, row in enumerate(told)
            ]
        case QuestionKind.BUDGET:
            return {side: _lines(lines, f"{place} {side}") for side, lines in told.items()}
        case _:
            return told


def _id(place, n):
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{place} {n}"))


def _cells(question, row, today):
    return {
        column.key: clock.day(cell, today).isoformat() if column.is_date else cell
        for column, cell in zip(question.columns, row, strict=True)
    }


def _lines(lines, place):
    return [
        {"id": _id(place, n), "label": label, "cents": amount}
        for n, (label, amount) in enumerate(lines)
    ]
