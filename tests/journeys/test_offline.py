"""Worksheets without network, and with a session that expired: nothing is lost, nothing is typed
again, and nobody else's."""

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.journeys.waiting import until
from tests.journeys.writing import SAVED, status
from worksheets.models import Answer, Comment

COPIED = "async () => (await caches.match(location.pathname)) !== undefined"
COPIES = "async () => (await caches.keys()).some((name) => name.startsWith('fiches-'))"
# The copy bears a text that the server has confirmed, a moment later.
COPY_HOLDS = """async (text) => {
    const copy = await caches.match(location.pathname);
    return (await copy?.text())?.includes(text) ?? false;
}"""
DRAFTS = "Object.keys(localStorage).filter((name) => name.startsWith('drafts:'))"
# The copy's style sheet bears the name that it had before a deployment.
OLDER_THAN_THE_FILES_OF_TODAY = """async () => {
    const name = (await caches.keys()).find((each) => each.startsWith("fiches-"));
    const cache = await caches.open(name);
    const [address] = await cache.keys();
    const copy = await cache.match(address);
    const html = (await copy.text()).replaceAll("app.css", "app.0123456789ab.css");
    await cache.put(address, new Response(html, { headers: copy.headers }));
}"""
WAITING = """async (owner) => {
    const { waitingOf } = await import("/static/js/worksheet-keeping.js");
    return waitingOf(owner);
}"""


@pytest.fixture
def service_workers():
    return "allow"


@pytest.fixture
def page(page_of, lead, diagnosis):
    """The lead's, on the worksheet."""
    page = page_of(lead)
    page.goto(f"/territoires/{diagnosis.territory.ref}/fiches/{diagnosis.ref}/")
    return page


def field(page):
    return page.get_by_label("Les collaborations")


def dialog(page):
    return page.get_by_role("dialog", name="Reconnectez-vous")


def kept(worksheet):
    """What the base has of the question that the journeys write in."""
    return [answer.value for answer in Answer.objects.filter(question="collaborations")]


def sign_in_again(page, password=factories.PASSWORD):
    dialog(page).get_by_label("Mot de passe").fill(password)
    dialog(page).get_by_role("button", name="Se reconnecter").click()


def test_an_expired_sign_in_opens_in_place_and_what_waits_leaves(
    page, diagnosis, accessibility_faults
):
    page.context.clear_cookies()
    field(page).fill("Avant l’expiration")
    expect(dialog(page).get_by_label("Mot de passe")).to_be_focused()
    assert accessibility_faults(page) == []
    sign_in_again(page, "un autre mot de passe")
    expect(dialog(page).get_by_role("alert")).to_contain_text("ne convient pas")
    page.keyboard.press("Escape")
    expect(field(page)).to_be_focused()
    page.keyboard.type(", et après")
    expect(status(page)).to_contain_text("Pas encore enregistré : reconnectez-vous.")
    page.get_by_role("button", name="Se reconnecter").press("Enter")
    sign_in_again(page)
    expect(dialog(page)).to_have_count(0)
    expect(status(page)).to_have_text(SAVED)
    assert kept(diagnosis) == ["Avant l’expiration, et après"]


def test_a_comment_leaves_after_signing_in_again(page, diagnosis):
    thread = page.locator("#collaborations .thread")
    thread.locator("summary").first.click()
    thread.get_by_role("textbox").fill("Quel club ?")
    page.context.clear_cookies()
    thread.get_by_role("button", name="Commenter").click()
    sign_in_again(page)
    expect(thread).to_contain_text("Quel club ?")
    assert [comment.body for comment in Comment.objects.all()] == ["Quel club ?"]


def test_another_account_sends_nothing_of_the_first(page, sign_in, lead, contributor, diagnosis):
    page.context.clear_cookies()
    sign_in(page.context, contributor)
    page.context.clear_cookies(name="sessionid")
    field(page).fill("Un texte d’Alice")
    expect(dialog(page)).to_be_visible()
    sign_in(page.context, contributor)
    dialog(page).get_by_role("button", name="Plus tard").click()
    expect(dialog(page)).to_have_count(0)
    expect(page.locator("#notices")).to_contain_text("Un autre compte est connecté")
    assert kept(diagnosis) == []
    page.context.clear_cookies()
    sign_in(page.context, lead)
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(status(page)).to_have_text(SAVED)
    assert kept(diagnosis) == ["Un texte d’Alice"]


# Without network


def ready(page):
    """The page, once what it needs without network is on the device."""
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    until(page, COPIED)
    return page


def test_typed_without_network_read_again_without_and_saved_with(page, diagnosis):
    page.get_by_label("Effets, visibilité").fill("Saisi avec le réseau")
    expect(status(page)).to_have_text(SAVED)
    until(ready(page), COPY_HOLDS, "Saisi avec le réseau")
    page.context.set_offline(True)
    field(page).fill("Écrit dans le train")
    expect(status(page)).to_contain_text("Pas encore enregistré")
    page.on("dialog", lambda dialog: dialog.accept())  # « Quitter la page ? »
    page.reload()
    expect(page.get_by_text("vous lisez la copie du")).to_be_visible(timeout=15_000)
    expect(page.get_by_label("Effets, visibilité")).to_have_value("Saisi avec le réseau")
    expect(field(page)).to_have_value("Écrit dans le train")
    page.context.set_offline(False)
    expect(status(page)).to_have_text(SAVED)
    expect(page.get_by_text("Le serveur répond de nouveau")).to_be_visible()
    expect(page.get_by_text("vous lisez la copie du")).to_be_hidden()
    assert kept(diagnosis) == ["Écrit dans le train"]


def test_a_page_that_is_not_on_the_device_says_so_and_what_is(
    page_of, reader, diagnosis, accessibility_faults
):
    page = page_of(reader)
    page.goto(f"/territoires/{diagnosis.territory.ref}/fiches/{diagnosis.ref}/")
    ready(page).evaluate(OLDER_THAN_THE_FILES_OF_TODAY)
    page.context.set_offline(True)
    page.goto(f"/territoires/{diagnosis.territory.ref}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Pas de réseau")
    assert accessibility_faults(page) == []
    link = page.get_by_role("link", name="Auto-diagnostic")
    # Browsers believe that the network is back when it isn't; one is on one's way all the same.
    link.evaluate("(link) => { link.click(); window.dispatchEvent(new Event('online')); }")
    page.wait_for_url("**/fiches/**")
    expect(page.get_by_text("vous lisez la copie du")).to_be_visible()
    expect(page.locator(".workspace-body")).to_have_css("display", "grid")
    assert accessibility_faults(page) == []


def test_nobody_else_finds_the_copies(page, sign_in, contributor, diagnosis):
    address = page.url
    ready(page).context.clear_cookies()
    sign_in(page.context, contributor)
    page.goto("/accessibilite/")
    until(page, f"async () => !(await ({COPIES})())")
    page.context.set_offline(True)
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("Pas de réseau")
    expect(page.get_by_text("Vos fiches gardées")).to_be_hidden()


# Signing out


def test_signing_out_with_what_could_not_be_sent_asks_what_becomes_of_it(
    page, lead, diagnosis, accessibility_faults
):
    page.route("**/reponses/**", lambda route: route.abort("internetdisconnected"))
    field(page).fill("Pas encore parti")
    expect(status(page)).to_contain_text("Pas encore enregistré")
    thread = page.locator("#collaborations .thread")
    thread.locator("summary").first.click()
    thread.get_by_role("textbox").fill("Un brouillon")
    sign_out(page)
    asked = page.get_by_role("dialog", name="Tout n’est pas encore envoyé")
    told = ["Auto-diagnostic : 1 réponse", "Auto-diagnostic : 1 brouillon"]
    expect(asked.get_by_role("listitem")).to_have_text(told)
    assert accessibility_faults(page) == []
    page.keyboard.press("Escape")
    expect(menu(page)).to_be_focused()
    expect(field(page)).to_have_value("Pas encore parti")
    sign_out(page)
    asked.get_by_role("button", name="Se déconnecter en le gardant ici").click()
    page.wait_for_url("**/connexion/")
    assert not page.evaluate(COPIES)
    assert kept(diagnosis) == []
    page.unroute("**/reponses/**")
    page.get_by_label("Adresse").fill(lead.email)
    page.get_by_label("Mot de passe").fill(factories.PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.get_by_role("link", name="Ouvrir la fiche").click()
    expect(field(page)).to_have_value("Pas encore parti")
    expect(thread.get_by_role("textbox")).to_have_value("Un brouillon")
    expect(status(page)).to_have_text(SAVED)
    assert kept(diagnosis) == ["Pas encore parti"]
    other_tab = page.context.new_page()
    other_tab.goto("/accessibilite/")
    page.route("**/reponses/**", lambda route: route.abort("internetdisconnected"))
    field(page).fill("À effacer")
    expect(status(page)).to_contain_text("Pas encore enregistré")
    sign_out(page)
    asked.get_by_role("button", name="Se déconnecter et l’effacer").click()
    page.wait_for_url("**/connexion/")
    other_tab.wait_for_url("**/connexion/")
    assert page.evaluate(WAITING, lead.device_key) == []
    assert page.evaluate(DRAFTS) == []


def test_signing_out_of_a_session_that_has_expired_asks_one_thing_at_a_time(page, diagnosis):
    page.context.clear_cookies()
    field(page).fill("Avant l’expiration")
    dialog(page).get_by_role("button", name="Plus tard").click()
    sign_out(page)
    asked = page.get_by_role("dialog")
    expect(asked).to_have_accessible_name("Tout n’est pas encore envoyé")
    asked.get_by_role("button", name="Se reconnecter").click()
    expect(asked).to_have_accessible_name("Reconnectez-vous")
    sign_in_again(page)
    expect(status(page)).to_have_text(SAVED)
    assert kept(diagnosis) == ["Avant l’expiration"]
    page.context.clear_cookies()
    sign_out(page)  # nothing waits: one is simply out
    page.wait_for_url("**/connexion/")


def menu(page):
    return page.locator(".site-tools > details > summary").first


def sign_out(page):
    menu(page).click()
    page.get_by_role("button", name="Se déconnecter").click()
