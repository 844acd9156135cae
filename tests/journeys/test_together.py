"""Two people on one worksheet, each in an answer of their own: each sees the other and their words.

The pages ask ten times as often as they do, so that nobody waits."""

import re

import pytest
from playwright.sync_api import expect

from worksheets.lifecycle import submit
from worksheets.models import Worksheet

HURRY = """() => {
    const pace = { every: 400, speaksEvery: 1500 };
    Object.assign(document.querySelector("[data-live]").dataset, pace);
    document.dispatchEvent(new Event("visibilitychange")); // asks at once, then at that pace
}"""


@pytest.fixture
def open_page(page_of, diagnosis):
    def go(user):
        page = page_of(user)
        page.goto(f"/territoires/{diagnosis.territory.ref}/fiches/{diagnosis.ref}/")
        page.evaluate(HURRY)
        return page

    return go


def field(page, label="Les collaborations"):
    return page.get_by_label(label)


def test_two_people_in_two_answers(open_page, lead, contributor, reader):
    mine, theirs, read = open_page(lead), open_page(contributor), open_page(reader)
    field(theirs).focus()
    badge = mine.locator("#collaborations .writes-here")
    expect(badge).to_have_text("Bruno Carlier écrit ici")
    field(mine, "Effets, visibilité").press_sequentially("Mes mots")
    field(theirs).press_sequentially("Un club d’entreprises")
    expect(field(mine)).to_have_value("Un club d’entreprises")
    expect(mine.locator("#collaborations [data-trace]")).to_have_text("Bruno Carlier, à l’instant")
    expect(mine.locator("[data-progress]")).to_have_text("2 sur 6")
    expect(field(mine, "Effets, visibilité")).to_be_focused()
    mine.keyboard.type(" encore")
    expect(field(mine, "Effets, visibilité")).to_have_value("Mes mots encore")
    expect(field(theirs, "Effets, visibilité")).to_have_value("Mes mots encore")
    expect(field(theirs)).to_be_focused()
    # Who only reads sees both, and the plan follows.
    expect(read.locator("#collaborations .answer-text")).to_have_text("Un club d’entreprises")
    expect(read.locator("[data-progress]")).to_have_text("2 sur 6")
    here = read.locator(".presence summary")
    expect(here).to_contain_text("2 autres personnes sont sur la fiche")
    here.click()
    link = read.locator(".presence-person", has_text="Bruno Carlier")
    expect(link).to_contain_text("écrit dans «\u00a0Les collaborations qui s’organisent")
    expect(mine.locator("[data-live-status]")).to_have_text(
        re.compile("^Bruno Carlier vient d’écrire dans «\u00a0Les collaborations qui s’organisent")
    )
    mine.goto("about:blank")
    expect(here).to_contain_text("Bruno Carlier est aussi sur la fiche")


def test_submitted_meanwhile(open_page, lead, contributor, diagnosis):
    page = open_page(contributor)
    field(page).fill("Juste avant")
    expect(page.locator("#save-status")).to_contain_text("Enregistré à")
    worksheet = Worksheet.objects.get(pk=diagnosis.pk)
    submit(worksheet=worksheet, by=lead, seen_change_number=worksheet.change_number)
    notice = page.locator(".live-notice")
    expect(notice).to_contain_text("La fiche est maintenant «\u00a0Transmise\u00a0»")
    expect(field(page)).to_have_value("Juste avant")
    expect(field(page)).not_to_be_editable()
    notice.get_by_role("button", name="Recharger la page").click()
    expect(page.locator("#collaborations .answer-text")).to_have_text("Juste avant")
