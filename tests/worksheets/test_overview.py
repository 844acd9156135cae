from datetime import timedelta

import pytest
from django.utils import timezone

from programmes.enums import Step
from territories.enums import Role
from tests import factories
from worksheets.completeness import Progress
from worksheets.content import Slot
from worksheets.discussing import comment, resolve_thread
from worksheets.enums import State
from worksheets.lifecycle import Verb
from worksheets.overview import Act, calendar_for, call_for, lines_about, lines_of, next_due
from worksheets.reviewing import decide
from worksheets.standing import Standing

SELF_DIAGNOSIS = (Step.SELF_DIAGNOSIS, None, "none")


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def seen_by(territory):
    """`seen_by(user)` are the lines of the territory for somebody."""

    def read(user):
        standing = Standing.of(user, territory)
        return lines_of(standing, standing.programmes())

    return read


def outline(lines):
    return [(line.step, line.subject and line.subject.title, line.state) for line in lines]


def in_state(worksheet, state):
    worksheet.state = state
    worksheet.save(update_fields=["state"])


def give_back(worksheet, trainer, verb=Verb.RETURN):
    worksheet.refresh_from_db()
    number = str(worksheet.submissions.count())
    decide(
        worksheet=worksheet,
        verb=verb,
        message="Bien",
        comments=[],
        submission_number=number,
        by=trainer,
    )


def test_what_is_to_come_before_anything_exists(lead, programme, seen_by, outsider):
    lines = seen_by(lead)
    assert outline(lines) == [
        SELF_DIAGNOSIS,
        (Step.STEP_1, None, "none"),
        (Step.STEP_2, None, "none"),
    ]
    assert [line.is_to_choose for line in lines] == [False, False, True]
    assert [line.title for line in lines] == [
        "Auto-diagnostic",
        "Étape 1\N{NO-BREAK SPACE}: Détecter les opportunités",
        "Étape 2\N{NO-BREAK SPACE}: De l’opportunité au projet",
    ]


def test_step_2_is_expected_for_what_step_1_tells_of(lead, step_1, step_2, seen_by):
    lines = seen_by(lead)
    assert outline(lines) == [
        SELF_DIAGNOSIS,
        (Step.STEP_1, None, "draft"),
        (Step.STEP_2, "La halle partagée", "draft"),
        (Step.STEP_2, "Le moulin réservé", "none"),
    ]
    assert lines[2].title == "Étape 2 – La halle partagée"


def test_step_2_begun_for_what_is_not_chosen_comes_last(
    lead, territory, programme, step_1, seen_by
):
    other = factories.create_opportunity(territory, lead, "Un atelier")
    factories.create_worksheet(territory, programme, lead, step=Step.STEP_2, opportunity=other)
    assert [line.subject.title for line in seen_by(lead)[2:]] == [
        "La halle partagée",
        "Le moulin réservé",
        "Un atelier",
    ]


@pytest.mark.parametrize("who", ["lead", "contributor", "reader", "trainer"])
def test_who_reads_drafts_sees_all_lines(request, who, step_1, step_2, outsider, seen_by):
    assert len(seen_by(request.getfixturevalue(who))) == 4


@pytest.mark.parametrize("who", ["staff", "outsider"])
def test_others_see_no_line(request, who, step_1, step_2, outsider, seen_by):
    assert seen_by(request.getfixturevalue(who)) == []


def test_a_partner_sees_what_is_shared_and_can_t_tell_what_is_to_come(
    partner, lead, step_1, step_2, shared, unshared, seen_by
):
    factories.write_answer(step_1, "strategy", "Une visite", lead)
    factories.write_answer(step_1, "interest", "Un lieu", lead, opportunity=shared)
    factories.write_answer(step_1, "interest", "Un secret", lead, opportunity=unshared)
    lines = seen_by(partner)
    assert outline(lines) == [
        (Step.STEP_1, None, "draft"),
        (Step.STEP_2, "La halle partagée", "draft"),
    ]
    assert lines[0].progress == Progress(1, 6)
    assert {item.subject for item in lines[0].missing} == {"La halle partagée"}


def test_a_partner_with_whom_nothing_is_shared_sees_no_line(
    partner, territory, programme, lead, grids, seen_by
):
    factories.create_worksheet(territory, programme, lead)
    assert seen_by(partner) == []


def test_an_observer_knows_of_submitted_versions_only(observer, lead, step_1, step_2, seen_by):
    assert outline(seen_by(observer)) == [
        SELF_DIAGNOSIS,
        (Step.STEP_1, None, "none"),
        (Step.STEP_2, None, "none"),
    ]
    factories.submit_worksheet(step_1, lead)
    lines = seen_by(observer)
    assert outline(lines) == [
        SELF_DIAGNOSIS,
        (Step.STEP_1, None, "submitted"),
        (Step.STEP_2, None, "none"),
    ]
    in_state(step_1, State.RETURNED)
    assert [(line.progress, line.missing) for line in seen_by(observer)] == [(None, [])] * 3


def test_progress_is_told_while_the_team_writes(lead, trainer, step_1, seen_by):
    factories.write_answer(step_1, "strategy", "Une visite", lead)
    for state, expected in {
        State.DRAFT: Progress(1, 19),
        State.SUBMITTED: None,
        State.RETURNED: Progress(1, 19),
        State.VALIDATED: None,
    }.items():
        in_state(step_1, state)
        assert seen_by(lead)[1].progress == expected


def test_open_comments_are_counted_where_they_are_seen(
    lead, partner, trainer, observer, step_1, shared, unshared, seen_by
):
    grid = step_1.grid.by_key
    for key, opportunity in [("strategy", None), ("interest", shared), ("interest", unshared)]:
        written = comment(
            worksheet=step_1,
            slot=Slot(grid[key]),
            opportunity_id=opportunity and opportunity.pk,
            body="Précisez",
            by=trainer,
        )
    factories.submit_worksheet(step_1, lead)
    assert seen_by(lead)[1].open_comments == 3
    assert seen_by(partner)[0].open_comments == 1
    assert seen_by(observer)[1].open_comments == 0
    resolve_thread(thread=written, slot=Slot(grid["interest"]), by=lead)
    assert seen_by(lead)[1].open_comments == 2


def test_who_sent_and_who_decided(lead, trainer, step_1, seen_by):
    submission = factories.submit_worksheet(step_1, lead)
    worksheet = seen_by(lead)[1].worksheet
    assert (worksheet.moved_by, worksheet.sent_at) == (lead.name, submission.submitted_at)
    give_back(step_1, trainer, Verb.VALIDATE)
    worksheet = seen_by(lead)[1].worksheet
    assert (worksheet.moved_by, worksheet.sent_at) == (trainer.name, submission.submitted_at)


@pytest.mark.parametrize(
    ("days", "state", "is_overdue"),
    [
        (0, None, False),
        (-1, None, True),
        (-1, State.DRAFT, True),
        (-1, State.SUBMITTED, False),
        (-1, State.RETURNED, True),
        (-1, State.VALIDATED, False),
    ],
)
def test_late_is_what_the_team_still_has(
    lead, territory, programme, grids, today, seen_by, days, state, is_overdue
):
    factories.create_deadline(programme, Step.STEP_1, today + timedelta(days=days))
    if state:
        factories.create_worksheet(territory, programme, lead, state=state)
    assert [line.is_overdue for line in seen_by(lead)] == [False, is_overdue, False]


def test_the_lines_about_one_opportunity(lead, partner, observer, programme, step_2, shared):
    other = factories.create_programme("Une autre formation")
    factories.enrol(shared.territory, other)

    def about(user):
        standing = Standing.of(user, shared.territory)
        found = lines_about(standing, standing.programmes(), shared)
        return [(line.programme, line.worksheet, line.progress) for line in found]

    assert about(lead) == [(other, None, None), (programme, step_2, Progress(0, 7))]
    assert about(partner) == [(programme, step_2, Progress(0, 7))]
    assert about(observer) == [(programme, None, None)]


# What calls: the earliest deadline that the team has in hand


def test_without_deadline_the_journey_begins_at_its_beginning(lead, step_1, seen_by, today):
    assert next_due(seen_by(lead), today).step == Step.SELF_DIAGNOSIS


def test_a_complete_sheet_with_an_open_comment_is_to_write(
    territory, programme, lead, trainer, grids, seen_by, today
):
    worksheet = factories.create_worksheet(territory, programme, lead, step=Step.SELF_DIAGNOSIS)
    entry = [{"id": "5b0f0d6c-9d1e-4f59-8f4c-1f1a3c7c0a11", "text": "Un marché"}]
    for key, question in worksheet.grid.by_key.items():
        value = "Un texte" if question.kind == "text" else entry
        factories.write_answer(worksheet, key, value, lead)
    in_state(worksheet, State.RETURNED)
    standing = Standing.of(lead, territory)
    assert call_for(seen_by(lead), standing, today).act == Act.SUBMIT
    worksheet.comments.create(question="effects", body="Lesquels ?", written_by=trainer)
    assert call_for(seen_by(lead), standing, today).act == Act.WRITE


def test_the_earliest_deadline_is_due_first(lead, programme, step_1, seen_by, today):
    factories.create_deadline(programme, Step.STEP_2, today + timedelta(days=9))
    factories.create_deadline(programme, Step.STEP_1, today + timedelta(days=5))
    assert next_due(seen_by(lead), today).step == Step.STEP_1
    in_state(step_1, State.SUBMITTED)
    due = next_due(seen_by(lead), today)
    assert (due.step, due.subject.title) == (Step.STEP_2, "La halle partagée")


def test_what_was_returned_is_due_without_deadline(lead, step_1, seen_by, today):
    in_state(step_1, State.RETURNED)
    assert next_due(seen_by(lead), today).worksheet == step_1


def test_a_programme_that_is_over_comes_last(lead, territory, programme, grids, seen_by, today):
    factories.create_deadline(programme, Step.STEP_1, today - timedelta(days=400))
    assert next_due(seen_by(lead), today).programme == programme
    current = factories.create_programme("La formation de cette année")
    factories.enrol(territory, current)
    factories.create_deadline(current, Step.STEP_1, today + timedelta(days=30))
    assert next_due(seen_by(lead), today).programme == current


CALLS = {
    # nothing exists, a draft, complete, submitted (step 1 comes next, without a deadline)
    "lead": (Act.START, Act.WRITE, Act.SUBMIT, Act.START),
    "contributor": (Act.START, Act.WRITE, Act.WRITE, Act.START),
    "partner": (None, None, None, None),
    "reader": (Act.WAIT, Act.READ, Act.READ, None),
    "trainer": (Act.WAIT, Act.READ, Act.READ, Act.REVIEW),
    "observer": (Act.WAIT, Act.WAIT, Act.WAIT, None),
}


@pytest.mark.parametrize(("who", "expected"), CALLS.items())
def test_what_each_is_called_to(
    request, territory, programme, lead, grids, seen_by, today, who, expected
):
    factories.create_deadline(programme, Step.SELF_DIAGNOSIS, today)
    user = request.getfixturevalue(who)

    def act():
        call = call_for(seen_by(user), Standing.of(user, territory), today)
        return call and call.act

    found = [act()]
    worksheet = factories.create_worksheet(territory, programme, lead, step=Step.SELF_DIAGNOSIS)
    found.append(act())
    entry = [{"id": "5b0f0d6c-9d1e-4f59-8f4c-1f1a3c7c0a11", "text": "Un marché"}]
    for key, question in worksheet.grid.by_key.items():
        value = "Un texte" if question.kind == "text" else entry
        factories.write_answer(worksheet, key, value, lead)
    found.append(act())
    factories.submit_worksheet(worksheet, lead)
    found.append(act())
    assert tuple(found) == expected


def test_a_partner_continues_what_is_shared(partner, territory, programme, step_1, seen_by, today):
    factories.create_deadline(programme, Step.STEP_1, today)
    call = call_for(seen_by(partner), Standing.of(partner, territory), today)
    assert (call.line.worksheet, call.act) == (step_1, Act.WRITE)


@pytest.mark.parametrize(("who", "act"), [("lead", Act.CHOOSE), ("reader", Act.WAIT)])
def test_step_2_begins_with_a_choice(request, territory, programme, who, act, seen_by, today):
    factories.create_deadline(programme, Step.STEP_2, today)
    user = request.getfixturevalue(who)
    call = call_for(seen_by(user), Standing.of(user, territory), today)
    assert (call.line.step, call.act) == (Step.STEP_2, act)


def test_the_trainer_reviews_what_came_first(
    lead, trainer, territory, programme, step_1, step_2, seen_by, today
):
    factories.submit_worksheet(step_2, lead)
    factories.submit_worksheet(step_1, lead)
    call = call_for(seen_by(trainer), Standing.of(trainer, territory), today)
    assert (call.line.worksheet, call.act) == (step_2, Act.REVIEW)


def test_a_trainer_of_one_programme_isn_t_called_to_the_review_of_another(
    lead, trainer, territory, step_1, seen_by, today
):
    other = factories.create_programme("Une autre formation")
    factories.enrol(territory, other)
    factories.grant(trainer, territory, Role.READER)
    worksheet = factories.create_worksheet(territory, other, lead, step=Step.SELF_DIAGNOSIS)
    factories.submit_worksheet(worksheet, lead)
    assert call_for(seen_by(trainer), Standing.of(trainer, territory), today) is None


# The calendar


@pytest.fixture
def dates_of(territory, seen_by, today):
    """`dates_of(user)`: title, past, next, sent, overdue, done of each date."""

    def read(user):
        standing = Standing.of(user, territory)
        programmes = list(standing.programmes())
        return [
            (d.item.title, d.is_past, d.is_next, d.is_sent, d.is_overdue, d.is_done)
            for d in calendar_for(standing, programmes, seen_by(user), today)
        ]

    return read


def test_the_calendar_says_what_is_done_late_and_next(
    lead, partner, territory, programme, grids, dates_of, today
):
    factories.create_session(programme, "Lancement", today - timedelta(days=9))
    factories.create_deadline(programme, Step.SELF_DIAGNOSIS, today - timedelta(days=5))
    factories.create_deadline(programme, Step.STEP_1, today)
    factories.create_session(programme, "Journée", today + timedelta(days=9))
    assert dates_of(lead) == [
        ("Lancement", True, False, None, False, True),
        ("Auto-diagnostic", True, False, False, True, False),
        ("Étape 1", False, True, False, False, False),
        ("Journée", False, False, None, False, False),
    ]
    for step in (Step.SELF_DIAGNOSIS, Step.STEP_1):
        factories.create_worksheet(territory, programme, lead, step=step, state=State.SUBMITTED)
    assert dates_of(lead) == [
        ("Lancement", True, False, None, False, True),
        ("Auto-diagnostic", True, False, True, False, True),
        ("Étape 1", False, False, True, False, True),
        ("Journée", False, True, None, False, False),
    ]
    assert dates_of(partner) == [
        ("Lancement", True, False, None, False, True),
        ("Auto-diagnostic", True, False, None, False, True),
        ("Étape 1", False, True, None, False, False),
        ("Journée", False, False, None, False, False),
    ]


def test_the_dates_of_all_programmes_follow_each_other(lead, territory, dates_of, today):
    for name, days in (("Une formation", 5), ("Une autre", 3)):
        programme = factories.create_programme(name)
        factories.enrol(territory, programme)
        factories.create_session(programme, name, today + timedelta(days=days))
    assert [date[:3] for date in dates_of(lead)] == [
        ("Une autre", False, True),
        ("Une formation", False, False),
    ]
