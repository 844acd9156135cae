from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.wording import MAX_LENGTH, TextTooLong
from journal.models import Entry
from programmes.enums import Step
from territories.enums import Role
from tests import factories
from worksheets.access import Access
from worksheets.content import Content
from worksheets.enums import WRITABLE, State
from worksheets.lifecycle import (
    HOLDERS,
    MOVES,
    NotNow,
    ReasonMissing,
    Verb,
    diagram,
    move,
    reopen,
    submit,
    withdraw,
)
from worksheets.models import Worksheet
from worksheets.reviewing import decide, start_review

PAGE = Path(__file__).resolve().parents[2] / "docs" / "lifecycle.md"

# From each state, by each verb, to where; and who may. Whatever isn't here is impossible.
TABLE = {
    ("draft", "submit"): ({"submitted"}, "lead"),
    ("returned", "submit"): ({"submitted"}, "lead"),
    ("submitted", "withdraw"): ({"draft", "returned"}, "lead"),
    ("submitted", "return"): ({"returned"}, "trainer"),
    ("submitted", "validate"): ({"validated"}, "trainer"),
    ("validated", "reopen"): ({"returned"}, "trainer"),
}


def in_state(worksheet, state):
    worksheet.state = state
    worksheet.save(update_fields=["state"])
    return worksheet


def test_the_moves_are_these():
    found = {}
    for allowed in MOVES:
        after, role = found.setdefault((allowed.before, allowed.verb), (set(), allowed.role))
        after.add(allowed.after)
        assert role == allowed.role
    assert found == TABLE


def test_who_has_the_worksheet_in_hand():
    assert HOLDERS == {
        "draft": "l’équipe",
        "submitted": "les formateurs",
        "returned": "l’équipe",
        "validated": "personne",
    }
    assert {state for state, holder in HOLDERS.items() if holder == "l’équipe"} == set(WRITABLE)


def test_the_page_of_the_documentation_shows_the_moves_and_the_holders():
    text = PAGE.read_text()
    assert f"```mermaid\n{diagram()}\n```\n" in text
    for state, holder in HOLDERS.items():
        assert f"| {state.label} | {holder} |\n" in text


@pytest.mark.parametrize(("state", "verb"), list(product(State, Verb)))
def test_every_verb_in_every_state(step_1, lead, state, verb):
    in_state(step_1, state)
    destinations, _ = TABLE.get((state, verb), (set(), None))
    for after in State:
        in_state(step_1, state)
        if after in destinations:
            move(worksheet=step_1, verb=verb, after=after, by=lead)
            assert step_1.state == after
        else:
            with pytest.raises(NotNow) as raised:
                move(worksheet=step_1, verb=verb, after=after, by=lead)
            assert str(raised.value) == (
                f"La fiche est maintenant «\u00a0{state.label}\u00a0»\u00a0: "
                f"on ne peut plus la {verb.label}."
            )
            assert step_1.state == state
    assert step_1.transitions.count() == len(destinations)


def test_a_submission_freezes_the_content(step_1, lead, shared):
    factories.write_answer(step_1, "strategy", "Marcher.", lead)
    factories.write_answer(step_1, "obstacles", "Le prix.", lead, opportunity=shared)
    sent = Content.of(step_1)

    submission = factories.submit_worksheet(step_1, lead)

    assert (submission.number, submission.submitted_by) == (1, lead)
    assert (submission.missing_count, submission.is_late) == (17, False)
    assert step_1.state == State.SUBMITTED
    shared.title = "Un autre titre"
    shared.save()
    in_state(step_1, State.RETURNED)
    factories.write_answer(step_1, "strategy", "Autre chose.", lead)
    submission.refresh_from_db()
    assert Content.from_json(step_1.grid, submission.content) == sent


def test_a_submission_leaves_its_traces(step_1, lead):
    submission = factories.submit_worksheet(step_1, lead)
    [trace] = step_1.transitions.all()
    assert (trace.verb, trace.from_state, trace.to_state) == ("submit", "draft", "submitted")
    assert (trace.submission, trace.by) == (submission, lead)
    [entry] = Entry.objects.all()
    assert (entry.verb, entry.actor, entry.target) == ("worksheet.submitted", lead, step_1.target)
    assert entry.data == {"submission": 1}


def test_submissions_are_numbered_without_a_gap(step_1, lead, trainer):
    for number in (1, 2, 3):
        assert factories.submit_worksheet(step_1, lead).number == number
        if number == 2:
            withdraw(worksheet=step_1, by=lead)
        else:
            decide(
                worksheet=step_1,
                verb=Verb.RETURN,
                message="Encore.",
                comments=[],
                submission_number=str(number),
                by=trainer,
            )
    assert list(step_1.submissions.values_list("number", flat=True)) == [1, 2, 3]


def test_submitting_twice_sends_once(step_1, lead):
    seen = step_1.change_number
    submit(worksheet=step_1, by=lead, seen_change_number=seen)
    with pytest.raises(NotNow) as raised:
        submit(worksheet=step_1, by=lead, seen_change_number=seen)
    assert str(raised.value) == (
        "Cette fiche est déjà transmise\u00a0: rien n’a été envoyé une seconde fois."
    )
    assert step_1.submissions.count() == 1


def test_a_worksheet_that_changed_since_is_not_submitted(step_1, lead, contributor):
    seen = step_1.change_number
    factories.write_answer(step_1, "strategy", "Marcher.", contributor)
    with pytest.raises(NotNow, match="La fiche a changé depuis que vous avez ouvert cette page"):
        submit(worksheet=step_1, by=lead, seen_change_number=seen)
    step_1.refresh_from_db()
    assert step_1.state == State.DRAFT
    assert not step_1.submissions.exists()


@pytest.mark.parametrize(("days", "is_late"), [(-1, True), (0, False), (1, False)])
def test_a_late_submission_is_accepted_and_marked(step_1, lead, days, is_late):
    due_on = timezone.localdate() + timedelta(days=days)
    factories.create_deadline(step_1.programme, Step.STEP_1, due_on)
    factories.create_deadline(step_1.programme, Step.STEP_2, due_on - timedelta(days=9))
    assert factories.submit_worksheet(step_1, lead).is_late is is_late


@pytest.mark.parametrize("before", WRITABLE)
def test_a_withdrawn_worksheet_goes_back_to_where_it_was(step_1, lead, before):
    in_state(step_1, before)
    factories.submit_worksheet(step_1, lead)
    withdraw(worksheet=step_1, by=lead)
    step_1.refresh_from_db()
    assert step_1.state == before
    assert step_1.submissions.count() == 1
    assert [t.verb for t in step_1.transitions.all()] == ["submit", "withdraw"]


def test_a_worksheet_under_review_is_not_withdrawn(step_1, lead, trainer):
    factories.submit_worksheet(step_1, lead)
    start_review(worksheet=step_1, by=trainer)
    with pytest.raises(NotNow) as raised:
        withdraw(worksheet=step_1, by=lead)
    assert str(raised.value) == (
        "La relecture a commencé (Thomas Formateur)\u00a0: la fiche ne peut plus être retirée. "
        "Demandez à la personne de vous la retourner."
    )
    step_1.refresh_from_db()
    assert step_1.state == State.SUBMITTED


@pytest.mark.parametrize("state", [State.DRAFT, State.RETURNED, State.VALIDATED])
def test_only_what_is_submitted_is_withdrawn(step_1, lead, state):
    in_state(step_1, state)
    with pytest.raises(NotNow):
        withdraw(worksheet=step_1, by=lead)
    assert step_1.state == state


def test_a_validated_worksheet_is_reopened_with_a_reason(step_1, trainer):
    in_state(step_1, State.VALIDATED)
    for message in ("", " \n", "\x00"):
        with pytest.raises(ReasonMissing, match="pourquoi la fiche est rouverte"):
            reopen(worksheet=step_1, by=trainer, message=message)
    with pytest.raises(TextTooLong):
        reopen(worksheet=step_1, by=trainer, message="a" * (MAX_LENGTH + 1))
    assert step_1.state == State.VALIDATED

    reopen(worksheet=step_1, by=trainer, message="Le budget a changé.")

    step_1.refresh_from_db()
    assert step_1.state == State.RETURNED
    [trace] = step_1.transitions.all()
    assert (trace.verb, trace.message, trace.by) == ("reopen", "Le budget a changé.", trainer)


@pytest.mark.parametrize("state", [State.DRAFT, State.RETURNED, State.SUBMITTED])
def test_only_what_is_validated_is_reopened(step_1, trainer, state):
    in_state(step_1, state)
    with pytest.raises(NotNow):
        reopen(worksheet=step_1, by=trainer, message="Pourquoi pas.")


def test_the_roles_of_the_moves_are_those_that_send_and_review(step_1, lead, trainer, as_seen_by):
    """The table says who; `access` enforces it."""
    roles = {Role.LEAD: lead, Role.TRAINER: trainer}
    for allowed in MOVES:
        user = roles[allowed.role]
        assert Access(user, as_seen_by(user, step_1)).roles == {allowed.role}


def test_a_failure_undoes_all_of_it(step_1, lead, monkeypatch):
    def fail(**arguments):
        raise ZeroDivisionError

    monkeypatch.setattr("worksheets.lifecycle.record", fail)
    with pytest.raises(ZeroDivisionError):
        submit(worksheet=step_1, by=lead, seen_change_number=0)
    assert Worksheet.objects.get(pk=step_1.pk).state == State.DRAFT
    assert not step_1.submissions.exists()
    assert not step_1.transitions.exists()
