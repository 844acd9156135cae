"""What people type in an answer of each kind, and how a page sends it."""

import re
import uuid
from copy import deepcopy
from itertools import count

from programmes.enums import Step
from worksheets import kinds
from worksheets.enums import QuestionKind
from worksheets.grids.schema import Block, Choice, Column, Grid, Group, Question


def _question(kind, state):
    return Question(
        f"{kind.value}-{state}",
        kind,
        f"{kind.label}, {state}",
        has_text=True,
        choices=tuple(Choice(key, key) for key in "abc") if kind == QuestionKind.CHOICES else (),
        columns=(Column("one", "Un"), Column("two", "Deux")) if kind == QuestionKind.TABLE else (),
    )


# One of each kind, answered from the beginning; and some that nobody answered yet.
ANSWERED = tuple(_question(kind, "answered") for kind in QuestionKind)
QUESTIONS = (
    *ANSWERED,
    _question(QuestionKind.TEXT, "blank"),
    _question(QuestionKind.TABLE, "blank"),
)
GRID = Grid(
    step=Step.STEP_2,
    title="Tous les genres",
    blocks=(Block("all", "Tous les genres", groups=(Group("", QUESTIONS),)),),
)
# What somebody does to an answer: in a text to its words, in rows to them and to their texts.
ACTS = ("insert", "replace", "remove", "break", "end", "move")


class Words:
    """Gives each word once (w1, w2…), so that a lost one shows; with `common`, those of this small
    vocabulary again and again, which is harder to merge. `offset` keeps the numbers of several
    apart."""

    def __init__(self, common=(), offset=0):
        self._numbers = count(offset + 1)
        self._common = common

    def next(self):
        number = next(self._numbers)
        return self._common[number * number % len(self._common)] if self._common else f"w{number}"

    def number(self):
        """For what isn't a word: an amount, the identifier of a row."""
        return next(self._numbers)


def words_of(value):
    """The set of words in a stored value; an amount is a word too."""
    match value:
        case str():
            return set(value.split())
        case bool() | None:
            return set()
        case int():
            return {f"{value}c"}
        case list():
            return set().union(*map(words_of, value))
        case dict():
            return set().union(*(words_of(part) for key, part in value.items() if key != "id"))


def stored(question, value):
    """`value` as the server stores it."""
    return kinds.Cleaner(question).clean(deepcopy(value))


def filled(question, words):
    """A first answer: four paragraphs of words, three rows, two choices."""
    value = kinds.blank(question.kind)
    for _ in range(12 if question.kind == QuestionKind.TEXT else 3):
        value = edited(question, value, "end", 0, words)
    if question.kind == QuestionKind.TEXT:
        for place in (9, 6, 3):
            value = edited(question, value, "break", place, words)
    return value


def edited(question, value, act, place, words):
    """`value` after one act at one place (any number), as its author's page has it."""
    value = deepcopy(value)
    match question.kind:
        case QuestionKind.TEXT:
            return _edited_text(value, act, place, words)
        case QuestionKind.MARK:
            return not value
        case QuestionKind.CHOICES:
            _edit_choices(value, act, place, words)
        case QuestionKind.BUDGET:
            side = tuple(kinds.BUDGET_SIDES)[place % 2]
            value[side] = _edited_rows(question, value[side], act, place // 2, words)
        case _:
            value = _edited_rows(question, value, act, place, words)
    return stored(question, value)


def _edited_text(text, act, place, words):
    pieces = [
        piece if piece[-1].isspace() else f"{piece} " for piece in re.findall(r"\S+\s*", text)
    ]
    at = place % (len(pieces) + 1)
    match act:
        case "insert":
            pieces.insert(at, f"{words.next()} ")
        case "replace":
            pieces[at : at + 2] = [f"{words.next()} "]
        case "remove":
            del pieces[at : at + 2]
        case "break":
            if at:
                pieces[at - 1] = f"{pieces[at - 1].rstrip()}\n\n"
            pieces.insert(at, f"{words.next()}\n\n")
        case "end":
            pieces.append(words.next())
        case "move":
            pieces = [*pieces[at:], *pieces[:at]]
    return "".join(pieces).rstrip()


def _edited_rows(question, rows, act, place, words):
    at = place % (len(rows) + 1)
    row = rows[at] if at < len(rows) else None
    if act in {"break", "end"} or row is None:
        rows.insert(at if act == "break" else len(rows), _new_row(question, words))
    elif act == "remove":
        rows.remove(row)
    elif act == "move":
        rows.remove(row)
        rows.insert(place // 3 % (len(rows) + 1), row)
    elif "cents" in row and place % 3 == 0:
        row["cents"] = words.number() * 100
    else:
        texts = row.get("cells", row)
        names = [name for name in texts if name not in {"id", "cents"}]
        name = names[place % len(names)]
        texts[name] = _edited_text(texts[name], act, place // 2, words)
    return rows


def _new_row(question, words):
    id_ = str(uuid.UUID(int=words.number()))
    match question.kind:
        case QuestionKind.LIST:
            return {"id": id_, "text": words.next()}
        case QuestionKind.TABLE:
            return {"id": id_, "cells": {column.key: words.next() for column in question.columns}}
        case QuestionKind.BUDGET:
            return {"id": id_, "label": words.next(), "cents": words.number() * 100}


def _edit_choices(value, act, place, words):
    keys = "abc"
    at = place % 5
    key = keys[at % 3]
    if act == "remove":
        value["ticked"].pop(key, None)
    elif act in {"break", "move"}:
        value["ticked"].setdefault(key, "")
    elif at >= 3:
        name = ("other", "text")[at - 3]
        value[name] = _edited_text(value[name], act, place, words)
    else:
        value["ticked"][key] = _edited_text(value["ticked"].get(key, ""), act, place, words)


def both(mine, theirs):
    """What somebody makes of two answers when they keep both."""
    match mine, theirs:
        case str(), str():
            return mine if mine == theirs else f"{mine}\n\n{theirs}".strip()
        case list(), list():
            ours = {row["id"]: row for row in theirs}
            rows = [both(row, ours.pop(row["id"])) if row["id"] in ours else row for row in mine]
            return [*rows, *ours.values()]
        case dict(), dict():
            return {
                key: mine.get(key, theirs.get(key))
                if key == "id" or key not in mine or key not in theirs
                else both(mine[key], theirs[key])
                for key in mine | theirs
            }
        case _:
            return mine


def controls(question, value):
    """The controls that a page sends for `value`: (name, text) in the order of the page."""
    name = question.key
    match question.kind:
        case QuestionKind.TEXT:
            return [(name, value)]
        case QuestionKind.MARK:
            return [(name, "1")] if value else []
        case QuestionKind.CHOICES:
            ticked = value["ticked"]
            return [
                *((f"{name}.ticked", key) for key in ticked),
                *((f"{name}.comment.{key}", comment) for key, comment in ticked.items()),
                (f"{name}.other", value["other"]),
                (f"{name}.text", value["text"]),
            ]
        case QuestionKind.LIST:
            return [(f"{name}.{key}", text) for row in value for key, text in row.items()]
        case QuestionKind.TABLE:
            return [
                (f"{name}.{key}", text)
                for row in value
                for key, text in {"id": row["id"], **row["cells"]}.items()
            ]
        case QuestionKind.BUDGET:
            return [
                pair
                for side in kinds.BUDGET_SIDES
                for line in value[side]
                for pair in (
                    (f"{name}.{side}.id", line["id"]),
                    (f"{name}.{side}.label", line["label"]),
                    (f"{name}.{side}.amount", _euros(line["cents"])),
                )
            ]


def _euros(cents):
    return "" if cents is None else f"{cents // 100},{cents % 100:02}"
