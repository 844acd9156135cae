"""The discussion in the margins of a worksheet, by the keyboard: what only a browser can show."""

import re

from playwright.sync_api import expect

from programmes.enums import Step
from tests import factories
from worksheets.content import Slot
from worksheets.discussing import comment
from worksheets.models import Comment


def test_from_a_mention_to_the_next_open_comment(
    page_of, lead, contributor, trainer, territory, programme, grids
):
    worksheet = factories.create_worksheet(territory, programme, lead, step=Step.SELF_DIAGNOSIS)
    questions = worksheet.grid.by_key

    def say(key, body):
        return comment(
            worksheet=worksheet,
            slot=Slot(questions[key]),
            opportunity_id=None,
            body=body,
            by=trainer,
        )

    first, last = say("collaborations", "Qui ?"), say("other", "@Alice Lambert, quoi d’autre ?")
    page = page_of(lead, reduced_motion="reduce")
    told = page.locator("#thread-status")
    focused = page.locator(".comment:focus")

    # A link leads to its comment; from there to the next, and round again.
    page.goto(f"/territoires/{territory.ref}/")
    page.get_by_role("link", name="Thomas Formateur, ").press("Enter")
    expect(focused).to_have_attribute("id", f"echange-{last.ref}")
    expect(focused.locator(".mention-you")).to_have_text("@Alice Lambert")
    page.keyboard.press("Alt+PageDown")
    expect(focused).to_have_attribute("id", f"echange-{first.ref}")
    expect(page).to_have_url(re.compile(f"#echange-{first.ref}$"))

    # A reply that mentions somebody survives a reload, and is sent.
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("textarea:focus")).to_have_count(1)  # one writes where the cursor is
    page.keyboard.type("Je demande à @br")
    option = page.get_by_role("option", name="Bruno Carlier")
    expect(option).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.keyboard.type("demain.")
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    reply = page.locator(f"#reply--{first.ref}")
    expect(reply).to_have_value("Je demande à @Bruno Carlier demain.")
    reply.press("Control+Enter")
    expect(focused).to_contain_text("@Bruno Carlier")
    expect(told).to_have_text("2 commentaires, 1 à traiter")
    assert list(Comment.objects.get(thread=first).mentioned.all()) == [contributor]

    # Dealt with: it folds, and the figures follow.
    page.locator(f"#resolve--{first.ref}").press("Enter")
    expect(page.locator(".exchange-folded > summary")).to_be_focused()
    expect(told).to_have_text("2 commentaires, 0 à traiter")
    expect(page.locator("[data-open-total]")).to_have_text("1")
    page.keyboard.press("Alt+PageDown")
    expect(focused).to_have_attribute("id", f"echange-{last.ref}")

    # What others write appears, but not under one's fingers.
    page.locator(f"#replying--{last.ref} > summary").press("Enter")
    page.keyboard.type("Rien")
    say("collaborations", "Et depuis quand ?")
    say("other", "Une autre question ?")
    page.evaluate("document.dispatchEvent(new CustomEvent('discussion-changed'))")
    expect(page.locator("#thread--collaborations .comment")).to_have_count(3)
    expect(page.locator("#thread--other .comment")).to_have_count(1)
    page.locator("#collaborations textarea").first.focus()
    expect(page.locator("#thread--other .comment")).to_have_count(2)
    expect(page.locator(f"#reply--{last.ref}")).to_have_value("Rien")
    expect(page.locator("[data-open-total]")).to_have_text("3")
