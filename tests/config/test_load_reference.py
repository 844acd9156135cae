"""Runs on the real COG, which comes with the npm packages."""

from collections import Counter
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import Count, Sum

from territories.models import EPCI, CityContract, Commune, District, FormerCommune
from worksheets.models import GridVersion

pytestmark = pytest.mark.django_db


def run(*arguments):
    output = StringIO()
    call_command("load_reference", *arguments, stdout=output)
    return output.getvalue().replace("\u00a0", " ").splitlines()


def test_an_installation_starts_with_the_real_geography_of_hauts_de_france():
    run()
    assert_communes_are_there()
    assert_districts_are_there()
    assert_contracts_are_there()
    assert_a_second_load_changes_nothing_and_undoes_no_correction()


def assert_communes_are_there():
    hauts_de_france = Commune.objects.filter(departement__region_code="32")
    assert hauts_de_france.count() == 3782
    assert hauts_de_france.aggregate(total=Sum("population"))["total"] == 5_992_194
    assert hauts_de_france.values("epci").distinct().count() == 92
    assert FormerCommune.objects.get(code="93059").commune.name == "Saint-Denis"


def assert_districts_are_there():
    districts = District.objects.all()
    codes = [district.code for district in districts]
    assert Counter(code[2:5] for code in codes) == {
        "059": 94,
        "062": 64,
        "060": 19,
        "002": 17,
        "080": 10,
    }
    assert Counter(code[-1] for code in codes) == {"M": 186, "I": 10, "N": 8}
    assert Commune.objects.exclude(districts=None).count() == 161
    assert District.communes.through.objects.count() == 286
    assert districts.annotate(n=Count("communes")).filter(n__gt=1).count() == 55
    assert EPCI.objects.exclude(districts=None).count() == 39
    assert districts.annotate(n=Count("epcis")).filter(n=2).count() == 8
    points = districts.values_list("longitude", "latitude")
    assert [
        point for point in points if not (1.3 < point[0] < 4.3 and 48.8 < point[1] < 51.1)
    ] == []


def assert_contracts_are_there():
    assert CityContract.objects.filter(is_confirmed=False).count() == 39
    assert CityContract.districts.through.objects.count() == 212
    assert set(CityContract.objects.values_list("code")) == set(
        CityContract.objects.values_list("epcis")
    )
    dunkerque = CityContract.objects.get(code="245900428")
    assert (dunkerque.name, dunkerque.districts.count()) == ("CU de Dunkerque", 7)


def assert_a_second_load_changes_nothing_and_undoes_no_correction():
    District.objects.filter(code="QN05956M").update(name="Corrigé par un import")

    assert run() == [
        f"{subject} – créés : 0, mis à jour : 0, inchangés : {count}, supprimés : 0, refusés : 0"
        for subject, count in (
            ("départements", 109),
            ("EPCI", 1255),
            ("communes", 34969),
            ("codes d’anciennes communes", FormerCommune.objects.count()),
            ("quartiers prioritaires", 204),
            ("contrats de ville", 39),
            ("canevas", 0),
        )
    ]
    assert District.objects.get(code="QN05956M").name == "Corrigé par un import"


def test_a_dry_run_writes_nothing():
    assert run("--dry-run")[-1] == "Essai à blanc : rien n’a été écrit."

    assert (Commune.objects.count(), District.objects.count()) == (0, 0)
    assert (CityContract.objects.count(), GridVersion.objects.count()) == (0, 0)
