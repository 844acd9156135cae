"""A real Chromium in front of the live server. A script error, something that the
Content-Security-Policy stopped, a missing static file, a 500: each fails the journey."""

import os
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache

from programmes.enums import Step
from tests import factories
from tests.harness import under_way, violations

# Playwright keeps an event loop in this thread, which Django takes for asynchronous code. The
# journeys run in a process of their own, so that no other test loses that protection.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

# Chromium as people have it, and the same without windows, profiles and what lives with them, which
# takes three quarters of the time. Both are Debian's; CHROMIUM names one for all the journeys.
WHOLE = "chromium"
BARE = "chromium-headless-shell"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# An answer of 400 to 499, or a network cut, is what some journeys are about, and what they look at
# themselves.
_REFUSED = (
    "Failed to load resource: the server responded with a status of",
    "Failed to load resource: net::ERR_INTERNET_DISCONNECTED",
    "Response Status Error Code 4",  # of htmx
)


def _executable(name):
    return os.environ.get("CHROMIUM") or shutil.which(name)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {
        **browser_type_launch_args,
        "executable_path": _executable(BARE),
        # As root, which containers are, Chromium has no sandbox to run in.
        "chromium_sandbox": os.geteuid() != 0,
        "args": [
            "--disable-background-networking",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
        ],
    }


@pytest.fixture(scope="session")
def whole_chromium(browser_type, browser_type_launch_args):
    """For the modules whose `browser` it is, which need what the bare one lacks (Background
    Sync)."""
    browser = browser_type.launch(
        **browser_type_launch_args | {"executable_path": _executable(WHOLE)}
    )
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args, live_server):
    return {
        **browser_context_args,
        "base_url": live_server.url,
        "locale": "fr-FR",
        "timezone_id": "Europe/Paris",
        "viewport": {"width": 1366, "height": 768},
    }


@pytest.fixture
def service_workers():
    """Else each page of a worksheet would fetch all that it needs without network; the journeys
    about that "allow" them."""
    return "block"


@pytest.fixture
def new_context(new_context, service_workers):
    """Contexts whose pages are watched."""

    return lambda **options: watch(new_context(**{"service_workers": service_workers, **options}))


def watch(context):
    """The same context, what goes wrong in it being noted."""
    context.on("weberror", lambda event: violations.add(f"script error: {event.error}"))
    context.on("console", _check_message)
    context.on("response", _check_response)
    return context


@pytest.fixture
def sign_in(client_of, live_server):
    """`sign_in(context, user)`: the pages of that context are those of `user` from now on."""

    def add_session(context, user):
        session = client_of(user).cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": session.key, "value": session.value, "url": live_server.url}])

    return add_session


@pytest.fixture
def diagnosis(territory, programme, lead, grids):
    """A self-diagnosis that nobody has written in."""
    return factories.create_worksheet(territory, programme, lead, step=Step.SELF_DIAGNOSIS)


@pytest.fixture
def page_of(new_context, sign_in):
    """`page_of(user)` is a page of a browser of their own where `user` is signed in already;
    options such as `java_script_enabled` are those of Playwright's contexts."""

    def open_page(user, **options):
        context = new_context(**options)
        sign_in(context, user)
        return context.new_page()

    return open_page


@pytest.fixture(autouse=True)
def between_journeys(transactional_db):
    """Sign-in limits of one journey don't count in the next: what empties the tables between
    journeys knows the models only. Nor may it meet a request of a page that is closed."""
    cache.clear()
    yield
    under_way.wait_for_none()


@pytest.fixture(scope="session")
def accessibility_faults():
    """`accessibility_faults(page)` is what axe-core finds on the page as it is now, by RULES or by
    those named: the rule and the elements, one text for each rule. A journey asserts that it
    equals []."""
    axe = (Path(settings.NODE_MODULES) / "axe-core/axe.min.js").read_text()

    def find(page, rules=RULES):
        if not page.evaluate("() => 'axe' in window"):
            page.evaluate(axe)  # through the debugger, which no Content-Security-Policy stops
        # Without `preload`, which copies the styles into inline ones that the policy would stop;
        # without the list of all that is well, which takes as long as the search.
        options = {"runOnly": rules, "preload": False, "resultTypes": ["violations"]}
        result = page.evaluate("(options) => axe.run(options)", options)
        return [
            f"{fault['id']}: {', '.join(str(node['target']) for node in fault['nodes'])}"
            for fault in result["violations"]
        ]

    return find


def _check_message(message):
    if message.type == "error" and not message.text.startswith(_REFUSED):
        violations.add(f"in the browser's console: {message.text}")


def _check_response(response):
    is_missing_file = response.status >= 400 and settings.STATIC_URL in response.url
    if is_missing_file or response.status >= 500:
        violations.add(f"{response.status} for {response.url}")
