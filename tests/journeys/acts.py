"""What is done on a page to bring it to a state that no address gives. Each act is given the page
and the people of the test."""

import re

from django.core import mail
from playwright.sync_api import expect

from opportunities.detecting import change_action
from opportunities.enums import Stage
from opportunities.models import DetectionAction, Opportunity, Person
from opportunities.people import FACTS, change_person
from opportunities.tracking import change_opportunity, move_to_stage
from tests import factories
from tests.journeys.states import words
from tests.opportunities import files as uploaded_files
from worksheets.models import Answer, Presence, Worksheet
from worksheets.reviewing import start_review

# A page that one comes back to asks at once what has changed.
LOOK_AGAIN = "document.dispatchEvent(new Event('visibilitychange'))"


def _send(page):
    """Presses the button that sends the page's own form."""
    page.locator("main form button[type=submit], main form .btn-primary").first.click()
    page.wait_for_load_state()


def send_nothing(page, cast):
    """The form as it comes, without the browser's own checks: the server's words are looked at."""
    page.evaluate("document.querySelectorAll('form').forEach((form) => { form.noValidate = true })")
    _send(page)


# What every page has


def list_shortcuts(page, cast):
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Raccourcis clavier")).to_be_visible()


# The account


def sign_in_wrongly(page, cast):
    page.locator("[name=login]").fill("personne@tests.example")
    page.locator("[name=password]").fill("faux")
    _send(page)


def ask_for_code(page, cast):
    page.locator("[name=email]").fill(cast.lead.email)
    _send(page)


def mistype_code(page, cast):
    ask_for_code(page, cast)
    assert len(mail.outbox) <= 1
    page.locator("[name=code]").fill("ABC-123")
    _send(page)


def choose_weak_password(page, cast):
    for field in page.locator("[type=password]").all():
        field.fill("123")
    _send(page)


def invite_nobody(page, cast):
    page.get_by_role("button", name="Envoyer l’invitation").click()


def attach_text(page, cast):
    """A file that is refused, one that isn't."""
    page.locator("#attach_files").set_input_files(
        [
            {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"du texte"},
            {"name": "Plan.pdf", "mimeType": "application/pdf", "buffer": uploaded_files.PDF},
        ]
    )
    page.get_by_role("button", name="Joindre").click()
    expect(page.locator("#pieces-jointes .alert-danger")).to_be_visible()


# What unfolds


def open_account(page, cast):
    page.locator(".site-tools summary").first.click()


def open_navigation(page, cast):
    """On a phone; on a laptop the navigation is in the header."""
    page.evaluate("document.querySelector('.menu-mobile').open = true")


def open_last_filter(page, cast):
    page.locator(".filter-menu summary").last.click()


def rename_to_nothing(page, cast):
    page.get_by_label("Nom du filtre").fill(" ")
    page.get_by_role("button", name="Renommer").click()
    page.locator("main .alert-danger").wait_for()


def open_details(page, cast):
    page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true })")


# Opportunities


def mistype_facts(page, cast):
    """Refused facts in each section that folds."""
    open_details(page, cast)
    for name in ("building_area", "last_activity_year", "longitude", "latitude"):
        page.locator(f"[name={name}]").fill("beaucoup")
    page.locator("[name=next_action_on]").evaluate("field => { field.type = 'text' }")
    page.locator("[name=next_action_on]").fill("demain")
    _send(page)


def create_twice(page, cast):
    """What the team has noted already is shown first."""
    page.locator("[name=title]").fill(Opportunity.objects.get(territory=cast.territory).title)
    page.locator("[name=kind][value=friche]").check(force=True)
    _send(page)


def open_first_row(page, cast):
    page.locator(".row-title").first.click()
    page.get_by_role("heading", name="Est-ce la même").wait_for()


def change_person_behind(page, cast):
    """Somebody else saved the same person since the page was opened."""
    person = Person.objects.get()
    facts = {name: getattr(person, name) for name in FACTS}
    change_person(person=person, version=1, by=cast.contributor, **facts | {"phone": "01"})
    page.locator("[name=phone]").fill("02")
    _send(page)


def change_behind(page, cast):
    """Somebody else saved the facts of the opportunity since the page was opened."""
    opportunity = Opportunity.objects.get(territory=cast.territory)
    change_opportunity(
        opportunity=opportunity,
        version=opportunity.version,
        by=cast.contributor,
        kind=opportunity.kind,
        title=opportunity.title,
        district=None,
        commune=None,
        place="",
        description="Le texte de Bruno",
    )
    page.locator("[name=description]").fill("Le texte d’Alice")
    _send(page)
    expect(page.get_by_text("Ce qui diffère")).to_be_visible()


def merge_behind(page, cast):
    """Somebody else merged the opportunity since the page was opened."""
    duplicate = Opportunity.objects.get(territory=cast.territory)
    into = factories.create_opportunity(cast.territory, cast.lead, words.LONG_TITLE[:150])
    Opportunity.objects.filter(pk=duplicate.pk).update(merged_into=into)
    _send(page)
    expect(page.get_by_text("Ce que vous avez écrit")).to_be_visible()


# Detection actions


def change_action_behind(page, cast):
    """Somebody else saved the facts of the action since the page was opened."""
    action = DetectionAction.objects.get(territory=cast.territory)
    change_action(
        action=action, version=action.version, by=cast.contributor, report="Le texte de Bruno"
    )
    page.locator("[name=report]").fill("Le texte d’Alice")
    _send(page)
    expect(page.get_by_text("Ce qui diffère")).to_be_visible()


def take_up_actions(page, cast):
    """What the team wrote of its actions, into the answers; a second time, it is there already."""
    for reminder in page.locator("[data-reminder]").all():
        reminder.locator("summary").click()
        reminder.get_by_role("button", name="Reprendre dans la réponse").click()
        expect(reminder.get_by_role("status")).to_have_text(
            "Repris dans la réponse, à relire et à compléter."
        )
    reminder.get_by_role("button", name="Reprendre dans la réponse").click()
    expect(reminder.get_by_role("status")).to_have_text("La réponse contient déjà tout cela.")
    expect(page.get_by_role("checkbox", name="Visite de quartier")).to_be_checked()
    expect(page.locator("#save-status")).to_have_attribute("data-state", "saved")
    strategy = Answer.objects.get(question="strategy").value
    assert words.OPPORTUNITY in strategy


# Capture


def capture_nothing(page, cast):
    page.get_by_role("button", name="Enregistrer", exact=True).click()


def _capture(page, sentence, *files):
    page.get_by_role("radio", name="Friche").check()
    page.get_by_label("En une phrase").fill(sentence)
    page.get_by_label("Prendre une photo").set_input_files(files)
    expect(page.locator(".capture-photo")).to_have_count(len(files))
    capture_nothing(page, cast=None)
    expect(page.get_by_label("En une phrase")).to_have_value("")


def _go_offline(page):
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    page.context.set_offline(True)


def capture_offline(page, cast):
    """Two wait, and the page was opened again without network."""
    _go_offline(page)
    photo = {"name": "garage.jpg", "mimeType": "image/jpeg", "buffer": uploaded_files.photo()}
    _capture(page, "Ancien garage, rideau baissé depuis deux ans", photo)
    _capture(page, words.ENDLESS_WORD)
    page.reload()
    expect(page.locator("[data-waiting-list] > li")).to_have_count(2)


def capture_refused(page, cast):
    drawing = {"name": "plan.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"}
    _capture(page, "Ancien garage", drawing)
    expect(page.locator("[data-band]")).to_contain_text("à corriger")
    expect(page.locator("[data-waiting-list] a")).to_be_visible()


def capture_sent(page, cast):
    _capture(page, "Ancien garage, rideau baissé depuis deux ans")
    expect(page.locator("[data-news] .alert")).to_be_visible()


def open_offline_signed_out(page, cast):
    _go_offline(page)
    page.evaluate("localStorage.setItem('account', '')")
    page.reload()
    expect(page.get_by_text("Vous n’êtes pas connecté sur cet appareil")).to_be_visible()


def _open_move(page, stage):
    page.locator("[data-move]").first.click()
    page.get_by_role("radio", name=stage).check()


def abandon_without_reason(page, cast):
    _open_move(page, "Abandonné")
    page.get_by_label("Pourquoi").fill(" ")
    page.get_by_role("dialog").get_by_role("button", name="Déplacer").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("Dites pourquoi")


def move_card_behind(page, cast):
    """Somebody else moved the card since the board was drawn."""
    ref = page.locator(".board-card").first.get_attribute("id").removeprefix("carte-")
    move_to_stage(
        opportunity=Opportunity.objects.get(ref=ref), stage=Stage.LAUNCHED, by=cast.contributor
    )
    _open_move(page, "Qualifiée")
    page.get_by_role("dialog").get_by_role("button", name="Déplacer").click()
    expect(page.locator("#board-status")).to_contain_text("Entre-temps")


def open_sign(page, cast):
    page.locator("#carte .sign.kind").first.press("Enter")
    expect(page.locator(".leaflet-popup a").first).to_be_focused()


# Worksheets


def comment(page, cast):
    """An answer in the open thread; then all that folds is unfolded."""
    page.get_by_text("Répondre").first.click()
    page.get_by_label("Votre réponse").first.fill("Nous les avons vus hier.")
    page.get_by_role("button", name="Envoyer la réponse").first.click()
    expect(page.locator(".comment")).to_have_count(3)
    page.locator(".exchange-folded > summary").click()
    page.get_by_text("Commenter un autre point").click()
    page.get_by_label("Votre commentaire").first.press_sequentially("@")
    expect(page.get_by_role("option").first).to_be_visible()


def send_no_comment(page, cast):
    page.get_by_text("Commenter un autre point").click()
    page.get_by_role("button", name="Commenter", exact=True).click()
    expect(page.locator(".thread .refusal")).to_be_visible()


def type_bad_amount(page, cast):
    page.get_by_label("Montant en euros 1").first.fill("environ 3000")
    page.keyboard.press("Tab")
    expect(page.locator("#budget-refusal")).to_contain_text("n’est pas un montant")


def remove_rows(page, cast):
    for button in ("Retirer cette ligne", "Ajouter une ligne"):
        for name in ("reflection", "budget"):
            page.locator(f"#{name}").get_by_role("button", name=button).first.click()
    expect(page.get_by_role("button", name="Annuler")).to_have_count(2)
    expect(page.locator("#save-status")).to_have_text(re.compile("Enregistré à"))


def write_behind(page, cast):
    """Somebody else answered meanwhile: both texts are shown, and what became of others."""
    worksheet = Worksheet.objects.get()
    factories.write_answer(worksheet, "effects", "Bruno", cast.contributor)
    page.get_by_label("Effets, visibilité").fill("Alice")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Garder l’autre").click()
    expect(page.locator("[data-kind='kept']")).to_be_visible()
    factories.write_answer(worksheet, "collaborations", "Bruno", cast.contributor)
    page.get_by_label("Les collaborations").fill("Alice")
    page.keyboard.press("Tab")
    expect(page.locator(".standing")).to_be_visible()
    factories.write_answer(worksheet, "collaborations", "Bruno et Chloé", cast.contributor)
    page.evaluate(LOOK_AGAIN)
    expect(page.locator("#collaborations [data-kind='arrived']")).to_be_visible()


def write_together(page, cast):
    """Others are here; one has just written; the worksheet leaves the team's hands."""
    worksheet = Worksheet.objects.get()
    for user, slot in ((cast.lead, "collaborations"), (cast.trainer, "")):
        Presence.objects.create(worksheet=worksheet, user=user, slot_name=slot)
    factories.write_answer(worksheet, "collaborations", "Un club", cast.lead)
    page.evaluate(LOOK_AGAIN)
    expect(page.locator(".is-fresh .writes-here")).to_have_text("Alice Lambert écrit ici")
    factories.submit_worksheet(worksheet, cast.lead)
    page.evaluate(LOOK_AGAIN)
    expect(page.locator(".live-notice")).to_contain_text("elle ne s’écrit plus")
    page.locator(".presence summary").click()
    expect(page.locator(".presence-person")).to_have_count(2)


def _send_as_it_is(page):
    """The worksheet's form, as the page sends it without JavaScript."""
    with page.expect_navigation():
        page.evaluate("document.querySelector('[data-worksheet]').submit()")


def send_stale_page(page, cast):
    """Without JavaScript: one answer overtaken, one refused."""
    page.evaluate("document.querySelector('[name=\"means.version\"]').value = '0'")
    page.evaluate("document.querySelector('[name=means]').value = 'Le texte d’Alice'")
    page.evaluate("document.querySelector('[name=\"budget.expenses.amount\"]').value = 'trois'")
    _send_as_it_is(page)
    expect(page.locator(".standing")).to_be_visible()


def send_closed_page(page, cast):
    page.evaluate("document.querySelector('[name=collaborations]').value = 'Trop tard'")
    factories.submit_worksheet(Worksheet.objects.get(), cast.lead)
    _send_as_it_is(page)


def send_signed_out(page, cast):
    page.evaluate("document.querySelector('[name=collaborations]').value = 'Un texte gardé'")
    page.context.clear_cookies(name="sessionid")
    _send_as_it_is(page)


def submit_behind(page, cast):
    """Submitted in another tab meanwhile."""
    factories.submit_worksheet(Worksheet.objects.get(), cast.lead)
    _send(page)


def withdraw_too_late(page, cast):
    start_review(worksheet=Worksheet.objects.get(), by=cast.trainer)
    page.get_by_role("button", name="Retirer la fiche").click()


def return_without_reason(page, cast):
    page.get_by_role("button", name="Retourner à l’équipe").click()
