"""What is answered in many worksheets at once, without reading a text.

A page that tells how far each worksheet has come needs to know which questions are answered, not
what the answers say: `Answer.is_blank`, as each save judged it, is enough.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import QuerySet

from worksheets.content import Content, Slot, Subject
from worksheets.models import Answer, ChosenOpportunity, Worksheet, slot_name


@dataclass(frozen=True)
class Sketch(Content):
    """Content whose `answers` has an entry, of no value, for each question that is answered."""

    def is_blank(self, slot: Slot) -> bool:
        return slot.name not in self.answers


def sketches_of(worksheets: QuerySet[Worksheet]) -> dict[int, Sketch]:
    """The sketch of each worksheet, by its row number; two queries, whatever their number, when
    `worksheets` come with grid_version, territory and programme."""
    rows = worksheets.values("pk")
    answered: dict[int, dict[str, None]] = defaultdict(dict)
    answers = Answer.objects.filter(worksheet__in=rows, is_blank=False)
    for pk, key, ref in answers.values_list("worksheet", "question", "opportunity__ref"):
        answered[pk][slot_name(key, ref)] = None
    subjects: dict[int, list[Subject]] = defaultdict(list)
    chosen = ChosenOpportunity.objects.filter(worksheet__in=rows).select_related(
        "opportunity__district", "opportunity__commune"
    )
    for choice in chosen:
        subjects[choice.worksheet_id].append(Subject.of(choice.opportunity))
    return {
        worksheet.pk: Sketch(
            grid=worksheet.grid,
            territory=worksheet.territory.name,
            programme=worksheet.programme.name,
            horizon=worksheet.programme.horizon,
            opportunities=tuple(subjects[worksheet.pk]),
            answers=answered[worksheet.pk],
        )
        for worksheet in worksheets
    }
