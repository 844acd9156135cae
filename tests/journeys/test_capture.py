"""Capture on a telephone, with the network, without it, and while it comes and goes."""

import re

import pytest
from playwright.sync_api import expect

from opportunities.models import Attachment, Opportunity
from territories.models import Grant
from tests import factories
from tests.opportunities import files

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}
CUT = "internetdisconnected"
POSITION = {"longitude": 3.5201, "latitude": 50.3571, "accuracy": 12}
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'/>"


def photo(name="garage.jpg", content=None, media_type="image/jpeg"):
    return {"name": name, "mimeType": media_type, "buffer": content or files.photo()}


@pytest.fixture
def browser(whole_chromium):
    return whole_chromium


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, **PHONE}


@pytest.fixture
def service_workers():
    return "allow"


@pytest.fixture
def phone(page_of, lead):
    """The page of the lead, on a telephone, ready to open without network."""
    page = page_of(lead)
    open_capture(page)
    return page


def open_capture(page):
    page.goto("/reperer/")
    # The first visit keeps the page: from then on it opens without network.
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    return page


def capture(page, sentence, kind="Friche", photos=()):
    page.get_by_role("radio", name=kind).check()
    page.get_by_label("En une phrase").fill(sentence)
    if photos:
        page.get_by_label("Prendre une photo").set_input_files(photos)
        expect(page.locator(".capture-photo")).to_have_count(len(photos))
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_label("En une phrase")).to_have_value("")


def band(page):
    return page.locator("[data-band]")


def waiting(page):
    return page.locator("[data-waiting-list] > li")


def news(page):
    return page.locator("[data-news] .alert")


def saved():
    """[(title, number of photos)] of what the base has."""
    return sorted((one.title, one.attachments.count()) for one in Opportunity.objects.all())


def try_again(page):
    page.evaluate("window.dispatchEvent(new Event('online'))")


def test_with_the_network_a_capture_takes_a_moment(phone, territory):
    capture(phone, "Ancien garage, rideau baissé", photos=[photo()])
    expect(news(phone)).to_contain_text("« Ancien garage, rideau baissé » est enregistrée")
    expect(waiting(phone)).to_have_count(0)
    assert saved() == [("Ancien garage, rideau baissé", 1)]
    news(phone).get_by_role("link", name="Ouvrir").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Ancien garage")


def test_without_network_two_captures_wait_and_are_sent_once(phone, territory):
    phone.context.set_offline(True)
    capture(phone, "Ancien garage", photos=[photo(), photo("parking.jpg")])
    capture(phone, "Boulangerie fermée", kind="Locaux vacants", photos=[photo()])
    expect(band(phone)).to_have_text(
        re.compile("Hors connexion · 2 repérages en attente, conservés ici")
    )
    phone.reload()  # the service worker answers
    expect(band(phone)).to_contain_text("2 repérages en attente")
    expect(waiting(phone)).to_have_count(2)
    expect(waiting(phone).first).to_contain_text("Ancien garage")
    expect(waiting(phone).first.locator("img")).to_have_js_property("complete", value=True)
    assert saved() == []
    phone.context.set_offline(False)
    expect(news(phone)).to_have_count(2)
    expect(waiting(phone)).to_have_count(0)
    assert saved() == [("Ancien garage", 2), ("Boulangerie fermée", 1)]
    phone.reload()
    expect(waiting(phone)).to_have_count(0)
    assert saved() == [("Ancien garage", 2), ("Boulangerie fermée", 1)]


@pytest.mark.parametrize("lost", ["**/reperer/envoi/", "**/reperer/envoi/*/photos/"])
def test_an_answer_that_was_lost_makes_nothing_twice(phone, territory, lost):
    """The server did it, and nobody heard of it."""

    statuses = []

    def lose(route):
        statuses.append(route.fetch().status)
        route.abort(CUT)

    phone.route(lost, lose, times=1)
    capture(phone, "Ancien garage", photos=[photo(), photo("parking.jpg")])
    # The browser tries again by itself, in the page or in the service worker.
    expect(news(phone)).to_have_count(1, timeout=10_000)
    expect(waiting(phone)).to_have_count(0)
    assert statuses == [200]
    assert saved() == [("Ancien garage", 2)]


def test_an_expired_sign_in_keeps_everything_and_sends_after_signing_in(phone, lead, territory):
    phone.context.clear_cookies()
    capture(phone, "Ancien garage", photos=[photo()])
    expect(band(phone)).to_contain_text("Votre session a expiré · 1 repérage en attente")
    with phone.expect_popup() as popup:
        band(phone).get_by_role("link", name="Se connecter").click()
    sign_in(popup.value, lead)
    popup.value.close()
    phone.bring_to_front()
    phone.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(news(phone)).to_have_count(1)
    assert saved() == [("Ancien garage", 1)]


def test_another_account_neither_sees_nor_sends_what_waits(phone, lead, contributor, territory):
    phone.context.set_offline(True)
    capture(phone, "Ancien garage")
    phone.context.clear_cookies()  # signed out before anything could be sent
    phone.context.set_offline(False)
    phone.goto("/connexion/")
    phone.context.set_offline(True)
    phone.goto("/reperer/")
    expect(phone.get_by_text("Vous n’êtes pas connecté sur cet appareil")).to_be_visible()
    expect(waiting(phone)).to_have_count(0)
    phone.context.set_offline(False)
    phone.goto("/connexion/?next=/reperer/")
    sign_in(phone, contributor)
    capture(phone, "Un repérage de Bruno")
    expect(news(phone)).to_have_count(1)
    expect(waiting(phone)).to_have_count(0)
    assert [(one.title, one.created_by) for one in Opportunity.objects.all()] == [
        ("Un repérage de Bruno", contributor)
    ]
    phone.context.clear_cookies()
    phone.goto("/connexion/?next=/reperer/")
    sign_in(phone, lead)
    expect(news(phone)).to_contain_text("Ancien garage")
    assert Opportunity.objects.filter(created_by=lead).count() == 1


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


def test_a_territory_left_meanwhile_is_told_and_the_capture_can_be_changed(
    phone, lead, territory, other_territory
):
    grants = Grant.objects.filter(user=lead, territory=territory)
    phone.context.set_offline(True)
    capture(phone, "Ancien garage", photos=[photo()])
    grants.delete()
    factories.grant(lead, other_territory, "contributor")
    phone.context.set_offline(False)
    expect(waiting(phone)).to_contain_text("Ce territoire n’existe plus")
    phone.reload()
    waiting(phone).get_by_role("button", name="Modifier").click()
    expect(phone.get_by_label("En une phrase")).to_have_value("Ancien garage")
    expect(phone.locator(".capture-photo")).to_have_count(1)
    phone.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(news(phone)).to_have_count(1)
    assert saved() == [("Ancien garage", 1)]
    assert Opportunity.objects.get().territory == other_territory


def test_who_left_every_team_still_sees_what_waits(phone, lead, territory):
    phone.context.set_offline(True)
    capture(phone, "Ancien garage", photos=[photo()])
    Grant.objects.filter(user=lead).delete()
    phone.context.set_offline(False)
    expect(waiting(phone)).to_contain_text("Ce territoire n’existe plus")
    phone.reload()
    expect(phone.get_by_text("Seuls les référents et les contributeurs")).to_be_visible()
    expect(phone.get_by_role("button", name="Enregistrer", exact=True)).to_be_hidden()
    waiting(phone).get_by_role("button", name="Modifier").click()
    expect(band(phone)).to_contain_text("Vous n’écrivez plus sur aucun territoire")
    expect(waiting(phone)).to_contain_text("Ancien garage")
    phone.once("dialog", lambda dialog: dialog.accept())
    waiting(phone).get_by_role("button", name="Supprimer").click()
    expect(waiting(phone)).to_have_count(0)


def test_a_capture_changed_after_a_lost_answer_asks_whether_it_is_the_same(phone, territory):
    def lose(route):
        route.fetch()
        phone.context.set_offline(True)
        route.abort(CUT)

    phone.route("**/reperer/envoi/", lose, times=1)
    capture(phone, "Ancien garage", photos=[photo()])
    expect(band(phone)).to_contain_text("Hors connexion · 1 repérage")
    phone.wait_for_function("async () => (await navigator.locks.query()).held.length === 0")
    waiting(phone).get_by_role("button", name="Modifier").click()
    expect(phone.get_by_label("En une phrase")).to_have_value("Ancien garage")
    phone.get_by_label("En une phrase").fill("Ancien garage à vendre")
    phone.get_by_role("button", name="Enregistrer", exact=True).click()
    phone.context.set_offline(False)
    expect(waiting(phone)).to_contain_text("Vous avez déjà enregistré")
    waiting(phone).get_by_role("button", name="C’est la même").click()
    expect(waiting(phone)).to_have_count(0)
    assert saved() == [("Ancien garage", 1)]


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


def test_nothing_of_anybody_is_in_the_cache_and_old_ones_go(page_of, lead, territory):
    page = page_of(lead)
    page.goto("/accessibilite/")
    page.evaluate("caches.open('shells-old')")
    open_capture(page)
    page.wait_for_function("async () => (await caches.keys()).length === 1")
    kept = page.evaluate(
        """async () => {
            const cache = await caches.open((await caches.keys())[0]);
            const answers = await cache.matchAll();
            return Promise.all(answers.map((answer) => answer.text()));
        }"""
    )
    assert len(kept) > 30
    secrets = (lead.name, lead.email, lead.device_key, territory.name, territory.ref)
    assert [one for one in secrets for text in kept if one in text] == []


def test_the_service_worker_sends_when_the_page_is_closed(phone, territory, live_server):
    other = phone.context.new_page()
    phone.context.set_offline(True)
    capture(phone, "Ancien garage", photos=[photo()])
    expect(band(phone)).to_contain_text("1 repérage en attente")
    phone.wait_for_function(
        "async () => (await (await navigator.serviceWorker.ready).sync.getTags()).length === 1"
    )
    phone.close()
    other.context.set_offline(False)
    dispatch_sync(other, live_server.url)
    for _ in range(50):
        if saved() == [("Ancien garage", 1)]:
            break
        other.wait_for_timeout(200)
    assert saved() == [("Ancien garage", 1)]


def dispatch_sync(page, origin):
    """What Chromium does once the network is back; it doesn't take the cut of a test for one, and
    may have tried too early, to try again after minutes."""
    workers = page.context.new_cdp_session(page)
    registrations = []
    workers.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: registrations.extend(event["registrations"]),
    )
    workers.send("ServiceWorker.enable")
    while not registrations:
        page.wait_for_timeout(20)
    workers.send(
        "ServiceWorker.dispatchSyncEvent",
        {
            "origin": origin,
            "registrationId": registrations[0]["registrationId"],
            "tag": "reperages",
            "lastChance": False,
        },
    )


def test_two_tabs_send_once(phone, territory):
    other = open_capture(phone.context.new_page())
    sent = []
    phone.context.on(
        "request", lambda request: request.method == "POST" and sent.append(request.url)
    )
    phone.context.set_offline(True)
    capture(phone, "Ancien garage", photos=[photo()])
    expect(waiting(other)).to_have_count(1)
    phone.context.set_offline(False)
    for page in (phone, other):
        try_again(page)
    for page in (phone, other):
        expect(waiting(page)).to_have_count(0)
        expect(news(page)).to_have_count(1)
    assert saved() == [("Ancien garage", 1)]
    assert len(sent) == 2  # the opportunity, its photo


def test_what_is_being_written_survives_the_page(phone):
    phone.get_by_role("radio", name="Friche").check()
    phone.get_by_label("En une phrase").fill("Ancien garage")
    phone.get_by_label("Prendre une photo").set_input_files([photo()])
    expect(phone.locator(".capture-photo")).to_have_count(1)
    phone.reload()
    expect(phone.get_by_label("En une phrase")).to_have_value("Ancien garage")
    expect(phone.get_by_role("radio", name="Friche")).to_be_checked()
    expect(phone.locator(".capture-photo")).to_have_count(1)


def test_what_is_missing_is_said(phone):
    phone.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(phone.get_by_text("Choisissez un type d’opportunité.")).to_be_visible()
    expect(phone.get_by_text("Dites en une phrase ce que vous avez vu.")).to_be_visible()
    expect(phone.get_by_role("radio", name="Friche")).to_be_focused()


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


def test_without_javascript_the_form_is_an_ordinary_one(page_of, lead, territory):
    phone = page_of(lead, java_script_enabled=False)
    phone.goto("/reperer/")
    phone.get_by_role("radio", name="Friche").check()
    phone.get_by_label("En une phrase").fill("Ancien garage")
    phone.get_by_label("Prendre une photo").set_input_files([photo()])
    phone.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Ancien garage")
    assert Attachment.objects.count() == 1


def sign_in(page, user):
    page.get_by_label("Adresse").fill(user.email)
    page.locator("[name=password]").fill(factories.PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.wait_for_url("**/reperer/")
