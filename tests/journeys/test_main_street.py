"""The product's main street, walked from end to end in a browser: a team fills the step 1 sheet,
a trainer returns it, the team completes it, the trainer validates it, the PDF comes out."""

import re
from io import BytesIO

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from opportunities.enums import Kind
from programmes.enums import Step
from tests import factories
from worksheets.enums import State
from worksheets.models import Worksheet

SAVED = re.compile(r"Enregistré à \d+\sh\s\d\d")


@pytest.fixture
def opportunities(territory, lead):
    return [
        factories.create_opportunity(territory, lead, "Friche des Deux Caps", kind=Kind.FRICHE),
        factories.create_opportunity(territory, lead, "Atelier Fil bleu", kind=Kind.CREATOR),
    ]


def sign_in(new_context, user):
    page = new_context().new_page()
    page.goto("/")
    page.locator("[name=login]").fill(user.email)
    page.locator("[name=password]").fill(factories.PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.wait_for_url(re.compile("/(territoires|formations)/"))
    return page


def write(page, question, text):
    page.locator(f"[id='{question}'] textarea").first.fill(text)
    page.keyboard.press("Tab")
    expect(page.locator("#save-status")).to_have_text(SAVED)


def test_from_the_first_word_to_the_validated_pdf(
    new_context, lead, trainer, programme, opportunities, grids
):
    first, second = opportunities
    team = sign_in(new_context, lead)
    team.get_by_role("link", name="Fiches", exact=True).click()
    team.get_by_role("button", name=re.compile("Commencer.*Étape 1")).click()
    expect(team.get_by_role("heading", level=1)).to_contain_text("Détecter les opportunités")

    team.get_by_role("link", name="Choisir les opportunités").click()
    team.get_by_label("Première opportunité").select_option(first.ref)
    team.get_by_label("Deuxième opportunité").select_option(second.ref)
    team.get_by_role("button", name="Enregistrer ce choix").click()
    expect(team.get_by_role("heading", level=2, name=first.title)).to_be_visible()

    write(team, "strategy", "Deux visites de quartier et un appel aux idées.")
    write(team, f"description--{first.ref}", "Une halle de 1 100 m² à l’entrée du quartier.")
    write(team, f"description--{second.ref}", "Une créatrice cherche 60 m² pour son atelier.")
    team.locator(f"[id='role--{first.ref}']").get_by_label("avance", exact=True).check()
    expect(team.locator("#save-status")).to_have_text(SAVED)
    team.get_by_role("link", name="Transmettre…").click()
    expect(team.get_by_role("link", name="Les axes de progrès")).to_be_visible()
    team.get_by_role("button", name="Transmettre la fiche incomplète").click()
    expect(team.get_by_text("Fiche transmise aux formateurs (version 1)")).to_be_visible()

    review = sign_in(new_context, trainer)
    review.get_by_role("link", name="Relire la suivante").click()
    review.get_by_role("button", name="Commencer la relecture").click()
    question = review.locator("#progress")
    question.get_by_text("Commenter").click()
    question.get_by_label("Commentaire").fill("Quels sont vos axes de progrès ?")
    review.get_by_label("Message à l’équipe").fill("Presque prêt, une question manque.")
    review.get_by_role("button", name="Retourner à l’équipe").click()
    expect(review.get_by_text("Fiche retournée à l’équipe")).to_be_visible()

    team.reload()
    expect(team.get_by_text("Presque prêt, une question manque.")).to_be_visible()
    expect(team.get_by_text("Quels sont vos axes de progrès ?")).to_be_visible()
    write(team, "progress", "Associer les bailleurs plus tôt.")
    team.get_by_role("link", name="Transmettre…").click()
    team.get_by_role("button", name=re.compile("Transmettre la fiche")).click()
    expect(team.get_by_text("Fiche transmise aux formateurs (version 2)")).to_be_visible()

    review.reload()
    review.get_by_role("link", name="Relire la suivante").click()
    review.get_by_role("button", name="Commencer la relecture").click()
    expect(review.get_by_text("Associer les bailleurs plus tôt.", exact=True)).to_be_visible()
    review.get_by_role("button", name="Valider la fiche").click()
    expect(review.get_by_text("Fiche validée")).to_be_visible()

    worksheet = Worksheet.objects.get(step=Step.STEP_1, territory=lead.grants.get().territory)
    assert worksheet.state == State.VALIDATED
    team.reload()
    address = team.get_by_role("link", name=re.compile("PDF")).get_attribute("href")
    response = team.request.get(address)
    assert response.headers["content-type"] == "application/pdf"
    text = " ".join(
        " ".join(page.extract_text() for page in PdfReader(BytesIO(response.body())).pages).split()
    )
    for expected in (
        "Deux visites de quartier et un appel aux idées.",
        "Une halle de 1 100 m² à l’entrée du quartier.",
        "Une créatrice cherche 60 m² pour son atelier.",
        "Associer les bailleurs plus tôt.",
        first.title,
        second.title,
    ):
        assert expected in text
