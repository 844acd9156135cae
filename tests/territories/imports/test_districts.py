import pytest

from territories.imports.districts import import_districts
from territories.imports.reports import UnusableFile
from territories.models import CityContract, Commune, District, FormerCommune, Perimeter
from tests import factories
from tests.territories.imports.files import DISTRICT_HEADER, district_line, write_text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def cog(db):
    """Saint-Quentin and Omissy, Raismes and Anzin in two EPCI, Saint-Denis with Pierrefitte,
    Papeete without EPCI."""
    saint_quentinois = factories.create_epci("CA du Saint-Quentinois", siren="200071892")
    valenciennes = factories.create_epci("CA Valenciennes Métropole", siren="245901160")
    hainaut = factories.create_epci("CA de la Porte du Hainaut", siren="200042190")
    factories.create_commune("Saint-Quentin", code="02691", epci=saint_quentinois)
    factories.create_commune("Omissy", code="02571", epci=saint_quentinois)
    factories.create_commune("Anzin", code="59014", epci=valenciennes)
    factories.create_commune("Raismes", code="59491", epci=hainaut)
    saint_denis = factories.create_commune("Saint-Denis", code="93066", epci=valenciennes)
    FormerCommune.objects.create(code="93059", commune=saint_denis)
    factories.create_commune("Papeete", code="98735")


def load(folder, *lines, header=DISTRICT_HEADER, encoding="utf-8", **options):
    return import_districts(write_text(folder, header, *lines, encoding=encoding), **options)


def counts(report):
    return report.created, report.updated, report.unchanged, len(report.refusals)


def communes_of(code):
    return sorted(District.objects.get(code=code).communes.values_list("code", flat=True))


def epcis_of(code):
    return sorted(District.objects.get(code=code).epcis.values_list("siren", flat=True))


def test_creates_a_district_with_its_communes_its_epci_and_its_contract(tmp_path):
    districts, contracts = load(tmp_path, district_line(insee='"02571; 02691"'))

    assert (counts(districts), counts(contracts)) == ((1, 0, 0, 0), (1, 0, 0, 0))
    assert District.objects.values_list("code", "name", "longitude", "latitude").get() == (
        "QN00202M", "Faubourg D'Isle", None, None,
    )  # fmt: skip
    assert communes_of("QN00202M") == ["02571", "02691"]
    assert epcis_of("QN00202M") == ["200071892"]
    contract = CityContract.objects.get()
    assert (contract.code, contract.name, contract.is_confirmed) == (
        "200071892", "CA du Saint-Quentinois", False,
    )  # fmt: skip
    assert [district.code for district in contract.districts.all()] == ["QN00202M"]


def test_a_second_import_changes_nothing(tmp_path):
    lines = [district_line(), district_line("QN05920M", insee="59014,59491", siren="")]
    load(tmp_path, *lines)

    assert [counts(report) for report in load(tmp_path, *lines)] == [(0, 0, 2, 0), (0, 0, 3, 0)]


@pytest.mark.parametrize(
    ("insee", "communes"),
    [
        ("2691", ["02691"]),
        ('"=""02691"""', ["02691"]),
        ('="02691"', ["02691"]),
        ('"2571; 2691"', ["02571", "02691"]),
        ("02571,02691", ["02571", "02691"]),
        ("93059", ["93066"]),
        ('"93059; 93066"', ["93066"]),
    ],
)
def test_recognises_the_communes_of_a_cell(tmp_path, insee, communes):
    load(tmp_path, district_line(insee=insee))

    assert communes_of("QN00202M") == communes


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_keeps_the_letters_of_a_name_in_each_encoding(tmp_path, encoding):
    load(tmp_path, district_line(name='"Cité d’Œuf; été"'), encoding=encoding)

    assert District.objects.get().name == "Cité d’Œuf; été"


def test_takes_the_columns_that_end_the_official_file_empty(tmp_path):
    load(tmp_path, district_line() + ";;;", header=DISTRICT_HEADER + ";;;")

    assert communes_of("QN00202M") == ["02691"]


def test_a_district_may_straddle_two_epci_and_belongs_to_both_contracts(tmp_path):
    load(
        tmp_path,
        district_line("QN05920M", insee='"59014; 59491"', siren='"245901160; 200042190"'),
    )

    assert epcis_of("QN05920M") == ["200042190", "245901160"]
    assert sorted(District.objects.get().contracts.values_list("code", flat=True)) == [
        "200042190",
        "245901160",
    ]


def test_without_epci_in_the_file_those_of_the_communes_are_taken(tmp_path):
    load(tmp_path, district_line("QN05920M", insee='"59014; 59491"', siren=""))

    assert epcis_of("QN05920M") == ["200042190", "245901160"]


def test_an_epci_unknown_to_the_cog_gives_way_to_those_of_the_communes(tmp_path):
    report, _ = load(tmp_path, district_line(siren="240200261"))

    assert epcis_of("QN00202M") == ["200071892"]
    assert report.notes == [
        "l’EPCI 240200261 n’est pas dans le COG\u00a0: ceux des communes le remplacent "
        "(quartiers concernés\u00a0: 1)"
    ]


def test_a_district_of_a_commune_without_epci_has_neither_epci_nor_contract(tmp_path):
    districts, contracts = load(tmp_path, district_line("QN98701M", insee="98735", siren=""))

    assert epcis_of("QN98701M") == []
    assert districts.notes == ["quartiers de communes sans EPCI\u00a0: 1"]
    assert counts(contracts) == (0, 0, 0, 0)


def test_refuses_a_line_with_its_number_and_the_reason_and_takes_the_others(tmp_path):
    report, _ = load(
        tmp_path,
        district_line("QN05999X"),
        district_line("QN00203M", insee='"02691; 99999"'),
        district_line("QN00204M", insee=""),
        "",
        district_line("QN00205M", name=""),
        district_line("QN00206M", name="x" * 201),
        district_line("QN00202M"),
    )

    assert report.refusals == [
        ("ligne 2", "code «\u00a0QN05999X\u00a0»\u00a0: Ce code n’est pas celui d’un QPV."),
        ("ligne 3", "la commune 99999 de QN00203M n’existe pas dans le COG."),
        ("ligne 4", "QN00204M n’a pas de commune."),
        ("ligne 6", "nom «\u00a0\u00a0»\u00a0: Ce champ ne peut pas être vide."),
        (
            "ligne 7",
            f"nom «\u00a0{'x' * 60}\u00a0»\u00a0: Assurez-vous que cette valeur comporte au plus "
            "200 caractères (actuellement 201).",
        ),
    ]
    assert list(District.objects.values_list("code", flat=True)) == ["QN00202M"]


def test_a_repeated_line_is_read_once_and_a_contradicting_one_refused(tmp_path):
    report, _ = load(tmp_path, district_line(), district_line(), district_line(name="Un autre nom"))

    assert counts(report) == (1, 0, 0, 1)
    assert report.notes == ["lignes répétées à l’identique, lues une fois\u00a0: 1"]
    assert report.refusals == [("ligne 4", "contredit la ligne 2, sur le même quartier.")]


@pytest.mark.parametrize("code", ["QN02A01M", "QN97101C", "QP02A001", "QP002001", "qn05901m"])
def test_takes_the_codes_of_both_generations_in_every_departement(tmp_path, code):
    load(tmp_path, district_line(code))

    assert District.objects.get().code == code.upper()


def test_the_list_of_2015_goes_the_same_way_and_makes_no_contract(tmp_path):
    districts, contracts = load(
        tmp_path,
        "QP002001;Europe;Saint-Quentin;02691;200071892;CA;02;Aisne;32;6059;6034;QN00201M",
        header="code_qp;nom_qp;commune_qp;insee_com_principale;siren_epci_2026;lib_epci_2026;"
        "insee_dep;lib_dep;insee_reg;pop_2013;pop_2018;qp2024",
    )

    assert (counts(districts), counts(contracts)) == ((1, 0, 0, 0), (0, 0, 0, 0))
    assert communes_of("QP002001") == ["02691"]


def test_a_correction_updates_name_communes_and_point(tmp_path):
    load(tmp_path, district_line())

    districts, _ = load(
        tmp_path,
        "QN00202M;Faubourg d’Isle;02571;3,29854;49.83743",
        header="code_qp;lib_qp;insee_com;lon;lat",
    )

    assert counts(districts) == (0, 1, 0, 0)
    assert District.objects.values_list("name", "longitude", "latitude").get() == (
        "Faubourg d’Isle", 3.29854, 49.83743,
    )  # fmt: skip
    assert communes_of("QN00202M") == ["02571"]


def test_a_list_without_points_keeps_those_known(tmp_path):
    factories.create_district("Faubourg D'Isle", code="QN00202M", longitude=3.2, latitude=49.8)

    load(tmp_path, district_line())

    assert District.objects.values_list("longitude", "latitude").get() == (3.2, 49.8)


def test_the_point_of_a_perimeter_is_better_than_that_of_a_list(tmp_path):
    district = factories.create_district(code="QN00202M", longitude=3.2, latitude=49.8)
    Perimeter.objects.create(district=district, wkb=b"outline")

    load(tmp_path, "QN00202M;Nom;02691;1;45", header="code_qp;lib_qp;insee_com;lon;lat")

    assert District.objects.values_list("longitude", "latitude").get() == (3.2, 49.8)


@pytest.mark.parametrize("point", ["700000;6900000", "3.2;", "est;nord", "nan;49", "3.2;inf"])
def test_refuses_a_point_that_is_not_in_degrees(tmp_path, point):
    header = "code_qp;lib_qp;insee_com;lon;lat"

    report, _ = load(
        tmp_path, f"QN00202M;Nom;02691;{point}", "QN00203M;Nom;02691;3;49", header=header
    )

    west, south = point.split(";")
    assert report.refusals == [
        (
            "ligne 2",
            f"«\u00a0{west}\u00a0; {south}\u00a0» n’est pas une position en degrés (WGS 84).",
        )
    ]


def test_only_new_leaves_alone_what_is_known(tmp_path):
    factories.create_district("Nom corrigé depuis", code="QN00202M")

    report, _ = load(tmp_path, district_line(), district_line("QN00203M"), only_new=True)

    assert counts(report) == (1, 0, 1, 0)
    assert District.objects.get(code="QN00202M").name == "Nom corrigé depuis"


def test_nothing_is_written_when_no_line_can_be_taken(tmp_path):
    with pytest.raises(UnusableFile) as error:
        load(tmp_path, district_line("XX"), district_line(insee="99999"))

    assert str(error.value) == (
        "Aucune ligne utilisable sur 2. La première, ligne 2\u00a0: "
        "code «\u00a0XX\u00a0»\u00a0: Ce code n’est pas celui d’un QPV."
    )
    assert (District.objects.count(), CityContract.objects.count()) == (0, 0)


def test_a_header_alone_is_unusable(tmp_path):
    with pytest.raises(UnusableFile, match="n’a aucune ligne"):
        load(tmp_path)


def test_asks_for_the_geography_first(tmp_path):
    FormerCommune.objects.all().delete()
    Commune.objects.all().delete()

    with pytest.raises(UnusableFile, match="lancez d’abord import_geography"):
        load(tmp_path, district_line())
