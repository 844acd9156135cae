"""The facts of an opportunity, written with and without JavaScript."""

import re

import pytest
import shapely
from django.urls import reverse
from playwright.sync_api import expect

from opportunities.models import Opportunity
from tests import factories

EVERYWHERE = shapely.box(-6, 41, 10, 52)


@pytest.fixture
def address(territory):
    return reverse("opportunities:create", args=[territory.ref])


@pytest.fixture
def district(territory):
    """A district that covers the map, whatever it shows first."""
    district = factories.create_district("Europe", communes=[factories.create_commune()])
    territory.contract.districts.add(district)
    factories.outline(district, EVERYWHERE)
    return district


def save(page):
    page.get_by_role("button", name="Enregistrer l’opportunité").click()
    expect(page.get_by_text("L’opportunité est enregistrée.")).to_be_visible()
    return Opportunity.objects.get()


def test_choosing_a_kind_brings_its_fields_and_keeps_what_is_typed(page_of, lead, address):
    page = page_of(lead)
    page.goto(address)
    page.get_by_label("Intitulé").fill("La halle")
    page.get_by_role("radio", name="Friche").check()
    page.get_by_label("Surface du terrain (m²)").fill("3 200")
    page.get_by_role("radio", name="Créateur/développeur").check()
    page.get_by_label("Surface recherchée (m²)").fill("60")
    expect(page.get_by_label("Surface du terrain (m²)")).to_have_count(0)
    page.get_by_role("radio", name="Friche").check()
    expect(page.get_by_label("Surface du terrain (m²)")).to_have_value("3 200")
    expect(page.get_by_label("Intitulé")).to_have_value("La halle")
    saved = save(page)
    assert (saved.kind, saved.land_area, saved.area_sought) == ("friche", 3200, 60)


def test_without_javascript_a_button_brings_them(page_of, lead, address):
    page = page_of(lead, java_script_enabled=False)
    page.goto(address)
    page.get_by_label("Intitulé").fill("La halle")
    page.locator(".kind-choice", has_text="Nouvel acteur").click()
    page.get_by_role("button", name="Choisir ce type").click()
    expect(page.get_by_label("Intitulé")).to_have_value("La halle")
    page.get_by_label("Emplois prévus").fill("45")
    page.locator("summary", has_text="Le lieu").click()
    page.locator("summary", has_text="Coordonnées").click()
    page.get_by_label("Longitude").fill("3,5")
    page.get_by_label("Latitude").fill("50,4")
    saved = save(page)
    assert (saved.kind, saved.jobs) == ("new-actor", 45)
    assert (saved.longitude, saved.latitude) == (3.5, 50.4)


def test_a_click_on_the_map_places_it_and_says_where(page_of, lead, address, district):
    page = page_of(lead)
    page.goto(f"{address}?type=culture")
    page.get_by_label("Intitulé").fill("La halle")
    page.locator("summary", has_text="Le lieu").click()
    chart = page.get_by_role("application")
    expect(chart).to_have_class(re.compile("leaflet-container"))
    chart.click(position={"x": 300, "y": 200})
    expect(page.get_by_text("Dans le quartier Europe")).to_be_visible()
    expect(page.get_by_label("Quartier prioritaire")).to_have_value(district.pk)
    page.get_by_role("button", name="Retirer la position").click()
    expect(page.get_by_text("Dans le quartier Europe")).to_have_count(0)
    chart.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Dans le quartier Europe")).to_be_visible()
    saved = save(page)
    assert (saved.district, saved.nearness) == (district, "inside")
    assert -6 < saved.longitude < 10
    expect(page.get_by_role("application", name="Carte du lieu")).to_be_visible()


def test_a_position_outside_the_territory_is_told_at_once(page_of, lead, address, territory):
    territory.contract.districts.add(factories.create_district(longitude=2.37, latitude=51.03))
    page = page_of(lead)
    page.goto(f"{address}?type=culture")
    page.get_by_label("Intitulé").fill("La halle")
    page.locator("summary", has_text="Le lieu").click()
    page.locator("summary", has_text="Coordonnées").click()
    page.get_by_label("Latitude").fill("51,03")
    page.get_by_label("Longitude").fill("5,9")
    page.keyboard.press("Tab")
    warning = page.get_by_text("Ce point est hors de votre territoire (CU de Dunkerque)")
    expect(warning).to_be_visible()
    page.get_by_label("Longitude").fill("2,38")
    page.keyboard.press("Tab")
    expect(warning).to_be_hidden()
    page.get_by_label("Longitude").fill("5,9")
    assert save(page).longitude == 5.9
    expect(warning).to_be_visible()


def test_the_district_that_was_chosen_by_hand_stays(page_of, lead, address, territory, district):
    other = factories.create_district("Albeck")
    territory.contract.districts.add(other)
    page = page_of(lead)
    page.goto(f"{address}?type=culture")
    page.get_by_label("Intitulé").fill("La halle")
    page.locator("summary", has_text="Le lieu").click()
    page.get_by_label("Quartier prioritaire").select_option(other.pk)
    page.get_by_role("application").click()
    expect(page.get_by_text("Dans le quartier Europe")).to_be_visible()
    expect(page.get_by_label("Quartier prioritaire")).to_have_value(other.pk)
    saved = save(page)
    assert (saved.district, saved.nearness) == (other, "")


def test_too_many_searches_are_said_beside_the_field(page_of, lead, address, monkeypatch):
    monkeypatch.setattr("territories.pacing.SEARCHES", 0)
    page = page_of(lead)
    page.goto(address)
    page.locator("summary", has_text="Le lieu").click()
    page.get_by_label("Position sur la carte").fill("12 rue du Port")
    page.get_by_role("button", name="Chercher", exact=True).click()
    expect(page.get_by_text("Vous avez cherché beaucoup d’adresses")).to_be_visible()


def test_an_address_that_is_chosen_places_it(page_of, lead, address, district):
    page = page_of(lead)
    page.goto(address)
    page.get_by_label("Intitulé").fill("La halle")
    page.get_by_role("radio", name="Friche").check()
    page.locator("summary", has_text="Le lieu").click()
    found = [{"label": "12 rue du Port", "longitude": 2.38, "latitude": 51.03}]
    answers = iter([{"message": "", "addresses": []}, {"message": "", "addresses": found}])
    page.route("**/adresses/*", lambda route: route.fulfill(json=next(answers)))
    page.get_by_label("Position sur la carte").fill("rue du Port")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Aucune adresse trouvée")).to_be_visible()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="12 rue du Port").click()
    expect(page.get_by_label("Position sur la carte")).to_be_focused()
    expect(page.get_by_role("button", name="12 rue du Port")).to_have_count(0)
    saved = save(page)
    assert (saved.longitude, saved.latitude, saved.district) == (2.38, 51.03, district)
