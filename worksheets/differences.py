"""What differs between two values of one answer, as data that one template shows
(`worksheets/history/difference.html`).

Words are pieces `(mark, text)`: "=" stands in both, "-" only before, "+" only after. The pieces
without "+" are the text before to the letter, those without "-" the text after.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import Match, SequenceMatcher
from itertools import accumulate

Words = list[tuple[str, str]]

# Steps of comparison that one text may cost, at most a third of a second: what isn't compared by
# then is marked whole.
EFFORT = 3_000_000
# Two paragraphs with less than this share of their letters in common are two texts, not one that
# was edited: the few words found again here and there would only make them hard to read.
ALIKE = 0.25
# A line end is a word; so is a run of signs, as several characters make one emoji.
_WORDS = re.compile(r"\n|[^\S\n]+|(?:\w|[\u0300-\u036f])+|[^\w\s\u0300-\u036f]+")
# Paragraphs, and the sentences of long ones.
_SENTENCES = re.compile(r"[^\n.!?…]*(?:\n|[.!?…]+[^\S\n]*\n?|\Z)")


def words(before: str, after: str) -> Words:
    """The pieces of two texts: paragraphs first, then the words of those that changed.

    Two texts of 100,000 characters answer in well under a second, whatever they hold.
    """
    effort = [EFFORT]
    pieces: Words = []
    old, new = _SENTENCES.findall(before), _SENTENCES.findall(after)
    for is_same, was, now in _aligned(old, new, effort):
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
    for is_same, was, now in _aligned(_WORDS.findall(before), _WORDS.findall(after), effort):
        pieces += [("=", "".join(was))] if is_same else [("-", "".join(was)), ("+", "".join(now))]
    kept = sum(len(text.strip()) for mark, text in pieces if mark == "=")
    if kept < ALIKE * min(len(before), len(after)):
        return [("-", before), ("+", after)]
    return pieces


def _joined(pieces):
    """`pieces` without empty ones, and without two of one mark in a row."""
    joined: Words = []
    for mark, text in pieces:
        if joined and joined[-1][0] == mark:
            joined[-1] = (mark, joined[-1][1] + text)
        elif text:
            joined.append((mark, text))
    return joined


class _Matcher(SequenceMatcher):
    """Finds nothing more once `effort`, a list of one number that several share, is used up. White
    space makes no match of its own, and the commonest words of a long text neither."""

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


def _aligned(
    old: Sequence[str], new: Sequence[str], effort: list[int]
) -> Iterator[tuple[bool, Sequence[str], Sequence[str]]]:
    """Runs of `old` and `new` in their order: whether they are the same, and both."""
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    if head:
        yield True, old[:head], new[:head]
    was, now = old[head : len(old) - tail], new[head : len(new) - tail]
    for tag, i, i_end, j, j_end in _Matcher(was, now, effort).get_opcodes():
        yield tag == "equal", was[i:i_end], now[j:j_end]
    if tail:
        yield True, old[-tail:], new[-tail:]


def _common(old, new):
    """How many of their first items are the same."""
    pairs = zip(old, new, strict=False)
    return next((i for i, (was, now) in enumerate(pairs) if was != now), min(len(old), len(new)))
