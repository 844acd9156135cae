"""What is found in whole requests, through the middleware that the live server has too."""

from urllib.request import urlopen

import pytest

from tests.harness import under_way, violations


@pytest.fixture(autouse=True)
def faulty_urls(settings):
    settings.ROOT_URLCONF = "tests.harness.faulty"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "findings"),
    [
        ("/clean", []),
        ("/inline-script", ["an inline <script> at /inline-script"]),
        ("/without-policy", ["no Content-Security-Policy header at /without-policy"]),
        ("/undefined-variable", ["the undefined variable 'absent' in the template None"]),
        ("/write", ["a write to accounts_user during GET /write"]),
        ("/allowed-writes", []),
    ],
)
def test_findings_of_a_get(client, address, findings):
    with violations.expected() as found:
        assert client.get(address).status_code == 200
    assert found == findings


def test_a_loose_policy_is_found(client):
    with violations.expected() as found:
        client.get("/loose-policy")
    (finding,) = found
    assert finding.startswith("a loose Content-Security-Policy (")


@pytest.mark.django_db
def test_a_post_may_write(client):
    with violations.expected() as found:
        client.post("/write")
    assert found == []


@pytest.mark.django_db
def test_a_head_may_not_write(client):
    with violations.expected() as found:
        client.head("/write")
    assert found == ["a write to accounts_user during HEAD /write"]


def test_the_live_server_is_watched_too(live_server):
    with violations.expected() as found, urlopen(f"{live_server.url}/write"):
        pass
    assert found == ["a write to accounts_user during GET /write"]


def test_what_the_server_is_answering_is_waited_for(rf, monkeypatch):
    monkeypatch.setattr(under_way, "PATIENCE", 0)

    def answer(request):
        with pytest.raises(TimeoutError, match="/clean"):
            under_way.wait_for_none()

    under_way.note_requests(answer)(rf.get("/clean"))
    under_way.wait_for_none()
