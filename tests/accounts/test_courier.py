import pytest
from django.core import mail
from django.db import transaction

from accounts import courier
from tests.factories import create_user

TEMPLATES = {
    "emails/trial.subject.txt": "{{ what }}\n pour vous",
    "emails/trial.txt": (
        '{% extends "emails/base.txt" %}{% block message %}À lire : {{ what }}{% endblock %}'
    ),
    "emails/trial.html": (
        '{% extends "emails/base.html" %}{% block title %}{{ what }}{% endblock %}'
        "{% block message %}<p>{{ to }} : {{ what }}</p>{% endblock %}"
    ),
}


@pytest.fixture
def trial(settings):
    """A message that only the tests have, beside those of the project."""
    engine = settings.TEMPLATES[0]
    loaders = [
        ("django.template.loaders.locmem.Loader", TEMPLATES),
        "django.template.loaders.filesystem.Loader",
    ]
    options = {**engine["OPTIONS"], "loaders": loaders}
    settings.TEMPLATES = [{**engine, "APP_DIRS": False, "OPTIONS": options}]
    return "trial"


@pytest.mark.django_db(transaction=True)
def test_a_message_leaves_by_the_worker(trial, run_tasks):
    alice = create_user("Alice Lambert", email="alice@tests.example")
    courier.send(to=alice, template=trial, context={"what": "L’avis de <b>Bruno</b> & Cie"})
    assert mail.outbox == []
    assert run_tasks() == 1
    (message,) = mail.outbox
    assert message.to == ["alice@tests.example"]
    assert message.subject == "L’avis de <b>Bruno</b> & Cie pour vous"
    assert message.body.startswith("À lire : L’avis de <b>Bruno</b> & Cie\n")
    assert "\nOpportunités Quartiers\nhttp://testserver" in message.body
    ((html, kind),) = message.alternatives
    assert kind == "text/html"
    assert "<p>Alice Lambert : L’avis de &lt;b&gt;Bruno&lt;/b&gt; &amp; Cie</p>" in html


@pytest.mark.django_db(transaction=True)
def test_to_a_mere_address(trial, run_tasks):
    courier.send(to="invitee@tests.example", template=trial, context={"what": "Bienvenue"})
    run_tasks()
    assert [message.to for message in mail.outbox] == [["invitee@tests.example"]]


@pytest.mark.django_db(transaction=True)
def test_nothing_leaves_when_the_act_is_rolled_back(trial, run_tasks):
    with transaction.atomic():
        courier.send(to="alice@tests.example", template=trial, context={"what": "Rien"})
        transaction.set_rollback(True)
    assert run_tasks() == 0
    assert mail.outbox == []
