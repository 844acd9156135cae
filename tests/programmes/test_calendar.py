from datetime import date

import pytest

from programmes.calendar import calendar_of, deadline_of, upcoming
from programmes.enums import Step
from programmes.models import Programme
from tests import factories


@pytest.fixture
def dated(programme):
    factories.create_session(programme, "Deuxième journée", date(2026, 11, 5))
    factories.create_session(programme, "Première journée", date(2026, 10, 1))
    factories.create_deadline(programme, Step.STEP_2, date(2026, 12, 1))
    factories.create_deadline(programme, Step.STEP_1, date(2026, 11, 5))
    other = factories.create_programme("Une autre")
    factories.create_session(other, "Ailleurs", date(2026, 10, 2))
    factories.create_deadline(other, Step.STEP_1, date(2026, 10, 3))
    return programme


def test_dates_come_in_order_and_deadlines_first_on_a_day(dated):
    assert [(item.on, item.title, item.step) for item in calendar_of(dated)] == [
        (date(2026, 10, 1), "Première journée", None),
        (date(2026, 11, 5), "Étape 1", Step.STEP_1),
        (date(2026, 11, 5), "Deuxième journée", None),
        (date(2026, 12, 1), "Étape 2", Step.STEP_2),
    ]


def test_today_is_still_to_come(dated):
    titles = [item.title for item in upcoming(dated, date(2026, 11, 5))]
    assert titles == ["Étape 1", "Deuxième journée", "Étape 2"]


def test_nothing_is_dated(programme):
    assert calendar_of(programme) == []


def test_deadline_of_a_step(dated):
    assert deadline_of(dated, Step.STEP_1).due_on == date(2026, 11, 5)
    assert deadline_of(dated, Step.SELF_DIAGNOSIS) is None


def test_prefetched_dates_cost_no_query(dated, django_assert_num_queries):
    programme = Programme.objects.prefetch_related("sessions", "deadlines").get(pk=dated.pk)
    with django_assert_num_queries(0):
        calendar_of(programme)
        deadline_of(programme, Step.STEP_1)
