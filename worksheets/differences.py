"""What differs between two values of one answer, as data that one template shows
(`worksheets/history/difference.html`).

Words are pieces `(mark, text)`: "=" stands in both, "-" only before, "+" only after. The pieces
without "+" are the text before to the letter, those without "-" the text after.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import Match, SequenceMatcher
from itertools import accumulate
from typing import Any

from worksheets import kinds
from worksheets.document import NARROW, cell_in_words, euros
from worksheets.enums import QuestionKind
from worksheets.grids.schema import Question

Words = list[tuple[str, str]]

# Steps of comparison that one text may cost, about a tenth of a second: what isn't compared by
# then is marked whole.
EFFORT = 1_000_000
# Two paragraphs with less than this share of their letters in common are two texts, not one that
# was edited: the few words found again here and there would only make them hard to read.
ALIKE = 0.25
# A line end is a word; so is a run of signs, as several characters make one emoji.
_WORDS = re.compile(r"\n|[^\S\n]+|(?:\w|[\u0300-\u036f])+|[^\w\s\u0300-\u036f]+")
# Paragraphs, and the sentences of long ones.
_SENTENCES = re.compile(r"[^\n.!?…]*(?:\n|[.!?…]+[^\S\n]*\n?|\Z)")


def words(before: str, after: str, effort: list[int] | None = None) -> Words:
    """The pieces of two texts: paragraphs first, then the words of those that changed.

    Two texts of 100,000 characters answer in well under a second, whatever they hold. Several pairs
    that are compared together share `effort`, a list of one number: the steps left.
    """
    effort = [EFFORT] if effort is None else effort
    pieces: Words = []
    old, new = _SENTENCES.findall(before), _SENTENCES.findall(after)
    for is_same, was, now in aligned(old, new, effort):
        if is_same:
            pieces.append(("=", "".join(was)))
        elif was and now:
            pieces += _changed("".join(was), "".join(now), effort)
        else:
            pieces += [("-", "".join(was)), ("+", "".join(now))]
    return _joined(pieces)


def _changed(before, after, effort):
    """The pieces of paragraphs that took the place of others."""
    pieces = []
    runs = aligned(_WORDS.findall(before), _WORDS.findall(after), effort)
    for is_same, was, now in _slid(list(runs)):
        pieces += [("=", "".join(was))] if is_same else [("-", "".join(was)), ("+", "".join(now))]
    kept = sum(len(text.strip()) for mark, text in pieces if mark == "=")
    if kept < ALIKE * min(len(before), len(after)):
        return [("-", before), ("+", after)]
    return pieces


def _slid(runs):
    """`runs` in which what was only added, or only removed, begins as late as it can: after the
    full stop of the sentence before, rather than ahead of it and up to its own."""
    runs = [(is_same, list(was), list(now)) for is_same, was, now in runs]
    for left, changed, right in zip(runs, runs[1:], runs[2:], strict=False):
        if changed[0] or not (left[0] and right[0]) or (changed[1] and changed[2]):
            continue
        moving = changed[1] or changed[2]
        # The change slides along as far as what follows it repeats it.
        line = moving + right[1]
        count = common_start(right[1], line)
        kept = right[1][:count]
        left[1].extend(kept)
        left[2].extend(kept)
        moving[:] = line[count : count + len(moving)]
        del right[1][:count], right[2][:count]
    return runs


def _joined(pieces):
    """`pieces` without empty ones, and without two of one mark in a row."""
    joined: Words = []
    for mark, text in pieces:
        if joined and joined[-1][0] == mark:
            joined[-1] = (mark, joined[-1][1] + text)
        elif text:
            joined.append((mark, text))
    return joined


class Matcher(SequenceMatcher):
    """Finds nothing more once `effort`, a list of one number that several share, is used up. White
    space makes no match of its own, and the commonest words of a long text neither."""

    a: Sequence[str]
    b2j: dict[str, list[int]]

    def __init__(self, old: Sequence[str], new: Sequence[str], effort: list[int]):
        super().__init__(str.isspace, old, new)
        self.effort = effort
        # Each place of `old` is tried against every place in `new` where the same word stands.
        steps = (1 + len(self.b2j.get(word, ())) for word in old)
        self.steps_before = list(accumulate(steps, initial=0))

    def find_longest_match(self, alo=0, ahi=None, blo=0, bhi=None) -> Match:
        end = len(self.a) if ahi is None else ahi
        self.effort[0] -= self.steps_before[end] - self.steps_before[alo]
        if self.effort[0] < 0:
            return Match(alo, blo, 0)
        return super().find_longest_match(alo, ahi, blo, bhi)


def aligned(
    old: Sequence[str], new: Sequence[str], effort: list[int]
) -> Iterator[tuple[bool, Sequence[str], Sequence[str]]]:
    """Runs of `old` and `new` in their order: whether they are the same, and both."""
    head = common_start(old, new)
    tail = common_start(old[head:][::-1], new[head:][::-1])
    if head:
        yield True, old[:head], new[:head]
    was, now = old[head : len(old) - tail], new[head : len(new) - tail]
    for tag, i, i_end, j, j_end in Matcher(was, now, effort).get_opcodes():
        yield tag == "equal", was[i:i_end], now[j:j_end]
    if tail:
        yield True, old[-tail:], new[-tail:]


def common_start(old, new):
    """How many of their first items are the same."""
    pairs = zip(old, new, strict=False)
    return next((i for i, (was, now) in enumerate(pairs) if was != now), min(len(old), len(new)))


# What is shown of a passage that is the same on both sides, beside each change; and of what
# somebody added or removed in one go. In characters.
BESIDE, AT_ONCE = 160, 3_000
_NOT_SHOWN = {"=": "inchangés", "+": "ajoutés de plus", "-": "retirés de plus"}


@dataclass(frozen=True)
class Cell:
    """Words under a label, which is empty where they need none."""

    label: str
    words: Words


@dataclass(frozen=True)
class Line:
    """An entry, a row or a choice that differs: `said` tells how, in words."""

    mark: str  # "+" added, "-" removed, "=" changed or moved
    said: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Part:
    """Words, or lines; `unchanged` counts the lines that are as they were, which aren't shown."""

    title: str = ""
    words: tuple[tuple[str, str], ...] = ()
    lines: tuple[Line, ...] = ()
    unchanged: int = 0


@dataclass(frozen=True)
class Difference:
    """What differs between two values of one answer: no parts, if nothing does."""

    parts: tuple[Part, ...]


def differences_of(question: Question, before: Any, after: Any, *, whole=False) -> Difference:
    """What differs between two stored values of `question` (see `kinds`). Long passages are cut
    short, with a piece of mark "…" that says how much, unless `whole`. A table takes no longer than
    a text, however many cells it has."""
    effort = [EFFORT]

    def changed(old: str, new: str) -> Words:
        pieces = words(old, new, effort)
        return pieces if whole else abridged(pieces)

    return Difference(tuple(_COMPARED[question.kind](question, before, after, changed)))


def abridged(pieces: Words) -> Words:
    """`pieces` of which long passages are cut: ("…", what isn't shown, in words)."""
    short: Words = []
    for index, (mark, text) in enumerate(pieces):
        if mark == "=":
            head = BESIDE if index else 0
            tail = BESIDE if index < len(pieces) - 1 else 0
        else:
            head, tail = AT_ONCE, 0
        if len(text) <= head + tail + BESIDE:
            short.append((mark, text))
            continue
        start = text[:head].rpartition(" ")[0] or text[:head]
        end = (text[-tail:].partition(" ")[2] or text[-tail:]) if tail else ""
        cut = f"{len(text) - len(start) - len(end):,}".replace(",", NARROW)
        short += [(mark, start), ("…", f"{cut} caractères {_NOT_SHOWN[mark]}"), (mark, end)]
    return [(mark, text) for mark, text in short if text]


def _replaced(before, after):
    """Pieces of what is compared whole: a day, an amount, a choice."""
    return _joined([("=", after)] if before == after else [("-", before), ("+", after)])


def _text(question, before, after, changed):
    if before != after:
        yield Part(words=tuple(changed(before, after)))


def _mark(question, before, after, changed):
    said = {True: "Fait", False: "Pas encore fait"}
    if before != after:
        yield Part(words=tuple(_replaced(said[before], said[after])))


def _choices(question, before, after, changed):
    lines = []
    for choice in question.choices:
        was, now = before["ticked"].get(choice.key), after["ticked"].get(choice.key)
        if was == now:
            continue
        said = "Coché" if was is None else "Décoché" if now is None else "Précision modifiée"
        cells = [
            Cell(
                "",
                _replaced(
                    choice.label if was is not None else "", choice.label if now is not None else ""
                ),
            )
        ]
        if was or now:
            cells.append(Cell("Précision", changed(was or "", now or "")))
        mark = "+" if was is None else "-" if now is None else "="
        lines.append(Line(mark, said, tuple(cells)))
    if lines:
        yield Part(lines=tuple(lines))
    for key, title in (("other", "Autre"), ("text", "Texte")):
        if before[key] != after[key]:
            yield Part(title=title, words=tuple(changed(before[key], after[key])))


def _list(question, before, after, changed):
    def cells_of(was, now):
        return (Cell("", changed(was["text"], now["text"])),)

    yield from _rows("Entrée", before, after, {"text": ""}, cells_of)


def _table(question, before, after, changed):
    def cells_of(was, now):
        for column in question.columns:
            texts = [cell_in_words(column, row["cells"].get(column.key, "")) for row in (was, now)]
            is_prose = not (column.is_date or column.choices)
            yield Cell(column.label, changed(*texts) if is_prose else _replaced(*texts))
        names = [row.get("signed_name", "") for row in (was, now)]
        if any(names):
            yield Cell("Avis signé par", _replaced(*names))

    yield from _rows("Ligne", before, after, {"cells": {}}, cells_of)


def _budget(question, before, after, changed):
    def amount(line):
        return "" if line["cents"] is None else euros(line["cents"])

    def cells_of(was, now):
        yield Cell("Poste", changed(was["label"], now["label"]))
        yield Cell("Montant", _replaced(amount(was), amount(now)))

    nothing = {"label": "", "cents": None}
    for side, title in kinds.BUDGET_SIDES.items():
        for part in _rows("Ligne", before[side], after[side], nothing, cells_of):
            yield replace(part, title=title)
    totals = kinds.budget_totals(before), kinds.budget_totals(after)
    titles = {
        "expenses": "Total des dépenses",
        "resources": "Total des ressources",
        "balance": "Solde (ressources − dépenses)",
    }
    for key, title in titles.items():
        was, now = (total[key] for total in totals)
        if was != now:
            yield Part(title=title, words=tuple(_replaced(euros(was), euros(now))))


def _rows(noun, before, after, nothing, cells_of):
    """One part if rows, which are known by their id, differ; `noun`, feminine, says what they are;
    `nothing` stands for a row on the side where it isn't."""
    was = {row["id"]: (place, row) for place, row in enumerate(before, start=1)}
    now = {row["id"]: (place, row) for place, row in enumerate(after, start=1)}
    lines, unchanged = [], 0
    for tag, i, i_end, j, j_end in SequenceMatcher(
        None, list(was), list(now), autojunk=False
    ).get_opcodes():
        lines += [
            Line("-", f"{noun} retirée", _shown(cells_of(row, nothing)))
            for row in before[i:i_end]
            if row["id"] not in now
        ]
        for row in after[j:j_end]:
            if row["id"] not in was:
                lines.append(Line("+", f"{noun} ajoutée", _shown(cells_of(nothing, row))))
                continue
            place, old = was[row["id"]]
            said = [] if old == row else ["modifiée"]
            if tag != "equal":
                said.append(f"déplacée de la place {place} à la place {now[row['id']][0]}")
            if said:
                lines.append(Line("=", f"{noun} {' et '.join(said)}", _shown(cells_of(old, row))))
            else:
                unchanged += 1
    if lines:
        yield Part(lines=tuple(lines), unchanged=unchanged)


def _shown(cells):
    """Cells that say something."""
    return tuple(cell for cell in cells if cell.words)


_COMPARED = {
    QuestionKind.TEXT: _text,
    QuestionKind.LIST: _list,
    QuestionKind.CHOICES: _choices,
    QuestionKind.TABLE: _table,
    QuestionKind.BUDGET: _budget,
    QuestionKind.MARK: _mark,
}
