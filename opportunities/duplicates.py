"""Opportunities of one territory that may well be one: near each other, told in the same words, of
one kind.

Two rules, of which one is enough:
- the same kind, at most HERE apart;
- most of the shorter title's words in the other, of one kind, or all of them, at least two,
  whatever the kinds; and at most AROUND apart where both positions are known, or else in no two
  different communes.
"""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from opportunities.models import Opportunity
from opportunities.searching import plain_words, singular
from territories.models import Territory

HERE = 50.0  # metres: the same place, as far as a telephone can tell
AROUND = 500.0  # metres: two people don't point at the same corner of a site
MOST = 0.6  # of the words
SHOWN = 5  # candidates at most
# What many titles have in common without speaking of the same thing.
_COMMON = frozenset(
    plain_words(
        "à ancien ancienne au aux avec d dans de des du en et l la le les par pour sur un une "
        "allée avenue boulevard chemin place quartier route rue local friche projet"
    )
)
_FACTS = ("kind", "title", "longitude", "latitude", "commune_id", "stage", "ref", "territory_id")
_DEGREE = 111_200.0  # metres, of latitude
_CELL = 1_200.0  # metres at the equator
_LOOKED_AT = 500  # of the rows that a first look at words and places finds


@dataclass(frozen=True)
class Candidate:
    """An opportunity that resembles; `distance` in metres where both positions are known, `alike`
    from 0 to 1 is the part of the shorter title's words that both have."""

    opportunity: Opportunity
    distance: float | None
    alike: float


def telling_words(title: str) -> frozenset[str]:
    """The words of a title that tell it from another; all of them where none does."""
    words = frozenset(singular(word) for word in plain_words(title))
    return (words - _COMMON) or words


class Likenesses:
    """Rows in which to find, quickly and many times, those that resemble another."""

    def __init__(self, rows: Iterable[Opportunity]):
        self._by_word: defaultdict[str, list[Opportunity]] = defaultdict(list)
        self._by_cell: defaultdict[tuple[int, int], list[Opportunity]] = defaultdict(list)
        for row in rows:
            for word in telling_words(row.title):
                self._by_word[word].append(row)
            if row.longitude is not None:
                self._by_cell[_cell(row)].append(row)

    def of(self, facts: Any, but: Iterable[Any] = ()) -> list[Candidate]:
        """The rows that resemble `facts` (an opportunity, in the base or not), the most alike
        first, SHOWN at most; none of those whose primary key is in `but`."""
        left_out = set(but)
        found = (_compared(facts, row) for row in self._worth_a_look(facts))
        kept = [each for each in found if _may_be_one(facts, each)]
        kept = [each for each in kept if each.opportunity.pk not in left_out]
        kept.sort(key=lambda each: (-each.alike, each.distance or 0, each.opportunity.pk))
        return kept[:SHOWN]

    def _worth_a_look(self, facts: Any) -> set[Opportunity]:
        """The rows around, and those that have a word of the title, beginning with the rarest: a
        word that hundreds have tells nothing."""
        groups = [self._by_word.get(word, []) for word in telling_words(facts.title)]
        if facts.longitude is not None:
            column, line = _cell(facts)
            around = [(column + x, line + y) for x in (-1, 0, 1) for y in (-1, 0, 1)]
            groups += [self._by_cell.get(cell, []) for cell in around]
        rows: set[Opportunity] = set()
        for group in sorted(groups, key=len):
            rows.update(group[: _LOOKED_AT - len(rows)])
        return rows


def all_of(territory: Territory) -> Likenesses:
    """For many questions, as an import asks: the titles and places of the whole territory, in
    memory."""
    return Likenesses(_rows_of(territory).iterator())


def candidates(facts: Any, territory: Territory) -> list[Candidate]:
    """What of `territory` resembles `facts`, an opportunity that may not be in the base yet. One
    query."""
    words = sorted(telling_words(facts.title), key=len, reverse=True)[:5]
    wanted = Q(pk__in=[])
    for word in words:
        wanted |= Q(search_text__contains=word)
    if facts.longitude is not None:
        high = 1.02 * AROUND / _DEGREE
        wide = high / max(math.cos(math.radians(facts.latitude)), 0.01)
        wanted |= Q(
            longitude__range=(facts.longitude - wide, facts.longitude + wide),
            latitude__range=(facts.latitude - high, facts.latitude + high),
        )
    rows = _rows_of(territory).filter(wanted).order_by("-updated_at", "-pk")[:_LOOKED_AT]
    return Likenesses(rows).of(facts, but=[facts.pk])


def _rows_of(territory):
    current = Opportunity.objects.current().filter(territory=territory, deleted_at=None)
    return current.only(*_FACTS)


def _compared(facts, row):
    words, others = telling_words(facts.title), telling_words(row.title)
    shorter = min(len(words), len(others)) or 1
    return Candidate(row, _distance(facts, row), len(words & others) / shorter)


def _may_be_one(facts, candidate):
    row, distance = candidate.opportunity, candidate.distance
    same_kind = facts.kind == row.kind
    if distance is not None:
        if same_kind and distance <= HERE:
            return True
        is_elsewhere = distance > AROUND
    else:
        communes = {facts.commune_id, row.commune_id} - {None}
        is_elsewhere = len(communes) == 2
    if is_elsewhere:
        return False
    if same_kind:
        return candidate.alike >= MOST
    shared = telling_words(facts.title) & telling_words(row.title)
    return candidate.alike == 1 and len(shared) >= 2


def _distance(one, other):
    """Metres, to half a hundredth: the two are near enough for the Earth to be flat."""
    if one.longitude is None or other.longitude is None:
        return None
    middle = math.radians((one.latitude + other.latitude) / 2)
    east = (one.longitude - other.longitude) * math.cos(middle)
    return math.hypot(east, one.latitude - other.latitude) * _DEGREE


def _cell(row):
    """The square of a plane where all directions are as long that `row` is in; its neighbours hold
    all that is at most AROUND away, up to 65 degrees of latitude."""
    up = math.asinh(math.tan(math.radians(max(-89, min(89, row.latitude)))))
    return int(row.longitude * _DEGREE // _CELL), int(math.degrees(up) * _DEGREE // _CELL)
