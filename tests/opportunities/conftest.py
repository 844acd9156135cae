import pytest
from django.urls import reverse

from opportunities.enums import Kind
from opportunities.tracking import create_opportunity
from territories.enums import Role
from tests import factories


@pytest.fixture
def district(territory):
    """A district of the territory's contract."""
    district = factories.create_district("Dutemple – Chasse Royale")
    territory.contract.districts.add(district)
    return district


@pytest.fixture
def commune(territory):
    """A commune of the territory's contract."""
    epci = factories.create_epci()
    territory.contract.epcis.add(epci)
    return factories.create_commune("Grande-Synthe", epci=epci)


@pytest.fixture
def opportunity(territory, lead):
    return create_opportunity(
        territory=territory,
        by=lead,
        kind=Kind.FRICHE,
        title="La halle de la rue du Port",
        description="Trois mille mètres carrés.",
    )


@pytest.fixture
def shared_partner(opportunity, lead):
    """A partner of the territory, with whom `opportunity` is shared."""
    user = factories.create_user("Hugo Maes", email="shared-partner@tests.example")
    factories.grant(user, opportunity.territory, Role.PARTNER)
    factories.share(opportunity, user, lead)
    return user


@pytest.fixture
def former(territory):
    """Was a contributor until the first day of 2020."""
    user = factories.create_user("Irène Passée", email="former@tests.example")
    factories.grant(user, territory, Role.CONTRIBUTOR, until="2020-01-01")
    return user


@pytest.fixture
def facts():
    """`facts(title="…")` is what the form sends, with one thing or another in it."""

    def data(**changes):
        blank = {"district": "", "commune": "", "place": "", "description": ""}
        return {"kind": "friche", "title": "La halle de la rue du Port", **blank, **changes}

    return data


@pytest.fixture
def create_address(territory):
    return reverse("opportunities:create", args=[territory.ref])
