"""What became of the answers over time: who wrote in which sitting, and what they changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from journal.models import Entry
from journal.recording import SITTING
from worksheets import kinds
from worksheets.differences import Difference, differences_of
from worksheets.grids.schema import Question
from worksheets.models import Answer, Revision, Worksheet

RESTORED = "worksheet.answer_restored"  # what `restoring` writes in the journal


@dataclass(frozen=True)
class Save:
    """One revision, without its texts. `restored_from` is when what it brought back was first
    written, if it did."""

    version: int
    at: datetime
    by: str
    author_id: int
    was_merged: bool
    restored_from: datetime | None = None


@dataclass(frozen=True)
class Stretch:
    """Saves of one answer by one person, one after the other: a sitting, or a single save."""

    saves: tuple[Save, ...]

    @property
    def last(self) -> Save:
        return self.saves[-1]

    @property
    def base_version(self) -> int:
        """What stood before; 0 when nothing did."""
        return self.saves[0].version - 1

    @property
    def began_at(self) -> datetime:
        return self.saves[0].at

    @property
    def merged_count(self) -> int:
        return sum(save.was_merged for save in self.saves)


@dataclass(frozen=True)
class Told:
    """A stretch with what it changed; `sent` is how what its author sent differs from what a
    merge made of it, for a single save."""

    stretch: Stretch
    difference: Difference
    sent: Difference | None


def saves_of(answer: Answer) -> list[Save]:
    """Every save of `answer`, oldest first, without the texts. Two queries."""
    entries = Entry.objects.filter(target=answer.worksheet.target, verb=RESTORED)
    restored = {
        data["version"]: datetime.fromisoformat(data["written_at"])
        for data in entries.values_list("data", flat=True)
        if data["slot"] == answer.slot_name
    }
    rows = answer.revisions.annotate(was_merged=Q(sent__isnull=False)).values_list(
        "version", "saved_at", "saved_by__name", "saved_by", "was_merged"
    )
    return [Save(*row, restored_from=restored.get(row[0])) for row in rows]


def sittings(saves: Iterable[Save]) -> list[Stretch]:
    """`saves` by author and sitting, newest first. What brought back an old version stands alone:
    it is one act, not an hour's writing."""
    stretches: list[list[Save]] = []
    for save in saves:
        last = stretches[-1][-1] if stretches else None
        if (
            last
            and not (last.restored_from or save.restored_from)
            and last.author_id == save.author_id
            and save.at - last.at <= SITTING
        ):
            stretches[-1].append(save)
        else:
            stretches.append([save])
    return [Stretch(tuple(stretch)) for stretch in reversed(stretches)]


def one_by_one(stretch: Stretch) -> list[Stretch]:
    """Each save of `stretch` by itself, newest first."""
    return [Stretch((save,)) for save in reversed(stretch.saves)]


def told(question: Question, answer: Answer, stretches: Sequence[Stretch]) -> list[Told]:
    """`stretches` with what each changed. One query."""
    wanted = {v for stretch in stretches for v in (stretch.base_version, stretch.last.version)}
    rows = answer.revisions.filter(version__in=wanted).values_list("version", "value", "sent")
    values: dict[int, Any] = {0: kinds.blank(question.kind)}
    sent = {}
    for version, value, sent_value in rows:
        values[version], sent[version] = value, sent_value
    return [
        Told(
            stretch,
            differences_of(question, values[stretch.base_version], values[stretch.last.version]),
            differences_of(question, sent[stretch.last.version], values[stretch.last.version])
            if len(stretch.saves) == 1 and stretch.last.was_merged
            else None,
        )
        for stretch in stretches
    ]


@dataclass
class Sitting:
    """Somebody's writing in a worksheet, whatever the questions: `places` are (question key,
    opportunity's reference or None, its title or "") in the order of their first save."""

    by: str
    began_at: datetime
    ended_at: datetime
    places: dict[tuple[str, str | None], str] = field(default_factory=dict)


def sittings_in(worksheet: Worksheet, sees: Callable[[str | None], bool]) -> list[Sitting]:
    """Everybody's sittings in `worksheet`, oldest end first, of what is about opportunities whose
    reference (None: what is asked once) `sees` accepts. One query, without the texts."""
    rows = (
        Revision.objects.filter(answer__worksheet=worksheet)
        .order_by("saved_at", "pk")
        .values_list(
            "answer__question",
            "answer__opportunity__ref",
            "answer__opportunity__title",
            "saved_at",
            "saved_by",
            "saved_by__name",
        )
    )
    found: list[Sitting] = []
    current: dict[int, Sitting] = {}
    for key, ref, title, at, author, name in rows:
        if not sees(ref):
            continue
        sitting = current.get(author)
        if sitting is None or at - sitting.ended_at > SITTING:
            sitting = current[author] = Sitting(name, at, at)
            found.append(sitting)
        sitting.ended_at = at
        sitting.places.setdefault((key, ref), title or "")
    return sorted(found, key=lambda sitting: sitting.ended_at)
