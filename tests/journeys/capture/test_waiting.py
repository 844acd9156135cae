"""Captures that wait on the telephone: the network goes and comes, people sign out and leave."""

import re

import pytest
from playwright.sync_api import expect

from opportunities.models import Opportunity
from territories.models import Grant
from tests import factories
from tests.journeys.capture.acts import band, capture, news, open_capture, photo, saved, waiting
from tests.journeys.waiting import until

CUT = "internetdisconnected"


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
    with phone.expect_event("requestfailed"):
        capture(phone, "Ancien garage", photos=[photo(), photo("parking.jpg")])
    try_again(phone)
    expect(news(phone)).to_have_count(1, timeout=10_000)
    expect(waiting(phone)).to_have_count(0)
    assert statuses == [200]
    assert saved() == [("Ancien garage", 2)]


def test_a_capture_changed_after_a_lost_answer_asks_whether_it_is_the_same(phone, territory):
    def lose(route):
        route.fetch()
        phone.context.set_offline(True)
        route.abort(CUT)

    phone.route("**/reperer/envoi/", lose, times=1)
    capture(phone, "Ancien garage", photos=[photo()])
    expect(band(phone)).to_contain_text("Hors connexion · 1 repérage")
    until(phone, "async () => (await navigator.locks.query()).held.length === 0")
    waiting(phone).get_by_role("button", name="Modifier").click()
    expect(phone.get_by_label("En une phrase")).to_have_value("Ancien garage")
    phone.get_by_label("En une phrase").fill("Ancien garage à vendre")
    phone.get_by_role("button", name="Enregistrer", exact=True).click()
    phone.context.set_offline(False)
    expect(waiting(phone)).to_contain_text("Vous avez déjà enregistré")
    waiting(phone).get_by_role("button", name="C’est la même").click()
    expect(waiting(phone)).to_have_count(0)
    assert saved() == [("Ancien garage", 1)]


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


def test_nothing_of_anybody_is_in_the_cache_and_old_ones_go(page_of, lead, territory):
    page = page_of(lead)
    page.goto("/accessibilite/")
    page.evaluate("caches.open('shells-old')")
    open_capture(page)
    until(page, "async () => (await caches.keys()).length === 1")
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


def try_again(page):
    page.evaluate("window.dispatchEvent(new Event('online'))")


def sign_in(page, user):
    page.get_by_label("Adresse").fill(user.email)
    page.locator("[name=password]").fill(factories.PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.wait_for_url("**/reperer/")
