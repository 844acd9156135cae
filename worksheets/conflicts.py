"""Two texts for one answer that contradict each other, side by side, and the ways out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from worksheets.differences import Difference, Words, differences_of, words
from worksheets.document import Row
from worksheets.editing import Stale
from worksheets.enums import QuestionKind
from worksheets.forms import widget_of
from worksheets.merging import both
from worksheets.models import Answer


@dataclass(frozen=True)
class Conflict:
    """What `standing.html` shows. `row` is the answer as it stands. Of texts there are the words,
    of other kinds the difference; of what was sent and can't be read, neither. `auxiliary` agrees
    with `name`, which may be several. `their_fields` and `both_fields` are the controls filled with
    theirs or, where it can be, with both."""

    name: str
    auxiliary: str
    answer: Answer
    row: Row
    their_words: Words
    my_words: Words
    difference: Difference | None
    their_fields: str
    both_fields: str


def conflict_of(row: Row, stale: Stale) -> Conflict:
    """`row` shows what stands."""
    standing, mine = stale.current.value, stale.mine
    pieces: Words = []
    difference = None
    if mine is not None and row.question.kind == QuestionKind.TEXT:
        pieces = words(standing, mine)
    elif mine is not None:
        difference = differences_of(row.question, standing, mine)
    return Conflict(
        name=stale.name,
        auxiliary=stale.auxiliary,
        answer=stale.current,
        row=row,
        their_words=[piece for piece in pieces if piece[0] != "+"],
        my_words=[piece for piece in pieces if piece[0] != "-"],
        difference=difference,
        their_fields=widget_of(row, standing),
        both_fields=_both(row, standing, mine),
    )


def _both(row: Row, standing: Any, mine: Any) -> str:
    kept = None if mine is None else both(row.question, standing, mine)
    return "" if kept is None else widget_of(row, kept)
