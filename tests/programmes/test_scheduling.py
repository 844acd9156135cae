from datetime import date

import pytest

from journal.models import Entry
from programmes import scheduling
from programmes.enums import Step
from programmes.models import Session
from programmes.scheduling import AlreadyScheduled
from tests import factories


def entries(programme):
    return [(entry.verb, entry.data) for entry in Entry.objects.of(programme.scope).order_by("pk")]


def test_a_session_is_added_changed_and_cancelled_with_a_trace(programme, trainer):
    session = Session(programme=programme, title="Première journée", held_on=date(2026, 10, 1))
    scheduling.schedule_session(session=session, by=trainer)
    session.held_on = date(2026, 10, 8)
    scheduling.schedule_session(session=session, by=trainer)
    scheduling.cancel_session(session=session, by=trainer)
    assert entries(programme) == [
        ("programme.session_added", {"title": "Première journée", "held_on": "2026-10-01"}),
        ("programme.session_changed", {"title": "Première journée", "held_on": "2026-10-08"}),
        ("programme.session_cancelled", {"title": "Première journée", "held_on": "2026-10-08"}),
    ]
    assert not programme.sessions.exists()


def test_the_same_session_twice_is_refused(programme, trainer):
    factories.create_session(programme, "Première journée", date(2026, 10, 1))
    twin = Session(programme=programme, title="Première journée", held_on=date(2026, 10, 1))
    with pytest.raises(AlreadyScheduled):
        scheduling.schedule_session(session=twin, by=trainer)
    assert programme.sessions.count() == 1


def test_another_programme_may_have_the_same_session(programme, trainer):
    factories.create_session(programme, "Première journée", date(2026, 10, 1))
    other = factories.create_programme("Une autre")
    twin = Session(programme=other, title="Première journée", held_on=date(2026, 10, 1))
    scheduling.schedule_session(session=twin, by=trainer)
    assert Session.objects.count() == 2


def test_deadlines_are_set_moved_lifted_and_left(programme, trainer):
    factories.create_deadline(programme, Step.SELF_DIAGNOSIS, date(2026, 9, 1))
    factories.create_deadline(programme, Step.STEP_1, date(2026, 10, 1))
    changed = scheduling.set_deadlines(
        programme=programme,
        due_on={
            Step.SELF_DIAGNOSIS: None,
            Step.STEP_1: date(2026, 10, 1),
            Step.STEP_2: date(2026, 12, 1),
        },
        by=trainer,
    )
    assert changed == [Step.SELF_DIAGNOSIS, Step.STEP_2]
    assert dict(programme.deadlines.values_list("step", "due_on")) == {
        Step.STEP_1: date(2026, 10, 1),
        Step.STEP_2: date(2026, 12, 1),
    }
    assert entries(programme) == [
        ("programme.deadline_lifted", {"step": "auto-diagnostic", "due_on": None}),
        ("programme.deadline_set", {"step": "etape-2", "due_on": "2026-12-01"}),
    ]
