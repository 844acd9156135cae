import pytest

from territories.imports.reports import Report, UnusableFile
from territories.imports.tables import codes_in, read_table
from tests.territories.imports.files import write_text


def read(path, report=None):
    return read_table(
        path, report or Report("lignes"), required={"code", "nom"}, aliases={"code_qp": "code"}
    )


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_reads_every_way_a_spreadsheet_saves(tmp_path, delimiter, encoding, newline):
    path = write_text(
        tmp_path,
        delimiter.join(["Code", " NOM ", "", ""]),
        delimiter.join(["1", "Nœux", "", ""]),
        encoding=encoding,
        newline=newline,
    )

    assert [(row.line, row.cells) for row in read(path)] == [(2, {"code": "1", "nom": "Nœux"})]


def test_a_quoted_label_may_hold_the_delimiter_and_a_line_break(tmp_path):
    path = write_text(tmp_path, "code;nom", '1;"Béthune; Artois\nLys"', "", "2;Lens")

    assert [(row.line, row.cells["nom"]) for row in read(path)] == [
        (2, "Béthune; Artois\nLys"),
        (5, "Lens"),
    ]


def test_names_of_columns_are_recognised_whatever_their_case_accents_and_spaces(tmp_path):
    path = write_text(tmp_path, "Code QP;Nôm", "1;Lens")

    assert [row.cells for row in read(path)] == [{"code": "1", "nom": "Lens"}]


def test_an_alias_never_hides_the_column_of_that_name(tmp_path):
    path = write_text(tmp_path, "code_qp;code;nom", "ancien;1;Lens")

    assert [row.cells["code"] for row in read(path)] == ["1"]


def test_missing_cells_are_empty_and_supernumerary_ones_are_refused(tmp_path):
    path = write_text(tmp_path, "code;nom;", "1", "2;Loos;en-Gohelle", "3;Lens;;;")
    report = Report("lignes")

    assert [row.cells for row in read(path, report)] == [
        {"code": "1", "nom": ""},
        {"code": "3", "nom": "Lens"},
    ]
    assert report.refusals == [("ligne 3", "elle a plus de cellules que l’en-tête.")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "Ce fichier est vide."),
        (b"\r\n\r\n", "Ce fichier est vide."),
        (b"---;;\r\n", "L’en-tête n’est pas celui attendu\u00a0: il manque code, nom."),
        (b"code;libelle\r\n1;Lens\r\n", "L’en-tête n’est pas celui attendu\u00a0: il manque nom."),
        (b"PK\x03\x04\x14\x00", "Ce fichier est un classeur, pas un CSV"),
        ("code;nom".encode("utf-16"), "Ce fichier n’est pas du texte"),
        (b"code;nom\r\n1;\x81\xff\r\n", "Ce fichier n’est pas du texte"),
        (b'code;nom\r\n1;"' + b"x" * 140_000, "Ce fichier n’est pas un CSV lisible"),
    ],
)
def test_says_why_a_file_is_unusable(tmp_path, content, message):
    path = tmp_path / "fichier.csv"
    path.write_bytes(content)

    with pytest.raises(UnusableFile) as error:
        read(path)

    assert str(error.value).startswith(message)


def test_says_that_a_file_is_missing_or_is_a_folder(tmp_path):
    with pytest.raises(UnusableFile, match="n’existe pas"):
        read(tmp_path / "absent.csv")
    with pytest.raises(UnusableFile, match="ne peut pas être lu\u00a0: c’est un dossier\\."):
        read(tmp_path)


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("", []),
        ('="59350"', ["59350"]),
        ("2571; 2691", ["2571", "2691"]),
        ("02571,02691", ["02571", "02691"]),
        ("02571 02691", ["02571", "02691"]),
        (" 2a004 ", ["2A004"]),
    ],
)
def test_finds_the_codes_of_a_cell(cell, codes):
    assert codes_in(cell) == codes
