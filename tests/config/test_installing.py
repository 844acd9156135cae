"""What a browser installs, and the files without which a page would not open without network."""

import json
import re
from os.path import dirname, normpath
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from config.shells import FILES, MODULES
from programmes.enums import Step
from tests import factories
from worksheets.lifecycle import submit

INSTALLED = ("/reperer/hors-connexion/", "/hors-connexion/", "/service-worker.js")


def test_what_a_browser_installs_takes_no_message_away(client_of, client, territory, lead):
    opportunity = factories.create_opportunity(territory, lead)
    address = f"/territoires/{territory.ref}/opportunites/{opportunity.ref}/"
    archiver = client_of(lead)
    archiver.post(f"{address}archiver/")
    for installed in INSTALLED:
        assert archiver.get(installed).text == client.get(installed).text
    assert "L’opportunité est archivée" in archiver.get(address).text


def test_nobody_is_on_the_page_that_stands_in_for_others(client_of, lead):
    page = client_of(lead).get("/hors-connexion/").text
    secrets = (lead.name, lead.email, lead.device_key, "data-account", "csrfmiddlewaretoken")
    assert [secret for secret in secrets if secret in page] == []


def test_the_service_worker_is_looked_at_each_time(client):
    worker = client.get("/service-worker.js")
    assert worker["Content-Type"] == "text/javascript"
    assert "no-cache" in worker["Cache-Control"]


def test_the_worker_keeps_every_file_that_its_files_load():
    imports = re.compile(r'(?:@import url\(|from |import |import\()"(\.*/*[^"]+)"')
    found = set()
    for name in (*FILES, *MODULES):
        if name.endswith((".css", ".js")) and not name.startswith(("npm/", "django_htmx/")):
            text = Path(finders.find(name)).read_text()
            found |= {normpath(f"{dirname(name)}/{one}") for one in imports.findall(text)}
    # The map needs the network anyway: it is loaded when it is asked for.
    assert found - {*FILES, *MODULES} == {"js/capture-map.js"}


def test_every_file_that_the_worker_keeps_exists():
    assert [name for name in (*FILES, *MODULES) if finders.find(name) is None] == []


@pytest.fixture
def pages(client_of, client, territory, programme, lead, reader, grids):
    """The HTML of each page that opens without network."""
    sheet = factories.create_worksheet(territory, programme, lead, step=Step.SELF_DIAGNOSIS)
    address = f"/territoires/{territory.ref}/fiches/{sheet.ref}/"
    written = client_of(lead).get(address).text
    submit(worksheet=sheet, by=lead, seen_change_number=0)
    read = [client_of(reader).get(one).text for one in (address, f"{address}versions/1/")]
    return [written, *read, *(client.get(one).text for one in INSTALLED[:2])]


def test_the_worker_keeps_every_file_that_the_pages_link(pages):
    links = re.compile(rf'(?:href|src)="{settings.STATIC_URL}([^"]+)"')
    linked = {name for page in pages for name in links.findall(page)}
    icons_of_the_application = {"img/app-icon-maskable-512.png"}
    assert linked - {*FILES} == icons_of_the_application


def test_worksheets_alone_are_copied(pages):
    assert ["js/worksheet-copy.js" in page for page in pages] == [True, True, True, False, False]


def test_the_manifest_opens_the_page(client):
    manifest = json.loads(client.get("/manifest.webmanifest").text)
    assert (manifest["start_url"], manifest["lang"]) == ("/reperer/", "fr")
    assert [(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]] == [
        ("192x192", "any"),
        ("512x512", "any"),
        ("512x512", "maskable"),
    ]
