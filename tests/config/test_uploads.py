from io import BytesIO
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import (
    InMemoryUploadedFile,
    SimpleUploadedFile,
    TemporaryUploadedFile,
)
from django.test import Client, RequestFactory

from config import uploads
from opportunities.attachments import MAX_AT_ONCE

PAGE = "<h1>C’est trop gros pour être reçu</h1>"
PASSWORD = "/mot-de-passe/"


@pytest.fixture
def at_most(monkeypatch):
    """At most 10,000 bytes in one request, and 50,000 read to their end."""
    monkeypatch.setattr(uploads, "MAX_REQUEST_BYTES", 10_000)
    monkeypatch.setattr(uploads, "_DRAINED", 50_000)


def send(client, size, **headers):
    data = {"oldpassword": "x", "file": SimpleUploadedFile("photo.jpg", bytes(size))}
    return client.post(PASSWORD, data, headers=headers)


@pytest.mark.parametrize("size", [10_001, 49_000, 200_000])
@pytest.mark.parametrize("checks", [True, False])
def test_too_heavy_a_request(at_most, lead, size, checks):
    client = Client(enforce_csrf_checks=checks)
    client.force_login(lead)
    answer = send(client, size)
    assert answer.status_code == 413
    assert PAGE in answer.text


def test_a_request_just_light_enough(at_most, client_of, lead):
    assert send(client_of(lead), 9_000).status_code == 200


def test_a_module_is_answered_in_json(at_most, client_of, lead):
    answer = send(client_of(lead), 20_000, Accept="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (413, "application/json")


def test_somebody_who_is_signed_out(at_most, db):
    assert send(Client(), 20_000).status_code == 413


@pytest.mark.parametrize(
    ("headers", "said"),
    [({}, PAGE), ({"Accept": "application/json"}, "Votre texte reste dans la page.")],
)
def test_too_many_files(client_of, lead, headers, said):
    client = client_of(lead)
    file = SimpleUploadedFile("photo.jpg", b"x")
    answer = client.post(PASSWORD, {"oldpassword": "x", "file": [file] * 101}, headers=headers)
    assert answer.status_code == 413
    assert said in answer.text


@pytest.mark.parametrize(("length", "left"), [(20_000, 0), (60_000, 60_000)])
def test_what_is_refused_is_read_to_its_end_if_it_isn_t_endless(at_most, length, left):
    """Else the browser, still sending, would show a broken connection and not the page."""
    body = BytesIO(bytes(length))
    with pytest.raises(uploads.RequestDataTooBig):
        uploads.RefuseHugeRequests().handle_raw_input(body, {}, length, b"")
    assert len(body.read()) == left


def test_what_is_said_of_it_in_the_browser_is_true():
    """static/js/attachments.js stops the sending before the server would."""
    script = Path(finders.find("js/attachments.js")).read_text()
    assert "MOST_AT_ONCE = 100 * 1024 * 1024;" in script
    assert uploads.MAX_REQUEST_BYTES == 100 * 1024 * 1024
    assert f"MOST_FILES = {MAX_AT_ONCE};" in script


@pytest.mark.parametrize(
    ("size", "kept_in"), [(1_000, InMemoryUploadedFile), (3_000_000, TemporaryUploadedFile)]
)
def test_large_files_wait_on_the_disk(size, kept_in):
    """Not in memory: several of 15 MB may come together."""
    file = SimpleUploadedFile("photo.jpg", bytes(size))
    request = RequestFactory().post("/", {"file": file})
    assert type(request.FILES["file"]) is kept_in
    request.close()
