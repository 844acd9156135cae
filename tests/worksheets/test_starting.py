import pytest

from journal.models import Entry
from programmes.enums import Step
from tests import factories
from worksheets.enums import State
from worksheets.lifecycle import NotNow
from worksheets.models import Worksheet
from worksheets.starting import (
    BadChoice,
    CannotStart,
    StaleChoice,
    choose_opportunities,
    start_worksheet,
)


def test_beginning_twice_gives_the_same_worksheet(territory, programme, lead, contributor, grids):
    first = start_worksheet(territory=territory, programme=programme, step=Step.STEP_1, by=lead)
    again = start_worksheet(
        territory=territory, programme=programme, step=Step.STEP_1, by=contributor
    )
    assert first == again == Worksheet.objects.get()
    assert (first.state, first.created_by, first.grid_version) == (
        State.DRAFT,
        lead,
        grids[Step.STEP_1],
    )
    assert [(e.verb, e.actor, e.scope, e.target) for e in Entry.objects.all()] == [
        ("worksheet.started", lead, territory.scope, first.target)
    ]


def test_step_2_is_begun_once_for_each_opportunity(
    territory, programme, lead, shared, unshared, grids
):
    made = [
        start_worksheet(
            territory=territory,
            programme=programme,
            step=Step.STEP_2,
            opportunity=opportunity,
            by=lead,
        )
        for opportunity in (shared, unshared, shared)
    ]
    assert made[0] == made[2]
    assert [worksheet.opportunity for worksheet in made[:2]] == [shared, unshared]


def test_what_can_t_begin(territory, other_territory, programme, lead, shared, grids):
    foreign = factories.create_opportunity(other_territory, lead)
    not_enrolled = factories.create_programme("Une autre formation")
    for step, opportunity, in_programme, reason in [
        (Step.STEP_1, None, not_enrolled, "n’est pas inscrit"),
        (Step.STEP_2, None, programme, "porte sur une opportunité"),
        (Step.STEP_1, shared, programme, "porte sur une opportunité"),
        (Step.STEP_2, foreign, programme, "n’est pas de ce territoire"),
    ]:
        with pytest.raises(CannotStart, match=reason):
            start_worksheet(
                territory=territory,
                programme=in_programme,
                step=step,
                opportunity=opportunity,
                by=lead,
            )
    assert (Worksheet.objects.count(), Entry.objects.count()) == (0, 0)


def test_nothing_begins_before_its_grid_is_published(territory, programme, lead):
    with pytest.raises(CannotStart, match="n’est pas encore publié"):
        start_worksheet(territory=territory, programme=programme, step=Step.STEP_1, by=lead)
    assert (Worksheet.objects.count(), Entry.objects.count()) == (0, 0)


def chosen(worksheet):
    return [choice.opportunity for choice in worksheet.chosen.select_related("opportunity")]


def test_choosing_in_order(step_1, lead, shared, unshared):
    choose_opportunities(worksheet=step_1, opportunities=[unshared, shared], by=lead)
    assert chosen(step_1) == [unshared, shared]
    step_1.refresh_from_db()
    assert (step_1.change_number, step_1.changed_by) == (1, lead)
    entry = Entry.objects.get()
    assert (entry.verb, entry.target) == ("worksheet.opportunities_chosen", step_1.target)
    assert entry.data == {
        "opportunities": ["Le moulin réservé", "La halle partagée"],
        "refs": [unshared.ref, shared.ref],
    }


def test_the_same_choice_changes_nothing(step_1, lead, shared, unshared):
    choose_opportunities(
        worksheet=step_1, opportunities=[shared, unshared], seen=["something-else"], by=lead
    )
    step_1.refresh_from_db()
    assert (step_1.change_number, Entry.objects.count()) == (0, 0)


def test_answers_come_back_with_their_opportunity(step_1, lead, shared, unshared):
    factories.write_answer(step_1, "interest", "Un lieu", lead, opportunity=shared)
    choose_opportunities(worksheet=step_1, opportunities=[unshared], by=lead)
    choose_opportunities(worksheet=step_1, opportunities=[shared], by=lead)
    assert step_1.answers.get().value == "Un lieu"


def test_a_choice_made_meanwhile_isn_t_replaced_unseen(step_1, lead, shared, unshared):
    with pytest.raises(StaleChoice, match="La halle partagée\N{NO-BREAK SPACE}; Le moulin réservé"):
        choose_opportunities(worksheet=step_1, opportunities=[unshared], seen=[shared.ref], by=lead)
    assert chosen(step_1) == [shared, unshared]
    choose_opportunities(
        worksheet=step_1, opportunities=[unshared], seen=[shared.ref, unshared.ref], by=lead
    )
    assert chosen(step_1) == [unshared]


def test_what_can_t_be_chosen(step_1, step_2, lead, territory, other_territory, shared):
    foreign = factories.create_opportunity(other_territory, lead)
    many = [factories.create_opportunity(territory, lead) for _ in range(4)]
    for worksheet, opportunities, reason in [
        (step_2, [shared], "Seule l’étape 1"),
        (step_1, many, "une, deux ou trois"),
        (step_1, [shared, shared], "deux fois"),
        (step_1, [foreign], "n’est pas de ce territoire"),
    ]:
        before = chosen(worksheet)
        with pytest.raises(BadChoice, match=reason):
            choose_opportunities(worksheet=worksheet, opportunities=opportunities, by=lead)
        assert chosen(worksheet) == before


@pytest.mark.parametrize("state", [State.SUBMITTED, State.VALIDATED])
def test_the_team_must_have_the_worksheet(step_1, lead, unshared, state):
    Worksheet.objects.update(state=state)
    with pytest.raises(NotNow, match=state.label):
        choose_opportunities(worksheet=step_1, opportunities=[unshared], by=lead)
