"""What becomes of an answer that two people wrote at once: a three-way merge of stored values
(`kinds`), against the version that both began from.

Nothing that either wrote is dropped from a clean merge: each word, row or tick that is new on one
side is in it. Where both changed the same place there is no telling which is meant: the merge is
not clean, and its value has `mine` in that place.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from merge3 import Merge3

from accounts.wording import TextTooLong
from worksheets import kinds, opinions
from worksheets.differences import EFFORT, Matcher, aligned, common_start
from worksheets.enums import QuestionKind
from worksheets.grids.schema import Question

# Paragraphs, and the sentences of long ones. Here and below, line ends and white space are pieces
# of their own, so that what is put before and after one word doesn't meet.
_SENTENCES = re.compile(r"\n+|[^\n]+?(?:[.!?…](?=\s)|(?=\n|\Z))")
_WORDS = re.compile(r"\s+|\S+")


@dataclass(frozen=True)
class Merged:
    """`value` stands for both sides, and for `mine` alone where they contradict each other; then
    `is_clean` is false."""

    value: Any
    is_clean: bool


def merge(question: Question, ancestor: Any, standing: Any, mine: Any) -> Merged:
    """Merges `standing` and `mine`, which both come from `ancestor`: texts by sentence and word,
    entries, rows and lines by their id, cell by cell, choices by their key.

    In bounded time, whatever the values: what is too long to be compared counts as changed whole.
    A result that `kinds.Cleaner` would refuse (too long, too many rows) isn't clean.
    """
    merger = _Merger(question)
    value = merger.merge(ancestor, standing, mine)
    try:
        value = _cleaned(question, value)
    except (kinds.MalformedAnswer, TextTooLong):
        return Merged(mine, is_clean=False)
    return Merged(value, merger.is_clean)


def both(question: Question, standing: Any, mine: Any) -> Any:
    """`standing` and then `mine`, of which nothing is left out but what stands already; None where
    that can't be: a mark, or too long."""
    if question.key == opinions.QUESTION:
        mine = opinions.with_signatures(standing, mine)
    try:
        return _cleaned(question, _BOTH[question.kind](standing, mine))
    except (KeyError, kinds.MalformedAnswer, TextTooLong):
        return None


def _cleaned(question, value):
    """The normal form of a merged value, which its parts alone don't make: without blank rows."""
    cleaned = kinds.Cleaner(question).clean(value)
    if question.key == opinions.QUESTION:
        cleaned = opinions.with_signatures(value, cleaned)
    return cleaned


class _Merger:
    """One merge. Each method is given the ancestor's part, the standing one and mine, in that
    order; `is_clean` falls as soon as one of them had to prefer mine."""

    def __init__(self, question: Question):
        self.question = question
        self.is_clean = True
        self.effort = [EFFORT]

    def merge(self, ancestor, standing, mine):
        if ancestor in (standing, mine) or standing == mine:
            return self._whole(ancestor, standing, mine)
        return getattr(self, f"_{self.question.kind}")(ancestor, standing, mine)

    def _whole(self, ancestor, standing, mine):
        """Of parts that have no parts themselves, or are None on one side."""
        if mine == ancestor:
            return standing
        self.is_clean &= standing in (ancestor, mine)
        return mine

    _mark = _whole

    def _text(self, ancestor, standing, mine):
        return self._pieces(_SENTENCES, self._words, ancestor, standing, mine)

    def _words(self, ancestor, standing, mine):
        return self._pieces(_WORDS, self._contradiction, ancestor, standing, mine)

    def _pieces(self, pattern, of_conflict, *texts):
        """Merges texts cut into the pieces that `pattern` finds; where both changed the same ones,
        `of_conflict` is given what they were and what each made of them."""
        merged: list[str] = []
        base, theirs, ours = map(pattern.findall, texts)
        # merge3 asks for a class, and only ever calls it.
        matcher: Any = self._matcher
        groups = Merge3(base, theirs, ours, sequence_matcher=matcher).merge_groups()
        for verdict, *sides in groups:
            pieces = sides[0] if verdict != "conflict" else _beside(*sides)
            merged += [of_conflict(*map("".join, sides))] if pieces is None else pieces
        return "".join(merged)

    def _contradiction(self, ancestor, standing, mine):
        """White space alone contradicts nobody."""
        if standing.split() in (ancestor.split(), mine.split()):
            return mine
        if mine.split() == ancestor.split():
            return standing
        self.is_clean = False
        return mine

    def _matcher(self, _is_junk, old, new):
        return _Blocks(old, new, self.effort)

    def _part(self, merge_inside: Callable, nothing: Any, *sides: Any) -> Any:
        """Of parts that one side may not have (None): to remove what the other changed is to
        contradict them. `nothing` is what an ancestor without it is compared with."""
        ancestor, standing, mine = sides
        if standing is None or mine is None or ancestor in (standing, mine) or standing == mine:
            return self._whole(*sides)
        return merge_inside(nothing if ancestor is None else ancestor, standing, mine)

    def _choices(self, *sides):
        ticked = {
            choice.key: self._part(self._text, "", *(s["ticked"].get(choice.key) for s in sides))
            for choice in self.question.choices
        }
        return {
            "ticked": {key: comment for key, comment in ticked.items() if comment is not None},
            "other": self._part(self._text, "", *(side["other"] for side in sides)),
            "text": self._part(self._text, "", *(side["text"] for side in sides)),
        }

    def _list(self, *sides):
        return self._rows(self._entry, {"text": ""}, *sides)

    def _entry(self, *sides):
        return {"id": sides[1]["id"], "text": self._in(self._text, "text", sides)}

    def _table(self, *sides):
        empty = {"cells": {column.key: "" for column in self.question.columns}}
        return self._rows(self._row, empty, *sides)

    def _row(self, *sides):
        all_cells = [side["cells"] for side in sides]
        cells = {
            column.key: self._in(
                self._whole if column.is_date or column.choices else self._text,
                column.key,
                all_cells,
            )
            for column in self.question.columns
        }
        return {**sides[1], "cells": cells}

    def _budget(self, *sides):
        empty = {"label": "", "cents": None}
        return {
            name: self._rows(self._line, empty, *(side[name] for side in sides))
            for name in kinds.BUDGET_SIDES
        }

    def _line(self, *sides):
        return {
            "id": sides[1]["id"],
            "label": self._in(self._text, "label", sides),
            "cents": self._in(self._whole, "cents", sides),
        }

    def _in(self, merge_inside, key, sides):
        return self._part(merge_inside, "", *(side[key] for side in sides))

    def _rows(self, merge_row, empty, *sides):
        by_id = [{row["id"]: row for row in side} for side in sides]
        order = self._order(*map(list, by_id))
        merged = [self._part(merge_row, empty, *(rows.get(id_) for rows in by_id)) for id_ in order]
        return [row for row in merged if row is not None]

    def _order(self, ancestor: list[str], standing: list[str], mine: list[str]) -> list[str]:
        """The ids of both sides. Those that only one of them has come after the one that they
        follow there; at the same place, the standing ones first."""
        shared = set(standing) & set(mine)
        common = ([id_ for id_ in side if id_ in shared] for side in (ancestor, standing, mine))
        order = self._moved(*common)
        for side, others in ((standing, set[str]()), (mine, set(standing) - shared)):
            place = 0
            for id_ in side:
                if id_ in shared:
                    place = order.index(id_) + 1
                    continue
                while place < len(order) and order[place] in others:
                    place += 1
                order.insert(place, id_)
                place += 1
        return order

    def _moved(self, ancestor, standing, mine):
        """The order of ids that both sides have; `ancestor` may lack some."""
        known = set(ancestor)
        if standing == mine or [id_ for id_ in standing if id_ in known] == ancestor:
            return mine
        if [id_ for id_ in mine if id_ in known] == ancestor:
            return standing
        merged: list[str] = []
        for verdict, ids, *_ in Merge3(ancestor, standing, mine).merge_groups():
            merged += ids if verdict != "conflict" else ancestor
        if sorted(merged) == sorted(mine):
            return merged
        self.is_clean = False
        return mine


def _beside(base, theirs, ours):
    """The pieces of both where one only put some before or after those that the other replaced,
    as one adds a paragraph to the one that the other is writing; else None."""
    for added, replaced in ((theirs, ours), (ours, theirs)):
        if not base or not "".join(replaced).strip():
            continue
        before, after = added[: -len(base)], added[len(base) :]
        if before + base == added and _parted(before[-1], replaced[0]):
            return before + replaced
        if base + after == added and _parted(replaced[-1], after[0]):
            return replaced + after
    return None


def _parted(piece, following):
    """Whether two pieces may follow each other and stay two words."""
    return piece.isspace() or following.isspace()


class _Blocks:
    """Matching blocks of two sequences, as Merge3 asks for them: first what begins and ends alike,
    which costs nothing; between them, as far as `effort` allows. White space alone ties nothing."""

    def __init__(self, old: Sequence[str], new: Sequence[str], effort: list[int]):
        self.old, self.new, self.effort = old, new, effort

    def get_matching_blocks(self) -> list[tuple[int, int, int]]:
        old, new = self.old, self.new
        head = common_start(old, new)
        tail = common_start(old[head:][::-1], new[head:][::-1])
        old_end, new_end = len(old) - tail, len(new) - tail
        between = Matcher(old[head:old_end], new[head:new_end], self.effort)
        found = [(head + i, head + j, size) for i, j, size in between.get_matching_blocks()[:-1]]
        ends = [(0, 0, head), *found, (old_end, new_end, tail)]
        return [block for block in ends if block[2]] + [(len(old), len(new), 0)]


def _both_texts(standing, mine):
    runs = aligned(_lines(standing), _lines(mine), [EFFORT])
    return "".join(_both_runs(*run) for run in runs).removesuffix("\n")


def _lines(text):
    """Each with its end: blank ones are white space, which ties nothing."""
    return [f"{line}\n" for line in text.split("\n")]


def _both_runs(is_same, standing, mine):
    """What both say stands once; where they differ, mine after what stands."""
    standing, mine = "".join(standing), "".join(mine)
    if is_same or not mine.strip():
        return standing
    if not standing.strip():
        return mine
    return standing.rstrip("\n") + "\n\n" + mine.lstrip("\n")


def _both_choices(standing, mine):
    ticked = {
        key: _both_texts(standing["ticked"].get(key, ""), mine["ticked"].get(key, ""))
        for key in standing["ticked"] | mine["ticked"]
    }
    texts = {key: _both_texts(standing[key], mine[key]) for key in ("other", "text")}
    return {"ticked": ticked, **texts}


def _both_rows(standing, mine):
    taken = {row["id"] for row in standing}
    more = [row for row in mine if row not in standing]
    return standing + [
        row | {"id": str(uuid.uuid4())} if row["id"] in taken else row for row in more
    ]


def _both_budgets(standing, mine):
    return {side: _both_rows(standing[side], mine[side]) for side in kinds.BUDGET_SIDES}


_BOTH: dict[QuestionKind, Callable[[Any, Any], Any]] = {
    QuestionKind.TEXT: _both_texts,
    QuestionKind.LIST: _both_rows,
    QuestionKind.CHOICES: _both_choices,
    QuestionKind.TABLE: _both_rows,
    QuestionKind.BUDGET: _both_budgets,
}
