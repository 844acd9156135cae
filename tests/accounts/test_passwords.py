import re

import pytest
from django.core import mail

from tests.factories import PASSWORD, create_user

NEW = "trois briques et un linteau"


@pytest.fixture
def alice(db):
    return create_user("Alice Lambert", email="alice@tests.example")


def link_in(message):
    return re.search(r"http://testserver(/mot-de-passe/nouveau/\S+)", message.body)[1]


def choose(client, link, password=NEW):
    """Opens the link of the message, then sends the form that it leads to."""
    form_address = client.get(link).headers["Location"]
    client.get(form_address)
    return client.post(form_address, {"password1": password, "password2": password})


def test_a_forgotten_password(client, alice):
    answer = client.post("/mot-de-passe/oubli/", {"email": "alice@tests.example"})
    assert answer.headers["Location"] == "/mot-de-passe/oubli/envoi/"
    (message,) = mail.outbox
    assert message.to == ["alice@tests.example"]
    assert message.subject == "Choisir un nouveau mot de passe"
    ((html, kind),) = message.alternatives
    assert kind == "text/html"
    assert f'href="http://testserver{link_in(message)}"' in html
    answer = choose(client, link_in(message))
    assert answer.headers["Location"] == "/mot-de-passe/nouveau/fait/"
    assert "Mot de passe enregistré" in client.get("/mot-de-passe/nouveau/fait/").content.decode()
    alice.refresh_from_db()
    assert alice.check_password(NEW)


def test_the_link_leads_to_the_public_address_whatever_the_request_names(client, alice):
    data = {"email": "alice@tests.example"}
    answer = client.post("/mot-de-passe/oubli/", data, headers={"host": "localhost:8080"})
    assert answer.status_code == 302
    (message,) = mail.outbox
    choose(client, link_in(message))
    alice.refresh_from_db()
    assert alice.check_password(NEW)
    assert "localhost" not in message.body + message.alternatives[0].content


def test_opening_the_link_doesn_t_use_it_up(client, alice):
    client.post("/mot-de-passe/oubli/", {"email": "alice@tests.example"})
    link = link_in(mail.outbox[0])
    client.get(link)
    client.cookies.clear()
    assert choose(client, link).headers["Location"] == "/mot-de-passe/nouveau/fait/"


def test_a_used_link_offers_another(client, alice):
    client.post("/mot-de-passe/oubli/", {"email": "alice@tests.example"})
    link = link_in(mail.outbox[0])
    choose(client, link)
    client.cookies.clear()
    page = client.get(link).content.decode()
    assert "Ce lien ne sert plus" in page
    assert 'href="/mot-de-passe/oubli/"' in page


def test_an_account_without_password_gets_one_by_the_same_way(client, alice):
    alice.set_unusable_password()
    alice.save(update_fields=["password"])
    client.post("/mot-de-passe/oubli/", {"email": "alice@tests.example"})
    choose(client, link_in(mail.outbox[0]))
    alice.refresh_from_db()
    assert alice.check_password(NEW)


def test_an_unknown_address_is_not_revealed(client, alice):
    for address in ("alice@tests.example", "inconnue@tests.example"):
        answer = client.post("/mot-de-passe/oubli/", {"email": address})
        assert answer.headers["Location"] == "/mot-de-passe/oubli/envoi/"
    assert [message.to for message in mail.outbox] == [["alice@tests.example"]]
    assert "tests.example" not in client.get("/mot-de-passe/oubli/envoi/").content.decode()


def test_changing_one_s_password_keeps_one_signed_in(client_of, alice):
    client = client_of(alice)
    data = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    client.post("/mot-de-passe/", data)
    alice.refresh_from_db()
    assert alice.check_password(NEW)
    assert client.get("/mot-de-passe/").status_code == 200


def test_the_current_password_is_asked(client_of, alice):
    data = {"oldpassword": "faux", "password1": NEW, "password2": NEW}
    answer = client_of(alice).post("/mot-de-passe/", data)
    assert answer.context["form"].errors == {
        "oldpassword": ["Ce n’est pas votre mot de passe actuel."]
    }


def test_choosing_a_first_password_when_signed_in_by_code(client_of, alice):
    alice.set_unusable_password()
    alice.save(update_fields=["password"])
    client = client_of(alice)
    assert client.get("/mot-de-passe/").headers["Location"] == "/mot-de-passe/choix/"
    assert client.get("/mot-de-passe/choix/").status_code == 200
    client.post("/mot-de-passe/choix/", {"password1": NEW, "password2": NEW})
    alice.refresh_from_db()
    assert alice.check_password(NEW)
