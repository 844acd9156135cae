"""A worksheet saves by itself, and the page says truthfully what the server has."""

import re

import pytest
from playwright.sync_api import Error, expect

from programmes.enums import Step
from tests import factories
from tests.harness import violations
from worksheets.editing import save_answer
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
    for word in ("un ", "deux "):
        field.press_sequentially(word)
        page.wait_for_timeout(950)
    expect(status(page)).to_have_text(SAVED)
    assert answer(diagnosis, "collaborations").value == "un deux "
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


def cut(page):
    """No request of that page's modules leaves any more, not even its last breath."""
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('cut')); }")
    return page


def answers_of(worksheet):
    return {answer.question: answer.value for answer in Answer.objects.filter(worksheet=worksheet)}


def news(page):
    return page.locator("[data-news] p")


@pytest.mark.parametrize("end", ["closed", "crashed"])
def test_a_page_that_ends_before_the_save_gives_its_text_back(page_of, lead, diagnosis, end):
    page = open_worksheet(page_of(lead), diagnosis)
    page.clock.set_system_time("2026-01-31T08:05:00")  # of a browser that is wrong by months
    cut(page).get_by_label("Les collaborations").fill("\nUn club")
    entries = page.get_by_role("group", name="Réalisation(s)")
    entries.get_by_role("button", name="Ajouter une entrée").click()
    page.keyboard.type("Une couveuse")
    expect(status(page)).to_contain_text("Votre texte est gardé sur cet appareil")
    page.wait_for_timeout(300)
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
    page.clock.install()
    page.route(
        "**/reponses/**", lambda route: route.fulfill(status=503, body="Redémarrage"), times=1
    )
    with violations.expected() as found:
        page.get_by_label("Les collaborations").fill("Pendant la mise à jour")
        page.get_by_label("Effets, visibilité").focus()
        expect(status(page)).to_contain_text("Le serveur n’a pas pu enregistrer")
    assert [finding.partition(" ")[0] for finding in found] == ["503"]
    page.clock.run_for(5000)
    expect(status(page)).to_have_text(SAVED)
    assert answers_of(diagnosis) == {"collaborations": "Pendant la mise à jour"}


def test_a_second_tab_of_the_same_person(page_of, lead, diagnosis):
    first = open_worksheet(page_of(lead), diagnosis)
    cut(first).get_by_label("Les collaborations").fill("Dans le premier onglet")
    expect(status(first)).to_contain_text("gardé sur cet appareil")
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
    expect(status(page)).to_contain_text("gardé sur cet appareil")
    page.close()

    sign_in(context, contributor)
    page = open_worksheet(context.new_page(), diagnosis)
    page.get_by_label("Effets, visibilité").fill("De Bruno")
    expect(status(page)).to_have_text(SAVED)
    expect(page.get_by_label("Les collaborations")).to_have_value("")
    page.goto(f"/territoires/{diagnosis.territory.ref}/")
    page.wait_for_timeout(300)
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
    expect(status(page)).to_contain_text("gardé sur cet appareil")
    saved = []

    def note(response):
        if "/reponses/" in response.url:
            saved.append(response.url)

    page.on("response", note)
    page.context.set_offline(False)
    expect(status(page)).to_have_text(SAVED)
    assert len(saved) == len(set(saved)) == page.locator("[data-question]").count()


@pytest.fixture
def written(diagnosis, lead):
    """The same self-diagnosis, where one answer stands."""
    write(diagnosis, lead, "Un club. Une couveuse.")
    return diagnosis


def write(worksheet, by, text):
    """What another page of `by` saves, having seen what stands."""
    standing = Answer.objects.filter(worksheet=worksheet, question="collaborations").first()
    save_answer(
        worksheet=worksheet,
        question=worksheet.grid.by_key["collaborations"],
        opportunity_id=None,
        value=text,
        base_version=standing.version if standing else 0,
        is_own=False,
        may_record_opinions=False,
        by=by,
    )


def test_two_people_in_one_answer_keep_the_words_of_both(page_of, lead, contributor, written):
    mine, theirs = (open_worksheet(page_of(user), written) for user in (lead, contributor))
    for page, key, words in ((mine, "End", " Un salon."), (theirs, "Home", "Depuis 2019 : ")):
        page.get_by_label("Les collaborations").press(key)
        page.keyboard.type(words)
    both = "Depuis 2019 : Un club. Une couveuse. Un salon."
    for page in (mine, theirs):
        page.get_by_label("Effets, visibilité").focus()
    expect(theirs.get_by_label("Les collaborations")).to_have_value(both)
    expect(mine.get_by_label("Les collaborations")).to_have_value(both)
    assert answers_of(written) == {"collaborations": both}


def test_typing_goes_on_while_a_merged_answer_comes_back(page_of, lead, contributor, written):
    page = open_worksheet(page_of(lead), written)
    write(written, contributor, "Depuis 2019 : Un club. Une couveuse.")
    held = []

    def hold(route):
        held.append(route)

    page.route("**/reponses/**", hold, times=1)
    page.get_by_label("Les collaborations").press("End")
    page.keyboard.type(" Un")
    page.wait_for_timeout(1200)
    page.keyboard.type(" salo")
    held[0].continue_()
    page.wait_for_timeout(300)
    page.keyboard.type("n.")
    expect(news(page)).to_have_text(re.compile("Fusionné avec ce qu’a écrit Bruno Carlier"))
    both = "Depuis 2019 : Un club. Une couveuse. Un salon."
    expect(page.get_by_label("Les collaborations")).to_have_value(both)
    page.keyboard.type(" Fin")
    expect(page.get_by_label("Les collaborations")).to_have_value(f"{both} Fin")
    expect(status(page)).to_have_text(SAVED)
    assert answers_of(written) == {"collaborations": f"{both} Fin"}


def test_a_contradiction_is_shown_with_three_ways_out(page_of, lead, contributor, written):
    page = open_worksheet(page_of(lead), written)
    field = page.get_by_label("Les collaborations")

    def contradict(mine, theirs):
        write(written, contributor, theirs)
        field.fill(mine)
        expect(page.locator(".standing")).to_contain_text(theirs)
        expect(status(page)).to_contain_text("Deux textes se contredisent")
        expect(field).to_have_value(mine)
        assert answers_of(written) == {"collaborations": theirs}

    contradict("Un réseau.", "Une pépinière.")
    field.press("End")
    page.keyboard.type(" Et un café.")
    page.wait_for_timeout(1200)  # typing on is no way out
    assert answers_of(written) == {"collaborations": "Une pépinière."}
    page.get_by_role("button", name="Garder la mienne").click()
    expect(status(page)).to_have_text(SAVED)
    assert answers_of(written) == {"collaborations": "Un réseau. Et un café."}

    contradict("Trois.", "Quatre.")
    field.press("End")
    page.keyboard.type(" Sept.")
    page.get_by_role("button", name="Garder les deux").click()
    expect(status(page)).to_have_text(SAVED)
    assert answers_of(written) == {"collaborations": field.input_value()}
    assert sorted(field.input_value().split()) == ["Quatre.", "Sept.", "Trois."]

    contradict("Cinq.", "Six.")
    page.get_by_role("button", name="Garder l’autre").click()
    expect(field).to_have_value("Six.")
    expect(status(page)).to_have_text(SAVED)
    page.get_by_role("button", name="Reprendre mon texte").click()
    expect(field).to_have_value("Cinq.")
    expect(status(page)).to_have_text(SAVED)
    assert answers_of(written) == {"collaborations": "Cinq."}


def test_a_worksheet_submitted_meanwhile_keeps_the_text_to_be_read(
    page_of, lead, contributor, diagnosis
):
    page = open_worksheet(page_of(contributor), diagnosis)
    submit(worksheet=diagnosis, by=lead, seen_change_number=0)
    page.get_by_label("Les collaborations").fill("Trop tard")
    expect(status(page)).to_contain_text("La fiche est maintenant « Transmise »")
    expect(status(page)).to_contain_text("gardé sur cet appareil")
    page.on("dialog", lambda dialog: dialog.accept())
    open_worksheet(page, diagnosis)
    unsent = page.locator(".unsent")
    expect(unsent.get_by_role("heading")).to_contain_text("Les collaborations")
    expect(unsent.get_by_text("Trop tard")).to_be_visible()
    assert not Answer.objects.exists()
    unsent.get_by_role("button", name="Effacer de cet appareil").click()
    expect(unsent.locator("div")).to_have_count(0)
    page.reload()
    page.wait_for_timeout(300)
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
