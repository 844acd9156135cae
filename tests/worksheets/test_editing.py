"""Compare and swap, the history, the numbers and the journal of saved answers."""

import re
import uuid
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models import F
from django.utils import timezone

from journal.models import Entry
from tests.worksheets.saves import change_number, history, save
from worksheets.content import Content
from worksheets.editing import OUTDATED_PAGE, Stale, UnknownVersion
from worksheets.enums import State
from worksheets.lifecycle import NotNow
from worksheets.models import Revision, Worksheet

ROOT = Path(__file__).resolve().parents[2]


def test_each_save_is_a_version_and_a_revision(step_1, lead, contributor):
    first = save(step_1, "Marcher.", 0, lead)
    second = save(step_1, "Marcher, écouter.", 1, contributor)

    assert (first.version, second.version) == (1, 2)
    assert history(step_1) == [
        ("strategy", 1, "Marcher.", "Alice Lambert"),
        ("strategy", 2, "Marcher, écouter.", "Bruno Carlier"),
    ]
    answer = step_1.answers.get()
    assert (answer.value, answer.version, answer.saved_by) == ("Marcher, écouter.", 2, contributor)
    assert answer.saved_at == second.saved_at
    step_1.refresh_from_db()
    assert (step_1.change_number, step_1.changed_by) == (2, contributor)
    assert step_1.changed_at == second.saved_at


def test_the_same_question_has_an_answer_for_each_opportunity(step_1, lead, shared, unshared):
    assert save(step_1, "Le prix.", 0, lead, key="obstacles", opportunity=shared).version == 1
    assert save(step_1, "L’accès.", 0, lead, key="obstacles", opportunity=unshared).version == 1
    assert Content.of(step_1).answers == {
        f"obstacles--{shared.ref}": "Le prix.",
        f"obstacles--{unshared.ref}": "L’accès.",
    }


def test_emptying_an_answer_is_a_version_like_another(step_1, lead):
    save(step_1, "Marcher.", 0, lead)
    saved = save(step_1, "", 1, lead)
    assert (saved.version, saved.is_blank) == (2, True)
    assert step_1.answers.get().is_blank
    assert [row[1:3] for row in history(step_1)] == [(1, "Marcher."), (2, "")]


def test_what_stands_already_is_acknowledged_and_changes_nothing(step_1, lead, contributor):
    first = save(step_1, "Marcher.", 0, lead)
    assert save(step_1, "Marcher.", 1, contributor) == first
    assert history(step_1) == [("strategy", 1, "Marcher.", "Alice Lambert")]
    assert change_number(step_1) == 1
    assert Entry.objects.count() == 1


def test_a_blank_where_nothing_stands_creates_nothing(step_1, lead):
    saved = save(step_1, "", 0, lead)
    assert (saved.version, saved.is_blank) == (0, True)
    assert not step_1.answers.exists()
    assert change_number(step_1) == 0


def test_what_two_people_wrote_apart_is_merged_and_told(step_1, lead, contributor):
    save(step_1, "Marcher ici.\n\nÉcouter là.", 0, lead)
    save(step_1, "Marcher ici.\n\nÉcouter là, puis noter.", 1, contributor)

    saved = save(step_1, "Marcher souvent ici.\n\nÉcouter là.", 1, lead)

    both = "Marcher souvent ici.\n\nÉcouter là, puis noter."
    assert (saved.version, saved.value, saved.is_as_sent) == (3, both, False)
    assert re.fullmatch(
        "Fusionné avec ce qu’a écrit Bruno Carlier, aujourd’hui à\u00a0[^.]*\\.", saved.merged_with
    )
    assert history(step_1)[-1] == ("strategy", 3, both, "Alice Lambert")
    revision = Revision.objects.get(version=3)
    assert (revision.base_version, revision.sent) == (1, "Marcher souvent ici.\n\nÉcouter là.")


def test_what_contradicts_somebody_else_is_stale_and_changes_nothing(step_1, lead, contributor):
    save(step_1, "Marcher.", 0, lead)
    save(step_1, "Courir.", 1, contributor)
    with pytest.raises(Stale) as raised:
        save(step_1, "Rouler.", 1, lead)
    assert (raised.value.current.value, raised.value.mine) == ("Courir.", "Rouler.")
    assert str(raised.value).startswith("Bruno Carlier a enregistré une autre réponse")
    assert len(history(step_1)) == change_number(step_1) == 2


@pytest.mark.parametrize("base_version", [2, -1, 10**12])
def test_a_version_that_never_was_is_refused(step_1, lead, base_version):
    for version in (0, 1):
        with pytest.raises(UnknownVersion, match=OUTDATED_PAGE):
            save(step_1, "Un texte.", base_version, lead)
        assert len(history(step_1)) == version
        save(step_1, "Marcher.", 0, lead)


def test_a_request_that_was_answered_changes_nothing_however_late_it_comes_again(
    step_1, lead, contributor
):
    requests = [
        ("Marcher", 0, lead),
        ("Marcher souvent", 1, lead),
        ("Bien Marcher", 1, contributor),  # merged
        ("Bien Marcher souvent", 2, lead),  # adds nothing to what stands
        ("Marcher", 1, contributor),  # as its author was shown it
        ("", 4, contributor),
    ]
    answers = [save(step_1, *request) for request in requests]
    versions = [answer.version for answer in answers]
    assert versions == [1, 2, 3, 4, 1, 5]
    kept = history(step_1)
    for request, answer in zip(requests, answers, strict=True):
        again = save(step_1, *request)
        assert (again.version, again.value, again.saved_at, again.is_as_sent) == (
            answer.version,
            answer.value,
            answer.saved_at,
            answer.is_as_sent,
        )
    assert history(step_1) == kept
    assert change_number(step_1) == 5


def test_ones_own_text_of_elsewhere_gives_way_and_is_told(step_1, lead):
    save(step_1, "Marcher ici, dit-on, et écouter là.", 0, lead)
    save(step_1, "Marcher ici, dit-on, et écouter partout.", 1, lead)
    saved = save(step_1, "Courir ici, dit-on, et écouter ailleurs.", 1, lead)
    assert (saved.version, saved.value) == (3, "Courir ici, dit-on, et écouter ailleurs.")
    assert saved.merged_with.startswith("Fusionné avec ce que vous aviez enregistré aujourd’hui à")
    assert saved.merged_with.endswith("est gardé\u00a0; l’autre est dans l’historique.")
    saved = save(step_1, "Rouler ici, dit-on, et écouter là.", 1, lead)
    assert saved.value == "Rouler ici, dit-on, et écouter ailleurs."


def test_what_was_sent_into_the_void_is_gone_on_from(step_1, lead, contributor):
    """The answer to a save was lost; its author types on, on the version that the page knows."""
    save(step_1, "Un.", 0, lead)
    save(step_1, "Zéro. Un.", 1, contributor)
    save(step_1, "Un. Deu", 1, lead)
    saved = save(step_1, "Un. Deux.", 1, lead)
    assert (saved.version, saved.value) == (4, "Zéro. Un. Deux.")


def test_a_page_that_has_not_taken_up_the_merge_goes_on_from_what_it_sent(
    step_1, lead, contributor
):
    save(step_1, "Un. Deux.", 0, lead, is_own=True)  # of no answer yet, that means nothing
    save(step_1, "Zéro. Un. Deux.", 1, contributor)
    assert save(step_1, "Un. Deux. Trois.", 1, lead).version == 3
    saved = save(step_1, "Un. Deux. Trois. Quatre.", 3, lead, is_own=True)
    assert (saved.version, saved.value) == (4, "Zéro. Un. Deux. Trois. Quatre.")
    assert (saved.is_as_sent, saved.merged_with) == (False, "")
    assert save(step_1, "Un. Deux. Trois.", 4, lead, is_own=True).value == "Zéro. Un. Deux. Trois."
    # What others wrote and the page never showed isn't written over, be it merged long ago.
    with pytest.raises(Stale, match=r"^Bruno Carlier a enregistré"):
        save(step_1, "Début. Un. Deux. Trois.", 5, lead, is_own=True)


def test_a_row_that_somebody_removed_while_one_changed_it_is_stale(step_2, lead, contributor):
    rows = [{"id": str(uuid.UUID(int=n)), "text": text} for n, text in enumerate(["a", "b"])]
    save(step_2, rows, 0, lead, key="partners")
    save(step_2, rows[1:], 1, contributor, key="partners")
    with pytest.raises(Stale):
        save(step_2, [rows[0] | {"text": "a 2"}, rows[1]], 1, lead, key="partners")
    more = {"id": str(uuid.UUID(int=2)), "text": "c"}
    assert save(step_2, [*rows, more], 1, lead, key="partners").value == [rows[1], more]


def test_answers_know_in_which_change_they_were_written(step_1, lead, contributor):
    save(step_1, "a", 0, lead)
    save(step_1, "b", 0, lead, key="lessons")
    save(step_1, "c", 1, contributor)
    assert dict(step_1.answers.values_list("question", "changed_in")) == {
        "strategy": 3,
        "lessons": 2,
    }


@pytest.mark.parametrize("state", [State.SUBMITTED, State.VALIDATED])
def test_nothing_is_saved_while_the_team_has_not_the_worksheet(step_1, lead, state):
    save(step_1, "Marcher.", 0, lead)
    Worksheet.objects.filter(pk=step_1.pk).update(state=state)

    # `step_1` is still a draft in memory: what decides is the row.
    with pytest.raises(NotNow) as raised:
        save(step_1, "Trop tard.", 1, lead)

    assert str(raised.value) == (
        f"La fiche est maintenant «\u00a0{state.label}\u00a0»\u00a0: elle ne s’écrit plus. Votre "
        "texte n’est pas enregistré\u00a0; il reste dans cette page, copiez-le."
    )
    assert len(history(step_1)) == 1
    assert change_number(step_1) == 1
    with pytest.raises(NotNow):
        save(step_1, "Trop tard.", 1, lead)


def test_a_returned_worksheet_is_written_again(step_1, lead):
    step_1.state = State.RETURNED
    step_1.save()
    assert save(step_1, "Complété.", 0, lead).version == 1


def test_one_entry_of_the_journal_for_one_sitting(step_1, lead, contributor):
    save(step_1, "a", 0, lead)
    save(step_1, "b", 1, lead)
    save(step_1, "c", 0, lead, key="lessons")
    [entry] = Entry.objects.all()
    assert (entry.verb, entry.actor) == ("worksheet.answered", lead)
    assert (entry.scope, entry.target) == (step_1.territory.scope, step_1.target)
    assert entry.data["began_at"] < entry.at.isoformat()

    save(step_1, "d", 2, contributor)
    assert Entry.objects.count() == 2

    Entry.objects.update(at=F("at") - timedelta(minutes=31))
    save(step_1, "e", 3, lead)
    assert list(Entry.objects.order_by("pk").values_list("actor__name", flat=True)) == [
        "Alice Lambert",
        "Bruno Carlier",
        "Alice Lambert",
    ]


def test_half_an_hour_of_pause_is_still_the_same_sitting(step_1, lead):
    save(step_1, "a", 0, lead)
    Entry.objects.update(at=timezone.now() - timedelta(minutes=29))
    save(step_1, "b", 1, lead)
    assert Entry.objects.count() == 1


def test_each_worksheet_has_its_own_sittings(step_1, step_2, lead):
    save(step_1, "a", 0, lead)
    save(step_2, "b", 0, lead, key="means")
    assert set(Entry.objects.values_list("target", flat=True)) == {step_1.target, step_2.target}


def test_nobody_rewrites_the_history():
    """`Revision` is only ever created and read."""
    sources = [path for app in ("worksheets", "config") for path in (ROOT / app).rglob("*.py")]
    uses = Counter()
    for path in sources:
        if "migrations" not in path.parts:
            for line in path.read_text().splitlines():
                for word in ("Revision.objects.", "revisions."):
                    _, found, rest = line.partition(word)
                    if found:
                        uses[rest.split("(")[0]] += 1
    assert uses["create"] == 1
    writing = {"update", "delete", "bulk_create", "bulk_update", "update_or_create", "raw"}
    assert not writing & set(uses)
