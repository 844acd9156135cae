"""What a page shows of a worksheet to one person: the document, and what stands in its margins."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.utils import timezone

from accounts.templatetags.french import plural
from journal.visits import last_visit
from programmes.calendar import deadline_of, is_late
from programmes.models import Deadline
from worksheets import completeness
from worksheets.access import Access
from worksheets.content import Content, Slot
from worksheets.discussing import Thread, threads_of
from worksheets.document import Document, Row, document_of
from worksheets.enums import State
from worksheets.lifecycle import HOLDERS
from worksheets.models import Answer, Submission, Transition, Worksheet
from worksheets.reminders import Passage, reminders_for


@dataclass(frozen=True)
class Margin:
    """What stands beside one question: who wrote last, in which version, and the comments."""

    slot: Slot
    answer_id: int | None = None
    version: int = 0
    saved_at: datetime | None = None
    saved_by: str = ""
    threads: tuple[Thread, ...] = ()

    @property
    def comment_count(self) -> int:
        return sum(len(thread.comments) for thread in self.threads)

    @property
    def open_comments(self) -> int:
        """How many threads are open."""
        return sum(thread.is_open for thread in self.threads)

    @property
    def discussed_at(self) -> str:
        """When the threads last changed (ISO 8601); empty without any."""
        return max((thread.changed_at.isoformat() for thread in self.threads), default="")


@dataclass
class Sheet:
    """`content` is already narrowed to what the person may see. Reads the database lazily, each
    thing once: the number of queries doesn't depend on what the worksheet holds."""

    access: Access
    content: Content
    answers: dict[str, Answer] = field(default_factory=dict)  # without their values
    # Before anything was read: what an open page asks from, to have all that came after.
    read_at: datetime = field(default_factory=timezone.now)
    document: Document = field(init=False)

    def __post_init__(self):
        self.document = document_of(self.content)

    @classmethod
    def draft(cls, access: Access) -> Sheet:
        """The worksheet as it is being written. The versions are read before the texts: a save
        that comes in between makes this page stale, where the other way round an old text would
        pass for the newest."""
        answers = access.worksheet.answers.select_related("saved_by", "opportunity").defer("value")
        by_slot = {answer.slot_name: answer for answer in answers}
        return cls(access, access.draft_part(Content.of(access.worksheet)), by_slot)

    @classmethod
    def of_submission(cls, access: Access, submission: Submission) -> Sheet:
        """One submitted version, frozen."""
        content = Content.from_json(access.worksheet.grid, submission.content)
        return cls(access, access.submitted_part(content))

    @property
    def worksheet(self) -> Worksheet:
        return self.access.worksheet

    @property
    def holder(self) -> str:
        return HOLDERS[State(self.worksheet.state)]

    @property
    def is_writable(self) -> bool:
        """Whether this person may write now."""
        return self.is_with_team and self.access.can_write

    @property
    def is_with_team(self) -> bool:
        return self.worksheet.is_with_team

    @property
    def slots(self) -> list[Slot]:
        return list(self.content.slots())

    @property
    def lacks_opportunities(self) -> bool:
        """Step 1 before any opportunity is chosen."""
        asks = any(block.per_opportunity for block in self.content.grid.blocks)
        return asks and not self.content.opportunities

    @property
    def chooses_opportunities(self) -> bool:
        """Whether this person may change those that are chosen."""
        return (
            self.is_with_team
            and self.access.can_choose_opportunities
            and any(block.per_opportunity for block in self.content.grid.blocks)
            and not self.lacks_opportunities
        )

    @cached_property
    def progress(self) -> completeness.Progress:
        return completeness.progress(self.content)

    @cached_property
    def missing(self) -> list[completeness.Missing]:
        return completeness.missing(self.content)

    @property
    def missing_in_words(self) -> str:
        """One sentence for the margin of the page."""
        count = len(self.missing)
        return f"Il manque {count} réponse{plural(count)}." if count else self.complete_in_words

    @property
    def complete_in_words(self) -> str:
        """The same sentence for when every question has an answer."""
        if count := self.open_comments:
            return f"Rien ne manque, mais {count} commentaire{plural(count)} à traiter."
        return "Rien ne manque : la fiche est prête à être transmise."

    @cached_property
    def deadline(self) -> Deadline | None:
        return deadline_of(self.worksheet.programme, self.worksheet.step)

    @property
    def is_overdue(self) -> bool:
        """Late and still with the team."""
        return self.is_with_team and is_late(self.deadline, timezone.now())

    @cached_property
    def submissions(self) -> list[Submission]:
        return list(self.worksheet.submissions.select_related("submitted_by").defer("content"))

    @property
    def next_number(self) -> int:
        """The number that the next submission will get."""
        return self.submissions[-1].number + 1 if self.submissions else 1

    @cached_property
    def last_transition(self) -> Transition | None:
        return self.worksheet.transitions.select_related("by").order_by("at", "pk").last()

    @cached_property
    def _threads(self) -> dict[str, list[Thread]]:
        return threads_of(self.worksheet)

    def surroundings(self, slot: Slot) -> Margin:
        """The margin of one question."""
        answer = self.answers.get(slot.name)
        return Margin(
            slot=slot,
            answer_id=answer.pk if answer else None,
            version=answer.version if answer else 0,
            saved_at=answer.saved_at if answer else None,
            saved_by=answer.saved_by.name if answer else "",
            threads=tuple(self._threads.get(slot.name, ())),
        )

    @cached_property
    def visited_at(self) -> datetime | None:
        """When the person last had the worksheet open; None for never."""
        return last_visit(self.access.user, self.worksheet.target)

    @cached_property
    def changed_rows(self) -> list[Row]:
        """Those that others have changed since."""
        if not self.visited_at:
            return []
        return [
            row
            for section in self.document.sections
            for row in section.rows
            if (answer := self.answers.get(row.slot.name))
            and answer.saved_at > self.visited_at
            and answer.saved_by_id != self.access.user.pk
        ]

    @cached_property
    def _reminders(self) -> dict[str, list[Passage]]:
        return reminders_for(self.access.user, self.worksheet.territory, self.worksheet.step)

    def passages(self, slot: Slot) -> list[Passage]:
        """What the team wrote elsewhere that the question asks for."""
        return self._reminders.get(slot.name, [])

    @cached_property
    def _opportunity_ids(self) -> dict[str, int]:
        return dict(self.worksheet.chosen.values_list("opportunity__ref", "opportunity_id"))

    def opportunity_id(self, slot: Slot) -> int | None:
        """The row number of the opportunity that `slot` is about, if it is asked of each."""
        return self._opportunity_ids[slot.subject.ref] if slot.subject else None

    @cached_property
    def open_comments(self) -> int:
        """Open threads on the questions that this person sees."""
        return sum(self.surroundings(slot).open_comments for slot in self.slots)

    @property
    def first_open_comment(self) -> str:
        """The reference of the first open thread; empty if there is none."""
        threads = (thread for slot in self.slots for thread in self.surroundings(slot).threads)
        return next((thread.head.ref for thread in threads if thread.is_open), "")

    @cached_property
    def outline(self) -> list[dict]:
        """The sections with their progress and their open comments, for the outline."""
        return [
            {
                "section": section,
                "open_comments": sum(
                    self.surroundings(row.slot).open_comments for row in section.rows
                ),
            }
            for section in self.document.sections
        ]
