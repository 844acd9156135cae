"""What a worksheet says at one moment, apart from how it is shown: read from the database while
it is being written, or from a submission, where it is frozen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from opportunities.models import Opportunity
from worksheets import kinds
from worksheets.grids.schema import Block, Grid, Question
from worksheets.models import Worksheet, slot_name


@dataclass(frozen=True)
class Subject:
    """The facts of an opportunity that a worksheet shows, as they were at that moment."""

    ref: str
    title: str
    kind: str
    kind_in_words: str
    place: str
    stage: str
    description: str

    @classmethod
    def of(cls, opportunity: Opportunity) -> Subject:
        return cls(
            ref=opportunity.ref,
            title=opportunity.title,
            kind=opportunity.kind,
            kind_in_words=opportunity.kind_in_words,
            place=opportunity.place_in_words,
            stage=opportunity.get_stage_display(),
            description=opportunity.description,
        )


@dataclass(frozen=True)
class Slot:
    """One place to answer: a question, and the opportunity it is about, if it is asked of each."""

    question: Question
    subject: Subject | None = None

    @property
    def name(self) -> str:
        """What forms, addresses and anchors call it: "strategy", or "interest--7f3kq2mx"."""
        return slot_name(self.question.key, self.subject.ref if self.subject else None)


@dataclass(frozen=True)
class Content:
    """`answers` maps slot names to stored values (see `kinds`); what is missing is blank."""

    grid: Grid
    territory: str
    programme: str
    horizon: int
    opportunities: tuple[Subject, ...] = ()
    about: Subject | None = None
    answers: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, worksheet: Worksheet) -> Content:
        """The living content. Two queries, when `worksheet` came with its relations."""
        chosen = worksheet.chosen.select_related("opportunity__district", "opportunity__commune")
        answers = worksheet.answers.values_list("question", "opportunity__ref", "value")
        return cls(
            grid=worksheet.grid,
            territory=worksheet.territory.name,
            programme=worksheet.programme.name,
            horizon=worksheet.programme.horizon,
            opportunities=tuple(Subject.of(choice.opportunity) for choice in chosen),
            about=Subject.of(worksheet.opportunity) if worksheet.opportunity else None,
            answers={slot_name(key, ref): value for key, ref, value in answers},
        )

    def to_json(self) -> dict[str, Any]:
        """Everything but the grid, which the worksheet is pinned to."""
        return {
            "territory": self.territory,
            "programme": self.programme,
            "horizon": self.horizon,
            "opportunities": [asdict(subject) for subject in self.opportunities],
            "about": asdict(self.about) if self.about else None,
            "answers": self.answers,
        }

    @classmethod
    def from_json(cls, grid: Grid, data: dict[str, Any]) -> Content:
        """The content that `to_json` froze."""
        subjects = tuple(Subject(**subject) for subject in data["opportunities"])
        about = Subject(**data["about"]) if data["about"] else None
        return cls(grid=grid, **{**data, "opportunities": subjects, "about": about})

    def slots_of(self, block: Block) -> Iterator[Slot]:
        subjects = self.opportunities if block.per_opportunity else (None,)
        for subject in subjects:
            for question in block.questions:
                yield Slot(question, subject)

    def slots(self) -> Iterator[Slot]:
        """Every place to answer, in the order of the grid."""
        for block in self.grid.blocks:
            yield from self.slots_of(block)

    def slot_named(self, name: str) -> Slot | None:
        return next((slot for slot in self.slots() if slot.name == name), None)

    def value(self, slot: Slot) -> Any:
        """The stored value of `slot`, or the blank value of its kind."""
        if slot.question.is_derived:
            return bool(self.opportunities)
        return self.answers.get(slot.name, kinds.blank(slot.question.kind))

    def is_blank(self, slot: Slot) -> bool:
        return kinds.is_blank(slot.question.kind, self.value(slot))

    def only_about(self, refs: frozenset[str]) -> Self:
        """What somebody may see to whom only the opportunities `refs` are shared: their blocks
        at step 1 (nothing of what the territory says once), the whole of their step 2."""
        if self.about is not None:
            return self
        blocks = tuple(block for block in self.grid.blocks if block.per_opportunity)
        subjects = tuple(subject for subject in self.opportunities if subject.ref in refs)
        names = {
            slot_name(question.key, subject.ref)
            for block in blocks
            for question in block.questions
            for subject in subjects
        }
        grid = Grid(
            step=self.grid.step, title=self.grid.title, heading=self.grid.heading, blocks=blocks
        )
        answers = {name: value for name, value in self.answers.items() if name in names}
        return replace(self, grid=grid, opportunities=subjects, answers=answers)
