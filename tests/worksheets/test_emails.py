"""The messages of a worksheet's life, through the acts that send them."""

import pytest
from django.db import transaction

from programmes.enums import Step
from territories.enums import Role
from tests import factories
from worksheets.content import Slot
from worksheets.enums import State
from worksheets.lifecycle import Verb, reopen, submit, withdraw
from worksheets.models import Submission
from worksheets.reviewing import decide, start_review

pytestmark = pytest.mark.usefixtures("contributor", "partner", "reader", "observer", "grids")


@pytest.fixture
def worksheet(territory, programme, lead, trainer):
    """A draft of a step 1."""
    return factories.create_worksheet(territory, programme, lead)


@pytest.fixture
def submitted(worksheet, lead):
    """The same, in the trainers' hands; nobody was told of it yet."""
    worksheet.state = State.SUBMITTED
    worksheet.save()
    Submission.objects.create(worksheet=worksheet, number=1, content={}, submitted_by=lead)
    return worksheet


@pytest.fixture
def post_office(django_capture_on_commit_callbacks, run_tasks, mailoutbox):
    """`post_office(act, …)` does the act, then what the worker does, and returns the messages that
    left, by address."""

    def deliver(act, **arguments):
        with django_capture_on_commit_callbacks(execute=True):
            act(**arguments)
        run_tasks()
        assert [message.to for message in mailoutbox if len(message.to) != 1] == []
        assert len({message.to[0] for message in mailoutbox}) == len(mailoutbox)
        return {message.to[0]: message for message in mailoutbox}

    return deliver


def html_of(message):
    [alternative] = message.alternatives
    assert alternative.mimetype == "text/html"
    return alternative.content


def decision(worksheet, by, **changes):
    return {
        "worksheet": worksheet,
        "verb": Verb.RETURN,
        "message": "Précisez le portage.",
        "comments": [],
        "submission_number": "1",
        "by": by,
    } | changes


def address(worksheet, page=""):
    return f"http://testserver/territoires/{worksheet.territory.ref}/fiches/{worksheet.ref}/{page}"


def test_a_submission_is_told_to_each_trainer_of_the_programme(
    worksheet, lead, trainer, outsider, post_office
):
    colleague = factories.create_user("Rachid Formateur", email="trainer2@tests.example")
    factories.join_programme(colleague, worksheet.programme, Role.TRAINER)
    elsewhere = factories.create_user("Inès Ailleurs", email="trainer3@tests.example")
    other_programme = factories.create_programme("Une autre formation")
    factories.enrol(worksheet.territory, other_programme)
    factories.join_programme(elsewhere, other_programme, Role.TRAINER)

    sent = post_office(submit, worksheet=worksheet, by=lead, seen_change_number=0)

    assert sorted(sent) == ["trainer2@tests.example", "trainer@tests.example"]
    message = sent["trainer@tests.example"]
    assert message.subject == (
        "Fiche à relire – CU de Dunkerque – Étape 1 : Détecter les opportunités"
    )
    for text in (message.body, html_of(message)):
        assert "Bonjour Thomas Formateur" in text
        assert "Alice Lambert a transmis" in text
        assert "Développement économique des quartiers" in text
        assert "C’est la version 1. L’équipe sait qu’il y manque 8 réponses." in text
        assert address(worksheet, "relecture/") in text


def test_a_late_submission_says_so(worksheet, lead, post_office):
    factories.create_deadline(worksheet.programme, Step.STEP_1, "2020-01-31")

    sent = post_office(submit, worksheet=worksheet, by=lead, seen_change_number=0)

    assert "version 1, transmise après l’échéance." in sent["trainer@tests.example"].body


def test_a_return_is_told_to_those_of_the_team_who_write(submitted, trainer, post_office):
    slot = Slot(submitted.grid.by_key["strategy"])
    comments = [(slot, None, "Avec qui ?"), (slot, None, "Quand ?")]

    sent = post_office(decide, **decision(submitted, trainer, comments=comments))

    assert sorted(sent) == ["contributor@tests.example", "lead@tests.example"]
    message = sent["contributor@tests.example"]
    assert message.subject == (
        "Fiche à compléter – CU de Dunkerque – Étape 1 : Détecter les opportunités"
    )
    for text in (message.body, html_of(message)):
        assert "Bonjour Bruno Carlier" in text
        assert "Thomas Formateur a relu" in text
        assert "Précisez le portage." in text
        assert "2 commentaires à côté des questions concernées." in text
        assert address(submitted) in text
        assert "Avec qui" not in text


def test_a_return_without_message_shows_no_empty_quotation(submitted, trainer, post_office):
    comments = [(Slot(submitted.grid.by_key["strategy"]), None, "Avec qui ?")]

    sent = post_office(decide, **decision(submitted, trainer, message=" \n", comments=comments))

    message = sent["lead@tests.example"]
    assert "<blockquote>" not in html_of(message)
    assert "1 commentaire à côté des questions concernées." in message.body


def test_a_validation_is_told_to_those_of_the_team_who_write(submitted, trainer, post_office):
    sent = post_office(
        decide, **decision(submitted, trainer, verb=Verb.VALIDATE, message="Bravo à tous.")
    )

    assert sorted(sent) == ["contributor@tests.example", "lead@tests.example"]
    message = sent["lead@tests.example"]
    assert message.subject == (
        "Fiche validée – CU de Dunkerque – Étape 1 : Détecter les opportunités"
    )
    for text in (message.body, html_of(message)):
        assert "Thomas Formateur a validé" in text
        assert "Bravo à tous." in text
        assert "commentaire" not in text
        assert address(submitted) in text


def test_a_reopening_is_told_with_its_reason(submitted, trainer, post_office):
    submitted.state = State.VALIDATED
    submitted.save()

    sent = post_office(
        reopen, worksheet=submitted, by=trainer, message="Le budget a changé.\nReprenez-le."
    )

    assert sorted(sent) == ["contributor@tests.example", "lead@tests.example"]
    message = sent["lead@tests.example"]
    assert message.subject == (
        "Fiche rouverte – CU de Dunkerque – Étape 1 : Détecter les opportunités"
    )
    assert "Le budget a changé.\nReprenez-le." in message.body
    assert "<blockquote>Le budget a changé.<br>Reprenez-le.</blockquote>" in html_of(message)
    assert address(submitted) in message.body


def test_withdrawing_and_beginning_a_review_send_nothing(submitted, lead, trainer, post_office):
    assert post_office(start_review, worksheet=submitted, by=trainer) == {}
    submitted.review_started_at = submitted.review_started_by = None
    submitted.save()
    assert post_office(withdraw, worksheet=submitted, by=lead) == {}


def test_nobody_is_told_of_their_own_act(worksheet, trainer, post_office):
    """A trainer may lead a team as well."""
    factories.grant(trainer, worksheet.territory, Role.LEAD)

    assert post_office(submit, worksheet=worksheet, by=trainer, seen_change_number=0) == {}


def test_people_who_left_or_may_not_sign_in_are_not_told(
    submitted, lead, contributor, trainer, post_office
):
    factories.grant(
        factories.create_user(), submitted.territory, Role.CONTRIBUTOR, until="2020-01-31"
    )
    contributor.is_active = False
    contributor.save()

    assert list(post_office(decide, **decision(submitted, trainer))) == ["lead@tests.example"]


def test_nothing_leaves_when_the_act_is_rolled_back(worksheet, lead, post_office):
    def submit_in_vain():
        with transaction.atomic():
            submit(worksheet=worksheet, by=lead, seen_change_number=0)
            transaction.set_rollback(True)

    assert post_office(submit_in_vain) == {}


def test_what_people_wrote_is_shown_to_the_letter_and_runs_nowhere(
    territory, programme, lead, trainer, post_office
):
    lead.name = "<b>Alice</b> {{ lead.password }}"
    lead.save()
    trainer.name = "Thomas & fils"
    trainer.save()
    opportunity = factories.create_opportunity(
        territory, lead, title="<script>alert(1)</script>\nBcc: tous@tests.example"
    )
    worksheet = factories.create_worksheet(
        territory, programme, lead, step=Step.STEP_2, opportunity=opportunity
    )

    sent = post_office(submit, worksheet=worksheet, by=lead, seen_change_number=0)
    [message] = sent.values()

    assert message.subject == (
        "Fiche à relire – CU de Dunkerque – Étape 2 : De l’opportunité au projet – "
        "<script>alert(1)</script> Bcc: tous@tests.example"
    )
    assert message.recipients() == ["trainer@tests.example"]
    assert "Bonjour Thomas & fils," in message.body
    assert "<b>Alice</b> {{ lead.password }} a transmis" in message.body
    html = html_of(message)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "&lt;b&gt;Alice&lt;/b&gt; {{ lead.password }} a transmis" in html
    assert "<script" not in html
    assert "<b>" not in html


@pytest.mark.parametrize("verb", [Verb.RETURN, Verb.VALIDATE])
def test_a_message_is_quoted_escaped(submitted, trainer, post_office, verb):
    attack = "<img src=x onerror=alert(1)>\n{% now 'Y' %} 🌱 مرحبا"

    sent = post_office(decide, **decision(submitted, trainer, verb=verb, message=attack))

    message = sent["lead@tests.example"]
    assert attack in message.body
    assert (
        "<blockquote>&lt;img src=x onerror=alert(1)&gt;<br>{% now &#x27;Y&#x27; %} 🌱 مرحبا"
        "</blockquote>"
    ) in html_of(message)
