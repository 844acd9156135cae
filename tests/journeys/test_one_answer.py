"""Several people write in one answer: what goes together is merged while they type; what doesn't
stands side by side until they choose."""

import re

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.journeys.writing import (
    PAUSE,
    SAVED,
    answers_of,
    hold_next_save,
    news,
    open_worksheet,
    status,
    stop_clock,
)


@pytest.fixture
def written(diagnosis, lead):
    """The self-diagnosis, where one answer stands."""
    write(diagnosis, lead, "Un club. Une couveuse.")
    return diagnosis


def write(worksheet, by, text):
    """What another page of `by` saves, having seen what stands."""
    factories.write_answer(worksheet, "collaborations", text, by)


def test_two_people_in_one_answer_keep_the_words_of_both(page_of, lead, contributor, written):
    mine, theirs = (open_worksheet(page_of(user), written) for user in (lead, contributor))
    for page, key, words in ((mine, "End", " Un salon."), (theirs, "Home", "Depuis 2019 : ")):
        page.get_by_label("Les collaborations").press(key)
        page.keyboard.type(words)
    both = "Depuis 2019 : Un club. Une couveuse. Un salon."
    for page in (mine, theirs):
        page.get_by_label("Effets, visibilité").focus()
    expect(theirs.get_by_label("Les collaborations")).to_have_value(both)
    mine.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # asks what is new
    expect(mine.get_by_label("Les collaborations")).to_have_value(both)
    assert answers_of(written) == {"collaborations": both}


def test_typing_goes_on_while_a_merged_answer_comes_back(page_of, lead, contributor, written):
    page = open_worksheet(page_of(lead), written)
    stop_clock(page)
    held = hold_next_save(page)
    page.get_by_label("Les collaborations").press("End")  # from then on, nothing comes in there
    write(written, contributor, "Depuis 2019 : Un club. Une couveuse.")
    page.keyboard.type(" Un")
    with page.expect_request("**/reponses/**"):
        page.clock.run_for(PAUSE)
    page.keyboard.type(" salo")
    held[0].continue_()
    expect(news(page)).to_have_text(re.compile("Fusionné avec ce qu’a écrit Bruno Carlier"))
    page.keyboard.type("n.")
    page.clock.run_for(PAUSE)
    both = "Depuis 2019 : Un club. Une couveuse. Un salon."
    expect(page.get_by_label("Les collaborations")).to_have_value(both)
    page.keyboard.type(" Fin")
    page.clock.run_for(PAUSE)
    expect(page.get_by_label("Les collaborations")).to_have_value(f"{both} Fin")
    expect(status(page)).to_have_text(SAVED)
    assert answers_of(written) == {"collaborations": f"{both} Fin"}


def test_a_contradiction_is_shown_with_three_ways_out(page_of, lead, contributor, written):
    page = open_worksheet(page_of(lead), written)
    stop_clock(page)
    field = page.get_by_label("Les collaborations")
    standing = page.locator(".standing")

    def contradict(mine, theirs):
        write(written, contributor, theirs)
        field.fill(mine)
        page.clock.run_for(PAUSE)
        expect(standing).to_contain_text(theirs)
        expect(status(page)).to_contain_text("deux textes s’opposent")
        expect(field).to_have_value(mine)
        assert answers_of(written) == {"collaborations": theirs}

    contradict("Un réseau.", "Une pépinière.")
    field.press("End")
    page.keyboard.type(" Et un café.")
    page.clock.run_for(PAUSE)  # typing on is no way out
    with page.expect_request("**/reponses/**") as next_save:
        page.get_by_role("button", name="Garder la mienne").click()
    assert "collaborations.version=2&" in f"{next_save.value.post_data}&"
    expect(status(page)).to_have_text(SAVED)
    assert answers_of(written) == {"collaborations": "Un réseau. Et un café."}

    contradict("Trois.", "Quatre.")
    field.press("End")
    page.keyboard.type(" Sept.")
    page.get_by_role("button", name="Garder les deux").click()
    expect(status(page)).to_have_text(SAVED)
    assert answers_of(written) == {"collaborations": field.input_value()}
    assert sorted(field.input_value().split()) == ["Quatre.", "Sept.", "Trois."]

    contradict("Huit.", "Neuf.")
    both = page.get_by_role("button", name="Garder les deux")
    both.focus()
    write(written, contributor, "Neuf. Dix.")
    page.clock.run_for(4000)  # the page asks what is new
    expect(standing).to_contain_text("Neuf. Dix.")
    expect(both).to_be_focused()
    write(written, contributor, "Neuf. Dix. Onze.")  # which the page hasn't heard of
    both.click()
    expect(status(page)).to_have_text(SAVED)
    assert answers_of(written) == {"collaborations": field.input_value()}
    assert sorted(field.input_value().split()) == ["Dix.", "Huit.", "Neuf.", "Onze."]

    contradict("Cinq.", "Six.")
    page.get_by_role("button", name="Garder l’autre").click()
    expect(field).to_have_value("Six.")
    expect(status(page)).to_have_text(SAVED)
    page.get_by_role("button", name="Reprendre mon texte").click()
    expect(field).to_have_value("Cinq.")
    page.clock.run_for(PAUSE)
    expect(status(page)).to_have_text(SAVED)
    assert answers_of(written) == {"collaborations": "Cinq."}
