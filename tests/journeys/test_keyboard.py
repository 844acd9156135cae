"""The keyboard alone: from signing in to signing out, nothing else is touched.

Wherever Tab leads, the focus is seen: it has its mark, within the window, under no sticky bar.
"""

import re
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from programmes.enums import Step
from tests import factories
from worksheets.enums import State
from worksheets.models import Worksheet

SAVED = re.compile(r"Enregistré à \d+\sh\s\d\d")
LAPTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
NOWHERE = "nowhere"
# The focused element in words, with "" or what is wrong with how it is seen.
FOCUSED = """() => {
  const element = document.activeElement;
  const name = element.id || element.getAttribute("aria-label") || element.textContent.trim();
  const marks = [element, element.closest(".paper-answer, .kind-choice, li")].filter(Boolean);
  const isMarked = marks.some((one) => {
    const style = getComputedStyle(one);
    return style.outlineStyle !== "none" || style.boxShadow !== "none";
  });
  const { left, right, top, bottom } = element.getBoundingClientRect();
  const [first, last] = [Math.max(top, 0) + 1, Math.min(bottom, innerHeight) - 1];
  const isSeen = [first, (first + last) / 2, last].some((y) => {
    const there = document.elementFromPoint((left + right) / 2, y);
    return there && (element.contains(there) || there.contains(element));
  });
  const fault = !isMarked ? "without a mark" : isSeen ? "" : "out of sight";
  return [`${element.localName} ${name.replace(/\\s+/g, " ").slice(0, 60)}`, fault];
}"""
# Every element that Tab should reach, in the order of the document; numbered for the comparison.
STOPS = """() => {
  const found = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
    .filter((one) => one.tabIndex >= 0 && one.type !== "hidden" && one.checkVisibility());
  found.forEach((one, index) => { one.dataset.stop = index; });
  return found.length;
}"""


def check_is_seen(page):
    """What has the focus, in words."""
    name, fault = page.evaluate(FOCUSED)
    assert (name, fault) == (name, "")
    return name


def tab(page, key="Tab"):
    """Presses Tab; what has the focus then, which must be seen."""
    page.keyboard.press(key)
    return check_is_seen(page)


def tab_to(page, target, key="Tab"):
    """Presses Tab until `target` has the focus."""
    for _ in range(250):
        tab(page, key)
        if target.evaluate("(element) => element === document.activeElement"):
            return
    pytest.fail(f"Tab doesn't lead to {target}")


def press(page, target, key="Enter"):
    tab_to(page, target)
    page.keyboard.press(key)


def follow(page, target):
    """Presses a link or a button that leads to another page."""
    tab_to(page, target)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def sign_in(page, user):
    page.goto("/")
    page.keyboard.type(user.email)  # the field has the focus as the page opens
    tab_to(page, page.locator("[name=password]"))
    page.keyboard.type(factories.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/territoires/"))


def address(worksheet):
    return f"/territoires/{worksheet.territory.ref}/fiches/{worksheet.ref}/"


def test_from_signing_in_to_signing_out(new_context, lead, programme, grids, territory):
    opportunity = factories.create_opportunity(territory, lead, "La halle du port")
    page = new_context(reduced_motion="reduce").new_page()
    sign_in(page, lead)
    follow(page, page.get_by_role("link", name="Fiches", exact=True))
    follow(page, page.get_by_role("button", name=re.compile("Commencer.*Étape 1")))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Détecter les opportunités")

    follow(page, page.get_by_role("link", name="Choisir les opportunités"))
    tab_to(page, page.get_by_label("Première opportunité"))
    page.keyboard.type(opportunity.title)
    follow(page, page.get_by_role("button", name="Enregistrer ce choix"))
    expect(page.get_by_role("heading", level=2, name=opportunity.title)).to_be_visible()

    tab_to(page, page.locator("#id_strategy"))
    page.keyboard.type("Deux visites de quartier.")
    role = page.locator(f"[id='role--{opportunity.ref}']")
    press(page, role.get_by_label("avance", exact=True), "Space")
    tab_to(page, role.get_by_label("Précision : avance"))
    page.keyboard.type("30 000 € sur deux ans")
    topics = page.locator(f"[id='topics--{opportunity.ref}']")
    press(page, topics.get_by_role("button", name="Ajouter une entrée"))
    expect(topics.get_by_label("Entrée 3")).to_be_focused()
    page.keyboard.type("Le portage")
    expect(page.locator("#save-status")).to_have_text(SAVED)

    tab_to(page, page.get_by_role("link", name="Transmettre…"), "Shift+Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    follow(page, page.get_by_role("button", name="Transmettre la fiche incomplète"))
    expect(page.get_by_text("Fiche transmise aux formateurs (version 1)")).to_be_visible()
    assert Worksheet.objects.get(territory=territory).state == State.SUBMITTED

    press(page, page.locator("summary", has_text="Votre compte"))
    follow(page, page.get_by_role("button", name="Se déconnecter"))
    expect(page.get_by_role("heading", name="Connexion")).to_be_visible()


def test_the_skip_link_leads_into_the_page(page_of, lead, territory):
    page = page_of(lead)
    page.goto(f"/territoires/{territory.ref}/equipe/")
    assert tab(page) == "a Aller au contenu"
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    tab(page)
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
@pytest.mark.parametrize("step", [Step.SELF_DIAGNOSIS, Step.STEP_2])
def test_tab_reaches_everything_in_its_order_and_leaves(
    page_of, lead, territory, programme, grids, step, size
):
    opportunity = factories.create_opportunity(territory, lead)
    about = {"opportunity": opportunity} if step == Step.STEP_2 else {}
    worksheet = factories.create_worksheet(territory, programme, lead, step=step, **about)
    page = page_of(lead, reduced_motion="reduce")
    page.set_viewport_size(size)
    page.goto(address(worksheet))
    page.evaluate("document.querySelectorAll('.thread').forEach((one) => { one.open = true })")
    count = page.evaluate(STOPS)
    reached = []
    while reached[-1:] != [NOWHERE] and len(reached) < 4 * count:  # a date has stops within
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.dataset.stop ?? 'nowhere'"))
        if reached[-1] != NOWHERE:
            check_is_seen(page)
    order = [one for one, after in pairwise([*reached, None]) if one != after]
    assert order == [*map(str, range(count)), NOWHERE]


def test_rows_are_handled_without_losing_the_focus(page_of, lead, territory, programme, grids):
    worksheet = factories.create_worksheet(territory, programme, lead, step=Step.SELF_DIAGNOSIS)
    page = page_of(lead, reduced_motion="reduce")
    page.goto(address(worksheet))
    entries = page.locator("#achievements")
    tab_to(page, entries.get_by_label("Entrée 1"))
    page.keyboard.type("Premier")
    page.keyboard.press("Alt+ArrowDown")
    expect(entries.get_by_label("Entrée 2")).to_be_focused()
    expect(entries.get_by_label("Entrée 2")).to_have_value("Premier")
    up = entries.get_by_role("button", name="Monter cette ligne").nth(1)
    press(page, up)
    expect(entries.get_by_label("Entrée 1")).to_have_value("Premier")
    expect(entries.get_by_role("button", name="Monter cette ligne").first).to_be_focused()
    press(page, entries.get_by_role("button", name="Retirer cette ligne").first)
    expect(entries.get_by_role("button", name="Annuler")).to_be_focused()
    page.keyboard.press("Enter")
    expect(entries.get_by_label("Entrée 1")).to_be_focused()
    expect(entries.get_by_label("Entrée 1")).to_have_value("Premier")


def test_an_open_menu_closes_when_the_focus_leaves_it(page_of, lead, territory):
    page = page_of(lead)
    page.goto(f"/territoires/{territory.ref}/")
    menu = page.locator("details.menu").first
    press(page, menu.locator("summary"))
    expect(menu).to_have_attribute("open", "")
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, page.locator("main a").first)
    expect(menu).not_to_have_attribute("open", "")
