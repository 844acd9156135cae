import pytest

from territories.imports.cog import import_geography
from territories.imports.reports import UnusableFile
from territories.models import EPCI, Commune, Departement, FormerCommune
from tests import factories
from tests.territories.imports.files import commune, write_cog, write_json

pytestmark = pytest.mark.django_db


def counts(reports):
    return {
        report.subject: (report.created, report.updated, report.unchanged, report.removed)
        for report in reports
    }


def small_cog(folder, **changes):
    return write_cog(
        folder,
        **{
            "communes": [
                commune("59183", "Dunkerque", population=86263, anciensCodes=["59540"]),
                commune("59183", "Dunkerque", type="commune-associee", chefLieu="59183"),
                commune("59248", "Fort-Mardyck", type="commune-associee", chefLieu="59183"),
                commune("59271", "Grande-Synthe", population=20000),
                commune("85113", "L'Île-d'Yeu", departement="85", population=4800),
            ],
            "epci": {"245900428": ["59183", "59271"]},
            "departements": [("59", "Nord"), ("85", "Vendée")],
        }
        | changes,
    )


def test_loads_communes_with_their_epci_and_their_former_codes(tmp_path):
    reports = import_geography(small_cog(tmp_path))

    assert counts(reports) == {
        "départements": (2, 0, 0, 0),
        "EPCI": (1, 0, 0, 0),
        "communes": (3, 0, 0, 0),
        "codes d’anciennes communes": (2, 0, 0, 0),
    }
    assert list(
        Commune.objects.order_by("code").values_list(
            "code", "name", "departement_id", "epci_id", "population"
        )
    ) == [
        ("59183", "Dunkerque", "59", "245900428", 86263),
        ("59271", "Grande-Synthe", "59", "245900428", 20000),
        ("85113", "L'Île-d'Yeu", "85", None, 4800),
    ]
    assert list(FormerCommune.objects.order_by("code").values_list("code", "commune_id")) == [
        ("59248", "59183"),
        ("59540", "59183"),
    ]


def test_a_second_import_changes_nothing(tmp_path):
    import_geography(small_cog(tmp_path))

    assert counts(import_geography(tmp_path)) == {
        "départements": (0, 0, 2, 0),
        "EPCI": (0, 0, 1, 0),
        "communes": (0, 0, 3, 0),
        "codes d’anciennes communes": (0, 0, 2, 0),
    }


def test_a_newer_cog_renames_and_moves(tmp_path):
    import_geography(small_cog(tmp_path))
    small_cog(
        tmp_path,
        communes=[commune("59183", "Dunkerque-Ville"), commune("59271", "Grande-Synthe")],
        epci={"245900428": ["59271"], "200000001": ["59183"]},
    )

    reports = import_geography(tmp_path)

    assert counts(reports) == {
        "départements": (0, 0, 2, 0),
        "EPCI": (1, 0, 1, 0),
        "communes": (0, 2, 0, 1),
        "codes d’anciennes communes": (0, 0, 0, 2),
    }
    assert Commune.objects.get(code="59183").epci_id == "200000001"


def test_what_vanished_but_is_used_is_kept_and_said(tmp_path):
    import_geography(small_cog(tmp_path))
    factories.create_district(communes=Commune.objects.filter(code="59271"))
    factories.create_contract(epcis=EPCI.objects.all())
    small_cog(
        tmp_path,
        communes=[
            commune("75056", "Paris", departement="75"),
            commune("59271", "Grande-Synthe", type="commune-deleguee", chefLieu="75056"),
        ],
        epci={"200000001": ["75056"]},
        departements=[("75", "Paris")],
    )

    reports = {report.subject: report for report in import_geography(tmp_path)}

    assert set(Commune.objects.values_list("code", flat=True)) == {"75056", "59271"}
    assert reports["communes"].removed == 2
    assert reports["communes"].notes == [
        "absents de ce COG mais encore utilisés, donc gardés\u00a0: 59271"
    ]
    assert set(EPCI.objects.values_list("siren", flat=True)) == {"200000001", "245900428"}
    assert set(Departement.objects.values_list("code", flat=True)) == {"59", "75"}
    assert FormerCommune.objects.get(code="59271").commune.code == "75056"


def test_the_chef_lieu_of_a_delegated_commune_comes_before_a_merge_undone_since(tmp_path):
    import_geography(
        small_cog(
            tmp_path,
            communes=[
                commune("60054", "Beaumont-les-Nonains", anciensCodes=["60455"]),
                commune("60455", "La Neuville-Garnier", type="commune-deleguee", chefLieu="60694"),
                commune("60694", "Les Hauts-Talican"),
            ],
        )
    )

    assert FormerCommune.objects.get(code="60455").commune.name == "Les Hauts-Talican"


def test_an_arrondissement_resolves_to_its_city(tmp_path):
    import_geography(
        small_cog(
            tmp_path,
            communes=[
                commune("75056", "Paris"),
                commune("75119", "Paris 19e", type="arrondissement-municipal", commune="75056"),
            ],
        )
    )

    assert FormerCommune.objects.get(code="75119").commune.name == "Paris"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("communes.json", [], "ne contient pas de liste"),
        ("communes.json", {"code": "59183"}, "ne contient pas de liste"),
        ("epci.json", [{"siren": "245900428"}], "ne sont pas ceux du découpage administratif"),
        ("departements.json", ["59"], "ne sont pas ceux du découpage administratif"),
    ],
)
def test_files_of_another_kind_write_nothing(tmp_path, name, content, message):
    small_cog(tmp_path)
    write_json(tmp_path, name, content)

    with pytest.raises(UnusableFile, match=message):
        import_geography(tmp_path)

    assert Departement.objects.count() == 0


def test_a_file_that_is_not_json_or_is_missing_is_said(tmp_path):
    small_cog(tmp_path)
    (tmp_path / "epci.json").write_text("code;nom")
    with pytest.raises(UnusableFile, match="n’est pas du JSON"):
        import_geography(tmp_path)
    with pytest.raises(UnusableFile, match="n’existe pas"):
        import_geography(tmp_path / "ailleurs")
