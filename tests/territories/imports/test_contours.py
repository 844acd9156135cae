from datetime import timedelta

import pytest
import shapely
from django.utils import timezone

from territories.enums import ContourLevel
from territories.imports.contours import import_contours
from territories.imports.reports import UnusableFile
from territories.models import Contour, FormerCommune
from tests import factories
from tests.territories.imports.files import write_features

pytestmark = pytest.mark.django_db

SQUARE = shapely.box(3.0, 50.0, 3.01, 50.01)
SMALLER = shapely.box(3.0, 50.0, 3.005, 50.005)
BOW_TIE = shapely.Polygon([(3.0, 50.0), (3.01, 50.01), (3.01, 50.0), (3.0, 50.01)])


@pytest.fixture(autouse=True)
def dunkerque(db):
    """A commune of the Nord (59), into which 59248 merged."""
    commune = factories.create_commune("Dunkerque", code="59183")
    FormerCommune.objects.create(code="59248", commune=commune)
    return commune


def contour(code, shape=SQUARE, name="Nom", **properties):
    """As the files made from Admin Express are; `properties` instead of code and name if given."""
    return {
        "type": "Feature",
        "properties": properties or {"code": code, "nom": name},
        "geometry": shapely.geometry.mapping(shape),
    }


def counts(report):
    return (
        report.created,
        report.updated,
        report.unchanged,
        report.removed,
        len(report.refusals),
    )


def stored():
    return set(Contour.objects.values_list("code", "level", "name"))


def test_keeps_communes_of_today_and_of_the_year_of_the_file_and_departements(tmp_path):
    (report,) = import_contours(
        write_features(
            tmp_path,
            contour("59183", name="Dunkerque"),
            contour("59248", SMALLER, name="Fort-Mardyck"),
            contour("59", shapely.MultiPolygon([SQUARE]), name="Nord"),
        )
    )

    assert counts(report) == (3, 0, 0, 0, 0)
    assert stored() == {
        ("59183", ContourLevel.COMMUNE, "Dunkerque"),
        ("59248", ContourLevel.COMMUNE, "Fort-Mardyck"),
        ("59", ContourLevel.DEPARTEMENT, "Nord"),
    }
    assert shapely.from_wkb(bytes(Contour.objects.get(code="59248").wkb)).equals(SMALLER)


def test_takes_the_names_that_ign_gives_its_fields(tmp_path):
    path = write_features(
        tmp_path,
        contour(None, INSEE_COM="59183", INSEE_DEP="59", NOM="Dunkerque"),
        contour(None, INSEE_DEP="59", NOM="NORD"),
    )
    import_contours(path)

    assert stored() == {
        ("59183", ContourLevel.COMMUNE, "Dunkerque"),
        ("59", ContourLevel.DEPARTEMENT, "NORD"),
    }


def test_a_second_import_changes_nothing_not_even_the_date(tmp_path):
    path = write_features(tmp_path, contour("59183"), contour("59248", BOW_TIE))
    import_contours(path)
    long_ago = timezone.now() - timedelta(days=100)
    Contour.objects.update(imported_at=long_ago)

    (report,) = import_contours(path)

    assert counts(report) == (0, 0, 2, 0, 0)
    assert set(Contour.objects.values_list("imported_at", flat=True)) == {long_ago}


def test_a_newer_contour_replaces_the_other_and_its_date(tmp_path):
    import_contours(write_features(tmp_path, contour("59183")))
    long_ago = timezone.now() - timedelta(days=100)
    Contour.objects.update(imported_at=long_ago)

    (report,) = import_contours(write_features(tmp_path, contour("59183", SMALLER)))

    assert counts(report) == (0, 1, 0, 0, 0)
    assert Contour.objects.get().imported_at > long_ago


def test_a_newer_file_takes_away_what_lies_under_its_merged_communes(tmp_path):
    other = factories.create_commune(code="59606")
    FormerCommune.objects.create(code="59607", commune=other)
    old = [contour("59183"), contour("59248"), contour("59607")]
    import_contours(write_features(tmp_path, *old))

    (report,) = import_contours(write_features(tmp_path, contour("59183", name="Dunkerque")))

    assert counts(report) == (0, 1, 0, 1, 0)
    assert sorted(Contour.objects.values_list("code", flat=True)) == ["59183", "59607"]


def test_repairs_a_contour_that_crosses_itself(tmp_path):
    (report,) = import_contours(write_features(tmp_path, contour("59183", BOW_TIE)))

    assert report.notes == ["contours qui se recoupaient, réparés\u00a0: 1"]
    assert shapely.from_wkb(bytes(Contour.objects.get().wkb)).is_valid


def test_refuses_an_object_with_its_number_and_the_reason(tmp_path):
    path = write_features(
        tmp_path,
        contour("59183"),
        contour("59183", SMALLER),
        contour("59999"),
        contour("59", name="Hauts-de-France"),
        contour(None, siren_epci="200018083", lib_epci="CC de Desvres-Samer"),
        contour("59248", shapely.Point(3, 50)),
        contour("59248", name=""),
        "59248",
    )

    (report,) = import_contours(path)

    assert counts(report) == (1, 0, 0, 0, 7)
    assert [(where, reason.replace("\u00a0", " ")) for where, reason in report.refusals] == [
        ("objet n° 2", "59183 a déjà un contour plus haut dans le fichier."),
        (
            "objet n° 3",
            "« 59999 » n’est le code ni d’une commune ni d’un département : "
            "la géographie (import_geography) est-elle importée ?",
        ),
        (
            "objet n° 4",
            "« Hauts-de-France » n’est pas le département 59 (Nord) : "
            "les contours de régions ne s’importent pas.",
        ),
        ("objet n° 5", "il n’a aucun des champs code, insee_com, insee_dep."),
        ("objet n° 6", "sa géométrie n’est pas une surface."),
        ("objet n° 7", "nom «  » : Ce champ ne peut pas être vide."),
        ("objet n° 8", "ce n’est pas un objet GeoJSON."),
    ]


def test_a_file_of_which_nothing_can_be_taken_is_unusable(tmp_path):
    path = write_features(tmp_path, contour("32", name="Hauts-de-France"))

    with pytest.raises(UnusableFile, match="Aucune ligne utilisable sur 1"):
        import_contours(path)

    assert Contour.objects.count() == 0
