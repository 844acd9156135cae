"""Saves and submissions that come at the same time."""

import threading
import uuid
from collections import Counter

import pytest
from django.db import connection

from journal.models import Entry
from tests import factories
from tests.worksheets.saves import change_number, history, save
from worksheets.editing import Saved, Stale, find_answer
from worksheets.enums import State
from worksheets.lifecycle import NotNow, submit
from worksheets.models import Answer, Worksheet
from worksheets.signing import sign_opinion


def at_once(*acts):
    """Does each act in a thread of its own, all released together; returns what each returned, or
    the exception that it raised."""
    outcomes = [None] * len(acts)
    gate = threading.Barrier(len(acts))

    def run(index, act):
        try:
            gate.wait()
            outcomes[index] = act()
        except Exception as error:
            outcomes[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def fresh(worksheet):
    """The worksheet as another request reads it."""
    return Worksheet.objects.select_related("territory", "grid_version").get(pk=worksheet.pk)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("standing", ["", "Marcher."], ids=["first", "next"])
def test_of_ten_people_saving_at_once_exactly_one_wins(step_1, lead, standing):
    base = save(step_1, standing, 0, lead).version
    people = [factories.create_user(f"Personne {n}") for n in range(10)]

    outcomes = at_once(
        *(lambda by=by: save(fresh(step_1), f"Texte de {by.name}", base, by) for by in people)
    )

    [won] = [outcome.value for outcome in outcomes if isinstance(outcome, Saved)]
    others = [outcome for outcome in outcomes if not isinstance(outcome, Saved)]
    assert [type(outcome) for outcome in others] == [Stale] * 9
    assert {outcome.current.value for outcome in others} == {won}
    answer = step_1.answers.get()
    assert (answer.value, answer.version) == (won, base + 1)
    assert [row[1:3] for row in history(step_1)][base:] == [(base + 1, won)]
    assert change_number(step_1) == base + 1


@pytest.mark.django_db(transaction=True)
def test_of_ten_additions_at_once_none_is_lost_and_each_is_made_once(step_2, lead):
    """Each is sent twice, by the same person."""
    entries = [{"id": str(uuid.UUID(int=n)), "text": f"Entrée {n}"} for n in range(5)]

    outcomes = at_once(
        *(
            lambda entry=entry: save(fresh(step_2), [entry], 0, lead, key="partners")
            for entry in entries * 2
        )
    )

    assert [type(outcome) for outcome in outcomes] == [Saved] * 10
    value = step_2.answers.get().value
    assert sorted(value, key=lambda entry: entry["id"]) == entries
    assert [row[1] for row in history(step_2)] == [1, 2, 3, 4, 5]
    assert change_number(step_2) == 5


@pytest.mark.django_db(transaction=True)
def test_saves_of_different_questions_at_once_all_win(step_1, lead, contributor):
    keys = ("strategy", "satisfaction", "lessons", "progress", "process-internal")

    outcomes = at_once(
        *(
            lambda key=key, by=by: save(fresh(step_1), f"{key} {by.pk}", 0, by, key=key)
            for key in keys
            for by in (lead, contributor)
        )
    )

    assert Counter(type(outcome) for outcome in outcomes) == {Saved: 5, Stale: 5}
    assert change_number(step_1) == 5
    assert [row[:2] for row in history(step_1)] == [
        (key, 1) for key in Answer.objects.order_by("pk").values_list("question", flat=True)
    ]
    assert Entry.objects.values("actor").distinct().count() == Entry.objects.count()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(5))
def test_what_is_submitted_is_what_was_saved_by_then(step_1, lead, contributor, attempt):
    save(step_1, "Version lue par le référent.", 0, lead)

    saved, submitted = at_once(
        lambda: save(fresh(step_1), "Ajout de dernière minute.", 1, contributor),
        lambda: submit(worksheet=fresh(step_1), by=lead, seen_change_number=1),
    )

    step_1.refresh_from_db()
    answer = find_answer(step_1, "strategy", None)
    if step_1.state == State.SUBMITTED:  # the submission came first: the save is refused whole
        assert type(saved) is NotNow
        assert submitted.content["answers"] == {"strategy": "Version lue par le référent."}
        assert (answer.value, answer.version) == ("Version lue par le référent.", 1)
    else:  # the save came first: the lead hasn't seen it, and is told
        assert type(submitted) is NotNow
        assert (answer.value, saved.version) == ("Ajout de dernière minute.", 2)
        assert not step_1.submissions.exists()


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_sign_once(step_2, reader):
    facts = {"opinion": "favourable", "remarks": "", "by": reader}
    outcomes = at_once(*(lambda: sign_opinion(worksheet=fresh(step_2), **facts) for _ in range(2)))
    assert [(saved.version, len(saved.value)) for saved in outcomes] == [(1, 1)] * 2


@pytest.mark.django_db(transaction=True)
def test_two_submissions_at_once_make_one(step_1, lead, run_tasks):
    outcomes = at_once(
        *(lambda: submit(worksheet=fresh(step_1), by=lead, seen_change_number=0) for _ in range(4))
    )
    assert Counter(type(outcome).__name__ for outcome in outcomes) == {
        "Submission": 1,
        "NotNow": 3,
    }
    assert list(step_1.submissions.values_list("number", flat=True)) == [1]
    assert step_1.transitions.count() == 1
