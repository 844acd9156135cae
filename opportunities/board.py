"""Opportunities by stage: the first cards of each column, and how many there are."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Window
from django.db.models.functions import RowNumber

from opportunities.enums import Stage
from opportunities.filters import Tally
from opportunities.models import Opportunity

CARDS = 20


@dataclass(frozen=True)
class Column:
    stage: Stage
    cards: list[Opportunity]
    count: Tally

    @property
    def has_more(self):
        return self.count.is_capped or self.count.number > len(self.cards)


def columns_of(rows, tally):
    """A column for each stage, with the first cards of the queryset `rows` in its own order;
    `tally` says how many rows there are.

    Two queries, or one a stage where there is too much to count: each then stops reading an index
    after its cards, where a single one would sort everything.
    """
    rows = rows.select_related("territory", "district", "commune")
    if tally.is_capped:
        return [_first_of(rows, stage) for stage in Stage]
    counts = dict(rows.order_by().values_list("stage").annotate(Count("pk")))
    cards: dict[Stage, list[Opportunity]] = {stage: [] for stage in Stage}
    for card in rows.filter(pk__in=_first_of_each_stage(rows)):
        cards[Stage(card.stage)].append(card)
    return [Column(stage, cards[stage], Tally(counts.get(stage, 0), False)) for stage in Stage]


def _first_of(rows, stage):
    """The column of one stage, that says no more than whether there are others."""
    cards = list(rows.filter(stage=stage)[: CARDS + 1])
    return Column(stage, cards[:CARDS], Tally(len(cards[:CARDS]), len(cards) > CARDS))


def _first_of_each_stage(rows):
    order: Any = rows.query.order_by or Opportunity._meta.ordering
    place = Window(RowNumber(), partition_by="stage", order_by=order)
    return rows.annotate(place_in_column=place).filter(place_in_column__lte=CARDS).values("pk")
