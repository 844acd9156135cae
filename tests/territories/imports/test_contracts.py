import pytest

from territories.imports.contracts import derive_contracts
from territories.models import CityContract
from tests import factories

pytestmark = pytest.mark.django_db


def counts(report):
    return report.created, report.updated, report.unchanged


def districts_of(code):
    return sorted(CityContract.objects.get(code=code).districts.values_list("code", flat=True))


def test_one_for_each_epci_with_a_district_of_2024():
    one = factories.create_epci("CA Un", siren="200000001")
    two = factories.create_epci("CA Deux", siren="200000002")
    old = factories.create_epci("CA de 2015", siren="200000003")
    factories.create_epci("CA sans quartier", siren="200000004")
    factories.create_district(code="QN05901M", epcis=[one])
    factories.create_district(code="QN05902M", epcis=[one, two])
    factories.create_district(code="QP059001", epcis=[old])
    factories.create_district(code="QN98701M")

    assert counts(derive_contracts()) == (2, 0, 0)
    assert set(CityContract.objects.values_list("code", "name", "is_confirmed", "epcis")) == {
        ("200000001", "CA Un", False, "200000001"),
        ("200000002", "CA Deux", False, "200000002"),
    }
    assert districts_of("200000001") == ["QN05901M", "QN05902M"]
    assert districts_of("200000002") == ["QN05902M"]
    assert counts(derive_contracts()) == (0, 0, 2)


def test_an_unconfirmed_contract_follows_its_epci():
    epci = factories.create_epci("CA Nouveau nom", siren="200000001")
    gone = factories.create_district(code="QN05901M")
    factories.create_contract("CA Ancien nom", code="200000001", districts=[gone])
    factories.create_district(code="QN05902M", epcis=[epci])

    assert counts(derive_contracts()) == (0, 1, 0)
    assert CityContract.objects.get().name == "CA Nouveau nom"
    assert districts_of("200000001") == ["QN05902M"]


def test_an_unconfirmed_contract_without_district_left_stays_and_is_said():
    epci = factories.create_epci(siren="200000001")
    factories.create_contract(epci.name, code="200000001", epcis=[epci])

    report = derive_contracts()

    assert counts(report) == (0, 0, 1)
    assert report.notes == ["contrats sans quartier de 2024\u00a0: 200000001"]


def test_a_confirmed_contract_is_never_touched_and_covers_its_epci():
    leading = factories.create_epci("CA", siren="200000001")
    second = factories.create_epci("CC", siren="200000002")
    signed = factories.create_district(code="QN05901M", epcis=[leading])
    factories.create_district(code="QN05902M", epcis=[leading, second])
    factories.create_contract(
        "Contrat signé",
        code="200000001",
        epcis=[leading, second],
        districts=[signed],
        is_confirmed=True,
    )

    assert counts(derive_contracts()) == (0, 0, 0)
    assert CityContract.objects.get().name == "Contrat signé"
    assert districts_of("200000001") == ["QN05901M"]
