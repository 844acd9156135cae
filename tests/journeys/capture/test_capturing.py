"""Capture on a telephone: what is written, photographed and located."""

import pytest
from playwright.sync_api import expect

from opportunities.models import Attachment, Opportunity
from tests import factories
from tests.journeys.capture.acts import (
    POSITION,
    band,
    capture,
    news,
    open_capture,
    photo,
    saved,
    waiting,
)

SVG = b"<svg xmlns='http://www.w3.org/2000/svg'/>"


def test_with_the_network_a_capture_takes_a_moment(phone, territory):
    capture(phone, "Ancien garage, rideau baissé", photos=[photo()])
    expect(news(phone)).to_contain_text("« Ancien garage, rideau baissé » est enregistrée")
    expect(waiting(phone)).to_have_count(0)
    assert saved() == [("Ancien garage, rideau baissé", 1)]
    news(phone).get_by_role("link", name="Ouvrir").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Ancien garage")


def test_a_refused_photo_is_told_and_the_rest_is_kept(phone, territory):
    drawing = photo("plan.svg", SVG, "image/svg+xml")
    capture(phone, "Ancien garage", photos=[photo(), drawing, photo("parking.jpg")])
    expect(waiting(phone)).to_have_count(1)
    expect(waiting(phone)).to_contain_text("Photo « plan.svg » : ")
    expect(band(phone)).to_contain_text("à corriger")
    assert saved() == [("Ancien garage", 2)]
    waiting(phone).get_by_role("button", name="Retirer cette photo").click()
    expect(waiting(phone)).to_have_count(0)
    assert saved() == [("Ancien garage", 2)]


def test_what_is_missing_is_said(phone):
    phone.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(phone.get_by_text("Choisissez un type d’opportunité.")).to_be_visible()
    expect(phone.get_by_text("Dites en une phrase ce que vous avez vu.")).to_be_visible()
    expect(phone.get_by_role("radio", name="Friche")).to_be_focused()


def test_what_is_being_written_survives_the_page(phone):
    phone.get_by_role("radio", name="Friche").check()
    phone.get_by_label("En une phrase").fill("Ancien garage")
    phone.get_by_label("Prendre une photo").set_input_files([photo()])
    expect(phone.locator(".capture-photo")).to_have_count(1)
    phone.reload()
    expect(phone.get_by_label("En une phrase")).to_have_value("Ancien garage")
    expect(phone.get_by_role("radio", name="Friche")).to_be_checked()
    expect(phone.locator(".capture-photo")).to_have_count(1)


def test_a_full_telephone_is_said_and_the_text_stays(phone, territory):
    phone.evaluate(
        """() => {
            IDBObjectStore.prototype.put = () => {
                throw new DOMException("full", "QuotaExceededError");
            };
        }"""
    )
    phone.get_by_role("radio", name="Friche").check()
    phone.get_by_label("En une phrase").fill("Ancien garage")
    phone.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(band(phone)).to_contain_text("La mémoire de ce téléphone est pleine")
    expect(phone.get_by_label("En une phrase")).to_have_value("Ancien garage")


def test_a_browser_that_keeps_nothing_says_so_and_sends_the_form(page_of, lead, territory):
    phone = page_of(lead)
    phone.add_init_script("Object.defineProperty(window, 'indexedDB', { value: undefined })")
    phone.goto("/reperer/")
    expect(band(phone)).to_contain_text("Ce navigateur ne peut rien conserver")
    phone.get_by_role("radio", name="Friche").check()
    phone.get_by_label("En une phrase").fill("Ancien garage")
    phone.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Ancien garage")


def test_without_javascript_the_form_is_an_ordinary_one(page_of, lead, territory):
    phone = page_of(lead, java_script_enabled=False)
    phone.goto("/reperer/")
    phone.get_by_role("radio", name="Friche").check()
    phone.get_by_label("En une phrase").fill("Ancien garage")
    phone.get_by_label("Prendre une photo").set_input_files([photo()])
    phone.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Ancien garage")
    assert Attachment.objects.count() == 1


def test_the_telephone_says_where_it_is(page_of, lead, territory):
    options = {"geolocation": POSITION, "permissions": ["geolocation"]}
    phone = open_capture(page_of(lead, **options))
    expect(phone.locator("[data-details]")).to_contain_text("précision 12 m")
    capture(phone, "Ancien garage")
    expect(news(phone)).to_have_count(1)
    opportunity = Opportunity.objects.get()
    assert (opportunity.longitude, opportunity.latitude) == (3.5201, 50.3571)


def test_a_position_that_is_not_allowed_is_no_obstacle(phone, territory):
    phone.get_by_role("button", name="Noter ma position").click()
    expect(phone.get_by_text("La position n’est pas autorisée")).to_be_visible()
    capture(phone, "Ancien garage")
    expect(news(phone)).to_have_count(1)
    assert Opportunity.objects.get().longitude is None


def test_the_point_is_moved_on_a_map(page_of, lead, territory, accessibility_faults):
    options = {"geolocation": POSITION, "permissions": ["geolocation"]}
    phone = open_capture(page_of(lead, **options))
    phone.get_by_role("button", name="Déplacer").click()
    dialog = phone.get_by_role("dialog", name="Placer l’opportunité")
    expect(dialog.locator(".leaflet-control-zoom")).to_be_visible()
    assert accessibility_faults(phone) == []
    dialog.locator("[data-map]").focus()
    for _ in range(3):
        phone.keyboard.press("ArrowUp")
    phone.wait_for_timeout(500)  # Leaflet glides
    dialog.get_by_role("button", name="Placer ici").click()
    expect(phone.locator("[data-details]")).to_contain_text("placé sur la carte")
    expect(phone.get_by_role("button", name="Déplacer")).to_be_focused()
    capture(phone, "Ancien garage")
    expect(news(phone)).to_have_count(1)
    opportunity = Opportunity.objects.get()
    assert opportunity.longitude == pytest.approx(POSITION["longitude"], abs=1e-4)
    assert POSITION["latitude"] < opportunity.latitude < POSITION["latitude"] + 0.01


def test_without_network_there_is_no_map_and_nothing_is_lost(phone):
    phone.context.set_offline(True)
    phone.get_by_label("En une phrase").fill("Ancien garage")
    phone.get_by_role("button", name="Placer sur la carte").click()
    expect(phone.get_by_text("La carte a besoin du réseau")).to_be_visible()
    expect(phone.get_by_label("En une phrase")).to_have_value("Ancien garage")


def test_the_territory_is_proposed_from_the_place(page_of, lead, territory, other_territory):
    commune = factories.create_commune("Valenciennes")
    district = factories.create_district(
        "Dutemple",
        communes=[commune],
        longitude=POSITION["longitude"],
        latitude=POSITION["latitude"],
    )
    epci = factories.create_epci("CA Valenciennes Métropole")
    commune.epci = epci
    commune.save()
    other_territory.contract.epcis.add(epci)
    other_territory.contract.districts.add(district)
    factories.grant(lead, other_territory, "contributor")
    options = {"geolocation": POSITION, "permissions": ["geolocation"]}
    phone = open_capture(page_of(lead, **options))
    expect(phone.locator("[data-place]")).to_contain_text("Dutemple")
    expect(phone.get_by_label("Territoire")).to_have_value(other_territory.ref)
    phone.get_by_label("Territoire").select_option(territory.ref)
    capture(phone, "Ancien garage")
    expect(news(phone)).to_have_count(1)
    assert Opportunity.objects.get().territory == territory
