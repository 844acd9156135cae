import pytest
from django.core.exceptions import PermissionDenied

from programmes.permissions import (
    centres_open_to,
    check_user_can_open_programme,
    check_user_can_run_programme,
    user_can_open_programme,
    user_can_run_programme,
)
from territories.models import ResourceCentre
from tests import factories

# The users' table (tests/test_truth_table.py), row "open and run programmes, grids, sessions".
TRUTH = {
    "lead": False,
    "contributor": False,
    "partner": False,
    "reader": False,
    "trainer": True,
    "observer": False,
    "staff": True,
    "outsider": False,
}


@pytest.fixture
def actor(request):
    """The member of the cast that the test names."""
    return request.getfixturevalue(request.param)


by_role = pytest.mark.parametrize(
    ("actor", "expected"), TRUTH.items(), indirect=["actor"], ids=TRUTH.keys()
)


def passes(check, *args):
    try:
        check(*args)
    except PermissionDenied:
        return False
    return True


@by_role
def test_who_runs_a_programme(actor, expected, programme):
    answers = [
        user_can_run_programme(actor, programme),
        passes(check_user_can_run_programme, actor, programme),
    ]
    assert answers == [expected, expected]


@by_role
def test_who_opens_a_programme(actor, expected, programme):
    answers = [user_can_open_programme(actor), passes(check_user_can_open_programme, actor)]
    assert answers == [expected, expected]


@by_role
def test_in_whose_name_one_opens(actor, expected, programme):
    assert list(centres_open_to(actor)) == ([programme.centre] if expected else [])


def test_trainers_do_not_run_the_programmes_of_others(trainer, programme):
    assert not user_can_run_programme(trainer, factories.create_programme("Une autre"))


def test_staff_open_in_the_name_of_all_centres(staff, programme):
    other = ResourceCentre.objects.create(name="Un autre centre")
    assert set(centres_open_to(staff)) == {programme.centre, other}
