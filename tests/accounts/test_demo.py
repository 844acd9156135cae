import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives

HOSTILE_NAMES = [
    "..%2F..%2Fmanage.py",
    "%2Fetc%2Fpasswd",
    "20261122-101500-1-0%00",
    "20261122-101500-1",
    "notes.log",
]


@pytest.fixture
def sent(settings, tmp_path):
    """Two messages written as a demonstration does; the folder also has a file of somebody else."""
    settings.DEMO = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "courriels"
    EmailMessage("Le premier", "Bonjour à tous", to=["bruno@tests.example"]).send()
    message = EmailMultiAlternatives(
        "Réunion d’équipe", "Voir http://testserver/", to=["alice@tests.example"]
    )
    message.attach_alternative("<p>Voir la <b>page</b></p>", "text/html")
    message.send()
    (settings.EMAIL_FILE_PATH / "notes.log").write_text("secret")


def shown(client, subject):
    mails = client.get("/courriels/").context["mails"]
    return next(mail for mail in mails if mail.subject == subject)


def test_the_messages_sent_newest_first(client, sent):
    answer = client.get("/courriels/")
    assert {mail.subject for mail in answer.context["mails"]} == {"Le premier", "Réunion d’équipe"}
    moments = [mail.sent_at for mail in answer.context["mails"]]
    assert moments == sorted(moments, reverse=True)


def test_a_message_as_text_and_as_its_html(client, sent):
    mail = shown(client, "Réunion d’équipe")
    assert (mail.to, mail.text, mail.html) == (
        "alice@tests.example",
        "Voir http://testserver/",
        "<p>Voir la <b>page</b></p>",
    )
    page = client.get(f"/courriels/{mail.name}/").content.decode()
    assert '<a href="http://testserver/" rel="nofollow">http://testserver/</a>' in page
    assert f'src="/courriels/{mail.name}/html/"' in page


def test_the_html_is_shown_in_a_closed_frame(client, sent):
    mail = shown(client, "Réunion d’équipe")
    answer = client.get(f"/courriels/{mail.name}/html/")
    assert answer.content.decode() == "<p>Voir la <b>page</b></p>"
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert sorted(answer.headers["Content-Security-Policy"].split("; ")) == [
        "default-src 'none'",
        "frame-ancestors 'self'",
        "sandbox allow-popups allow-popups-to-escape-sandbox",
        "style-src 'unsafe-inline'",
    ]


def test_a_message_without_html(client, sent):
    mail = shown(client, "Le premier")
    assert "<iframe" not in client.get(f"/courriels/{mail.name}/").content.decode()
    assert client.get(f"/courriels/{mail.name}/html/").status_code == 404


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_only_messages_are_read(client, sent, name):
    assert client.get(f"/courriels/{name}/").status_code == 404
    assert client.get(f"/courriels/{name}/html/").status_code == 404


def test_nothing_is_shown_outside_a_demo(client, sent, settings):
    name = shown(client, "Réunion d’équipe").name
    settings.DEMO = False
    for address in ("/courriels/", f"/courriels/{name}/", f"/courriels/{name}/html/"):
        assert client.get(address).status_code == 404


def test_before_the_first_message(client, settings, tmp_path):
    settings.DEMO = True
    settings.EMAIL_FILE_PATH = tmp_path / "none-yet"
    assert "Aucun message pour l’instant" in client.get("/courriels/").content.decode()


def test_two_messages_in_one_file_are_two_messages(client, sent, settings):
    """Django's backend may name two files of one second alike, and then appends."""
    files = sorted(settings.EMAIL_FILE_PATH.glob("2*.log"))
    content = b"".join(file.read_bytes() for file in files)
    for file in files:
        file.unlink()
    (settings.EMAIL_FILE_PATH / "20261122-101500-1.log").write_bytes(content)
    mails = client.get("/courriels/").context["mails"]
    assert sorted(mail.name for mail in mails) == ["20261122-101500-1-0", "20261122-101500-1-1"]
    assert {mail.subject for mail in mails} == {"Le premier", "Réunion d’équipe"}
    assert client.get("/courriels/20261122-101500-1-2/").status_code == 404
