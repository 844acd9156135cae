"""What is due and when: the sessions and deadlines of a programme in the order of the days.

These functions read `programme.sessions` and `programme.deadlines`: two queries, or none where
the caller prefetched them.
"""

from dataclasses import dataclass
from datetime import date

from programmes.models import Deadline, Session


@dataclass(frozen=True)
class DatedItem:
    """One session or one deadline; the other is None."""

    on: date
    title: str
    session: Session | None = None
    deadline: Deadline | None = None

    @property
    def step(self):
        """The step that is due, as a value of `Step`; None for a session."""
        return self.deadline.step if self.deadline else None


def calendar_of(programme):
    """All DatedItems of `programme`, earliest first; on one day, deadlines before sessions."""
    deadlines = [
        DatedItem(deadline.due_on, deadline.get_step_display(), deadline=deadline)
        for deadline in programme.deadlines.all()
    ]
    sessions = [
        DatedItem(session.held_on, session.title, session=session)
        for session in programme.sessions.all()
    ]
    return sorted(deadlines + sessions, key=lambda item: item.on)


def upcoming(programme, today):
    """The DatedItems of `programme` that are not past on the day `today`."""
    return [item for item in calendar_of(programme) if item.on >= today]


def deadline_of(programme, step):
    """The Deadline of `step`, or None where none was set."""
    return next((item for item in programme.deadlines.all() if item.step == step), None)


def is_late(deadline, at):
    """Whether the instant `at` is after `deadline`; nothing is late where it is None."""
    return deadline is not None and deadline.is_over(at)
