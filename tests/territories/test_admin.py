import pytest
from django.urls import reverse

from journal.models import Entry
from territories.models import CityContract, Territory
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff_client(client_of, staff):
    return client_of(staff)


@pytest.fixture
def contract(db):
    epci = factories.create_epci("CA de Lens - Liévin", siren="246200364")
    commune = factories.create_commune("Mazingarbe", code="62563", epci=epci)
    district = factories.create_district("Cité 7", communes=[commune], epcis=[epci])
    return factories.create_contract(
        epci.name, code="246200364", epcis=[epci], districts=[district]
    )


@pytest.mark.parametrize(
    "model", ["departement", "epci", "commune", "district", "citycontract", "territory"]
)
def test_staff_look_up_the_geography(staff_client, contract, model):
    factories.create_territory(contract=contract)

    page = staff_client.get(reverse(f"admin:territories_{model}_changelist"), {"q": "e"})

    assert page.status_code == 200


@pytest.mark.parametrize("model", ["departement", "epci", "commune", "district"])
def test_what_is_imported_is_not_typed(staff_client, model):
    assert staff_client.get(reverse(f"admin:territories_{model}_add")).status_code == 403


def test_staff_open_a_territory_under_the_name_of_its_contract(staff_client, staff, contract):
    url = reverse("admin:territories_territory_add")

    assert staff_client.get(url).status_code == 200
    answer = staff_client.post(url, {"contract": contract.code, "name": ""})

    assert answer.status_code == 302
    territory = Territory.objects.get()
    assert (territory.contract, territory.name) == (contract, "CA de Lens - Liévin")
    assert list(Entry.objects.values_list("verb", "actor", "scope")) == [
        ("territory.opened", staff.pk, territory.scope)
    ]


def test_a_territory_is_renamed_but_keeps_its_contract(staff_client, contract):
    territory = factories.create_territory("Lens", contract=contract)
    other = factories.create_contract("CA Autre")
    url = reverse("admin:territories_territory_change", args=[territory.pk])

    staff_client.post(url, {"contract": other.code, "name": "Lens-Liévin"})
    territory.refresh_from_db()
    assert (territory.contract, territory.name) == (contract, "Lens-Liévin")

    staff_client.post(url, {"name": ""})
    territory.refresh_from_db()
    assert territory.name == "CA de Lens - Liévin"


def test_a_territory_is_not_deleted(staff_client, contract):
    territory = factories.create_territory(contract=contract)
    url = reverse("admin:territories_territory_delete", args=[territory.pk])

    assert staff_client.post(url, {"post": "yes"}).status_code == 403


def test_staff_confirm_a_contract_without_changing_its_code(staff_client, contract):
    url = reverse("admin:territories_citycontract_change", args=[contract.code])
    fields = {
        "code": "200000000",
        "name": "Contrat de Lens-Liévin",
        "epcis": ["246200364"],
        "districts": [district.code for district in contract.districts.all()],
        "is_confirmed": "on",
    }

    assert staff_client.post(url, fields).status_code == 302
    assert list(CityContract.objects.values_list("code", "name", "is_confirmed")) == [
        ("246200364", "Contrat de Lens-Liévin", True)
    ]
