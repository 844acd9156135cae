import pytest

from territories.imports.reports import UnusableFile
from territories.imports.succession import import_succession
from territories.models import Succession
from tests import factories
from tests.territories.imports.files import write_text

pytestmark = pytest.mark.django_db

HEADER = "QP2024;Label_QP2024;Statut;QP2015_1;Label_QP2015_1"
THREE = HEADER + ";QP2015_2;Label_QP2015_2;QP2015_3;Label_QP2015_3"


@pytest.fixture(autouse=True)
def districts(db):
    for code in ("QN05956M", "QN05957M", "QN05990N", "QP059057"):
        factories.create_district(code=code)


def load(folder, *lines, header=HEADER):
    (report,) = import_succession(write_text(folder, header, *lines))
    return report


def counts(report):
    return report.created, report.updated, report.unchanged, report.removed, len(report.refusals)


def links():
    return list(
        Succession.objects.values_list("district_id", "former_code", "former_name", "status")
    )


def test_keeps_the_table_as_it_is_swapped_labels_included(tmp_path):
    report = load(
        tmp_path,
        "QN05956M;Elnon;MODIFIE;QP059057;Collinière",
        "QN05957M;Collinière;MODIFIE;QP059058;Elnon",
        "QN05990N;Coeur de Ville;NOUVEAU;;",
    )

    assert counts(report) == (2, 0, 0, 0, 0)
    assert report.notes == ["quartiers sans prédécesseur\u00a0: 1"]
    assert links() == [
        ("QN05956M", "QP059057", "Collinière", "MODIFIE"),
        ("QN05957M", "QP059058", "Elnon", "MODIFIE"),
    ]


def test_a_district_may_succeed_three_on_one_line_or_on_several(tmp_path):
    load(
        tmp_path,
        "QN05956M;Elnon;MODIFIE;QP059001;Un;QP059002;Deux;QP059003;Trois",
        "QN05957M;Collinière;MODIFIE;QP059001;Un;;;;",
        "QN05957M;Collinière;MODIFIE;QP059004;Quatre;;;;",
        header=THREE,
    )

    assert [(district, former) for district, former, _, _ in links()] == [
        ("QN05956M", "QP059001"),
        ("QN05956M", "QP059002"),
        ("QN05956M", "QP059003"),
        ("QN05957M", "QP059001"),
        ("QN05957M", "QP059004"),
    ]


def test_a_second_import_changes_nothing(tmp_path):
    line = "QN05956M;Elnon;MODIFIE;QP059057;Collinière"
    load(tmp_path, line)

    assert counts(load(tmp_path, line)) == (0, 0, 1, 0, 0)


def test_a_corrected_table_replaces_the_links_of_its_districts_only(tmp_path):
    load(
        tmp_path,
        "QN05956M;Elnon;MODIFIE;QP059057;Collinière;QP059058;Elnon;;",
        "QN05957M;Collinière;MODIFIE;QP059059;Autre;;;;",
        header=THREE,
    )

    report = load(tmp_path, "QN05956M;Elnon;INCHANGE;QP059057;Collinière")

    assert counts(report) == (0, 1, 0, 1, 0)
    assert links() == [
        ("QN05956M", "QP059057", "Collinière", "INCHANGE"),
        ("QN05957M", "QP059059", "Autre", "MODIFIE"),
    ]


def test_refuses_unknown_districts_and_codes_of_another_kind(tmp_path):
    report = load(
        tmp_path,
        "QN05999M;Inconnu;MODIFIE;QP059057;Collinière",
        "QP059057;De 2015;MODIFIE;QP059057;Collinière",
        "QN05957M;Collinière;MODIFIE;QN05956M;Elnon",
        "QN05957M;Collinière;" + "x" * 21 + ";QP059057;Collinière",
        "QN05956M;Elnon;MODIFIE;QP059057;Collinière",
    )

    assert counts(report) == (1, 0, 0, 0, 4)
    assert report.refusals == [
        ("ligne 2", "le quartier de 2024 «\u00a0QN05999M\u00a0» n’est pas connu."),
        ("ligne 3", "le quartier de 2024 «\u00a0QP059057\u00a0» n’est pas connu."),
        ("ligne 4", "«\u00a0QN05956M\u00a0» n’est pas le code d’un quartier de 2015."),
        (
            "ligne 5",
            f"statut «\u00a0{'x' * 21}\u00a0»\u00a0: Assurez-vous que cette valeur comporte "
            "au plus 20 caractères (actuellement 21).",
        ),
    ]


def test_the_list_of_districts_is_not_a_table_of_passage(tmp_path):
    with pytest.raises(UnusableFile, match="il manque qp2015_1, qp2024, statut"):
        load(tmp_path, "QN05956M;Elnon", header="code_qp;lib_qp")
