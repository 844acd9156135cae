import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.resending import SIGNED_OUT

TEXTS = {"title": "La halle & <b>le port</b>", "kind": "friche"}
OURS = "http://testserver"


@pytest.fixture
def address(territory):
    return f"/territoires/{territory.ref}/opportunites/nouvelle/"


@pytest.fixture
def stranger(db):
    """Asks for what needs signing in; a failing view gives its page, as in production."""
    return Client(raise_request_exception=False)


@pytest.fixture
def late(lead):
    """Signed in, from pages older than the sign-in."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(lead)
    return client


def is_given_back(answer):
    return "Renvoyer ce que j’avais écrit" in answer.content.decode()


@pytest.mark.parametrize("headers", [{"accept": "application/json"}, {"hx-request": "true"}])
@pytest.mark.parametrize("client_name", ["stranger", "late"])
def test_a_script_of_ours_is_told_where_to_sign_in(request, client_name, headers, address):
    client = request.getfixturevalue(client_name)
    answer = client.post(address, TEXTS, headers=headers | {"origin": OURS})
    assert (answer.status_code, answer.json()) == (
        403,
        {"message": SIGNED_OUT, "sign_in": "/connexion/"},
    )


@pytest.mark.parametrize("headers", [{"origin": OURS}, {"referer": f"{OURS}/territoires/"}])
@pytest.mark.parametrize("client_name", ["stranger", "late"])
def test_what_our_own_page_sent_is_given_back(request, client_name, headers, address):
    client = request.getfixturevalue(client_name)
    answer = client.post(address, TEXTS, headers=headers)
    page = answer.content.decode()
    assert (answer.status_code, is_given_back(answer)) == (403, True)
    assert f'<form method="post" action="{address}"' in page
    assert "\nLa halle &amp; &lt;b&gt;le port&lt;/b&gt;</textarea>" in page


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "null"},
        {"origin": "null", "referer": f"{OURS}/"},
        {"origin": "http://evil.example"},
        {"origin": "http://evil.example", "referer": f"{OURS}/"},
        {"origin": "http://testserver.evil.example"},
        {"origin": "http://testserver:8080"},
        {"origin": "https://testserver"},
        {"origin": "http://["},
        {"referer": "http://evil.example/http://testserver/"},
        {"referer": "http://testserver@evil.example/"},
    ],
)
def test_what_another_site_sends_is_never_offered(headers, address, stranger, late):
    answer = stranger.post(address, TEXTS, headers=headers)
    assert (answer.status_code, answer["Location"]) == (302, f"/connexion/?next={address}")
    answer = late.post(address, TEXTS, headers=headers)
    assert (answer.status_code, is_given_back(answer)) == (403, False)


def test_a_password_is_never_written_back(late):
    data = {"oldpassword": "quartiers-en-essai", "password1": "un autre, plus long"}
    answer = late.post("/mot-de-passe/", data, headers={"origin": OURS})
    assert (answer.status_code, is_given_back(answer)) == (403, False)
    assert "un autre, plus long" not in answer.content.decode()


def test_files_are_said_not_to_be_kept(address, stranger):
    data = TEXTS | {"files": SimpleUploadedFile("Plan.pdf", b"%PDF-1.7")}
    answer = stranger.post(address, data, headers={"origin": OURS})
    assert is_given_back(answer)
    assert "les fichiers que vous aviez choisis seront à joindre à nouveau" in answer.text
    answer = stranger.post(address, TEXTS, headers={"origin": OURS})
    assert "les fichiers que vous aviez choisis" not in answer.text
