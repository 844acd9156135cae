"""A worksheet saves by itself, and the page says truthfully what the server has."""

import re

import pytest
from playwright.sync_api import Error, expect

from accounts.wording import MAX_LENGTH
from programmes.enums import Step
from tests import factories
from tests.harness import violations
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
from worksheets.lifecycle import submit
from worksheets.models import Answer, Revision

# What the browser keeps of that account and no open page is going to send: the fields, in HTML.
LEFT = """async (owner) => {
    const { leftAmong, waitingOf } = await import("/static/js/worksheet-keeping.js");
    return (await leftAmong(await waitingOf(owner))).map((text) => text.html);
}"""
# Whether it keeps all these words, sooner or later.
KEPT = """async ([owner, ...words]) => {
    const { waitingOf } = await import("/static/js/worksheet-keeping.js");
    for (let turn = 0; turn < 200; turn += 1) {
        const html = (await waitingOf(owner)).map((text) => text.html).join();
        if (words.every((word) => html.includes(word))) {
            return true;
        }
        await new Promise((resolve) => setTimeout(resolve, 25));
    }
    return false;
}"""


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
    stop_clock(page)  # only leaving the field can save
    page.get_by_label("Les collaborations").fill("Deux réunions")
    page.get_by_label("Effets, visibilité").focus()
    expect(status(page)).to_have_text(SAVED)
    assert answer(diagnosis, "collaborations").value == "Deux réunions"


def test_what_is_typed_while_a_save_is_on_its_way_is_saved_next(page_of, lead, diagnosis):
    page = open_worksheet(page_of(lead), diagnosis)
    stop_clock(page)
    held = hold_next_save(page)
    field = page.get_by_label("Les collaborations")
    field.press_sequentially("un ")
    with page.expect_request("**/reponses/**"):
        page.clock.run_for(PAUSE)
    field.press_sequentially("deux ")
    page.clock.run_for(PAUSE)
    held[0].continue_()
    expect(status(page)).to_have_text(SAVED)
    revisions = Revision.objects.filter(answer__worksheet=diagnosis).order_by("version")
    assert [(each.version, each.value) for each in revisions] == [(1, "un "), (2, "un deux ")]


def test_without_network_the_page_says_so_and_sends_when_it_is_back(page_of, lead, diagnosis):
    page = open_worksheet(page_of(lead), diagnosis)
    page.context.set_offline(True)
    page.get_by_label("Les collaborations").fill("Écrit dans le train")
    expect(status(page)).to_have_text(
        "Pas encore enregistré : connexion coupée. Gardé sur cet appareil."
    )
    page.context.set_offline(False)
    expect(status(page)).to_have_text(SAVED)
    assert answer(diagnosis, "collaborations").value == "Écrit dans le train"


def cut(page):
    """No request of that page's modules leaves any more, not even its last breath."""
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('cut')); }")
    return page


@pytest.mark.parametrize("end", ["closed", "crashed"])
def test_a_page_that_ends_before_the_save_gives_its_text_back(page_of, lead, diagnosis, end):
    page = open_worksheet(page_of(lead), diagnosis)
    page.clock.set_system_time("2026-01-31T08:05:00")  # of a browser that is wrong by months
    cut(page).get_by_label("Les collaborations").fill("\nUn club")
    entries = page.get_by_role("group", name="Réalisation(s)")
    entries.get_by_role("button", name="Ajouter une entrée").click()
    page.keyboard.type("Une couveuse")
    expect(status(page)).to_contain_text("Gardé sur cet appareil")
    assert page.evaluate(KEPT, [lead.device_key, "Un club", "Une couveuse"])
    context = page.context
    if end == "crashed":
        with pytest.raises(Error):
            page.goto("chrome://crash")
    page.close()
    assert answers_of(diagnosis) == {}

    page = open_worksheet(context.new_page(), diagnosis)
    expect(status(page)).to_have_text(SAVED)
    expect(page.get_by_label("Les collaborations")).to_have_value("\nUn club")
    expect(news(page)).to_have_text(
        [re.compile(r"Votre texte du 31\sjanvier\sà\s8\sh\s05 .*\s: il a été repris")] * 2
    )
    kept = answers_of(diagnosis)
    assert kept.pop("collaborations") == "\nUn club"
    assert [entry["text"] for entry in kept.pop("achievements")] == ["Une couveuse"]
    assert kept == {}
    page.reload()
    expect(page.get_by_label("Les collaborations")).to_have_value("\nUn club")
    expect(news(page)).to_have_count(0)


def test_a_server_that_fails_is_asked_again(page_of, lead, diagnosis):
    page = open_worksheet(page_of(lead), diagnosis)
    stop_clock(page)
    page.route(
        "**/reponses/**", lambda route: route.fulfill(status=503, body="Redémarrage"), times=1
    )
    with violations.expected() as found:
        page.get_by_label("Les collaborations").fill("Pendant la mise à jour")
        page.get_by_label("Effets, visibilité").focus()
        expect(status(page)).to_contain_text("échec du serveur")
    assert [finding.partition(" ")[0] for finding in found] == ["503"]
    page.clock.run_for(5000)
    expect(status(page)).to_have_text(SAVED)
    assert answers_of(diagnosis) == {"collaborations": "Pendant la mise à jour"}


def test_a_second_tab_of_the_same_person(page_of, lead, diagnosis):
    first = open_worksheet(page_of(lead), diagnosis)
    cut(first).get_by_label("Les collaborations").fill("Dans le premier onglet")
    expect(status(first)).to_contain_text("Gardé sur cet appareil")
    second = open_worksheet(first.context.new_page(), diagnosis)
    second.get_by_label("Effets, visibilité").fill("Dans le second")
    expect(status(second)).to_have_text(SAVED)
    # The first tab lives: its text is its own to send.
    assert answers_of(diagnosis) == {"effects": "Dans le second"}
    first.close()
    expect(second.get_by_label("Les collaborations")).to_have_value("Dans le premier onglet")
    expect(second.locator("#collaborations [data-trace]")).to_have_text(SAVED)
    assert answers_of(diagnosis) == {
        "collaborations": "Dans le premier onglet",
        "effects": "Dans le second",
    }
    assert Revision.objects.count() == 2


def test_what_waits_is_nobody_else_s(
    page_of, sign_in, accessibility_faults, lead, contributor, diagnosis
):
    page = open_worksheet(page_of(lead), diagnosis)
    context = page.context
    cut(page).get_by_label("Les collaborations").fill("Le secret d’Alice")
    expect(status(page)).to_contain_text("Gardé sur cet appareil")
    page.close()

    sign_in(context, contributor)
    page = open_worksheet(context.new_page(), diagnosis)
    page.get_by_label("Effets, visibilité").fill("De Bruno")
    expect(status(page)).to_have_text(SAVED)
    expect(page.get_by_label("Les collaborations")).to_have_value("")
    page.goto(f"/territoires/{diagnosis.territory.ref}/")
    assert len(page.evaluate(LEFT, lead.device_key)) == 1
    expect(page.locator(".unsent")).to_have_count(0)
    assert answers_of(diagnosis) == {"effects": "De Bruno"}

    sign_in(context, lead)
    page.reload()
    unsent = page.locator(".unsent")
    expect(unsent).to_contain_text("Des textes de la fiche « Auto-diagnostic")
    unsent.get_by_text("Lire ce texte").click()
    expect(unsent).to_contain_text("Le secret d’Alice")
    assert accessibility_faults(page) == []
    unsent.get_by_role("link", name="Ouvrir la fiche").click()
    expect(status(page)).to_have_text(SAVED)
    assert answers_of(diagnosis) == {
        "collaborations": "Le secret d’Alice",
        "effects": "De Bruno",
    }


def test_a_thousand_edits_are_sent_as_what_they_came_to(page_of, lead, diagnosis):
    page = open_worksheet(page_of(lead), diagnosis)
    page.context.set_offline(True)
    page.evaluate(
        """() => {
          const fields = [...document.querySelectorAll("[data-widget] textarea")];
          for (let edit = 0; edit < 1000; edit += 1) {
            const field = fields[edit % fields.length];
            field.value = `Modification ${edit}`;
            field.dispatchEvent(new Event("input", { bubbles: true }));
          }
        }"""
    )
    expect(status(page)).to_contain_text("Gardé sur cet appareil")
    saved = []

    def note(response):
        if "/reponses/" in response.url:
            saved.append(response.url)

    page.on("response", note)
    page.context.set_offline(False)
    expect(status(page)).to_have_text(SAVED)
    assert len(saved) == len(set(saved)) == page.locator("[data-question]").count()


def test_a_worksheet_submitted_meanwhile_keeps_the_text_to_be_read(
    page_of, lead, contributor, diagnosis
):
    page = open_worksheet(page_of(contributor), diagnosis)
    submit(worksheet=diagnosis, by=lead, seen_change_number=0)
    page.get_by_label("Les collaborations").fill("Trop tard")
    refusal = page.locator("#collaborations-refusal")
    expect(refusal).to_contain_text("La fiche est maintenant « Transmise »")
    expect(status(page)).to_have_text(
        "Pas encore enregistré : voyez sous la question. Gardé sur cet appareil."
    )
    page.on("dialog", lambda dialog: dialog.accept())
    open_worksheet(page, diagnosis)
    unsent = page.locator(".unsent")
    expect(unsent.get_by_role("heading")).to_contain_text("Les collaborations")
    expect(unsent.get_by_text("Trop tard")).to_be_visible()
    assert not Answer.objects.exists()
    unsent.get_by_role("button", name="Effacer de cet appareil").click()
    expect(unsent.locator("div")).to_have_count(0)
    page.reload()
    assert page.evaluate(LEFT, contributor.device_key) == []
    expect(unsent).to_have_count(0)


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
    texts = [entry["text"] for entry in answer(diagnosis, "achievements").value]
    assert texts == ["Deuxième", "Quatrième", "Troisième"]
    entries.get_by_role("button", name="Annuler").press("Enter")
    expect(status(page)).to_have_text(SAVED)
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


def test_a_text_that_is_too_long_is_said_without_being_sent(page_of, lead, diagnosis):
    page = open_worksheet(page_of(lead), diagnosis)
    stop_clock(page)
    field = page.get_by_label("Les collaborations")
    longest = "🏭" + "é" * (MAX_LENGTH - 1)
    field.fill(f"{longest}é")
    expect(page.locator("#collaborations-refusal")).to_have_text(
        "Cette réponse compte 100 001 caractères ; 100 000 au plus sont possibles. "
        "Raccourcissez-la."
    )
    page.clock.run_for(PAUSE)
    expect(status(page)).to_contain_text("voyez sous la question. Gardé sur cet appareil")
    with page.expect_request("**/reponses/**") as first_save:
        field.fill(longest)
        page.clock.run_for(PAUSE)
    expect(status(page)).to_have_text(SAVED)
    assert first_save.value.response().status == 200
    assert answers_of(diagnosis) == {"collaborations": longest}


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
