from datetime import timedelta

import pytest
from django.utils import timezone

from programmes.enums import Step
from tests import factories
from worksheets.access import Access
from worksheets.content import Content, Slot
from worksheets.editing import Stale, save_answer
from worksheets.enums import State
from worksheets.models import Comment
from worksheets.sheet import Sheet


@pytest.fixture
def sheet_of(as_seen_by):
    def draft(user, worksheet):
        return Sheet.draft(Access(user, as_seen_by(user, worksheet)))

    return draft


def test_a_save_while_the_page_is_read_makes_it_stale(
    sheet_of, step_1, lead, contributor, monkeypatch
):
    """Never does an old text come with the version of a newer one."""
    factories.write_answer(step_1, "strategy", "Avant.", lead)
    read = Content.of

    def save_first(worksheet):
        factories.write_answer(step_1, "strategy", "Entre-temps.", contributor)
        return read(worksheet)

    monkeypatch.setattr(Content, "of", save_first)
    sheet = sheet_of(lead, step_1)
    slot = Slot(step_1.grid.by_key["strategy"])
    assert sheet.content.value(slot) == "Entre-temps."
    with pytest.raises(Stale):
        save_answer(
            worksheet=step_1,
            question=slot.question,
            opportunity_id=None,
            value="Après.",
            base_version=sheet.surroundings(slot).version,
            may_record_opinions=False,
            by=lead,
        )


def test_the_margin_of_a_question(sheet_of, step_1, lead, contributor, shared):
    factories.write_answer(step_1, "obstacles", "Le prix.", contributor, opportunity=shared)
    for resolved_at in (timezone.now(), None):
        thread = Comment.objects.create(
            worksheet=step_1,
            question="obstacles",
            opportunity=shared,
            body="Qui ?",
            written_by=lead,
            resolved_at=resolved_at,
            resolved_by=lead if resolved_at else None,
        )
    sheet = sheet_of(lead, step_1)
    margins = {slot.name: sheet.surroundings(slot) for slot in sheet.slots}
    margin = margins.pop(f"obstacles--{shared.ref}")
    assert (margin.version, margin.saved_by) == (1, "Bruno Carlier")
    assert (margin.comment_count, margin.open_comments) == (2, 1)
    assert [found.is_open for found in margin.threads] == [True, False]
    assert {(m.version, m.saved_by, m.threads) for m in margins.values()} == {(0, "", ())}
    assert (sheet.open_comments, sheet.first_open_comment) == (1, thread.ref)


def test_a_partner_counts_their_own_comments_only(sheet_of, step_1, lead, partner, unshared):
    for question, opportunity in (("strategy", None), ("obstacles", unshared)):
        Comment.objects.create(
            worksheet=step_1,
            question=question,
            opportunity=opportunity,
            body="Qui ?",
            written_by=lead,
        )
    sheet = sheet_of(partner, step_1)
    assert (sheet.open_comments, sheet.first_open_comment) == (0, "")


@pytest.mark.parametrize(
    ("days", "state", "is_overdue"),
    [
        (-1, State.DRAFT, True),
        (-1, State.RETURNED, True),
        (-1, State.SUBMITTED, False),
        (-1, State.VALIDATED, False),
        (0, State.DRAFT, False),
    ],
)
def test_what_is_overdue(sheet_of, step_1, lead, days, state, is_overdue):
    due_on = timezone.localdate() + timedelta(days=days)
    factories.create_deadline(step_1.programme, Step.STEP_1, due_on)
    step_1.state = state
    step_1.save()
    assert sheet_of(lead, step_1).is_overdue is is_overdue


def test_without_a_deadline_nothing_is_overdue(sheet_of, step_1, lead):
    assert not sheet_of(lead, step_1).is_overdue


def test_the_next_version_is_numbered(sheet_of, step_1, lead):
    assert sheet_of(lead, step_1).next_number == 1
    factories.submit_worksheet(step_1, lead)
    assert sheet_of(lead, step_1).next_number == 2
