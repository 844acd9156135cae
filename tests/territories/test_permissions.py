from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from territories.enums import PROGRAMME_ROLES, TEAM_ROLES, Role
from territories.permissions import (
    check_user_can_invite,
    check_user_can_manage_team,
    invitable_roles,
    roles_of,
    user_can_manage_team,
)
from tests import factories
from tests.visits import by_role

CAST = ["lead", "contributor", "partner", "reader", "trainer", "observer", "staff", "outsider"]

# The users' table (tests/test_truth_table.py), row "invite, share, hand over": (into which roles
# one invites, whether one changes roles, hands over and removes).
TRUTH = {
    "lead": ([Role.LEAD, Role.CONTRIBUTOR, Role.PARTNER, Role.READER], True),
    "contributor": ([], False),
    "partner": ([], False),
    "reader": ([], False),
    "trainer": ([Role.LEAD], False),
    "observer": ([], False),
    "staff": ([], False),
    "outsider": ([], False),
}


@by_role(TRUTH, "expected")
def test_who_may_invite_and_manage(actor, expected, territory):
    assert (
        list(invitable_roles(actor, territory)),
        user_can_manage_team(actor, territory),
    ) == expected


@by_role(TRUTH, "expected")
def test_checks_agree_with_the_table(actor, expected, territory):
    roles, manages = expected
    answers = []
    for check in (check_user_can_invite, check_user_can_manage_team):
        try:
            check(actor, territory)
        except PermissionDenied:
            answers.append(False)
        else:
            answers.append(True)
    assert answers == [bool(roles), manages]


def test_the_table_covers_all_roles():
    assert [*TEAM_ROLES, *PROGRAMME_ROLES] == list(Role)
    assert set(Role) < set(CAST)


def test_several_roles_add_up(lead, territory, programme):
    factories.join_programme(lead, programme, Role.OBSERVER)
    assert roles_of(lead, territory) == {Role.LEAD, Role.OBSERVER}


def test_a_role_elsewhere_does_not_count(outsider, territory):
    assert roles_of(outsider, territory) == frozenset()


def test_a_trainer_of_two_programmes_is_one(trainer, territory):
    other = factories.create_programme("Une autre formation")
    factories.enrol(territory, other)
    factories.join_programme(trainer, other, Role.TRAINER)
    assert roles_of(trainer, territory) == {Role.TRAINER}


@pytest.mark.parametrize(("days", "expected"), [(-1, set()), (0, {Role.READER})])
def test_a_role_ends_after_its_last_day(territory, days, expected):
    user = factories.create_user()
    until = timezone.localdate() + timedelta(days=days)
    factories.grant(user, territory, Role.READER, until=until)
    assert roles_of(user, territory) == expected


def test_roles_cost_one_query(lead, territory, django_assert_num_queries):
    with django_assert_num_queries(1):
        roles_of(lead, territory)
