"""What people do on the page of capture, and what it shows them."""

from playwright.sync_api import expect

from opportunities.models import Opportunity
from tests.opportunities import files

POSITION = {"longitude": 3.5201, "latitude": 50.3571, "accuracy": 12}


def photo(name="garage.jpg", content=None, media_type="image/jpeg"):
    return {"name": name, "mimeType": media_type, "buffer": content or files.photo()}


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
