from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from journal.models import Entry
from territories import teams
from territories.enums import Role
from territories.models import Grant, Territory
from territories.permissions import roles_of
from territories.teams import TeamChangeRefused
from tests import factories

NO_LEAD_LEFT = (
    "Ce territoire n’aurait plus de référent\N{NO-BREAK SPACE}: "
    "passez d’abord la main à un autre membre."
)


def entries(territory):
    return [
        (entry.verb, entry.actor.name, entry.data)
        for entry in Entry.objects.of(territory.scope).order_by("pk")
    ]


def grant_of(user):
    return Grant.objects.get(user=user)


def test_opening_a_territory_begins_its_journal(staff):
    contract = factories.create_contract("Lens-Liévin")
    territory = teams.open_territory(
        territory=Territory(contract=contract, name="Lens-Liévin"), by=staff
    )
    assert Territory.objects.get() == territory
    assert entries(territory) == [("territory.opened", "Sophie Admin", {})]


def test_joining_gives_the_role_and_says_who_offered_it(territory, lead):
    user = factories.create_user("Zoé Nouvelle")
    grant = teams.join(territory=territory, role=Role.READER, granted_by=lead, by=user)
    assert (grant.user, grant.role, grant.granted_by) == (user, Role.READER, lead)
    assert entries(territory) == [
        ("team.member_joined", "Zoé Nouvelle", {"name": "Zoé Nouvelle", "role": "reader"})
    ]


def test_joining_again_after_the_role_had_ended(territory, lead):
    user = factories.create_user()
    yesterday = timezone.localdate() - timedelta(days=1)
    factories.grant(user, territory, Role.READER, until=yesterday)
    teams.join(territory=territory, role=Role.READER, granted_by=lead, by=user)
    assert roles_of(user, territory) == {Role.READER}
    assert Grant.objects.filter(user=user).count() == 1


def test_changing_a_role(territory, lead, contributor):
    until = timezone.localdate()
    teams.change_role(grant=grant_of(contributor), role=Role.READER, until=until, by=lead)
    grant = grant_of(contributor)
    assert (grant.role, grant.until, grant.granted_by) == (Role.READER, until, lead)
    assert entries(territory) == [
        (
            "team.role_changed",
            "Alice Lambert",
            {"name": "Bruno Carlier", "role": "reader", "former_role": "contributor"},
        )
    ]


def test_changing_to_a_role_that_one_has_keeps_one(territory, lead, contributor):
    second = factories.grant(contributor, territory, Role.READER)
    teams.change_role(grant=second, role=Role.CONTRIBUTOR, until=None, by=lead)
    assert grant_of(contributor).role == Role.CONTRIBUTOR


def test_the_last_lead_cannot_take_another_role(territory, lead, contributor):
    with pytest.raises(TeamChangeRefused) as refusal:
        teams.change_role(grant=grant_of(lead), role=Role.READER, until=None, by=lead)
    assert str(refusal.value) == NO_LEAD_LEFT
    assert grant_of(lead).role == Role.LEAD
    assert entries(territory) == []


def test_the_last_lead_may_save_the_role_unchanged(territory, lead):
    teams.change_role(grant=grant_of(lead), role=Role.LEAD, until=None, by=lead)
    assert roles_of(lead, territory) == {Role.LEAD}


def test_the_last_lead_cannot_leave(territory, lead):
    with pytest.raises(TeamChangeRefused) as refusal:
        teams.remove_member(grant=grant_of(lead), by=lead)
    assert str(refusal.value) == NO_LEAD_LEFT
    assert roles_of(lead, territory) == {Role.LEAD}


def test_a_lead_who_cannot_sign_in_any_more_is_no_lead_left(territory, lead):
    gone = factories.create_user(is_active=False)
    factories.grant(gone, territory, Role.LEAD)
    with pytest.raises(TeamChangeRefused):
        teams.remove_member(grant=grant_of(lead), by=lead)


def test_a_lead_of_another_territory_is_no_lead_left(territory, lead, outsider):
    with pytest.raises(TeamChangeRefused):
        teams.remove_member(grant=grant_of(lead), by=lead)


def test_one_of_two_leads_may_leave(territory, lead):
    factories.grant(factories.create_user(), territory, Role.LEAD)
    teams.remove_member(grant=grant_of(lead), by=lead)
    assert roles_of(lead, territory) == frozenset()


def test_removing_a_member_leaves_a_trace(territory, lead, partner):
    teams.remove_member(grant=grant_of(partner), by=lead)
    assert roles_of(partner, territory) == frozenset()
    assert entries(territory) == [
        ("team.member_removed", "Alice Lambert", {"name": "Chloé Delattre", "role": "partner"})
    ]


def test_removing_a_member_who_is_gone_is_refused(territory, lead, partner):
    grant = grant_of(partner)
    Grant.objects.filter(pk=grant.pk).delete()
    with pytest.raises(TeamChangeRefused) as refusal:
        teams.remove_member(grant=grant, by=lead)
    assert str(refusal.value) == "Cette personne n’a plus ce rôle dans l’équipe."


def test_handing_over(territory, lead, contributor):
    teams.hand_over(to=grant_of(contributor), by=lead)
    assert roles_of(contributor, territory) == {Role.LEAD}
    assert roles_of(lead, territory) == {Role.CONTRIBUTOR}
    assert entries(territory) == [
        ("team.lead_handed_over", "Alice Lambert", {"name": "Bruno Carlier", "role": "lead"})
    ]


def test_handing_over_ends_no_day(territory, lead):
    """A lead has no last day: a territory would lose its lead overnight."""
    user = factories.create_user()
    until = timezone.localdate() + timedelta(days=30)
    grant = factories.grant(user, territory, Role.CONTRIBUTOR, until=until)
    teams.hand_over(to=grant, by=lead)
    assert (grant_of(user).role, grant_of(user).until) == (Role.LEAD, None)


def test_handing_over_to_a_lead_is_refused(territory, lead):
    other = factories.create_user("Zoé Référente")
    grant = factories.grant(other, territory, Role.LEAD)
    with pytest.raises(TeamChangeRefused) as refusal:
        teams.hand_over(to=grant, by=lead)
    assert str(refusal.value) == "Zoé Référente est déjà référent de ce territoire."


def test_handing_over_what_one_no_longer_has_is_refused(territory, lead, contributor, reader):
    teams.hand_over(to=grant_of(contributor), by=lead)
    with pytest.raises(TeamChangeRefused) as refusal:
        teams.hand_over(to=grant_of(reader), by=lead)
    assert str(refusal.value) == "Vous n’êtes plus référent de ce territoire."
    assert roles_of(reader, territory) == {Role.READER}


def test_a_lead_with_a_last_day_is_refused_by_the_database(territory):
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.grant(factories.create_user(), territory, Role.LEAD, until=timezone.localdate())
