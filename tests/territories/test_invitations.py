"""Inviting, and what a link leads to."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from journal.models import Entry
from territories import invitations
from territories.enums import Role
from territories.invitations import AlreadyInvited, InvitationRefused, UnknownLink
from territories.models import Grant, Invitation
from territories.permissions import roles_of
from tests import factories

ADDRESS = "nouvelle@tests.example"
PASSWORD = "un-phare-dans-la-brume"
LINK = re.compile(r"http://testserver(/invitations/\S+/)")


@pytest.fixture
def invitation(territory, lead):
    """Sent a minute ago to somebody who has no account."""
    return Invitation.objects.create(
        territory=territory,
        email=ADDRESS,
        role=Role.CONTRIBUTOR,
        invited_by=lead,
        sent_at=timezone.now() - timedelta(minutes=1),
    )


@pytest.fixture
def account(db):
    """The account of the invited address."""
    return factories.create_user("Nora Nouvelle", email=ADDRESS)


@pytest.fixture
def post_office(run_tasks, django_capture_on_commit_callbacks):
    """Runs `act` and returns the messages that left because of it."""

    def deliver(act):
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            act()
        run_tasks()
        return mail.outbox

    return deliver


@pytest.fixture
def days_later(monkeypatch):
    """`days_later(n)`: links are read n days from now."""
    now = timezone.now().timestamp()

    def wait(days):
        monkeypatch.setattr("django.core.signing.time.time", lambda: now + days * 86400)

    return wait


def path_of(invitation):
    return f"/invitations/{invitations.link_token(invitation)}/"


# Inviting


def test_an_invitation_leaves_by_mail(territory, lead, post_office):
    (message,) = post_office(
        lambda: invitations.invite(
            territory=territory, email=" Nouvelle@Tests.example ", role=Role.READER, by=lead
        )
    )
    assert (message.to, message.subject) == (
        [ADDRESS],
        "Alice Lambert vous invite dans l’équipe : CU de Dunkerque",
    )
    (html, _) = message.alternatives[0]
    assert len(LINK.findall(message.body)) == 1
    assert LINK.findall(message.body)[0] in html


def test_an_invitation_is_told_in_the_journal(territory, lead):
    invitations.invite(territory=territory, email=ADDRESS, role=Role.READER, by=lead)
    entry = Entry.objects.of(territory.scope).get()
    assert (entry.verb, entry.actor, entry.data) == (
        "invitation.sent",
        lead,
        {"email": ADDRESS, "role": "reader"},
    )


def test_nothing_leaves_when_the_act_is_undone(territory, lead, post_office):
    def undone():
        with transaction.atomic():
            invitations.invite(territory=territory, email=ADDRESS, role=Role.READER, by=lead)
            transaction.set_rollback(True)

    assert post_office(undone) == []


def test_the_same_invitation_twice_sends_one_message(invitation, lead, post_office):
    def again():
        with pytest.raises(AlreadyInvited):
            invitations.invite(
                territory=invitation.territory,
                email="NOUVELLE@tests.example",
                role=Role.CONTRIBUTOR,
                by=lead,
            )

    assert post_office(again) == []
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize("role", [Role.READER, Role.CONTRIBUTOR])
def test_a_member_is_not_invited_whatever_the_role(territory, lead, reader, role, post_office):
    """Two roles of one person would make taking one away an illusion."""

    def invite():
        with pytest.raises(InvitationRefused) as refusal:
            invitations.invite(territory=territory, email=reader.email.upper(), role=role, by=lead)
        said = "Cette personne est déjà dans l’équipe\N{NO-BREAK SPACE}: changez plutôt son rôle."
        assert str(refusal.value) == said

    assert post_office(invite) == []


def test_a_fresh_link_leaves_after_an_hour_at_the_earliest(invitation, lead, post_office):
    def too_soon():
        with pytest.raises(InvitationRefused):
            invitations.invite_again(invitation=invitation, by=lead)

    assert post_office(too_soon) == []
    Invitation.objects.update(sent_at=timezone.now() - timedelta(hours=1, seconds=1))
    (message,) = post_office(lambda: invitations.invite_again(invitation=invitation, by=lead))
    assert message.to == [ADDRESS]
    invitation.refresh_from_db()
    assert timezone.now() - invitation.sent_at < timedelta(minutes=1)


def test_what_was_accepted_is_not_sent_again_nor_withdrawn(invitation, account, lead):
    invitations.accept_invitation(invitation=invitation, by=account)
    Invitation.objects.update(sent_at=timezone.now() - timedelta(days=2))
    for act in (invitations.invite_again, invitations.withdraw_invitation):
        with pytest.raises(InvitationRefused) as refusal:
            act(invitation=invitation, by=lead)
        assert str(refusal.value) == "Cette invitation a déjà été acceptée."


def test_a_withdrawn_invitation_leaves_a_trace_and_dead_links(invitation, lead, client):
    path = path_of(invitation)
    invitations.withdraw_invitation(invitation=invitation, by=lead)
    assert Entry.objects.get().verb == "invitation.withdrawn"
    assert client.get(path).status_code == 404


def test_accepting_what_was_withdrawn_is_refused(invitation, account, lead):
    invitations.withdraw_invitation(invitation=Invitation.objects.get(pk=invitation.pk), by=lead)
    with pytest.raises(InvitationRefused) as refusal:
        invitations.accept_invitation(invitation=invitation, by=account)
    assert str(refusal.value) == "Cette invitation a été retirée."


def test_accepting_gives_the_role_once(invitation, account, lead):
    for _ in range(2):
        invitations.accept_invitation(invitation=invitation, by=account)
    grant = Grant.objects.get(user=account)
    assert (grant.role, grant.granted_by) == (Role.CONTRIBUTOR, lead)
    assert [entry.verb for entry in Entry.objects.all()] == ["team.member_joined"]


def test_nobody_accepts_for_another(invitation, outsider):
    with pytest.raises(InvitationRefused):
        invitations.accept_invitation(invitation=invitation, by=outsider)
    assert roles_of(outsider, invitation.territory) == frozenset()


def test_an_account_is_opened_once(invitation, account):
    with pytest.raises(InvitationRefused) as refusal:
        invitations.open_account(invitation=invitation, name="X", password=PASSWORD)
    assert str(refusal.value).startswith("Un compte existe déjà")
    assert User.objects.filter(email=ADDRESS).count() == 1


# Links


@pytest.mark.parametrize("spoil", [str.upper, lambda token: token[:-1], lambda token: "x"])
def test_a_spoilt_link_is_unknown(invitation, spoil):
    with pytest.raises(UnknownLink):
        invitations.read_token(spoil(invitations.link_token(invitation)))


def test_a_link_works_for_thirty_days(invitation, days_later):
    token = invitations.link_token(invitation)
    answers = []
    for days in (29.9, 30.1):
        days_later(days)
        answers.append(invitations.read_token(token))
    assert answers == [(invitation, False), (invitation, True)]


# The page of a link, without an account


def test_a_mail_scanner_consumes_nothing(invitation, client):
    path = path_of(invitation)
    statuses = [client.get(path).status_code, client.head(path).status_code]
    statuses.append(client.get(path).status_code)
    invitation.refresh_from_db()
    assert (statuses, invitation.accepted_at) == ([200, 200, 200], None)
    assert not User.objects.filter(email=ADDRESS).exists()


def test_name_and_password_open_the_account_and_sign_in(invitation, client):
    answer = client.post(path_of(invitation), {"name": " Nora  Nouvelle\x07", "password": PASSWORD})
    user = User.objects.get(email=ADDRESS)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert (user.name, user.check_password(PASSWORD)) == ("Nora Nouvelle", True)
    assert client.session["_auth_user_id"] == str(user.pk)
    assert roles_of(user, invitation.territory) == {Role.CONTRIBUTOR}


@pytest.mark.parametrize(
    ("name", "password", "field"),
    [
        ("", PASSWORD, "name"),
        ("\x07", PASSWORD, "name"),
        ("Nora", "", "password"),
        ("Nora", "court", "password"),
        ("Nora", "123456789012", "password"),
        ("Nora", "password123456", "password"),
        ("Nora", "nouvelle@tests.example", "password"),
    ],
)
def test_the_account_form_refuses(invitation, client, name, password, field):
    answer = client.post(path_of(invitation), {"name": name, "password": password})
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, [field])
    assert not User.objects.filter(email=ADDRESS).exists()


def test_a_name_too_long_is_refused_whole(invitation, client):
    answer = client.post(path_of(invitation), {"name": "N" * 121, "password": PASSWORD})
    assert (answer.status_code, list(answer.context["form"].errors)) == (413, ["name"])
    assert not User.objects.filter(email=ADDRESS).exists()


def test_a_second_click_on_opening_the_account_is_no_error(invitation, client):
    for _ in range(2):
        answer = client.post(path_of(invitation), {"name": "Nora", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert User.objects.filter(email=ADDRESS).count() == 1


# The page of a link, with an account


def test_somebody_with_an_account_is_asked_to_sign_in(invitation, account, client):
    path = path_of(invitation)
    answer = client.get(path)
    assert answer.templates[0].name == "territories/invitation_sign_in.html"
    assert f'href="/connexion/?next={path}"' in answer.text


def test_posting_without_signing_in_accepts_nothing(invitation, account, client):
    client.post(path_of(invitation), {"name": "Intrus", "password": PASSWORD})
    account.refresh_from_db()
    assert (account.name, roles_of(account, invitation.territory)) == (
        "Nora Nouvelle",
        frozenset(),
    )


def test_signed_in_one_accepts_by_a_button(invitation, account, client_of):
    client, path = client_of(account), path_of(invitation)
    assert client.get(path).templates[0].name == "territories/invitation_accept.html"
    assert roles_of(account, invitation.territory) == frozenset()
    answer = client.post(path)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert roles_of(account, invitation.territory) == {Role.CONTRIBUTOR}


def test_the_case_of_the_address_does_not_matter(invitation, client_of):
    user = factories.create_user("Nora Nouvelle")
    User.objects.filter(pk=user.pk).update(email="Nouvelle@tests.example")
    client_of(user).post(path_of(invitation))
    assert roles_of(user, invitation.territory) == {Role.CONTRIBUTOR}


@pytest.mark.parametrize("method", ["get", "post"])
def test_another_account_is_told_so(invitation, outsider, client_of, method):
    answer = getattr(client_of(outsider), method)(path_of(invitation))
    assert answer.status_code == 403
    assert ADDRESS in answer.text
    assert 'action="/deconnexion/"' in answer.text
    assert roles_of(outsider, invitation.territory) == frozenset()


def test_a_used_link_leads_to_the_page(invitation, account, client_of, client):
    invitations.accept_invitation(invitation=invitation, by=account)
    for visitor in (client_of(account), client):
        answer = visitor.get(path_of(invitation))
        assert (answer.status_code, answer["Location"]) == (302, "/")


def test_an_expired_link_offers_a_new_one(invitation, client, days_later, post_office):
    path = path_of(invitation)
    days_later(31)
    Invitation.objects.update(sent_at=timezone.now() - timedelta(days=31))
    answer = client.get(path)
    assert answer.status_code == 410
    assert "Recevoir une nouvelle invitation" in answer.text
    (message,) = post_office(lambda: client.post(f"{path}renouveler/"))
    assert message.to == [ADDRESS]
    fresh = LINK.search(message.body)[1]
    assert (client.get(fresh).status_code, client.get(path).status_code) == (200, 410)
    assert post_office(lambda: client.post(f"{path}renouveler/")) == []


def test_an_expired_link_accepts_nothing(invitation, client, days_later):
    path = path_of(invitation)
    days_later(31)
    answer = client.post(path, {"name": "Nora", "password": PASSWORD})
    assert answer.status_code == 410
    assert not User.objects.filter(email=ADDRESS).exists()


@pytest.mark.parametrize("suffix", ["", "renouveler/"])
def test_an_unknown_link_says_what_to_do(db, client, suffix):
    answer = client.post(f"/invitations/inconnu/{suffix}")
    assert answer.status_code == 404
    assert "Ce lien ne mène à aucune invitation" in answer.text


def test_a_renewal_needs_a_post(invitation, client):
    assert client.get(f"{path_of(invitation)}renouveler/").status_code == 405
