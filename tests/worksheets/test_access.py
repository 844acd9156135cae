"""The door of worksheets, and what each role may do behind it. tests/test_truth_table.py says the
same through requests; here are the corners: several roles, ended roles, other programmes."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from programmes.enums import Step
from territories.enums import Role
from territories.models import Grant
from tests import factories
from worksheets.access import Access
from worksheets.content import Content
from worksheets.models import Worksheet

ACTS = ("write", "choose_opportunities", "send", "comment", "review", "record_opinion")
ALLOWED = {
    "lead": {"write", "choose_opportunities", "send", "comment", "record_opinion"},
    "contributor": {"write", "choose_opportunities", "comment"},
    "partner": {"write", "comment"},
    "reader": {"comment", "sign_opinion"},
    "trainer": {"comment", "review"},
    "observer": set(),
}


@pytest.fixture
def submitted(step_1, lead):
    factories.submit_worksheet(step_1, lead)
    return step_1


@pytest.fixture
def access(as_seen_by):
    def of(user, worksheet):
        return Access(user, as_seen_by(user, worksheet))

    return of


def visible(user):
    return set(Worksheet.objects.visible_to(user))


@pytest.mark.parametrize("role", ALLOWED)
def test_what_each_role_may_do(request, submitted, access, role):
    found = access(request.getfixturevalue(role), submitted)
    acts = {act for act in (*ACTS, "sign_opinion") if getattr(found, f"can_{act}")}
    assert acts == ALLOWED[role]
    assert found.roles == {role}


@pytest.mark.parametrize("role", ALLOWED)
def test_each_check_raises_with_a_reason(request, submitted, access, role):
    found = access(request.getfixturevalue(role), submitted)
    for act in (*ACTS, "sign_opinion"):
        check = getattr(found, f"check_can_{act}", None)
        if check and act not in ALLOWED[role]:
            with pytest.raises(PermissionDenied) as raised:
                check()
            assert str(raised.value).endswith(".")
        elif check:
            check()


@pytest.mark.parametrize("role", ALLOWED)
def test_who_sees_a_draft(request, step_1, role):
    user = request.getfixturevalue(role)
    assert visible(user) == (set() if role == "observer" else {step_1})


@pytest.mark.parametrize("role", ALLOWED)
def test_who_sees_what_was_submitted(request, submitted, role):
    assert visible(request.getfixturevalue(role)) == {submitted}


@pytest.mark.parametrize("role", ["outsider", "staff"])
def test_strangers_see_nothing_of_it(request, submitted, step_2, role):
    assert visible(request.getfixturevalue(role)) & {submitted, step_2} == set()


def test_a_partner_sees_only_what_is_about_something_shared(
    step_1, step_2, unshared, territory, programme, lead, partner
):
    factories.create_worksheet(territory, programme, lead, step=Step.SELF_DIAGNOSIS)
    factories.create_worksheet(territory, programme, lead, step=Step.STEP_2, opportunity=unshared)
    assert visible(partner) == {step_1, step_2}


def test_a_share_without_the_role_opens_nothing(step_1, step_2, partner):
    Grant.objects.filter(user=partner).delete()
    assert visible(partner) == set()


def test_a_share_counts_in_its_own_territory_only(step_1, step_2, shared, partner, other_territory):
    Grant.objects.filter(user=partner).update(territory=other_territory)
    assert visible(partner) == set()


@pytest.mark.parametrize("role", ["contributor", "partner", "reader", "trainer"])
def test_a_role_ends_after_its_last_day(request, step_1, role):
    user = request.getfixturevalue(role)
    today = timezone.localdate()
    Grant.objects.filter(user=user).update(until=today)
    assert visible(user) == {step_1}
    Grant.objects.filter(user=user).update(until=today - timedelta(days=1))
    assert visible(user) == set()


@pytest.mark.parametrize("role", [Role.TRAINER, Role.OBSERVER])
def test_a_programme_gives_nothing_on_the_worksheets_of_another(submitted, role):
    user = factories.create_user("Inès Ailleurs")
    other = factories.create_programme("Une autre formation")
    factories.enrol(submitted.territory, other)
    factories.join_programme(user, other, role)
    assert visible(user) == set()


def test_a_trainer_elsewhere_who_reads_here_does_not_review_here(submitted, reader, access):
    other = factories.create_programme("Une autre formation")
    factories.enrol(submitted.territory, other)
    factories.join_programme(reader, other, Role.TRAINER)
    assert access(reader, submitted).roles == {Role.READER}


def test_a_lead_elsewhere_who_reads_here_does_not_send_here(submitted, outsider, access):
    factories.grant(outsider, submitted.territory, Role.READER)
    assert access(outsider, submitted).roles == {Role.READER}


def test_roles_add_up(submitted, contributor, programme, access):
    factories.join_programme(contributor, programme, Role.TRAINER)
    found = access(contributor, submitted)
    assert found.roles == {Role.CONTRIBUTOR, Role.TRAINER}
    assert (found.can_write, found.can_review, found.can_send) == (True, True, False)


def test_an_observer_is_a_partner_only_of_what_is_shared_with_them(
    territory, programme, lead, observer, grids, access
):
    """Observing lets them open the worksheet; it doesn't make the rest of it theirs."""
    factories.grant(observer, territory, Role.PARTNER)
    opportunity = factories.create_opportunity(territory, lead)
    step_2 = factories.create_worksheet(
        territory, programme, lead, step=Step.STEP_2, opportunity=opportunity
    )
    step_1 = factories.create_worksheet(territory, programme, lead, opportunities=[opportunity])
    for worksheet in (step_1, step_2):
        factories.submit_worksheet(worksheet, lead)
        found = access(observer, worksheet)
        assert found.roles == {Role.OBSERVER}
        assert (found.sees_draft, found.can_write, found.can_comment) == (False, False, False)

    factories.share(opportunity, observer, lead)

    for worksheet in (step_1, step_2):
        found = access(observer, worksheet)
        assert found.roles == {Role.OBSERVER, Role.PARTNER}
        assert (found.sees_draft, found.can_write) == (True, True)
        assert not found.sees_whole_draft


def test_the_part_of_a_partner(step_1, shared, unshared, partner, lead, access):
    factories.write_answer(step_1, "strategy", "une fois", lead)
    factories.write_answer(step_1, "obstacles", "partagé", lead, opportunity=shared)
    factories.write_answer(step_1, "obstacles", "réservé", lead, opportunity=unshared)
    whole = Content.of(step_1)
    found = access(partner, step_1)
    for part in (found.draft_part(whole), found.submitted_part(whole)):
        assert [subject.ref for subject in part.opportunities] == [shared.ref]
        assert part.answers == {f"obstacles--{shared.ref}": "partagé"}


@pytest.mark.parametrize("role", ["lead", "contributor", "reader", "trainer"])
def test_others_have_the_whole(request, step_1, access, role):
    found = access(request.getfixturevalue(role), step_1)
    whole = Content.of(step_1)
    assert found.draft_part(whole) == found.submitted_part(whole) == whole


def test_an_observer_has_the_whole_of_what_was_submitted(submitted, observer, access):
    whole = Content.of(submitted)
    assert access(observer, submitted).submitted_part(whole) == whole
