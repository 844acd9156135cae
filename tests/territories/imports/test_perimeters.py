from datetime import timedelta

import pytest
import shapely
from django.utils import timezone

from territories.imports.geojson import LAMBERT
from territories.imports.perimeters import import_perimeters
from territories.imports.reports import UnusableFile
from territories.models import District, Perimeter
from tests import factories
from tests.territories.imports.files import feature, write_features, write_json

pytestmark = pytest.mark.django_db

SQUARE = [[3.0, 50.0], [3.01, 50.0], [3.01, 50.01], [3.0, 50.01], [3.0, 50.0]]
SMALLER = [[3.0, 50.0], [3.005, 50.0], [3.005, 50.005], [3.0, 50.005], [3.0, 50.0]]
BOW_TIE = [[3.0, 50.0], [3.01, 50.01], [3.01, 50.0], [3.0, 50.01], [3.0, 50.0]]
# A square with a line that goes out and comes back, as rounded coordinates do.
SPIKED = [[3.0, 50.0], [3.01, 50.0], [3.02, 50.0], [3.01, 50.0], [3.01, 50.01], [3.0, 50.0]]


@pytest.fixture(autouse=True)
def district(db):
    return factories.create_district(code="QN05901M", longitude=0, latitude=0)


def counts(report):
    return report.created, report.updated, report.unchanged, len(report.refusals)


def outline():
    return shapely.from_wkb(bytes(Perimeter.objects.get().wkb))


def test_keeps_the_outline_and_moves_the_point_inside(tmp_path):
    (report,) = import_perimeters(write_features(tmp_path, feature("QN05901M", SQUARE)))

    assert counts(report) == (1, 0, 0, 0)
    assert outline().equals(shapely.Polygon(SQUARE))
    assert Perimeter.objects.get().is_repaired is False
    district = District.objects.get()
    assert outline().contains(shapely.Point(district.longitude, district.latitude))


def test_a_second_import_changes_nothing_not_even_the_date(tmp_path):
    path = write_features(tmp_path, feature("QN05901M", BOW_TIE))
    import_perimeters(path)
    long_ago = timezone.now() - timedelta(days=100)
    Perimeter.objects.update(imported_at=long_ago)

    (report,) = import_perimeters(path)

    assert counts(report) == (0, 0, 1, 0)
    assert Perimeter.objects.get().imported_at == long_ago


def test_a_corrected_outline_replaces_the_other_and_its_date(tmp_path):
    import_perimeters(write_features(tmp_path, feature("QN05901M", SQUARE)))
    long_ago = timezone.now() - timedelta(days=100)
    Perimeter.objects.update(imported_at=long_ago)

    (report,) = import_perimeters(write_features(tmp_path, feature("QN05901M", SMALLER)))

    assert counts(report) == (0, 1, 0, 0)
    assert Perimeter.objects.get().imported_at > long_ago
    assert outline().equals(shapely.Polygon(SMALLER))


@pytest.mark.parametrize(
    ("ring", "kind", "parts"), [(BOW_TIE, "MultiPolygon", 2), (SPIKED, "Polygon", 1)]
)
def test_repairs_an_outline_that_crosses_or_touches_itself(tmp_path, ring, kind, parts):
    (report,) = import_perimeters(write_features(tmp_path, feature("QN05901M", ring)))

    assert report.notes == ["périmètres qui se recoupaient, réparés\u00a0: 1"]
    assert Perimeter.objects.get().is_repaired is True
    assert (outline().geom_type, len(getattr(outline(), "geoms", [1]))) == (kind, parts)
    assert outline().is_valid
    assert outline().area == pytest.approx(shapely.Polygon(SQUARE).area / 2)


def test_takes_a_multipolygon_and_forgets_altitudes(tmp_path):
    ring = [[*point, 35.0] for point in SQUARE]
    import_perimeters(write_features(tmp_path, feature("qn05901m", ring, kind="MultiPolygon")))

    assert outline().has_z is False
    assert outline().equals(shapely.Polygon(SQUARE))


def test_refuses_an_object_with_its_number_and_the_reason(tmp_path):
    factories.create_district(code="QN05902M")
    lambert = [[700000, 7000000], [700100, 7000000], [700100, 7000100], [700000, 7000000]]
    flat = [[3.0, 50.0], [3.01, 50.0], [3.0, 50.0], [3.0, 50.0]]
    path = write_features(
        tmp_path,
        feature("QN05999M", SQUARE),
        "QN05901M",
        {"type": "Feature", "properties": {"code_qp": "QN05902M"}, "geometry": None},
        feature("QN05902M") | {"geometry": {"type": "Point", "coordinates": [3.0, 50.0]}},
        feature("QN05902M", SQUARE[:-1]),
        feature("QN05902M", lambert),
        feature("QN05902M", flat),
        feature("QN05901M", SQUARE),
        feature("QN05901M", SMALLER),
    )
    (report,) = import_perimeters(path)

    assert counts(report) == (1, 0, 0, 8)
    assert [(where, reason.split(" (")[0]) for where, reason in report.refusals] == [
        (
            "objet n° 1",
            "le quartier «\u00a0QN05999M\u00a0» n’est pas connu\u00a0: importez d’abord la liste.",
        ),
        ("objet n° 2", "ce n’est pas un objet GeoJSON."),
        ("objet n° 3", "sa géométrie n’est pas lisible."),
        ("objet n° 4", "sa géométrie n’est pas une surface."),
        ("objet n° 5", "sa géométrie n’est pas lisible."),
        ("objet n° 6", LAMBERT.split(" (")[0]),
        ("objet n° 7", "il ne reste pas de surface une fois sa géométrie réparée."),
        ("objet n° 9", "QN05901M a déjà un périmètre plus haut dans le fichier."),
    ]


def test_a_file_in_metres_is_unusable_and_says_what_to_do(tmp_path):
    lambert = [[700000, 7000000], [700100, 7000000], [700100, 7000100], [700000, 7000000]]

    with pytest.raises(UnusableFile, match="Lambert 93"):
        import_perimeters(write_features(tmp_path, feature("QN05901M", lambert)))

    assert Perimeter.objects.count() == 0


@pytest.mark.parametrize("content", [[], {"type": "Feature"}, {"features": {}}, 7])
def test_json_of_another_kind_is_unusable(tmp_path, content):
    with pytest.raises(UnusableFile, match="n’est pas une collection d’objets GeoJSON"):
        import_perimeters(write_json(tmp_path, "autre.geojson", content))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"code;nom", "n’est pas du JSON : erreur à la ligne 1, caractère 1."),
        (b'{"features":\n [1 2]}', "n’est pas du JSON : erreur à la ligne 2, caractère 5."),
        (b'{"nom": "\xff"}', "n’est pas du JSON : ce n’est pas du texte en UTF-8."),
        (b"[" * 100_000, "n’est pas lisible : trop de niveaux y sont imbriqués."),
        (b"[" + b"1" * 5_000 + b"]", "contient un nombre illisible."),
    ],
)
def test_what_is_not_json_is_unusable_and_says_why(tmp_path, content, sentence):
    path = tmp_path / "perimetres.geojson"
    path.write_bytes(content)

    with pytest.raises(UnusableFile) as refusal:
        import_perimeters(path)

    assert str(refusal.value).replace("\u00a0", " ") == f"Le fichier {path} {sentence}"
