"""What a worksheet still lacks. Every question counts, except those declared optional."""

from collections.abc import Iterable
from dataclasses import dataclass

from worksheets.content import Content, Slot


@dataclass(frozen=True)
class Progress:
    answered: int
    total: int

    @property
    def percent(self) -> int:
        """Rounded down: 100 means that nothing is missing."""
        return 100 * self.answered // self.total if self.total else 0


@dataclass(frozen=True)
class Missing:
    """One thing to complete: `anchor` is where on the worksheet's page, `label` what."""

    anchor: str
    label: str
    subject: str = ""


NO_OPPORTUNITY = Missing("opportunities", "Choisir une, deux ou trois opportunités")


def missing(content: Content) -> list[Missing]:
    """What to complete, in the order of the grid; empty when the worksheet is complete."""
    found = []
    for block in content.grid.blocks:
        if block.per_opportunity and not content.opportunities:
            found.append(NO_OPPORTUNITY)
        names = {q.key: group.name_of(q) for group in block.groups for q in group.questions}
        for slot in content.slots_of(block):
            if not slot.question.optional and content.is_blank(slot):
                label = names[slot.question.key].replace("{horizon}", str(content.horizon))
                found.append(Missing(slot.name, label, slot.subject.title if slot.subject else ""))
    return found


def progress_among(content: Content, slots: Iterable[Slot]) -> Progress:
    """Answered and expected questions among `slots`."""
    counted = [slot for slot in slots if not slot.question.optional]
    return Progress(sum(not content.is_blank(slot) for slot in counted), len(counted))


def progress(content: Content) -> Progress:
    """Answered and expected questions of the whole worksheet. Where no opportunity is chosen
    yet, the questions about a first one count as unanswered."""
    answered = total = 0
    for block in content.grid.blocks:
        if block.per_opportunity and not content.opportunities:
            total += sum(not question.optional for question in block.questions)
        else:
            part = progress_among(content, content.slots_of(block))
            answered, total = answered + part.answered, total + part.total
    return Progress(answered, total)
