import pytest

from tests.worksheets.test_content import TWO, content
from worksheets.completeness import NO_OPPORTUNITY, Missing, Progress, missing, progress
from worksheets.grids.declarations import SELF_DIAGNOSIS, STEP_1, STEP_2

EACH = ("description", "interest", "obstacles", "role", "carrier", "topics")
CHOSEN = {"ticked": {"public": ""}, "other": "", "text": ""}
VALUES = {"role": CHOSEN, "carrier": CHOSEN, "process": CHOSEN, "topics": [{"id": "", "text": "t"}]}


def full_answers():
    once = ("process", "process-internal", "process-external")
    strategy = ("strategy", "satisfaction", "lessons", "progress")
    return {key: VALUES.get(key, "texte") for key in (*once, *strategy)} | {
        f"{key}--{subject.ref}": VALUES.get(key, "texte") for key in EACH for subject in TWO
    }


def test_everything_is_missing_from_a_new_worksheet():
    found = missing(content(SELF_DIAGNOSIS))
    assert [(item.anchor, item.label) for item in found] == [
        ("collaborations", "Les collaborations qui s’organisent sur la question"),
        ("achievements", "Réalisation(s) concrète(s) depuis le lancement du contrat de ville"),
        ("effects", "Effets, visibilité, interrogations"),
        ("perspectives", "Les perspectives jusqu’en 2030"),
        ("conditions-easy", "Celles qui sont faciles à réunir"),
        ("conditions-difficult", "Celles qui posent difficultés"),
    ]
    assert progress(content(SELF_DIAGNOSIS)) == Progress(0, 6)


def test_without_opportunity_choosing_one_is_what_is_missing():
    bare = content(STEP_1)
    assert [item.anchor for item in missing(bare)] == [
        "process",
        "process-internal",
        "process-external",
        "strategy",
        "satisfaction",
        "lessons",
        "progress",
        "opportunities",
    ]
    assert missing(bare)[-1] == NO_OPPORTUNITY
    # The questions about a first one count: choosing it makes nobody fall back.
    assert progress(bare) == Progress(0, 13)
    assert progress(content(STEP_1, opportunities=TWO[:1])) == Progress(0, 13)


def test_nothing_is_missing_from_a_full_worksheet():
    full = content(STEP_1, opportunities=TWO, answers=full_answers())
    assert missing(full) == []
    assert progress(full) == Progress(19, 19)
    assert progress(full).percent == 100


def test_what_is_missing_names_its_opportunity():
    answers = full_answers() | {"obstacles--bbbbbbbb": " \n"}
    almost = content(STEP_1, opportunities=TWO, answers=answers)
    assert missing(almost) == [
        Missing("obstacles--bbbbbbbb", "Ce qui pourrait vous freiner", "Le moulin")
    ]
    assert progress(almost) == Progress(18, 19)


def test_answers_about_opportunities_not_chosen_count_for_nothing():
    one = content(STEP_1, opportunities=TWO[:1], answers=full_answers())
    assert missing(one) == []
    assert progress(one) == Progress(13, 13)


@pytest.mark.parametrize(
    ("answered", "total", "percent"),
    [(0, 0, 0), (0, 3, 0), (2, 3, 66), (299, 300, 99), (3, 3, 100)],
)
def test_percents_are_rounded_down(answered, total, percent):
    assert Progress(answered, total).percent == percent


def test_step_2_has_seven_answers_to_give():
    assert progress(content(STEP_2)) == Progress(0, 7)
