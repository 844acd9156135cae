"""The rows "read opportunities", "write opportunities" and "share" of the truth table. What each
address answers to each role is in test_views.py."""

import pytest
from django.core.exceptions import PermissionDenied

from opportunities import permissions
from opportunities.models import Opportunity
from territories.enums import Role
from tests import factories

pytestmark = pytest.mark.usefixtures("outsider")  # has an opportunity that must not leak


@pytest.mark.parametrize(
    ("who", "reads", "writes", "creates", "shares"),
    [
        ("lead", True, True, True, True),
        ("contributor", True, True, True, False),
        ("partner", False, False, False, False),
        ("shared_partner", True, True, False, False),
        ("reader", True, False, False, False),
        ("trainer", True, False, False, False),
        ("observer", True, False, False, False),
        ("staff", False, False, False, False),
        ("outsider", False, False, True, False),  # creates at home, see below
        ("former", False, False, False, False),
    ],
)
def test_truth_table(request, territory, opportunity, who, reads, writes, creates, shares):
    user = request.getfixturevalue(who)
    home = request.getfixturevalue("other_territory") if who == "outsider" else territory
    assert Opportunity.objects.visible_to(user).contains(opportunity) is reads
    assert permissions.user_can_write(user, opportunity) is writes
    assert permissions.user_can_create(user, home) is creates
    assert permissions.user_can_share(user, opportunity) is shares


def test_nobody_creates_in_the_territory_of_others(territory, outsider):
    assert permissions.user_can_create(outsider, territory) is False


@pytest.mark.parametrize(
    ("check", "reason"),
    [
        (
            permissions.check_user_can_write,
            "Vous pouvez lire cette opportunité, mais pas la modifier\N{NO-BREAK SPACE}: "
            "seule l’équipe du territoire le peut.",
        ),
        (
            permissions.check_user_can_share,
            "Seul un référent du territoire partage une opportunité.",
        ),
    ],
)
def test_a_refusal_says_why(opportunity, lead, reader, check, reason):
    check(lead, opportunity)
    with pytest.raises(PermissionDenied) as refusal:
        check(reader, opportunity)
    assert str(refusal.value) == reason


def test_a_refusal_to_create_says_why(territory, contributor, partner):
    permissions.check_user_can_create(contributor, territory)
    with pytest.raises(PermissionDenied) as refusal:
        permissions.check_user_can_create(partner, territory)
    assert str(refusal.value) == (
        "Seuls les référents et les contributeurs du territoire ajoutent des opportunités."
    )


def test_several_roles_in_several_territories(territory, other_territory, outsider, lead):
    """Lead there, mere partner here: everything there, what is shared here."""
    factories.grant(outsider, territory, Role.PARTNER)
    there = Opportunity.objects.get(territory=other_territory)
    shared = factories.create_opportunity(territory, lead, "Partagée")
    factories.create_opportunity(territory, lead, "Non partagée")
    factories.share(shared, outsider, lead)
    assert set(Opportunity.objects.visible_to(outsider)) == {there, shared}
    assert permissions.user_can_write(outsider, shared) is True


def test_a_partner_who_also_reads_sees_everything(territory, opportunity, partner):
    factories.grant(partner, territory, Role.READER)
    assert set(Opportunity.objects.visible_to(partner)) == {opportunity}
    assert permissions.user_can_write(partner, opportunity) is False


def test_a_share_ends_with_the_role_of_partner(opportunity, shared_partner):
    shared_partner.grants.update(until="2020-01-01")
    assert list(Opportunity.objects.visible_to(shared_partner)) == []
    assert permissions.user_can_write(shared_partner, opportunity) is False


def test_the_door_is_one_query(opportunity, lead, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert list(Opportunity.objects.visible_to(lead)) == [opportunity]
