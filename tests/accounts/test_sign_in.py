import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests.factories import PASSWORD, create_user

WRONG = (
    "L’adresse ou le mot de passe ne convient pas. Vérifiez-les, ou demandez un code de connexion "
    "par courriel."
)


@pytest.fixture
def alice(db):
    return create_user("Alice Lambert", email="alice@tests.example")


def signed_in_user_id(client):
    return client.session.get("_auth_user_id")


def sign_in(client, login="alice@tests.example", password=PASSWORD, **fields):
    return client.post("/connexion/", {"login": login, "password": password, **fields})


def request_code(client, email):
    return client.post("/connexion/code/", {"email": email})


def code_in(message):
    return re.search(r"\d{4}-\d{4}", message.body)[0]


def test_by_password(client, alice):
    answer = sign_in(client)
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("home"))
    assert signed_in_user_id(client) == str(alice.pk)


def test_the_address_is_recognised_in_any_case(client, alice):
    sign_in(client, login="Alice@Tests.example")
    assert signed_in_user_id(client) == str(alice.pk)


def test_the_form_suits_password_managers(client, db):
    page = client.get("/connexion/").content.decode()
    fields = re.findall(r'<input [^>]*name="(login|password)"[^>]*>', page)
    assert fields == ["login", "password"]
    assert re.findall(r'autocomplete="([\w-]+)"', page) == ["username", "current-password"]


@pytest.mark.parametrize(
    ("login", "password"),
    [("alice@tests.example", "un autre mot de passe"), ("inconnue@tests.example", PASSWORD)],
)
def test_a_wrong_password_and_an_unknown_address_get_the_same_sentence(
    client, alice, login, password
):
    answer = sign_in(client, login=login, password=password)
    assert answer.context["form"].non_field_errors() == [WRONG]
    assert signed_in_user_id(client) is None


def test_five_failures_close_the_account_for_a_while(client, alice):
    for _ in range(5):
        sign_in(client, password="faux")
    answer = sign_in(client)
    assert answer.context["form"].non_field_errors() == [
        "Trop d’essais sans succès. Attendez cinq minutes, ou demandez un code de connexion par "
        "courriel."
    ]
    assert signed_in_user_id(client) is None


def test_too_many_requests_from_one_address_get_a_page(client, alice, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    sign_in(client, password="faux")
    answer = sign_in(client)
    assert answer.status_code == 429
    assert "Attendez une minute, puis recommencez." in answer.content.decode()


def test_continues_to_the_page_that_asked(client, alice):
    answer = sign_in(client, next="/mot-de-passe/")
    assert answer.headers["Location"] == "/mot-de-passe/"


def test_never_continues_to_another_site(client, alice):
    answer = sign_in(client, next="https://ailleurs.example/")
    assert answer.headers["Location"] == reverse("home")


def test_a_page_that_needs_signing_in_asks_for_it(client, db):
    answer = client.get("/mot-de-passe/")
    assert answer.headers["Location"] == "/connexion/?next=/mot-de-passe/"


def test_somebody_signed_in_is_taken_home(client_of, alice):
    answer = client_of(alice).get("/connexion/")
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("home"))


def test_by_code(client, alice):
    answer = request_code(client, "alice@tests.example")
    assert answer.headers["Location"] == "/connexion/code/saisie/"
    (message,) = mail.outbox
    assert (message.to, message.subject) == (["alice@tests.example"], "Votre code de connexion")
    (html, _), code = message.alternatives[0], code_in(message)
    assert f'<p class="code">{code}</p>' in html
    answer = client.post("/connexion/code/saisie/", {"code": code.replace("-", " ")})
    assert answer.headers["Location"] == reverse("home")
    assert signed_in_user_id(client) == str(alice.pk)


def test_by_code_continues_to_the_page_that_asked(client, alice):
    page = client.get("/connexion/?next=/mot-de-passe/").content.decode()
    assert 'href="/connexion/code/?next=%2Fmot-de-passe%2F"' in page
    data = {"email": "alice@tests.example", "next": "/mot-de-passe/"}
    answer = client.post("/connexion/code/", data)
    assert answer.headers["Location"] == "/connexion/code/saisie/?next=%2Fmot-de-passe%2F"
    code = {"code": code_in(mail.outbox[0]), "next": "/mot-de-passe/"}
    answer = client.post("/connexion/code/saisie/", code)
    assert answer.headers["Location"] == "/mot-de-passe/"


def test_a_wrong_code(client, alice):
    request_code(client, "alice@tests.example")
    answer = client.post("/connexion/code/saisie/", {"code": "nimporte"})
    assert answer.context["form"].errors == {
        "code": ["Ce code ne convient pas. Recopiez le dernier code reçu."]
    }
    assert signed_in_user_id(client) is None


def test_a_code_can_be_sent_again_and_replaces_the_first(client, alice):
    request_code(client, "alice@tests.example")
    client.post("/connexion/code/saisie/", {"action": "resend"})
    first, second = map(code_in, mail.outbox)
    client.post("/connexion/code/saisie/", {"code": first})
    assert signed_in_user_id(client) is None
    client.post("/connexion/code/saisie/", {"code": second})
    assert signed_in_user_id(client) == str(alice.pk)


def test_an_unknown_address_is_not_revealed_by_the_code_page(client, alice, django_user_model):
    pages = []
    for address in ("alice@tests.example", "inconnue@tests.example"):
        client.cookies.clear()
        request_code(client, address)
        page = client.get("/connexion/code/saisie/").content.decode()
        page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
        pages.append(page.replace(address, "…"))
    assert pages[0] == pages[1]
    assert [message.to for message in mail.outbox] == [["alice@tests.example"]]


def test_a_deactivated_account_doesn_t_enter(client, alice):
    alice.is_active = False
    alice.save(update_fields=["is_active"])
    answer = sign_in(client)
    assert answer.headers["Location"] == "/compte-desactive/"
    assert client.get("/compte-desactive/").status_code == 200
    request_code(client, "alice@tests.example")
    assert mail.outbox == []
    assert signed_in_user_id(client) is None


def test_deactivating_ends_the_open_sessions(client_of, alice):
    client = client_of(alice)
    alice.is_active = False
    alice.save(update_fields=["is_active"])
    answer = client.get("/mot-de-passe/")
    assert answer.headers["Location"] == "/connexion/?next=/mot-de-passe/"


def test_signing_out_is_confirmed_then_done(client_of, alice):
    client = client_of(alice)
    assert "Se déconnecter\N{NO-BREAK SPACE}?" in client.get("/deconnexion/").content.decode()
    assert signed_in_user_id(client) == str(alice.pk)
    answer = client.post("/deconnexion/", follow=True)
    assert [str(message) for message in answer.context["messages"]] == ["Vous êtes déconnecté."]
    assert signed_in_user_id(client) is None


def test_nobody_signs_up_alone(client, django_user_model, db):
    data = {"email": "intrus@tests.example", "password1": PASSWORD}
    for answer in (client.get("/inscription/"), client.post("/inscription/", data)):
        assert "Les comptes s’ouvrent sur invitation" in answer.content.decode()
    assert django_user_model.objects.count() == 0


def test_the_demo_accounts_are_shown_in_a_demo_only(client, db, settings):
    assert "demo-quartiers" not in client.get("/connexion/").content.decode()
    settings.DEMO = True
    page = client.get("/connexion/").content.decode()
    assert "demo-quartiers" in page
    assert re.findall(r"<code>(\w+)@demo.example</code>", page) == [
        "lead",
        "contributor",
        "partner",
        "reader",
        "outsider",
        "trainer",
        "observer",
        "admin",
    ]


# In the page, when the session has expired (static/js/sign-in.js)

SCRIPT = {"headers": {"accept": "application/json"}}


def in_place(client, password=PASSWORD):
    data = {"login": "alice@tests.example", "password": password}
    return client.post("/connexion/", data, **SCRIPT)


def test_in_place_says_who_is_signed_in(client, alice):
    assert client.get("/session/").json()["owner"] == ""
    assert in_place(client).status_code == 200
    assert client.get("/session/").json()["owner"] == alice.device_key


def test_in_place_with_the_token_of_nobody(alice):
    client = Client(enforce_csrf_checks=True)
    token = client.get("/session/").json()["csrf_token"]
    data = {"login": "alice@tests.example", "password": PASSWORD}
    answer = client.post("/connexion/", data, headers={"x-csrftoken": token})
    assert answer.status_code == 302


def test_in_place_refusals_are_said_in_json(client, alice, settings):
    answer = in_place(client, password="faux")
    assert (answer.status_code, answer.json()["form"]["errors"]) == (400, [WRONG])
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    in_place(client)
    answer = in_place(client)
    assert (answer.status_code, list(answer.json())) == (429, ["message"])


def test_in_place_a_closed_account_stays_out(client, alice):
    alice.is_active = False
    alice.save()
    in_place(client)
    assert client.get("/session/").json()["owner"] == ""
