"""Every page in every state, looked at by axe-core and by the checks of looking.js: on a laptop, on
a phone, in the dark."""

from collections import defaultdict
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import watch
from tests.journeys.pages import PAGES
from tests.journeys.pages.page import VISITOR
from tests.test_routes import table
from worksheets.models import Worksheet

LOOK = (Path(__file__).parent / "looking.js").read_text()
PHONE = {"width": 390, "height": 844}
LAPTOP = {"width": 1366, "height": 768}
STILL = {"reduced_motion": "reduce"}  # nothing is looked at while it moves
# What the page fetches once it is there has come (htmx, the map), and its letters are drawn.
SETTLED = """async () => {
    while (document.querySelector(".htmx-request, [aria-busy='true']")) {
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await document.fonts.ready;
}"""
DRAWN_ANEW = """
document.body.hidden = true;
document.body.offsetWidth; // no style is left from before
document.body.hidden = false;
scrollTo(0, 0);
"""
# The paper, by day and by night (static/css/tokens.css): seen, the page has changed its colours.
PAPER = {"light": "rgb(250, 248, 244)", "dark": "rgb(20, 23, 30)"}
CAST = (
    "territory",
    "other_territory",
    "programme",
    "lead",
    "contributor",
    "partner",
    "reader",
    "outsider",
    "trainer",
    "observer",
    "staff",
)
# Addresses that answer with something else than a page, or with a page of Django's.
NOT_PAGES = {
    "opportunities:calendar-download",
    "opportunities:calendar-fetch",
    "opportunities:event-download",
    "opportunities:export",
    "opportunities:export-all",
    "opportunities:friches-export",
    "opportunities:friches-export-all",
    "opportunities:import-errors",
    "opportunities:import-template",
    "accounts:session-show",
    "opportunities:capture-shell",  # stands in for the page of capture, and is looked at there
    "manifest",
    "service-worker",
    "worksheets:submission-pdf",
    "worksheets:worksheet-pdf",
    "worksheets:blank-pdf",
    "accounts:sent-mail-preview",
    "opportunities:attachment-read",
    "opportunities:person-export",
    "opportunities:attachment-preview",
    "worksheets:mention-list",
}
# The pages with parts that a phone doesn't show, whose colours by night are seen on a laptop alone.
WIDE = {
    "home",
    "opportunities:list",
    "programmes:detail",
    "territories:team",
    "worksheets:board",
    "worksheets:review",
    "worksheets:territory-home",
    "worksheets:worksheet-compare",
    "worksheets:worksheet-show",
}
# They only answer 200 in a demonstration, or in the middle of signing in.
BESIDES = {
    "accounts:sent-mail-list",
    "accounts:sent-mail-show",
    "account_set_password",
    "worksheets:opportunities-choose",
}
# What any address may answer.
ANSWERS = {"Connexion", "Cette page n’existe pas", "Vous ne pouvez pas faire cela"}


@pytest.fixture
def cast(request, grids, settings, monkeypatch, tmp_path):
    """The people of a state and what they have; the settings that a state may need."""
    people = {name: request.getfixturevalue(name) for name in CAST}
    Worksheet.objects.all().delete()  # that of the outsider: a state makes its own
    return SimpleNamespace(**people, settings=settings, monkeypatch=monkeypatch, folder=tmp_path)


@pytest.fixture(scope="session")
def shared_tab(browser, browser_context_args):
    """The tab of nearly all the pages: what they are made of is fetched, and made ready, once."""
    context = watch(browser.new_context(**browser_context_args, **STILL, service_workers="block"))
    tab = context.new_page()
    tab.on("dialog", lambda dialog: dialog.accept())  # « Quitter la page ? », to look at the next
    yield tab
    context.close()


@pytest.fixture
def tab(shared_tab, live_server):
    """The same, for each test as if nobody had used it."""
    yield shared_tab
    context = shared_tab.context
    for page in context.pages:
        if page != shared_tab:
            page.close()
    context.set_offline(False)
    context.clear_cookies()
    shared_tab.goto("about:blank")
    shared_tab.emulate_media(color_scheme="light")
    shared_tab.set_viewport_size(LAPTOP)
    session = context.new_cdp_session(shared_tab)
    session.send("Storage.clearDataForOrigin", {"origin": live_server.url, "storageTypes": "all"})
    session.detach()


@pytest.fixture
def open_page(cast, tab, new_context, sign_in):
    """`open_page(line)` is that line of PAGES in a browser, in its state."""

    def open_line(line):
        # Capture leaves a service worker and what waits, which the next test must not find.
        is_kept = line.route.startswith("opportunities:capture")
        page = new_context(**STILL, service_workers="allow").new_page() if is_kept else tab
        address = line.open(cast)
        if line.who != VISITOR:
            sign_in(page.context, getattr(cast, line.who))
        page.goto(address)
        line.act(page, cast)
        page.wait_for_load_state()
        page.evaluate(SETTLED)
        return page

    return open_line


def show(page, *, color_scheme="light", size=LAPTOP):
    """The page from its top, in other colours or in a window of another size."""
    page.emulate_media(color_scheme=color_scheme)
    page.set_viewport_size(size)
    expect(page.locator("body")).to_have_css("background-color", PAPER[color_scheme])
    page.evaluate(DRAWN_ANEW)


def look(page):
    page.keyboard.press("Tab")
    return page.evaluate(LOOK)


@pytest.mark.parametrize("line", PAGES, ids=str)
def test_a_page_in_its_state(line, open_page, accessibility_faults, settings):
    """On a laptop by day, on a phone by night: each size and each colour."""
    page = open_page(line)
    assert page.title() == f"{line.title} – {settings.SITE_NAME}"
    found = {"laptop": accessibility_faults(page) + look(page)}
    show(page, color_scheme="dark", size=PHONE)
    found["phone"] = accessibility_faults(page) + look(page)
    if line.route in WIDE:
        show(page, color_scheme="dark")
        found["laptop by night"] = accessibility_faults(page, ["color-contrast"])
    assert {where: faults for where, faults in found.items() if faults} == {}


def test_every_page_has_a_line():
    answering = {route for route, (_, statuses) in table().items() if 200 in statuses.values()}
    expected = (answering | BESIDES) - NOT_PAGES
    found = {line.route for line in PAGES}
    assert (sorted(expected - found), sorted(found - expected)) == ([], [])


def test_a_title_says_which_page_it_is():
    routes = defaultdict(set)
    for line in PAGES:
        routes[line.title].add(line.route)
    shared = {title for title, names in routes.items() if len(names) > 1}
    assert shared - ANSWERS == set()
