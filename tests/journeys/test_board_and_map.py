"""The board moved by hand and by keyboard, the map walked with the keyboard alone."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from opportunities.enums import Kind, Stage
from opportunities.models import Opportunity, StageChange
from opportunities.tracking import create_opportunity, move_to_stage
from tests import factories

PLACE = {"longitude": 2.3768, "latitude": 51.0344}
FAR = {"longitude": 2.3030, "latitude": 51.0137}  # five kilometres west
QUOTED = "«\N{NO-BREAK SPACE}Halle\N{NO-BREAK SPACE}»"


@pytest.fixture
def opportunities(territory, lead):
    """Halle, detected; Cellule, qualified, far from it; without a position, Atelier."""
    return [
        create_opportunity(territory=territory, by=lead, kind=kind, title=title, **facts)
        for title, kind, facts in (
            ("Halle", Kind.FRICHE, PLACE),
            ("Cellule", Kind.PREMISES, FAR | {"stage": Stage.QUALIFIED}),
            ("Atelier", Kind.CREATOR, {}),
        )
    ]


@pytest.fixture
def open_view(page_of, territory):
    """`open_view(user, "carte")` is a page of that view of the opportunities."""

    def open_page(user, view, **options):
        page = page_of(user, **options)
        address = reverse("opportunities:list", args=[territory.ref])
        page.goto(f"{address}?vue={view}")
        return page

    return open_page


# The board


def column(page, name):
    return page.get_by_role("region", name=re.compile(f"^{name}"))


def card(page, title="Halle"):
    return page.locator(".board-card", has_text=title)


def stage_of(title):
    return Opportunity.objects.get(title=title).stage


def test_a_card_dragged_to_another_stage(open_view, lead, opportunities):
    page = open_view(lead, "tableau")
    card(page).drag_to(column(page, "En exploration"))
    expect(page.locator("#board-status")).to_have_text(
        f"{QUOTED}\N{NO-BREAK SPACE}: étape «\N{NO-BREAK SPACE}En exploration\N{NO-BREAK SPACE}»."
    )
    expect(column(page, "En exploration").locator(".board-card")).to_have_count(1)
    expect(column(page, "En exploration").locator("[data-count]")).to_have_text("1")
    expect(column(page, "Repérée").locator("[data-count]")).to_have_text("1")
    assert stage_of("Halle") == Stage.EXPLORED
    card(page).drag_to(column(page, "Qualifiée"))
    expect(page.locator("#board-status")).to_contain_text("Qualifiée")
    expect(column(page, "Qualifiée").locator(".board-card")).to_have_count(2)
    moves = StageChange.objects.filter(opportunity__title="Halle").order_by("pk")
    assert [change.to_stage for change in moves] == ["detected", "explored", "qualified"]


def test_a_card_moved_with_the_keyboard(open_view, lead, opportunities):
    page = open_view(lead, "tableau")
    card(page).get_by_role("link", name=f"Déplacer {QUOTED}").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name=f"Déplacer {QUOTED}")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_label("Repérée")).to_be_disabled()  # where it is
    expect(dialog.get_by_label("Qualifiée")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    moved = column(page, "Projet formalisé").locator(".board-card", has_text="Halle")
    expect(moved.get_by_role("link", name=f"Déplacer {QUOTED}")).to_be_focused()
    expect(page.locator("#board-status")).to_contain_text("Projet formalisé")
    assert stage_of("Halle") == Stage.FORMALISED


def test_escape_leaves_the_card_where_it_is(open_view, lead, opportunities):
    page = open_view(lead, "tableau")
    card(page).locator("[data-move]").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    card(page).locator("[data-move]").click()
    page.get_by_role("button", name="Annuler").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert stage_of("Halle") == Stage.DETECTED


def test_abandoning_asks_why(open_view, lead, opportunities):
    page = open_view(lead, "tableau")
    card(page).drag_to(column(page, "Abandonné"))
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Abandonné")).to_be_checked()
    expect(dialog.get_by_label("Pourquoi")).to_be_focused()
    dialog.get_by_role("button", name="Déplacer").click()
    expect(dialog).to_be_visible()  # the browser asks for the reason
    dialog.get_by_label("Pourquoi").fill("   ")
    dialog.get_by_role("button", name="Déplacer").click()
    expect(dialog.get_by_role("alert")).to_have_text(
        "Dites pourquoi cette opportunité est abandonnée."
    )
    dialog.get_by_label("Pourquoi").fill("Vendue en novembre.")
    dialog.get_by_role("button", name="Déplacer").click()
    expect(column(page, "Abandonné").locator(".board-card")).to_have_count(1)
    assert StageChange.objects.first().reason == "Vendue en novembre."


def test_a_card_that_somebody_moved_meanwhile(open_view, lead, contributor, opportunities):
    page = open_view(lead, "tableau")
    move_to_stage(opportunity=opportunities[0], stage=Stage.LAUNCHED, by=contributor)
    card(page).drag_to(column(page, "Qualifiée"))
    expect(page.locator("#board-status")).to_contain_text("Entre-temps, Bruno Carlier")
    expect(column(page, "Lancé").locator(".board-card")).to_have_text(re.compile("Halle"))
    expect(column(page, "Qualifiée").locator(".board-card")).to_have_count(1)
    assert stage_of("Halle") == Stage.LAUNCHED


def test_a_card_dropped_without_network(open_view, lead, opportunities):
    page = open_view(lead, "tableau")
    page.context.set_offline(True)
    card(page).drag_to(column(page, "Lancé"))
    expect(page.locator("#board-status")).to_contain_text("rien n’a changé")
    expect(column(page, "Repérée").locator(".board-card", has_text="Halle")).to_be_visible()
    expect(column(page, "Lancé").locator("[data-count]")).to_have_text("0")
    card(page).locator("[data-move]").click()
    page.get_by_role("radio", name="Lancé").check()
    page.get_by_label("Pourquoi").fill("Signé hier.")
    page.get_by_role("dialog").get_by_role("button", name="Déplacer").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("rien n’a changé")
    page.context.set_offline(False)
    page.get_by_role("dialog").get_by_role("button", name="Déplacer").click()
    expect(column(page, "Lancé").locator(".board-card")).to_have_count(1)
    assert StageChange.objects.first().reason == "Signé hier."


def test_a_move_after_the_sign_in_expired(open_view, lead, opportunities):
    page = open_view(lead, "tableau")
    page.context.clear_cookies(name="sessionid")
    card(page).drag_to(column(page, "Lancé"))
    expect(page.locator("#board-status")).to_contain_text("Votre session a expiré")
    expect(column(page, "Repérée").locator(".board-card", has_text="Halle")).to_be_visible()
    assert stage_of("Halle") == Stage.DETECTED


def test_without_javascript_a_link_leads_to_the_form(open_view, lead, opportunities):
    page = open_view(lead, "tableau", java_script_enabled=False)
    card(page).get_by_role("link", name=f"Déplacer {QUOTED}").click()
    page.get_by_text("Changer d’étape").click()
    page.get_by_label("Nouvelle étape").select_option("abandoned")
    page.get_by_role("button", name="Enregistrer l’étape").click()
    expect(page.locator(".page-alert")).to_contain_text("Dites pourquoi")
    assert stage_of("Halle") == Stage.DETECTED


def test_a_reader_moves_nothing(open_view, reader, opportunities):
    page = open_view(reader, "tableau")
    card(page).drag_to(column(page, "Lancé"))
    expect(column(page, "Repérée").locator(".board-card")).to_have_count(2)
    expect(page.locator("[data-move], dialog")).to_have_count(0)
    assert stage_of("Halle") == Stage.DETECTED


# The map


def signs(page):
    return page.locator("#carte .sign")


def names(page):
    return [sign.get_attribute("aria-label") for sign in signs(page).all()]


def zoom_in(page):
    zoom = page.evaluate("history.state.map[2]")
    page.get_by_role("button", name="Zoomer", exact=True).click()
    page.wait_for_function(f"history.state.map[2] === {zoom + 1}")


def test_the_map_with_the_keyboard(open_view, lead, territory, opportunities):
    page = open_view(lead, "carte")
    expect(signs(page)).to_have_count(2)
    assert names(page) == [
        "Halle, Friche, Repérée",
        "Cellule, Locaux vacants en mutation, Qualifiée",
    ]
    expect(page.get_by_text("1 sans position")).to_be_visible()
    page.locator("#carte").focus()
    page.keyboard.press("Tab")
    expect(signs(page).first).to_be_focused()
    page.keyboard.press("Tab")
    expect(signs(page).last).to_be_focused()
    page.keyboard.press("Enter")
    link = page.locator(".leaflet-popup").get_by_role("link", name="Cellule")
    expect(link).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    expect(signs(page).last).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    cellule = Opportunity.objects.get(title="Cellule")
    page.wait_for_url("**" + reverse("opportunities:detail", args=[territory.ref, cellule.ref]))


def test_the_map_may_be_passed(open_view, lead, opportunities):
    page = open_view(lead, "carte")
    skip = page.get_by_role("link", name="Passer la carte")
    skip.focus()
    expect(skip).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(".map-list a").first).to_be_focused()


def test_several_at_one_place(open_view, lead, territory, opportunities):
    for number in range(3):
        factories.create_opportunity(territory, lead, f"Box {number}", **PLACE)
    page = open_view(lead, "carte")
    several = page.get_by_role("button", name=re.compile("^4 opportunités ici"))
    several.press("Enter")  # as near as one goes: nothing parts them
    expect(signs(page)).to_have_count(1)
    expect(several).to_be_focused()
    page.keyboard.press("Enter")
    popup = page.locator(".leaflet-popup")
    expect(popup.get_by_role("link")).to_have_text(["Box 2", "Box 1", "Box 0", "Halle"])


def test_a_card_lights_its_sign(open_view, lead, opportunities):
    page = open_view(lead, "carte")
    expect(signs(page)).to_have_count(2)
    page.locator(".map-list").get_by_role("link", name="Cellule").focus()
    expect(page.locator(".sign-lit")).to_have_attribute("aria-label", re.compile("^Cellule"))
    page.locator(".map-list .opportunity-card", has_text="Halle").hover()
    expect(page.locator(".sign-lit")).to_have_attribute("aria-label", re.compile("^Halle"))


def test_a_filter_changes_the_map_and_the_list(open_view, lead, opportunities):
    page = open_view(lead, "carte")
    expect(signs(page)).to_have_count(2)
    page.get_by_role("searchbox").fill("cellule")
    expect(signs(page)).to_have_count(1)
    expect(page.locator(".opportunity-card")).to_have_count(1)
    page.get_by_role("searchbox").fill("introuvable")
    expect(page.locator("#carte")).to_have_count(0)
    page.get_by_role("searchbox").fill("")
    expect(signs(page)).to_have_count(2)
    expect(page.locator(".opportunity-card")).to_have_count(3)


def test_back_from_an_opportunity_the_map_is_where_it_was(open_view, lead, opportunities):
    page = open_view(lead, "carte", reduced_motion="reduce")
    expect(signs(page)).to_have_count(2)
    zoom_in(page)
    seen = page.evaluate("history.state.map")
    page.locator(".map-list").get_by_role("link", name="Cellule").click()
    page.go_back()
    assert page.evaluate("history.state.map") == seen


def test_the_way_back_from_where_there_is_nothing(open_view, lead, opportunities):
    page = open_view(lead, "carte", reduced_motion="reduce")
    expect(signs(page)).to_have_count(2)
    for _ in range(3):  # between the two
        zoom_in(page)
    expect(page.locator("#carte-etat")).to_have_text(
        "Aucune opportunité dans cette partie de la carte."
    )
    expect(signs(page)).to_have_count(0)
    back = page.get_by_role("button", name="Recentrer")
    back.focus()
    page.keyboard.press("Enter")
    expect(signs(page)).to_have_count(2)
    expect(page.locator("#carte-etat")).to_be_empty()
    expect(back).to_be_focused()


def test_of_names_that_would_cover_one_another_one_is_shown(open_view, lead, opportunities):
    west = {**PLACE, "longitude": PLACE["longitude"] - 0.008}
    factories.create_district("Quartier du Jeu de Mail", code="QN05901M", **PLACE)
    factories.create_district("Quartier de la Tente Verte", code="QN05902M", **west)
    Opportunity.objects.exclude(title="Halle").update(longitude=None, latitude=None)
    page = open_view(lead, "carte", reduced_motion="reduce")
    first = page.get_by_text("Quartier du Jeu de Mail")
    second = page.get_by_text("Quartier de la Tente Verte")
    expect(first).to_be_visible()
    expect(second).to_be_visible()
    page.get_by_role("button", name="Dézoomer").click()
    expect(first).to_be_visible()
    expect(second).to_be_hidden()
    zoom_in(page)
    expect(second).to_be_visible()


def test_the_map_without_its_background(open_view, page_of, lead, opportunities, settings):
    settings.MAP_TILES_URL = "https://tuiles.example/{z}/{x}/{y}.png"
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    policy = policy | {"img-src": [*policy["img-src"], "https://tuiles.example"]}
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": policy}
    page = page_of(lead)
    page.route("https://tuiles.example/**", lambda route: route.abort("internetdisconnected"))
    page.goto(reverse("opportunities:list-all") + "?vue=carte")
    expect(signs(page)).to_have_count(2)
    expect(page.locator(".leaflet-control-attribution")).to_contain_text(
        "Fond de carte indisponible"
    )


def test_the_map_when_the_network_is_cut(open_view, lead, opportunities):
    page = open_view(lead, "carte")
    expect(signs(page)).to_have_count(2)
    page.context.set_offline(True)
    page.get_by_role("button", name="Dézoomer").click()
    expect(page.locator("#carte-etat")).to_contain_text("La carte n’a pas pu être mise à jour")
    expect(signs(page)).to_have_count(2)
    page.context.set_offline(False)
    page.get_by_role("button", name="Dézoomer").click()
    expect(page.locator("#carte-etat")).to_be_empty()


def test_without_javascript_the_list_stands_alone(open_view, lead, opportunities):
    page = open_view(lead, "carte", java_script_enabled=False)
    expect(page.get_by_text("La carte demande JavaScript")).to_be_visible()
    expect(page.locator(".opportunity-card")).to_have_count(3)
