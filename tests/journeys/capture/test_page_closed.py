"""What waits leaves with the page closed: the browser alone is there (Background Sync)."""

import pytest
from playwright.sync_api import expect

from tests.journeys.capture.acts import band, capture, photo, saved
from tests.journeys.waiting import until


@pytest.fixture
def browser(whole_chromium):
    return whole_chromium


def test_the_service_worker_sends_when_the_page_is_closed(phone, territory, live_server):
    other = phone.context.new_page()
    phone.context.set_offline(True)
    capture(phone, "Ancien garage", photos=[photo()])
    expect(band(phone)).to_contain_text("1 repérage en attente")
    until(
        phone,
        "async () => (await (await navigator.serviceWorker.ready).sync.getTags()).length === 1",
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
