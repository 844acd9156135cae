"""A telephone that keeps pages, as people have it in the street."""

import pytest

from tests.journeys.capture.acts import open_capture

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}


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
