"""The team's page and what is done from it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from territories.enums import Role
from territories.models import Grant, Invitation
from territories.permissions import roles_of
from tests import factories
from tests.visits import as_shown, by_role, messages_of

NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture
def invitation(territory, lead):
    """Of a contributor, sent two days ago."""
    return Invitation.objects.create(
        territory=territory,
        email="invitee@tests.example",
        role=Role.CONTRIBUTOR,
        invited_by=lead,
        sent_at=timezone.now() - timedelta(days=2),
    )


@pytest.fixture
def lead_invitation(territory, lead):
    return Invitation.objects.create(
        territory=territory,
        email="futur-referent@tests.example",
        role=Role.LEAD,
        invited_by=lead,
        sent_at=timezone.now() - timedelta(days=2),
    )


def page(territory):
    return f"/territoires/{territory.ref}/equipe/"


def grant_of(user):
    return Grant.objects.get(user=user)


# Who reaches what (the users' table, row "invite, share, hand over"). 404: the territory is
# private; 403: the team is seen but not changed; 302: done.
READ = {
    "lead": 200,
    "contributor": 200,
    "partner": 200,
    "reader": 200,
    "trainer": 200,
    "observer": 200,
    "staff": 404,
    "outsider": 404,
}
INVITE_READER = {
    "lead": 302,
    "contributor": 403,
    "partner": 403,
    "reader": 403,
    "trainer": 400,  # may invite, but leads only
    "observer": 403,
    "staff": 404,
    "outsider": 404,
}
INVITE_LEAD = INVITE_READER | {"trainer": 302}
MANAGE = INVITE_READER | {"trainer": 403}


@by_role(READ)
def test_who_reads_the_team_page(actor, status, territory, client_of):
    assert client_of(actor).get(page(territory)).status_code == status


@by_role(INVITE_READER)
def test_who_invites_a_reader(actor, status, territory, client_of):
    data = {"email": "invitee@tests.example", "role": "reader"}
    answer = client_of(actor).post(f"{page(territory)}inviter/", data)
    assert answer.status_code == status
    assert Invitation.objects.count() == (status == 302)


@by_role(INVITE_LEAD)
def test_who_invites_a_lead(actor, status, territory, client_of):
    data = {"email": "invitee@tests.example", "role": "lead"}
    answer = client_of(actor).post(f"{page(territory)}inviter/", data)
    assert answer.status_code == status
    assert Invitation.objects.count() == (status == 302)


@by_role(INVITE_LEAD)
def test_who_sends_a_lead_s_invitation_again(actor, status, territory, lead_invitation, client_of):
    client_of(actor).post(f"{page(territory)}invitations/{lead_invitation.ref}/renvoyer/")
    lead_invitation.refresh_from_db()
    is_fresh = timezone.now() - lead_invitation.sent_at < timedelta(hours=1)
    assert is_fresh == (status == 302)


@by_role(INVITE_LEAD)
def test_who_withdraws_a_lead_s_invitation(actor, status, territory, lead_invitation, client_of):
    url = f"{page(territory)}invitations/{lead_invitation.ref}/retirer/"
    assert client_of(actor).post(url).status_code == status
    assert Invitation.objects.exists() == (status != 302)


def test_a_trainer_does_not_touch_the_team_s_invitations(territory, invitation, trainer, client_of):
    url = f"{page(territory)}invitations/{invitation.ref}/"
    client_of(trainer).post(f"{url}retirer/")
    assert client_of(trainer).post(f"{url}renvoyer/").status_code == 404
    assert Invitation.objects.get().sent_at == invitation.sent_at


@by_role(MANAGE)
def test_who_changes_a_role(actor, status, territory, client_of):
    member = factories.create_user()
    grant = factories.grant(member, territory, Role.READER)
    answer = client_of(actor).post(f"{page(territory)}{grant.ref}/", {"role": "partner"})
    assert answer.status_code == status
    assert roles_of(member, territory) == {Role.PARTNER if status == 302 else Role.READER}


@by_role(MANAGE)
def test_who_hands_over(actor, status, territory, client_of):
    member = factories.create_user()
    grant = factories.grant(member, territory, Role.READER)
    answer = client_of(actor).post(f"{page(territory)}{grant.ref}/passer-la-main/")
    assert answer.status_code == status
    assert roles_of(member, territory) == {Role.LEAD if status == 302 else Role.READER}


@by_role(MANAGE)
def test_who_removes_a_member(actor, status, territory, client_of):
    member = factories.create_user()
    grant = factories.grant(member, territory, Role.READER)
    answer = client_of(actor).post(f"{page(territory)}{grant.ref}/retirer/")
    assert answer.status_code == status
    assert roles_of(member, territory) == (frozenset() if status == 302 else {Role.READER})


@pytest.mark.parametrize("action", ["", "passer-la-main/", "retirer/"])
def test_the_members_of_another_territory_are_out_of_reach(
    territory, lead, outsider, client_of, action
):
    grant = grant_of(outsider)
    client_of(lead).post(f"{page(territory)}{grant.ref}/{action}", {"role": "reader"})
    assert grant_of(outsider).role == Role.LEAD


@pytest.mark.parametrize("action", ["", "passer-la-main/", "retirer/"])
def test_trainers_are_not_managed_as_members(territory, lead, trainer, client_of, action):
    grant = Grant.objects.get(user=trainer, territory=territory)
    client_of(lead).post(f"{page(territory)}{grant.ref}/{action}", {"role": "reader"})
    assert roles_of(trainer, territory) == {Role.TRAINER}


# What the page shows


def test_members_in_the_order_of_roles_and_names(
    territory, lead, contributor, partner, reader, trainer, outsider, client_of
):
    factories.grant(factories.create_user("Aline Bis"), territory, Role.READER)
    answer = client_of(reader).get(page(territory))
    assert [grant.user.name for grant in answer.context["members"]] == [
        "Alice Lambert",
        "Bruno Carlier",
        "Chloé Delattre",
        "Aline Bis",
        "Denis Wattel",
    ]
    assert [grant.user.name for grant in answer.context["followers"]] == ["Thomas Formateur"]


def test_a_trainer_of_two_programmes_is_shown_once(territory, reader, trainer, client_of):
    other = factories.create_programme("Une autre")
    factories.enrol(territory, other)
    factories.join_programme(trainer, other)
    answer = client_of(reader).get(page(territory))
    assert [grant.user.name for grant in answer.context["followers"]] == ["Thomas Formateur"]


def test_those_who_may_not_invite_see_no_address_and_no_action(
    territory, lead, reader, invitation, client_of
):
    text = client_of(reader).get(page(territory)).text
    assert "Alice Lambert" in text
    assert [word for word in (lead.email, invitation.email, "Modifier") if word in text] == []
    assert as_shown(text).count("<form") == 1  # that of signing out


def test_a_trainer_sees_the_invitations_of_leads_only(
    trainer, territory, invitation, lead_invitation, client_of
):
    answer = client_of(trainer).get(page(territory))
    assert list(answer.context["pending"]) == [lead_invitation]


def test_a_role_that_has_ended_is_not_shown(territory, lead, client_of):
    yesterday = timezone.localdate() - timedelta(days=1)
    factories.grant(factories.create_user(), territory, Role.READER, until=yesterday)
    answer = client_of(lead).get(page(territory))
    assert [grant.user for grant in answer.context["members"]] == [lead]


def test_the_team_page_costs_the_same_for_many(territory, lead, client_of, query_counts):
    client = client_of(lead)

    def add_rows(number):
        for _ in range(number):
            user = factories.create_user()
            factories.grant(user, territory, Role.READER)
            programme = factories.create_programme(f"Formation de {user.email}")
            factories.enrol(territory, programme)
            factories.join_programme(user, programme)
            Invitation.objects.create(
                territory=territory, email=user.email, role=Role.PARTNER, invited_by=lead
            )

    assert query_counts(lambda: client.get(page(territory)), add_rows) == [9, 9, 9]


# Inviting


@pytest.mark.parametrize(
    ("email", "role", "field"),
    [
        ("", "reader", "email"),
        ("pas une adresse", "reader", "email"),
        ("nul\x00@tests.example", "reader", "email"),
        (f"{'n' * 250}@tests.example", "reader", "email"),
        ("invitee@tests.example", "", "role"),
        ("invitee@tests.example", "trainer", "role"),
        ("invitee@tests.example", "roi", "role"),
    ],
)
def test_the_invitation_form_refuses(territory, lead, client_of, email, role, field):
    answer = client_of(lead).post(f"{page(territory)}inviter/", {"email": email, "role": role})
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, [field])
    assert not Invitation.objects.exists()


def test_inviting_a_member_again_is_refused(territory, lead, reader, client_of):
    data = {"email": reader.email, "role": "reader"}
    answer = client_of(lead).post(f"{page(territory)}inviter/", data)
    assert answer.status_code == 409
    assert answer.context["form"].errors == {
        "email": [
            "Cette personne est déjà dans l’équipe\N{NO-BREAK SPACE}: changez plutôt son rôle."
        ]
    }


def test_a_second_click_on_inviting_is_no_error(territory, lead, client_of):
    data = {"email": "invitee@tests.example", "role": "reader"}
    answers = [client_of(lead).post(f"{page(territory)}inviter/", data) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Invitation.objects.count() == 1


def test_sending_again_too_soon_says_so(territory, lead, invitation, client_of):
    url = f"{page(territory)}invitations/{invitation.ref}/renvoyer/"
    first, second = (client_of(lead).post(url) for _ in range(2))
    assert messages_of(first) == ["Un nouveau lien part à l’adresse invitee@tests.example."]
    assert messages_of(second)[0].startswith("Une invitation est partie")


def test_a_second_click_on_withdrawing_is_no_error(territory, lead, invitation, client_of):
    url = f"{page(territory)}invitations/{invitation.ref}/retirer/"
    first, second = (client_of(lead).post(url) for _ in range(2))
    assert messages_of(first) == ["L’invitation de invitee@tests.example est retirée."]
    assert messages_of(second) == ["Cette invitation n’est plus en attente."]


# One member


def test_the_role_form_shows_what_is(territory, lead, client_of):
    tomorrow = timezone.localdate() + timedelta(days=1)
    grant = factories.grant(factories.create_user(), territory, Role.READER, until=tomorrow)
    form = client_of(lead).get(f"{page(territory)}{grant.ref}/").context["form"]
    assert (form["role"].value(), form["until"].value()) == ("reader", tomorrow)


def test_a_last_day_is_kept(territory, lead, reader, client_of):
    until = timezone.localdate()
    url = f"{page(territory)}{grant_of(reader).ref}/"
    client_of(lead).post(url, {"role": "partner", "until": until.isoformat()})
    assert (grant_of(reader).role, grant_of(reader).until) == (Role.PARTNER, until)


@pytest.mark.parametrize(
    ("role", "days", "field"),
    [("", 1, "role"), ("trainer", 1, "role"), ("reader", -1, "until"), ("lead", 1, "until")],
)
def test_the_role_form_refuses(territory, lead, contributor, client_of, role, days, field):
    until = (timezone.localdate() + timedelta(days=days)).isoformat()
    url = f"{page(territory)}{grant_of(contributor).ref}/"
    answer = client_of(lead).post(url, {"role": role, "until": until})
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, [field])
    assert grant_of(contributor).role == Role.CONTRIBUTOR


def test_a_day_that_is_no_day_is_refused(territory, lead, contributor, client_of):
    url = f"{page(territory)}{grant_of(contributor).ref}/"
    answer = client_of(lead).post(url, {"role": "reader", "until": "demain"})
    assert list(answer.context["form"].errors) == ["until"]


def test_the_last_lead_is_told_to_hand_over(territory, lead, contributor, client_of):
    url = f"{page(territory)}{grant_of(lead).ref}/"
    answer = client_of(lead).post(url, {"role": "reader"})
    sentence = (
        f"Ce territoire n’aurait plus de référent{NBSP}: passez d’abord la main à un autre membre."
    )
    assert (answer.status_code, answer.context["form"].errors) == (409, {"role": [sentence]})
    assert messages_of(client_of(lead).post(f"{url}retirer/")) == [sentence]
    assert roles_of(lead, territory) == {Role.LEAD}


def test_handing_over_is_two_clicks(territory, lead, contributor, client_of):
    client, url = client_of(lead), f"{page(territory)}{grant_of(contributor).ref}/"
    assert f'href="{url}"' in client.get(page(territory)).text
    assert f'action="{url}passer-la-main/"' in client.get(url).text
    assert messages_of(client.post(f"{url}passer-la-main/")) == [
        f"Bruno Carlier est maintenant référent du territoire{NBSP}; vous êtes contributeur."
    ]


def test_a_second_click_on_handing_over_is_no_error(territory, lead, contributor, client_of):
    url = f"{page(territory)}{grant_of(contributor).ref}/passer-la-main/"
    answers = [client_of(lead).post(url) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert roles_of(contributor, territory) == {Role.LEAD}
    assert roles_of(lead, territory) == {Role.CONTRIBUTOR}


def test_a_second_click_on_removing_is_no_error(territory, lead, reader, client_of):
    url = f"{page(territory)}{grant_of(reader).ref}/retirer/"
    first, second = (client_of(lead).post(url) for _ in range(2))
    assert messages_of(first) == ["Denis Wattel n’a plus ce rôle dans l’équipe."]
    assert messages_of(second) == ["Cette personne ne fait plus partie de l’équipe."]


def test_a_lead_who_leaves_is_sent_home(territory, lead, client_of):
    factories.grant(factories.create_user(), territory, Role.LEAD)
    answer = client_of(lead).post(f"{page(territory)}{grant_of(lead).ref}/retirer/")
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_an_unknown_member_is_not_found(territory, lead, client_of):
    assert client_of(lead).get(f"{page(territory)}inconnu2/").status_code == 404


@pytest.mark.parametrize("action", ["inviter/", "inconnu2/passer-la-main/", "inconnu2/retirer/"])
def test_acts_need_a_post(territory, lead, client_of, action):
    assert client_of(lead).get(f"{page(territory)}{action}").status_code == 405
