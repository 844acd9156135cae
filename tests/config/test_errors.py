import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.urls import reverse

from config import errors


@pytest.fixture
def forgiving_client(lead):
    """Signed in as the lead; a failing view gives its page, as in production."""
    client = Client(raise_request_exception=False)
    client.force_login(lead)
    return client


def test_a_page_that_doesn_t_exist(client_of, lead):
    answer = client_of(lead).get("/cette-page-manque/")
    assert answer.status_code == 404
    assert "<h1>Cette page n’existe pas</h1>" in answer.content.decode()


def test_too_much_at_once(client_of, lead, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    answer = client_of(lead).post("/mot-de-passe/", {"oldpassword": "x" * 200})
    assert answer.status_code == 413
    assert "<h1>C’est trop gros pour être reçu</h1>" in answer.content.decode()


def test_too_many_fields(client_of, lead, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2
    answer = client_of(lead).post("/mot-de-passe/", {"a": "1", "b": "2", "c": "3"})
    assert answer.status_code == 400
    assert "<h1>Cette demande n’est pas lisible</h1>" in answer.content.decode()


def test_a_page_that_has_aged(lead):
    client = Client(enforce_csrf_checks=True)
    client.force_login(lead)
    answer = client.post("/mot-de-passe/", {"oldpassword": "x"})
    assert answer.status_code == 403
    assert "<h1>Cette page a vieilli</h1>" in answer.content.decode()


def test_a_refusal_gives_its_reason(forgiving_client, monkeypatch):
    def refuse(request):
        raise PermissionDenied("Seul le référent peut transmettre.")

    monkeypatch.setattr("config.views.render", lambda request, template: refuse(request))
    answer = forgiving_client.get(reverse("about"))
    assert answer.status_code == 403
    assert "<p>Seul le référent peut transmettre.</p>" in answer.content.decode()


def test_a_failure_asks_nothing_of_the_database():
    # This test has no database: asking it would fail.
    answer = errors.server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "<h1>Une panne de notre côté</h1>" in answer.content.decode()


def test_a_failure_gets_that_page(forgiving_client, monkeypatch):
    monkeypatch.setattr("config.views.render", lambda request, template: 1 / 0)
    answer = forgiving_client.get(reverse("about"))
    assert answer.status_code == 500
    assert "<h1>Une panne de notre côté</h1>" in answer.content.decode()
