"""Setting the dates of a programme: its sessions, and the deadline of each step."""

from django.db import transaction

from accounts.templatetags.french import quoted
from journal.recording import record
from programmes.models import Deadline


class AlreadyScheduled(Exception):
    """The programme has this session already; the message is for the reader."""


@transaction.atomic
def schedule_session(*, session, by):
    """Keeps `session`, new or changed. Raises AlreadyScheduled if another one has its title and
    its day: sent twice, or noted by a colleague."""
    twins = session.programme.sessions.filter(title=session.title, held_on=session.held_on)
    if twins.exclude(pk=session.pk).exists():
        raise AlreadyScheduled(f"La séance {quoted(session.title)} est déjà au calendrier.")
    verb = "programme.session_added" if session.pk is None else "programme.session_changed"
    session.save()
    _record_session(verb, session, by)
    return session


@transaction.atomic
def cancel_session(*, session, by):
    _record_session("programme.session_cancelled", session, by)
    session.delete()


def _record_session(verb, session, by):
    programme = session.programme
    record(
        verb=verb,
        by=by,
        scope=programme.scope,
        target=programme.scope,
        title=session.title,
        held_on=session.held_on.isoformat(),
    )


@transaction.atomic
def set_deadlines(*, programme, due_on, by):
    """Sets or, with None, lifts the deadline of each step that `due_on` maps to a date.

    What is already submitted stays late or in time as it was when it was sent. Returns the steps
    whose deadline changed; each is an entry of the programme's journal.
    """
    current = dict(programme.deadlines.values_list("step", "due_on"))
    changed = [step for step, day in due_on.items() if day != current.get(step)]
    for step in changed:
        day = due_on[step]
        if day is None:
            programme.deadlines.filter(step=step).delete()
        else:
            Deadline.objects.update_or_create(
                programme=programme, step=step, defaults={"due_on": day}
            )
        record(
            verb="programme.deadline_set" if day else "programme.deadline_lifted",
            by=by,
            scope=programme.scope,
            target=programme.scope,
            step=step,
            due_on=day and day.isoformat(),
        )
    return changed
