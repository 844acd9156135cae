"""What is put away comes back; what one looks for often is kept under a name."""

import pytest
from playwright.sync_api import expect

from opportunities.enums import Kind
from opportunities.merging import merge
from opportunities.models import Opportunity, SavedFilter
from tests import factories

JAVASCRIPT = pytest.mark.parametrize("java_script_enabled", [True, False])


@JAVASCRIPT
def test_to_the_bin_and_back(page_of, lead, territory, java_script_enabled):
    halle = factories.create_opportunity(territory, lead, "La halle")
    page = page_of(lead, java_script_enabled=java_script_enabled)
    page.goto(f"/territoires/{territory.ref}/opportunites/{halle.ref}/")
    page.locator("summary", has_text="Autres actions").click()
    page.get_by_role("link", name="Supprimer", exact=True).click()
    expect(page.get_by_text("Elle restera 30 jours dans la corbeille")).to_be_visible()
    page.get_by_role("button", name="Supprimer", exact=True).click()
    expect(page.locator(".alert-success")).to_contain_text("est dans la corbeille")
    expect(page.get_by_role("link", name="La halle")).to_have_count(0)
    assert Opportunity.objects.get().deleted_by == lead

    page.get_by_role("link", name="Corbeille").click()
    page.get_by_role("button", name="Reprendre").click()
    expect(page.locator(".alert-success")).to_contain_text("est de retour")
    expect(page.get_by_role("heading", level=1)).to_have_text("La halle")
    assert Opportunity.objects.get().deleted_by is None


@JAVASCRIPT
def test_the_life_of_a_filter(page_of, lead, territory, java_script_enabled):
    factories.create_opportunity(territory, lead, "La friche du port", kind=Kind.FRICHE)
    factories.create_opportunity(territory, lead, "Le local du marché", kind=Kind.PREMISES)
    page = page_of(lead, java_script_enabled=java_script_enabled)
    friche = page.get_by_role("link", name="La friche du port")
    local = page.get_by_role("link", name="Le local du marché")
    page.goto(f"/territoires/{territory.ref}/opportunites/")
    expect(local).to_be_visible()
    page.locator("summary", has_text="Type").click()
    page.get_by_role("checkbox", name="Friche").check()
    if not java_script_enabled:
        page.get_by_role("button", name="Filtrer").click()
    expect(local).to_have_count(0)

    page.locator("summary", has_text="Mes filtres").click()
    page.get_by_label("Enregistrer ce filtre sous le nom").fill("Nos friches")
    page.get_by_role("button", name="Enregistrer le filtre").click()
    expect(page.locator(".alert-success")).to_contain_text("est enregistré")

    page.goto(f"/territoires/{territory.ref}/opportunites/")
    expect(local).to_be_visible()
    page.locator("summary", has_text="Mes filtres").click()
    page.get_by_role("link", name="Nos friches").click()
    expect(friche).to_be_visible()
    expect(local).to_have_count(0)

    page.locator("summary", has_text="Mes filtres").click()
    page.get_by_role("link", name="Renommer ou supprimer").click()
    page.get_by_role("link", name="Renommer").click()
    page.get_by_label("Nom").fill("Les friches à visiter")
    page.get_by_role("button", name="Renommer").click()
    expect(page.locator(".alert-success")).to_contain_text("s’appelle maintenant")
    assert [each.name for each in SavedFilter.objects.all()] == ["Les friches à visiter"]

    page.get_by_role("button", name="Supprimer").click()
    expect(page.get_by_text("Aucun filtre enregistré")).to_be_visible()
    assert not SavedFilter.objects.exists()


def test_what_was_typed_about_one_that_is_merged_meanwhile(page_of, lead, contributor, territory):
    halle, same = (
        factories.create_opportunity(territory, lead, t) for t in ("La halle", "La même")
    )
    page = page_of(lead)
    page.goto(f"/territoires/{territory.ref}/opportunites/{same.ref}/modifier/")
    page.get_by_label("Description").fill("Le toit fuit au nord.")
    merge(duplicate=same, into=halle, versions=(1, 1), by=contributor, may_share=True)
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator(".alert-warning")).to_contain_text("a été fusionnée avec une autre")
    expect(page.get_by_label("Intitulé")).to_have_count(0)  # as it was
    expect(page.get_by_label("Description")).to_have_value("Le toit fuit au nord.")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Ouvrir").click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("La halle")
