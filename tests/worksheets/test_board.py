from datetime import timedelta

import pytest
from django.utils import timezone

from journal.recording import record
from opportunities import keeping
from programmes.enums import Step
from territories.enums import Role
from tests import factories
from worksheets.board import FILTERS, board_of
from worksheets.enums import State
from worksheets.lifecycle import Verb
from worksheets.reviewing import decide, start_review


@pytest.fixture
def board(programme):
    """`board(user)` is the board of the programme for its member `user`."""

    def read(user):
        member = programme.members.get(user=user)
        return board_of(programme, user, is_trainer=member.role == Role.TRAINER)

    return read


def give_back(worksheet, trainer):
    decide(
        worksheet=worksheet,
        verb=Verb.RETURN,
        message="Précisez",
        comments=[],
        submission_number=str(worksheet.submissions.count()),
        by=trainer,
    )


def states(board):
    return {
        row.territory.name: [[line.state for line in cell.lines] for cell in row.cells]
        for row in board.rows
    }


def test_the_matrix(trainer, step_1, step_2, outsider, board):
    assert states(board(trainer)) == {
        "CA Valenciennes Métropole": [["none"], ["draft"], ["none"]],
        "CU de Dunkerque": [["none"], ["draft"], ["draft", "none"]],
    }


def test_started_and_to_start(trainer, step_1, step_2, board):
    cell = board(trainer).rows[1].cells[2]
    assert [line.worksheet for line in cell.started] == [step_2]
    assert [line.subject.title for line in cell.to_start] == ["Le moulin réservé"]


def test_an_observer_knows_of_submitted_versions_only(
    observer, lead, step_1, step_2, outsider, board
):
    factories.submit_worksheet(step_1, lead)
    found = board(observer)
    assert states(found) == {
        "CA Valenciennes Métropole": [["none"], ["none"], ["none"]],
        "CU de Dunkerque": [["none"], ["submitted"], ["none"]],
    }
    assert [line.progress for row in found.rows for line in row.lines] == [None] * 6


def test_the_people_and_the_opportunities(
    trainer, lead, contributor, partner, outsider, step_1, board
):
    former = factories.create_user()
    yesterday = timezone.localdate() - timedelta(days=1)
    factories.grant(former, step_1.territory, Role.READER, until=yesterday)
    factories.grant(lead, step_1.territory, Role.READER)
    for act in (keeping.archive, keeping.delete):
        gone = factories.create_opportunity(step_1.territory, lead, "Ne se compte pas")
        act(opportunity=gone, by=lead)
    found = board(trainer)
    assert [(row.member_count, row.opportunity_count, row.has_lead) for row in found.rows] == [
        (1, 1, True),
        (3, 2, True),
    ]
    assert found.opportunity_count == 3


def test_a_territory_of_another_programme_isn_t_there(trainer, programme, board, lead, grids):
    elsewhere = factories.create_territory("Un territoire d’ailleurs")
    other = factories.create_programme("Une autre formation")
    factories.enrol(elsewhere, other)
    factories.create_worksheet(elsewhere, other, lead)
    assert [row.territory.name for row in board(trainer).rows] == [
        "CA Valenciennes Métropole",
        "CU de Dunkerque",
    ]


def test_the_work_of_another_programme_isn_t_there(trainer, lead, territory, board, grids):
    other = factories.create_programme("Une autre formation")
    factories.enrol(territory, other)
    factories.create_worksheet(territory, other, lead, step=Step.SELF_DIAGNOSIS)
    assert {
        state for cells in states(board(trainer)).values() for cell in cells for state in cell
    } == {"none"}


def test_what_was_submitted_then_unenrolled_isn_t_there(trainer, lead, step_1, board):
    factories.submit_worksheet(step_1, lead)
    step_1.programme.enrolments.filter(territory=step_1.territory).delete()
    found = board(trainer)
    assert [row.territory.name for row in found.rows] == ["CA Valenciennes Métropole"]
    assert found.submitted_count == 0


def test_the_figures_and_the_filters(trainer, lead, outsider, territory, step_1, step_2, board):
    factories.create_deadline(
        step_1.programme, Step.STEP_1, timezone.localdate() - timedelta(days=3)
    )
    factories.grant(lead, outsider.grants.get().territory, Role.CONTRIBUTOR)
    outsider.grants.all().delete()
    for worksheet in (step_1, step_2):
        factories.submit_worksheet(worksheet, lead)
    give_back(step_1, trainer)
    factories.submit_worksheet(step_1, lead)
    found = board(trainer)
    assert (found.submitted_count, found.corrected_count, found.overdue_count) == (2, 1, 1)
    assert found.filters() == [
        ("", "Tous", 2),
        ("a-relire", "À relire", 1),
        ("corrigees", "Corrigées", 1),
        ("en-retard", "En retard", 1),
        ("sans-referent", "Sans référent", 1),
    ]
    names = {value: [row.territory.name for row in found.filtered(value)] for value in FILTERS}
    assert names == {
        "": ["CA Valenciennes Métropole", "CU de Dunkerque"],
        "a-relire": ["CU de Dunkerque"],
        "corrigees": ["CU de Dunkerque"],
        "en-retard": ["CA Valenciennes Métropole"],
        "sans-referent": ["CA Valenciennes Métropole"],
    }
    assert found.filtered("n-existe-pas") == list(found.rows)


def test_corrected_since_my_return_not_since_a_colleague_s(trainer, lead, step_1, board):
    colleague = factories.create_user()
    factories.join_programme(colleague, step_1.programme)
    factories.submit_worksheet(step_1, lead)
    give_back(step_1, colleague)
    factories.submit_worksheet(step_1, lead)
    assert (board(trainer).corrected_count, board(colleague).corrected_count) == (0, 1)


def test_an_observer_has_no_returns_of_their_own(observer, board):
    assert [value for value, _, _ in board(observer).filters()] == [
        "",
        "a-relire",
        "en-retard",
        "sans-referent",
    ]


def test_what_waits_longest_comes_first_unless_somebody_began_its_review(
    trainer, lead, step_1, step_2, board
):
    assert board(trainer).next_to_review is None
    for worksheet in (step_2, step_1):
        factories.submit_worksheet(worksheet, lead)
    assert board(trainer).next_to_review.worksheet == step_2
    start_review(worksheet=step_2, by=trainer)
    assert board(trainer).next_to_review.worksheet == step_1
    start_review(worksheet=step_1, by=trainer)
    assert board(trainer).next_to_review.worksheet == step_2


def test_the_last_activity_is_the_team_s(trainer, lead, territory, step_1, board):
    assert [row.last_activity for row in board(trainer).rows] == [None, None]
    scope = territory.scope
    entry = record(verb="worksheet.answered", by=lead, scope=scope, target=step_1.target)
    record(verb="worksheet.review_started", by=trainer, scope=scope, target=step_1.target)
    record(verb="team.member_joined", by=lead, scope=scope, target=scope)
    assert [row.last_activity for row in board(trainer).rows] == [None, entry.at]


def test_an_observer_knows_when_the_last_version_came(observer, lead, step_1, board):
    factories.write_answer(step_1, "strategy", "Une visite", lead)
    assert [row.last_activity for row in board(observer).rows] == [None, None]
    sent = factories.submit_worksheet(step_1, lead)
    step_1.state = State.RETURNED
    step_1.save(update_fields=["state"])
    factories.write_answer(step_1, "strategy", "Deux visites", lead)
    assert [row.last_activity for row in board(observer).rows] == [None, sent.submitted_at]
