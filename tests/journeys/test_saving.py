"""A worksheet saves by itself, and the page says truthfully what the server has."""

import re

import pytest
from playwright.sync_api import expect

from programmes.enums import Step
from tests import factories
from worksheets.lifecycle import submit
from worksheets.models import Answer, Revision

SAVED = re.compile(r"Enregistré à \d+\sh\s\d\d")


@pytest.fixture
def diagnosis(territory, programme, lead, grids):
    """A self-diagnosis that nobody has written in."""
    return factories.create_worksheet(territory, programme, lead, step=Step.SELF_DIAGNOSIS)


def open_worksheet(page, worksheet):
    page.goto(f"/territoires/{worksheet.territory.ref}/fiches/{worksheet.ref}/")
    return page


def status(page):
    return page.locator("#save-status")


def answer(worksheet, question):
    return Answer.objects.get(worksheet=worksheet, question=question)


def test_typing_saves_shortly_after(page_of, lead, diagnosis):
    page = open_worksheet(page_of(lead), diagnosis)
    page.get_by_label("Les collaborations").press_sequentially("Un club d’entreprises")
    expect(status(page)).to_have_text(SAVED)
    assert answer(diagnosis, "collaborations").value == "Un club d’entreprises"
    expect(page.locator("[data-progress]")).to_have_text("1 sur 6")


def test_leaving_a_field_saves_at_once(page_of, lead, diagnosis):
    page = open_worksheet(page_of(lead), diagnosis)
    page.clock.install()  # no timer fires: only leaving the field can save
    page.get_by_label("Les collaborations").fill("Deux réunions")
    page.get_by_label("Effets, visibilité").focus()
    expect(status(page)).to_have_text(SAVED)
    assert answer(diagnosis, "collaborations").value == "Deux réunions"


def test_what_is_typed_while_a_save_is_on_its_way_is_saved_next(page_of, lead, diagnosis):
    page = open_worksheet(page_of(lead), diagnosis)
    field = page.get_by_label("Les collaborations")
    for word in ("un ", "deux ", "trois ", "quatre "):
        field.press_sequentially(word)
        page.wait_for_timeout(950)
    expect(status(page)).to_have_text(SAVED)
    assert answer(diagnosis, "collaborations").value == "un deux trois quatre "
    revisions = Revision.objects.filter(answer__worksheet=diagnosis)
    versions = [revision.version for revision in revisions]
    assert versions == list(range(1, len(versions) + 1))


def test_without_network_the_page_says_so_and_sends_when_it_is_back(page_of, lead, diagnosis):
    page = open_worksheet(page_of(lead), diagnosis)
    page.context.set_offline(True)
    page.get_by_label("Les collaborations").fill("Écrit dans le train")
    expect(status(page)).to_contain_text("Pas encore enregistré")
    expect(status(page)).to_contain_text("La connexion au serveur est coupée")
    page.context.set_offline(False)
    expect(status(page)).to_have_text(SAVED)
    assert answer(diagnosis, "collaborations").value == "Écrit dans le train"


def test_two_people_in_one_answer_see_both_texts(page_of, lead, contributor, diagnosis):
    mine = open_worksheet(page_of(lead), diagnosis)
    theirs = open_worksheet(page_of(contributor), diagnosis)
    theirs.get_by_label("Les collaborations").fill("Le texte de Bruno")
    expect(status(theirs)).to_have_text(SAVED)
    mine.get_by_label("Les collaborations").fill("Le texte d’Alice")
    expect(mine.locator(".standing")).to_contain_text("Le texte de Bruno")
    expect(mine.get_by_label("Les collaborations")).to_have_value("Le texte d’Alice")
    assert answer(diagnosis, "collaborations").value == "Le texte de Bruno"
    mine.get_by_role("button", name="Enregistrer mon texte").click()
    expect(mine.locator(".standing")).to_have_count(0)
    assert answer(diagnosis, "collaborations").value == "Le texte d’Alice"
    history = Revision.objects.filter(answer__worksheet=diagnosis).values_list("value", flat=True)
    assert list(history) == ["Le texte de Bruno", "Le texte d’Alice"]


def test_a_worksheet_submitted_meanwhile_keeps_the_text_in_the_page(
    page_of, lead, contributor, diagnosis
):
    page = open_worksheet(page_of(contributor), diagnosis)
    submit(worksheet=diagnosis, by=lead, seen_change_number=0)
    page.get_by_label("Les collaborations").fill("Trop tard")
    expect(status(page)).to_contain_text("La fiche est maintenant « Transmise »")
    expect(page.get_by_label("Les collaborations")).to_have_value("Trop tard")
    assert not Answer.objects.exists()


def test_entries_are_added_moved_and_removed_with_the_keyboard(page_of, lead, diagnosis):
    page = open_worksheet(page_of(lead), diagnosis)
    entries = page.get_by_role("group", name="Réalisation(s)")
    entries.get_by_label("Entrée 1").fill("Premier")
    entries.get_by_label("Entrée 2").fill("Deuxième")
    entries.get_by_label("Entrée 3").fill("Troisième")
    entries.get_by_role("button", name="Ajouter une entrée").press("Enter")
    page.keyboard.type("Quatrième")
    page.keyboard.press("Alt+ArrowUp")
    entries.get_by_role("button", name="Retirer cette ligne").nth(0).press("Enter")
    expect(entries.get_by_role("button", name="Annuler")).to_be_focused()
    expect(status(page)).to_have_text(SAVED)
    expect(status(page)).not_to_have_text("Enregistrement…")
    page.wait_for_timeout(1500)
    texts = [entry["text"] for entry in answer(diagnosis, "achievements").value]
    assert texts == ["Deuxième", "Quatrième", "Troisième"]
    entries.get_by_role("button", name="Annuler").press("Enter")
    page.wait_for_timeout(1500)
    texts = [entry["text"] for entry in answer(diagnosis, "achievements").value]
    assert texts == ["Premier", "Deuxième", "Quatrième", "Troisième"]


def test_a_bad_amount_is_said_and_stays_in_the_page(page_of, lead, territory, programme, grids):
    opportunity = factories.create_opportunity(territory, lead)
    project = factories.create_worksheet(
        territory, programme, lead, step=Step.STEP_2, opportunity=opportunity
    )
    page = open_worksheet(page_of(lead), project)
    amount = page.get_by_label("Montant en euros 1").first
    amount.fill("environ 3000")
    page.keyboard.press("Tab")
    expect(page.locator("#budget-refusal")).to_contain_text("n’est pas un montant")
    expect(status(page)).to_contain_text("Pas encore enregistré")
    expect(amount).to_have_value("environ 3000")
    amount.fill("3 000,5")
    expect(status(page)).to_have_text(SAVED)
    assert answer(project, "budget").value["expenses"][0]["cents"] == 300050
    expect(page.locator("[data-total=expenses]")).to_have_text("3\u202f000,50\u00a0€")


def test_without_javascript_the_button_saves_the_whole_page(page_of, lead, diagnosis):
    page = open_worksheet(page_of(lead, java_script_enabled=False), diagnosis)
    page.get_by_label("Les collaborations").fill("Sans script")
    page.get_by_label("Entrée 1").first.fill("Une réalisation")
    page.get_by_role("button", name="Enregistrer toute la fiche").click()
    expect(page.get_by_text("Enregistré à")).to_be_visible()
    assert answer(diagnosis, "collaborations").value == "Sans script"
    page.get_by_role("button", name="Ajouter une entrée").first.click()
    entries = page.get_by_role("group", name="Réalisation(s)")
    expect(entries.get_by_label("Entrée 4")).to_be_visible()
    assert [e["text"] for e in answer(diagnosis, "achievements").value] == ["Une réalisation"]
