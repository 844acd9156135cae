"""A whole page saved at once: what is kept, what isn't, and what somebody else wrote meanwhile."""

import pytest
from django.http import QueryDict

from tests import factories
from worksheets.access import Access
from worksheets.editing import Stale
from worksheets.enums import State
from worksheets.forms import WorksheetForm
from worksheets.lifecycle import NotNow
from worksheets.models import Revision
from worksheets.saving import PageSaved, save_page
from worksheets.sheet import Sheet


@pytest.fixture
def save(step_1, as_seen_by):
    """`save(user, {"strategy": "Marcher."}, {"strategy": 0})` sends these texts from a page that
    showed these versions."""

    def send(user, texts, versions):
        sheet = Sheet.draft(Access(user, as_seen_by(user, step_1)))
        data = QueryDict(mutable=True)
        data.update(texts | {f"{name}.version": version for name, version in versions.items()})
        form = WorksheetForm(sheet, data)
        return save_page(sheet=sheet, form=form, base_versions=versions, by=user)

    return send


def texts_of(worksheet):
    return dict(worksheet.answers.order_by("pk").values_list("question", "value"))


def test_each_changed_question_is_saved_by_itself(save, step_1, lead):
    factories.write_answer(step_1, "lessons", "Inchangé.", lead)
    texts = {"strategy": "Marcher.", "lessons": "Inchangé.", "progress": ""}
    result = save(lead, texts, {"strategy": 0, "lessons": 1, "progress": 0})
    assert {name: saved.version for name, saved in result.saved.items()} == {"strategy": 1}
    assert (result.status, result.was_normalised) == (200, False)
    assert texts_of(step_1) == {"lessons": "Inchangé.", "strategy": "Marcher."}


def test_what_can_be_kept_is_kept(save, step_1, lead, contributor):
    factories.write_answer(step_1, "lessons", "D’un autre.", contributor)
    texts = {"strategy": "Marcher.", "lessons": "Le mien.", "progress": "a" * 100_001}
    result = save(lead, texts, dict.fromkeys(texts, 0))
    assert list(result.saved) == ["strategy"]
    assert {name: stale.current.value for name, stale in result.stale.items()} == {
        "lessons": "D’un autre."
    }
    assert list(result.refused) == ["progress"]
    assert texts_of(step_1) == {"lessons": "D’un autre.", "strategy": "Marcher."}


@pytest.mark.parametrize(
    ("result", "status"),
    [
        (PageSaved(), 200),
        (PageSaved(stale={"a": Stale}), 409),
        (PageSaved(stale={"a": Stale}, refused={"b": "Non."}), 400),
        (PageSaved(refused={"b": "Non."}, too_long=True), 413),
    ],
)
def test_the_status_says_the_worst_of_it(result, status):
    assert result.status == status


@pytest.mark.parametrize("shown", ["", "Avant."], ids=["nothing", "an answer"])
def test_what_its_author_left_alone_stays_as_somebody_else_changed_it(
    save, step_1, lead, contributor, shown
):
    base = factories.write_answer(step_1, "lessons", shown, lead) if shown else 0
    factories.write_answer(step_1, "lessons", "D’un autre.", contributor)
    result = save(lead, {"lessons": shown, "strategy": "x"}, {"lessons": base, "strategy": 0})
    assert (list(result.saved), result.stale, result.status) == (["strategy"], {}, 200)
    assert texts_of(step_1)["lessons"] == "D’un autre."


def test_a_late_page_that_says_what_stands_is_not_said_twice(save, step_1, lead, contributor):
    """It leaves its trace all the same: sent again later, it must change nothing."""
    factories.write_answer(step_1, "lessons", "D’un autre.", contributor)
    for text in ("D’un autre.", "D’un autre encore."):
        assert save(lead, {"lessons": "D’un autre."}, {"lessons": 0}).status == 200
        factories.write_answer(step_1, "lessons", text, contributor)
    assert texts_of(step_1)["lessons"] == "D’un autre encore."


def test_what_both_changed_is_stale(save, step_1, lead, contributor):
    base = factories.write_answer(step_1, "lessons", "Avant.", lead)
    factories.write_answer(step_1, "lessons", "D’un autre.", contributor)
    result = save(lead, {"lessons": "Le mien."}, {"lessons": base})
    assert (list(result.stale), result.status) == (["lessons"], 409)
    assert texts_of(step_1)["lessons"] == "D’un autre."


def test_what_is_refused_and_stale_is_told_as_both(save, step_1, lead, contributor):
    factories.write_answer(step_1, "lessons", "D’un autre.", contributor)
    result = save(lead, {"lessons": "a" * 100_001}, {"lessons": 0})
    assert (list(result.refused), result.status) == (["lessons"], 413)
    assert result.stale["lessons"].current.value == "D’un autre."


def test_the_same_page_sent_twice_changes_nothing_twice(save, step_1, lead):
    for _ in range(2):
        assert save(lead, {"strategy": "Marcher."}, {"strategy": 0}).status == 200
    assert Revision.objects.count() == 1


def test_characters_that_cannot_be_kept_are_told(save, step_1, lead):
    result = save(lead, {"strategy": "a\x00b"}, {"strategy": 0})
    assert (result.status, result.was_normalised) == (200, True)
    assert texts_of(step_1) == {"strategy": "ab"}


def test_a_closed_worksheet_takes_nothing(save, step_1, lead):
    step_1.state = State.SUBMITTED
    step_1.save()
    with pytest.raises(NotNow):
        save(lead, {"strategy": "Marcher."}, {"strategy": 0})
    assert texts_of(step_1) == {}


def test_a_page_says_only_what_its_author_sees(save, step_1, partner, shared, unshared):
    names = [f"obstacles--{shared.ref}", f"obstacles--{unshared.ref}", "strategy"]
    result = save(partner, dict.fromkeys(names, "Le prix."), dict.fromkeys(names, 0))
    assert list(result.saved) == names[:1]
    assert [answer.opportunity for answer in step_1.answers.all()] == [shared]
