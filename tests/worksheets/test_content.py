from dataclasses import replace

import pytest

from opportunities.enums import Kind, Stage
from programmes.enums import Step
from tests import factories
from worksheets.content import Content, Slot, Subject
from worksheets.grids.declarations import SELF_DIAGNOSIS, STEP_1, STEP_2


def subject(ref="aaaaaaaa", **facts):
    words = {
        "title": "La halle",
        "kind": "friche",
        "kind_in_words": "Une friche",
        "place": "",
        "stage": "Repérée",
        "description": "",
    }
    return Subject(ref=ref, **words | facts)


def content(grid=STEP_1, **fields):
    return Content(
        grid=grid, **{"territory": "Dunkerque", "programme": "P", "horizon": 2030} | fields
    )


TWO = (subject("aaaaaaaa"), subject("bbbbbbbb", title="Le moulin"))


def test_slots_follow_the_grid_and_repeat_for_each_opportunity():
    once = [
        "process",
        "process-internal",
        "process-external",
        "process-done",
        "detection-done",
        "completion-done",
        "strategy",
        "satisfaction",
        "lessons",
        "progress",
    ]
    each = ["description", "interest", "obstacles", "role", "carrier", "topics"]
    assert [slot.name for slot in content().slots()] == once
    assert [slot.name for slot in content(opportunities=TWO).slots()] == [
        *once,
        *(f"{key}--aaaaaaaa" for key in each),
        *(f"{key}--bbbbbbbb" for key in each),
    ]


def test_what_was_not_answered_is_blank():
    full = content(answers={"strategy": "Marcher."})
    strategy, progress = (Slot(STEP_1.by_key[key]) for key in ("strategy", "progress"))
    assert (full.value(strategy), full.is_blank(strategy)) == ("Marcher.", False)
    assert (full.value(progress), full.is_blank(progress)) == ("", True)


@pytest.mark.parametrize(("opportunities", "is_done"), [((), False), (TWO, True)])
def test_the_second_point_is_done_when_opportunities_are_chosen(opportunities, is_done):
    slot = Slot(STEP_1.by_key["detection-done"])
    assert content(opportunities=opportunities).value(slot) is is_done


def test_a_subject_has_the_facts_of_its_moment(territory, lead):
    district = factories.create_district("Dutemple")
    opportunity = factories.create_opportunity(
        territory,
        lead,
        kind=Kind.PREMISES,
        stage=Stage.EXPLORED,
        district=district,
        place="3 rue du Port",
        description="<b>Vide</b>",
    )
    assert Subject.of(opportunity) == Subject(
        ref=opportunity.ref,
        title="La halle de la rue du Port",
        kind="premises",
        kind_in_words="Des locaux vacants en mutation",
        place="3 rue du Port, Dutemple",
        stage="En exploration",
        description="<b>Vide</b>",
    )


def test_the_living_content_of_step_1(step_1, shared, unshared, lead):
    factories.write_answer(step_1, "strategy", "Marcher.", lead)
    factories.write_answer(step_1, "obstacles", "Le prix.", lead, opportunity=unshared)

    found = Content.of(step_1)

    assert (found.grid, found.territory, found.horizon) == (STEP_1, "CU de Dunkerque", 2030)
    assert [s.title for s in found.opportunities] == ["La halle partagée", "Le moulin réservé"]
    assert found.about is None
    assert found.answers == {"strategy": "Marcher.", f"obstacles--{unshared.ref}": "Le prix."}


def test_the_living_content_of_step_2(step_2, shared):
    found = Content.of(step_2)
    assert (found.opportunities, found.about) == ((), Subject.of(shared))


def test_opportunities_come_in_the_order_that_was_chosen(territory, programme, lead, grids):
    made = [factories.create_opportunity(territory, lead, title) for title in "abc"]
    worksheet = factories.create_worksheet(
        territory, programme, lead, opportunities=[made[2], made[0], made[1]]
    )
    assert [s.title for s in Content.of(worksheet).opportunities] == ["c", "a", "b"]


@pytest.mark.parametrize(
    "whole",
    [
        content(opportunities=TWO, answers={"strategy": "x", "role--aaaaaaaa": {"ticked": {}}}),
        content(STEP_2, about=subject(), answers={"means": "y"}),
        content(SELF_DIAGNOSIS),
    ],
    ids=[Step.STEP_1, Step.STEP_2, Step.SELF_DIAGNOSIS],
)
def test_frozen_content_comes_back_the_same(whole):
    assert Content.from_json(whole.grid, whole.to_json()) == whole


def test_a_part_has_nothing_of_the_rest():
    whole = content(
        opportunities=TWO,
        answers={
            "strategy": "une fois",
            "interest--aaaaaaaa": "partagé",
            "interest--bbbbbbbb": "réservé",
            "interest--cccccccc": "plus choisi",
        },
    )

    part = whole.only_about(frozenset({"aaaaaaaa", "cccccccc"}))

    assert part.opportunities == (TWO[0],)
    assert part.answers == {"interest--aaaaaaaa": "partagé"}
    assert [block.key for block in part.grid.blocks] == ["opportunities"]
    assert (part.grid.introduction, part.grid.purposes) == ("", ())
    assert part == replace(whole, grid=part.grid, opportunities=(TWO[0],), answers=part.answers)


def test_a_part_without_anything_shared_is_empty():
    whole = content(opportunities=TWO, answers={"interest--aaaaaaaa": "réservé"})
    part = whole.only_about(frozenset())
    assert (part.opportunities, part.answers, list(part.slots())) == ((), {}, [])


def test_step_2_is_shared_whole():
    whole = content(STEP_2, about=subject(), answers={"means": "y"})
    assert whole.only_about(frozenset({"aaaaaaaa"})) == whole
