"""The journeys' own checks find what they are for."""

import pytest

from tests.harness import violations


@pytest.fixture
def faulty_urls(settings):
    settings.ROOT_URLCONF = "tests.harness.faulty"


@pytest.mark.parametrize(
    ("address", "finding"),
    [
        ("/inline-script", "in the browser's console: Executing inline script violates"),
        ("/script-error", "script error: broken"),
        ("/missing-file", "404 for http://"),
        ("/crash", "500 for http://"),
    ],
)
def test_what_goes_wrong_in_the_browser_is_found(faulty_urls, page, address, finding):
    with violations.expected() as found:
        page.goto(address, wait_until="networkidle")
    assert [one for one in found if one.startswith(finding)] != [], found


def test_a_clean_page_passes(faulty_urls, page):
    page.goto("/clean")
    assert page.get_by_role("link").inner_text() == "Un lien"


def test_accessibility_faults_are_found(faulty_urls, page, accessibility_faults):
    page.goto("/clean")
    assert accessibility_faults(page) == [
        "document-title: ['html']",
        "html-has-lang: ['html']",
        "landmark-one-main: ['html']",
        "page-has-heading-one: ['html']",
        "region: ['p']",
    ]


def test_the_browser_reaches_no_other_host(page):
    with pytest.raises(Exception, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://example.org/")


def test_a_page_of_somebody_who_is_signed_in(page_of, staff):
    page = page_of(staff)
    page.goto("/administration/")
    assert "SOPHIE" in page.get_by_role("banner").inner_text()
