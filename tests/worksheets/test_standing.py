from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from territories.enums import Role
from tests import factories
from worksheets.models import Worksheet
from worksheets.sketches import sketches_of
from worksheets.standing import Standing

# can_start, can_write, reads_activity, sees_whole_drafts, sees_expected, can_review
TABLE = {
    "lead": (True, True, True, True, True, False),
    "contributor": (True, True, True, True, True, False),
    "partner": (False, True, False, False, False, False),
    "reader": (False, False, True, True, True, False),
    "trainer": (False, False, True, True, True, True),
    "observer": (False, False, False, False, True, False),
    "staff": (False, False, False, False, False, False),
    "outsider": (False, False, False, False, False, False),
}


@pytest.mark.parametrize(("who", "expected"), TABLE.items())
def test_who_may_what(request, territory, programme, who, expected):
    standing = Standing.of(request.getfixturevalue(who), territory)
    assert (
        standing.can_start,
        standing.can_write,
        standing.reads_activity,
        standing.sees_whole_drafts(programme),
        standing.sees_expected(programme),
        standing.can_review(programme),
    ) == expected


@pytest.mark.parametrize(("who", "expected"), TABLE.items())
def test_who_can_t_begin_is_told_so(request, territory, programme, who, expected):
    standing = Standing.of(request.getfixturevalue(who), territory)
    if expected[0]:
        standing.check_can_start()
    else:
        with pytest.raises(PermissionDenied, match="référent et les contributeurs"):
            standing.check_can_start()


def test_a_programme_gives_no_right_on_another_one(territory, trainer, programme):
    other = factories.create_programme("Une autre formation")
    factories.enrol(territory, other)
    standing = Standing.of(trainer, territory)
    assert standing.roles_in(other) == set()
    assert list(standing.programmes()) == [programme]


def test_the_team_knows_all_programmes_of_the_territory(territory, other_territory, partner):
    older = factories.create_programme("Une formation")
    newer = factories.create_programme("Une autre formation")
    elsewhere = factories.create_programme("Une formation ailleurs")
    factories.enrol(territory, older)
    factories.enrol(territory, newer)
    factories.enrol(other_territory, elsewhere)
    assert list(Standing.of(partner, territory).programmes()) == [newer, older]


def test_a_role_that_has_ended_is_none(territory, programme):
    user = factories.create_user()
    yesterday = timezone.localdate() - timedelta(days=1)
    factories.grant(user, territory, Role.CONTRIBUTOR, until=yesterday)
    assert Standing.of(user, territory).grants == ()


def part_for(user, worksheet):
    rows = Worksheet.objects.filter(pk=worksheet.pk).select_related("territory", "programme")
    sketch = sketches_of(rows)[worksheet.pk]
    return sketch, Standing.of(user, worksheet.territory).draft_part(worksheet, sketch)


@pytest.mark.parametrize("who", ["lead", "contributor", "reader", "trainer"])
def test_who_reads_drafts_reads_them_whole(request, step_1, who):
    sketch, part = part_for(request.getfixturevalue(who), step_1)
    assert part is sketch


def test_a_partner_knows_of_what_is_shared(partner, step_1, step_2, shared):
    _, part = part_for(partner, step_1)
    assert [subject.ref for subject in part.opportunities] == [shared.ref]
    assert {block.per_opportunity for block in part.grid.blocks} == {True}
    whole, part = part_for(partner, step_2)
    assert part is whole


def test_an_observer_knows_nothing_of_drafts(observer, step_1):
    assert part_for(observer, step_1)[1] is None
