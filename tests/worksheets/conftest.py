import pytest
from django.urls import reverse

from programmes.enums import Step
from tests import factories
from worksheets.models import Worksheet


@pytest.fixture
def shared(territory, lead, partner):
    """The opportunity that the lead shared with the partner."""
    opportunity = factories.create_opportunity(territory, lead, "La halle partagée")
    factories.share(opportunity, partner, lead)
    return opportunity


@pytest.fixture
def unshared(territory, lead):
    return factories.create_opportunity(territory, lead, "Le moulin réservé")


@pytest.fixture
def step_1(territory, programme, lead, grids, shared, unshared):
    """A draft of step 1 about two opportunities."""
    return factories.create_worksheet(territory, programme, lead, opportunities=[shared, unshared])


@pytest.fixture
def step_2(territory, programme, lead, grids, shared):
    """A draft of step 2 about the shared opportunity."""
    return factories.create_worksheet(
        territory, programme, lead, step=Step.STEP_2, opportunity=shared
    )


@pytest.fixture
def as_seen_by():
    """`as_seen_by(user, worksheet)` is that worksheet as the door gives it to `user`."""

    def fetch(user, worksheet):
        return Worksheet.objects.open_to(user).get(pk=worksheet.pk)

    return fetch


@pytest.fixture
def url_of():
    """`url_of(worksheet, "relecture/")` is the address of a page of it."""

    def address(worksheet, page=""):
        return f"/territoires/{worksheet.territory.ref}/fiches/{worksheet.ref}/{page}"

    return address


@pytest.fixture
def home_address(territory):
    return reverse("worksheets:territory-home", args=[territory.ref])


@pytest.fixture
def list_address(territory):
    return reverse("worksheets:list", args=[territory.ref])


@pytest.fixture
def board_address(programme):
    return reverse("worksheets:board", args=[programme.ref])


@pytest.fixture
def save(client_of, url_of):
    """`save(user, worksheet, "strategy", {"": "Marcher."}, version=0)` sends the controls of one
    question, by the end of their names; returns the response."""

    def post(user, worksheet, name, controls, version=0, **fields):
        data = {f"{name}{'.' if end else ''}{end}": value for end, value in controls.items()}
        url = url_of(worksheet, f"reponses/{name}/")
        return client_of(user).post(url, data | {f"{name}.version": version} | fields)

    return post
