"""Photos and documents in a browser, with JavaScript and without it."""

import re

import pytest
from playwright.sync_api import expect

from opportunities.models import Attachment
from tests import factories
from tests.opportunities.files import PDF, photo

pytestmark = pytest.mark.usefixtures("media")


@pytest.fixture
def address(territory, lead):
    opportunity = factories.create_opportunity(territory, lead)
    return f"/territoires/{territory.ref}/opportunites/{opportunity.ref}/"


def chosen(*files):
    return [
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        for name, content in files
    ]


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_from_the_camera_to_the_bin(page_of, lead, address, java_script_enabled):
    page = page_of(lead, java_script_enabled=java_script_enabled)
    page.goto(address)
    section = page.locator("#pieces-jointes")
    expect(section).to_contain_text("Ni photo ni document pour l’instant.")
    page.get_by_label("Photos ou documents").set_input_files(
        chosen(
            ("IMG_1.HEIC", photo("HEIF", (640, 480))), ("Plan.pdf", PDF), ("notes.txt", b"du texte")
        )
    )
    page.get_by_role("button", name="Joindre").click()
    expect(section.get_by_role("status")).to_have_text("2 fichiers joints.")
    expect(section.get_by_role("alert")).to_contain_text("notes.txt – Ce format n’est pas accepté")
    image = section.get_by_role("img")
    expect(image).to_have_accessible_name(re.compile(r"^Photo «\sIMG_1.jpg\s», jointe par Alice"))
    assert image.evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 480
    with page.expect_download() as download:
        section.get_by_role("link", name="Plan.pdf", exact=True).click()
    assert download.value.suggested_filename == "Plan.pdf"
    assert download.value.path().read_bytes() == PDF

    page.get_by_role("link", name=re.compile(r"Supprimer «\sPlan.pdf\s»")).click()
    page.get_by_role("button", name="Supprimer le document").click()
    expect(page.locator(".alert-success")).to_contain_text("est supprimé.")
    assert [one.name for one in Attachment.objects.all()] == ["IMG_1.jpg"]


def test_too_much_at_once_is_said_before_it_is_sent(page_of, lead, address):
    page = page_of(lead)
    page.goto(address)
    sent = []
    page.on("request", lambda request: sent.append(request.method))
    field = page.get_by_label("Photos ou documents")
    field.evaluate(
        """(field) => {
            const files = new DataTransfer();
            files.items.add(new File([new ArrayBuffer(101 * 1024 * 1024)], "film.mp4"));
            field.files = files.files;
            field.dispatchEvent(new Event("change", {bubbles: true}));
        }"""
    )
    page.get_by_role("button", name="Joindre").click()
    assert "100 Mo au plus" in field.evaluate("(field) => field.validationMessage")
    assert "POST" not in sent


def test_a_photo_dropped_on_the_form(page_of, lead, address):
    page = page_of(lead)
    page.goto(address)
    page.locator(".attach-form").evaluate(
        """(form) => {
            const files = new DataTransfer();
            files.items.add(new File(["%PDF-1.7 startxref %%EOF"], "Plan.pdf"));
            for (const type of ["dragover", "drop"]) {
                const options = {bubbles: true, cancelable: true, dataTransfer: files};
                form.dispatchEvent(new DragEvent(type, options));
            }
        }"""
    )
    page.keyboard.press("Enter")
    expect(page.locator("#pieces-jointes")).to_contain_text("1 fichier joint.")
