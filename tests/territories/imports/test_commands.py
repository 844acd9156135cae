from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from territories.models import CityContract, Contour, Departement, District, Perimeter, Succession
from tests import factories
from tests.territories.imports.files import (
    DISTRICT_HEADER,
    commune,
    district_line,
    feature,
    write_cog,
    write_features,
    write_json,
    write_text,
)

pytestmark = pytest.mark.django_db

SQUARE = [[3.0, 50.0], [3.01, 50.0], [3.01, 50.01], [3.0, 50.01], [3.0, 50.0]]
DRY_RUN = "Essai à blanc\u00a0: rien n’a été écrit."


def run(*arguments):
    output = StringIO()
    call_command(*arguments, stdout=output)
    return output.getvalue().replace("\u00a0", " ").splitlines()


@pytest.fixture
def saint_quentin(db):
    epci = factories.create_epci("CA du Saint-Quentinois", siren="200071892")
    return factories.create_commune("Saint-Quentin", code="02691", epci=epci)


def test_import_districts_says_what_it_did_and_what_it_refused(tmp_path, saint_quentin):
    path = write_text(
        tmp_path, DISTRICT_HEADER, district_line(), district_line("QN00203M", insee="99999")
    )

    assert run("import_districts", path) == [
        "quartiers prioritaires – créés : 1, mis à jour : 0, inchangés : 0, supprimés : 0, "
        "refusés : 1",
        "  refusé, ligne 3 : la commune 99999 de QN00203M n’existe pas dans le COG.",
        "contrats de ville – créés : 1, mis à jour : 0, inchangés : 0, supprimés : 0, refusés : 0",
    ]


def test_a_dry_run_says_the_same_and_writes_nothing(tmp_path, saint_quentin):
    path = write_text(tmp_path, DISTRICT_HEADER, district_line())

    rehearsal = run("import_districts", path, "--dry-run")

    assert (District.objects.count(), CityContract.objects.count()) == (0, 0)
    assert rehearsal == [*run("import_districts", path), DRY_RUN.replace("\u00a0", " ")]


def test_every_import_has_a_dry_run(tmp_path):
    cog = write_cog(tmp_path, communes=[commune("59183")], epci={"245900428": ["59183"]})
    factories.create_district(code="QN05901M")
    outlines = write_features(tmp_path, feature("QN05901M", SQUARE))
    passage = write_text(
        tmp_path,
        "QP2024;Label_QP2024;Statut;QP2015_1;Label_QP2015_1",
        "QN05901M;Auby Centre;MODIFIE;QP059002;Auby Centre",
    )

    departement = feature("", SQUARE) | {"properties": {"code": "62", "nom": "Pas-de-Calais"}}
    Departement.objects.create(code="62", name="Pas-de-Calais", region_code="32")
    contours = write_json(tmp_path, "contours.geojson", {"features": [departement]})

    for arguments in (
        ("import_geography", "--folder", cog),
        ("import_contours", contours),
        ("import_perimeters", outlines),
        ("import_succession", passage),
    ):
        assert run(*arguments, "--dry-run")[-1] == DRY_RUN.replace("\u00a0", " ")

    assert Departement.objects.count() == 1
    assert Contour.objects.count() == 0
    assert Perimeter.objects.count() == 0
    assert Succession.objects.count() == 0


@pytest.mark.parametrize(
    "command", ["import_districts", "import_perimeters", "import_contours", "import_succession"]
)
def test_an_unusable_file_fails_the_command_with_a_sentence(tmp_path, command):
    path = tmp_path / "vide.csv"
    path.write_bytes(b"")

    with pytest.raises(CommandError, match=r"^(Ce|Le) fichier .*\. Rien n’a été écrit\.$"):
        run(command, path)


@pytest.mark.parametrize("command", ["import_perimeters", "import_contours"])
def test_brackets_without_end_fail_the_command_with_a_sentence(tmp_path, command):
    path = tmp_path / "profond.geojson"
    path.write_bytes(b"[" * 100_000)

    with pytest.raises(CommandError, match=r"imbriqués\. Rien n’a été écrit\.$"):
        run(command, path)


def test_import_geography_fails_with_a_sentence_where_the_package_is_not_installed(tmp_path):
    with pytest.raises(CommandError, match=r"departements\.json n’existe pas"):
        run("import_geography", "--folder", tmp_path)
