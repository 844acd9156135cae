from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from programmes.enums import Step
from programmes.models import Deadline, Programme
from territories.enums import Role
from tests import factories

# (day, its last instant in UTC): an ordinary winter and summer day, and the two days of 2026 on
# which the hour changes in Paris.
DAYS = [
    (date(2026, 1, 15), datetime(2026, 1, 15, 22, 59, 59, 999999, UTC)),
    (date(2026, 3, 29), datetime(2026, 3, 29, 21, 59, 59, 999999, UTC)),
    (date(2026, 7, 15), datetime(2026, 7, 15, 21, 59, 59, 999999, UTC)),
    (date(2026, 10, 25), datetime(2026, 10, 25, 22, 59, 59, 999999, UTC)),
]


@pytest.mark.parametrize(("day", "end"), DAYS)
def test_a_deadline_ends_at_the_end_of_the_day_in_paris(day, end):
    assert Deadline(due_on=day).ends_at == end


@pytest.mark.parametrize(("day", "end"), DAYS)
def test_late_begins_with_the_next_instant(day, end):
    deadline = Deadline(due_on=day)
    late = [deadline.is_over(end), deadline.is_over(end + timedelta(microseconds=1))]
    assert late == [False, True]


@pytest.mark.parametrize("member", ["lead", "contributor", "partner", "reader"])
def test_a_team_sees_the_programmes_that_enrol_it(request, programme, other_territory, member):
    user = request.getfixturevalue(member)
    factories.enrol(other_territory, factories.create_programme("Sans eux"))
    assert list(Programme.objects.visible_to(user)) == [programme]


@pytest.mark.parametrize("role", [Role.TRAINER, Role.OBSERVER])
def test_members_see_their_programme_before_any_territory_is_enrolled(role, programme):
    user = factories.create_user()
    own = factories.create_programme("La leur")
    factories.join_programme(user, own, role)
    assert list(Programme.objects.visible_to(user)) == [own]


def test_a_programme_is_listed_once(programme, lead, other_territory):
    factories.grant(lead, other_territory, Role.READER)
    factories.join_programme(lead, programme)
    assert list(Programme.objects.visible_to(lead)) == [programme]


def test_following_a_territory_does_not_show_its_other_programmes(territory, programme, trainer):
    factories.enrol(territory, factories.create_programme("D’un autre centre"))
    assert list(Programme.objects.visible_to(trainer)) == [programme]


def test_staff_see_all_programmes(programme, staff):
    other = factories.create_programme("Une autre")
    assert list(Programme.objects.visible_to(staff)) == [other, programme]


def test_a_role_that_has_ended_shows_nothing(programme, territory):
    user = factories.create_user()
    yesterday = timezone.localdate() - timedelta(days=1)
    factories.grant(user, territory, Role.READER, until=yesterday)
    assert list(Programme.objects.visible_to(user)) == []


def test_each_step_has_one_deadline(programme):
    factories.create_deadline(programme, Step.STEP_1, date(2026, 9, 1))
    deadline = Deadline(programme=programme, step=Step.STEP_1, due_on=date(2026, 9, 2))
    with pytest.raises(ValidationError, match="Cette étape a déjà une échéance"):
        deadline.full_clean()
