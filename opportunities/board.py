"""Opportunities by stage: the first cards of each column, and how many there are."""

from dataclasses import dataclass

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
        return self.count.number > len(self.cards)


def columns_of(rows):
    """A column for each stage, with the first cards of the queryset `rows` in its own order.

    Two short queries a stage, whatever there is: each stops reading an index after CARDS rows, or
    once it has counted enough. One for all stages would sort or group everything.
    """
    columns = []
    for stage in Stage:
        of_stage = rows.filter(stage=stage)
        cards = of_stage.select_related("territory", "district", "commune")
        cards = list(cards.defer("description", "search_text")[:CARDS])
        columns.append(Column(stage, cards, Tally.of(of_stage)))
    return columns
