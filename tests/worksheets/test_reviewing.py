import pytest

from accounts.wording import MAX_LENGTH, TextTooLong
from journal.models import Entry
from territories.enums import Role
from tests import factories
from worksheets.content import Content, Slot
from worksheets.enums import State
from worksheets.lifecycle import NotNow, ReasonMissing, Verb, withdraw
from worksheets.reviewing import decide, start_review


@pytest.fixture
def submitted(step_1, lead):
    factories.submit_worksheet(step_1, lead)
    return step_1


@pytest.fixture
def colleague(programme, trainer):
    user = factories.create_user("Rachid Formateur")
    factories.join_programme(user, programme, Role.TRAINER)
    return user


def slot(worksheet, key="strategy"):
    return Slot(worksheet.grid.by_key[key])


def decide_on(worksheet, by, **changes):
    arguments = {
        "worksheet": worksheet,
        "verb": Verb.RETURN,
        "message": "Précisez.",
        "comments": [],
        "submission_number": "1",
        "by": by,
    }
    decide(**arguments | changes)


def test_a_review_is_begun_once_and_may_be_taken_over(submitted, trainer, colleague):
    start_review(worksheet=submitted, by=trainer)
    begun_at = submitted.review_started_at
    start_review(worksheet=submitted, by=trainer)
    assert (submitted.review_started_by, submitted.review_started_at) == (trainer, begun_at)
    start_review(worksheet=submitted, by=colleague)
    submitted.refresh_from_db()
    assert submitted.review_started_by == colleague
    entries = Entry.objects.filter(verb="worksheet.review_started").order_by("pk")
    assert [entry.actor for entry in entries] == [trainer, colleague]


@pytest.mark.parametrize("state", [State.DRAFT, State.RETURNED, State.VALIDATED])
def test_only_what_is_submitted_is_reviewed(step_1, trainer, state):
    step_1.state = state
    step_1.save()
    with pytest.raises(NotNow) as raised:
        start_review(worksheet=step_1, by=trainer)
    assert str(raised.value) == (
        f"La fiche est maintenant «\u00a0{state.label}\u00a0»\u00a0: il n’y a rien à relire."
    )
    assert step_1.review_started_by is None


@pytest.mark.parametrize(
    ("verb", "state"), [(Verb.RETURN, State.RETURNED), (Verb.VALIDATE, State.VALIDATED)]
)
def test_comments_and_decision_come_together(submitted, trainer, shared, verb, state):
    start_review(worksheet=submitted, by=trainer)
    about = Slot(submitted.grid.by_key["interest"], Content.of(submitted).opportunities[0])
    comments = [(slot(submitted), None, "Qui ?"), (about, shared.pk, "Pour qui ?")]

    decide_on(submitted, trainer, verb=verb, message="Merci.", comments=comments)

    submitted.refresh_from_db()
    assert (submitted.state, submitted.review_started_by) == (state, None)
    assert [(c.slot_name, c.body) for c in submitted.comments.all()] == [
        ("strategy", "Qui ?"),
        (f"interest--{shared.ref}", "Pour qui ?"),
    ]
    trace = submitted.transitions.last()
    assert (trace.verb, trace.message, trace.by) == (verb, "Merci.", trainer)
    assert trace.submission == submitted.submissions.get()


def test_all_or_nothing(submitted, trainer):
    comments = [(slot(submitted), None, "Qui ?"), (slot(submitted), None, "a" * (MAX_LENGTH + 1))]
    with pytest.raises(TextTooLong):
        decide_on(submitted, trainer, comments=comments)
    with pytest.raises(TextTooLong):
        decide_on(submitted, trainer, message="a" * (MAX_LENGTH + 1), comments=comments[:1])
    submitted.refresh_from_db()
    assert submitted.state == State.SUBMITTED
    assert not submitted.comments.exists()


@pytest.mark.parametrize("message", ["", " \n", "\x00"])
def test_a_return_says_what_to_complete(submitted, trainer, message):
    with pytest.raises(ReasonMissing):
        decide_on(submitted, trainer, message=message)
    decide_on(submitted, trainer, message=message, comments=[(slot(submitted), None, "Qui ?")])
    assert submitted.state == State.RETURNED


def test_a_validation_needs_no_word(submitted, trainer):
    decide_on(submitted, trainer, verb=Verb.VALIDATE, message="")
    assert submitted.state == State.VALIDATED


@pytest.mark.parametrize("second", [Verb.RETURN, Verb.VALIDATE])
def test_of_two_trainers_the_second_is_told(submitted, trainer, colleague, second):
    decide_on(submitted, trainer, verb=Verb.VALIDATE)
    with pytest.raises(NotNow) as raised:
        decide_on(submitted, colleague, verb=second, comments=[(slot(submitted), None, "Qui ?")])
    assert str(raised.value) == (
        "La fiche est maintenant «\u00a0Validée\u00a0» (Thomas Formateur\u00a0: valider). Votre "
        "décision n’a pas été enregistrée\u00a0; vos textes restent dans cette page."
    )
    assert submitted.transitions.count() == 2
    assert not submitted.comments.exists()


@pytest.mark.parametrize("number", ["", "un", "0", "2", "-1"])
def test_a_decision_is_about_the_version_that_was_read(submitted, trainer, number):
    with pytest.raises(NotNow):
        decide_on(submitted, trainer, submission_number=number)
    submitted.refresh_from_db()
    assert submitted.state == State.SUBMITTED


def test_a_worksheet_withdrawn_and_sent_again_is_read_again(submitted, trainer, lead):
    withdraw(worksheet=submitted, by=lead)
    factories.submit_worksheet(submitted, lead)
    with pytest.raises(NotNow):
        decide_on(submitted, trainer, submission_number="1")
    decide_on(submitted, trainer, submission_number="2")
    assert submitted.state == State.RETURNED


def test_a_draft_has_no_decision(step_1, trainer):
    with pytest.raises(NotNow):
        decide_on(step_1, trainer, submission_number="")
    assert step_1.state == State.DRAFT
