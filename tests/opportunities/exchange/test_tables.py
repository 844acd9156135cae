"""Reading whatever comes: formats, encodings, and what is refused with a sentence."""

import io
import time
import zipfile

import openpyxl
import pytest
from odfdo import Cell, Document, Row, Table

from opportunities.exchange import tables
from opportunities.exchange.tables import MAX_SIZE, UnreadableFile, look_at, read_table, recognise
from tests.opportunities.exchange.conftest import csv_of, ods_of, with_part, xlsx

HEADERS = ("Type", "Intitulé")
ROW = ("Friche", "Cœur d’îlot à 10 €")


def read(content):
    file = io.BytesIO(content)
    return list(read_table(file, recognise(file)))


def refusal(content):
    with pytest.raises(UnreadableFile) as error:
        read(content)
    return str(error.value).replace("\N{NO-BREAK SPACE}", " ").replace("\u202f", " ")


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_csv(delimiter, encoding):
    content = csv_of(HEADERS, ROW, delimiter=delimiter, encoding=encoding)
    assert read(content) == [(1, list(HEADERS)), (2, list(ROW))]


@pytest.mark.parametrize("make", [xlsx, ods_of])
def test_packages(make):
    assert read(make(HEADERS, ROW)) == [(1, list(HEADERS)), (2, list(ROW))]


@pytest.mark.parametrize("make", [xlsx, ods_of, csv_of])
def test_empty_rows_count_but_are_not_read(make):
    rows = [("", ""), HEADERS, ("", ""), ROW, ("", "")]
    assert read(make(*rows)) == [(2, list(HEADERS)), (4, list(ROW))]


def test_numbers_dates_and_what_a_formula_gave():
    book = openpyxl.Workbook()
    book.active.append(["Nombre", "Formule", "Lien"])
    book.active.append([3.5, "=1+1", "=[1]Feuille!A1"])
    file = io.BytesIO()
    book.save(file)
    # openpyxl writes no value beside a formula; spreadsheets do.
    sheet = zipfile.ZipFile(file).read("xl/worksheets/sheet1.xml").decode()
    sheet = sheet.replace("<f>1+1</f><v></v>", "<f>1+1</f><v>2</v>").replace(
        "<f>1+1</f><v />", "<f>1+1</f><v>2</v>"
    )
    content = with_part(file.getvalue(), "xl/worksheets/sheet1.xml", sheet)
    assert read(content)[1] == (2, [3.5, 2, None])


def test_the_first_visible_sheet_is_read():
    content = xlsx(HEADERS, ROW, Autre=[("Rien",)])
    assert read(content)[0] == (1, list(HEADERS))


def test_macros_are_ignored():
    content = with_part(xlsx(HEADERS, ROW), "xl/vbaProject.bin", b"macro")
    assert read(content)[1] == (2, list(ROW))


def test_ods_as_another_program_writes_it():
    document = Document("spreadsheet")
    document.body.clear()
    table = Table("Feuille")
    for cells in (HEADERS, ("Friche", "deux  espaces\net une ligne")):
        row = Row()
        for cell in cells:
            row.append_cell(Cell(cell))
        table.append_row(row)
    document.body.append(table)
    file = io.BytesIO()
    document.save(file)
    assert read(file.getvalue())[1][1][0] == "Friche"
    assert read(file.getvalue())[1][1][1].split() == ["deux", "espaces", "et", "une", "ligne"]


def ods_with(body):
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
        f"<office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    )
    return with_part(ods_of(HEADERS), "content.xml", content)


def test_ods_repeats_and_notes():
    body = """
      <table:table>
        <table:table-row>
          <table:table-cell office:value-type="string"><office:annotation><text:p>note</text:p>
          </office:annotation><text:p>Type</text:p></table:table-cell>
          <table:table-cell office:value-type="string"><text:p>Intitulé</text:p></table:table-cell>
          <table:table-cell table:number-columns-repeated="16382"/>
        </table:table-row>
        <table:table-row table:number-rows-repeated="3">
          <table:table-cell table:number-columns-repeated="2" office:value-type="string">
            <text:p>a<text:s text:c="2"/>b<text:line-break/>c<text:span> d</text:span></text:p>
            <text:p>e</text:p></table:table-cell>
        </table:table-row>
        <table:table-row table:number-rows-repeated="1048572">
          <table:table-cell table:number-columns-repeated="16384"/>
        </table:table-row>
      </table:table>
      <table:table><table:table-row><table:table-cell office:value-type="float"
        office:value="1"/></table:table-row></table:table>"""
    text = "a  b\nc d\ne"
    assert read(ods_with(body)) == [
        (1, ["Type", "Intitulé"]),
        (2, [text, text]),
        (3, [text, text]),
        (4, [text, text]),
    ]


def test_a_billion_cells_in_two_kilobytes():
    head = (
        '<table:table><table:table-row><table:table-cell office:value-type="string"><text:p>a'
        "</text:p></table:table-cell></table:table-row>"
    )
    row = '<table:table-row table:number-rows-repeated="1048575">{}</table:table-row></table:table>'
    wide = '<table:table-cell table:number-columns-repeated="16384" office:value-type="float" '
    began = time.monotonic()
    assert refusal(ods_with(head + row.format(wide + 'office:value="1"/>'))).startswith(
        "La ligne 2 a plus de cellules que d’intitulés"
    )
    thin = '<table:table-cell office:value-type="float" office:value="1"/>'
    assert refusal(ods_with(head + row.format(thin))).startswith(
        "Ce fichier a plus de 50 000 lignes"
    )
    assert time.monotonic() - began < 10


BROKEN = "Ce fichier est abîmé ou incomplet : enregistrez-le à nouveau depuis votre tableur."
NOT_A_TABLE = (
    "Ce fichier n’est ni un tableur Excel (.xlsx), ni un tableur OpenDocument (.ods), ni un "
    "fichier CSV."
)
LOCKED = (
    "Ce fichier est protégé par un mot de passe, ou au format d’Excel d’avant 2007 (.xls). "
    "Enregistrez-le au format « Classeur Excel (.xlsx) », sans mot de passe."
)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Ce fichier est vide."),
        (b"\r\n \r\n", "Ce fichier est vide."),
        (b"\r\n;;\r\n" * 9, "Ce fichier est vide."),
        (xlsx(), "Ce fichier est vide."),
        (ods_of(), "Ce fichier est vide."),
        (xlsx((1, 2.5), (3, 4)), "La première ligne doit donner les intitulés des colonnes."),
        (
            b"Type;Lieu;TYPE\r\na;b;c",
            "Deux colonnes s’appellent « TYPE » (A et C) : renommez l’une d’elles.",
        ),
        (b"Type\r\na;b", "La ligne 2 a plus de cellules que d’intitulés : donnez un intitulé à la "
         "colonne B, ou videz-la."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, LOCKED),
        (b"%PDF-1.7", NOT_A_TABLE),
        (b"<html><table>", NOT_A_TABLE),
        (b"a;b\x00c\x00\x00", NOT_A_TABLE),
        (b"\x7fELF\x00\x01", NOT_A_TABLE),
        (b"PK\x03\x04rien", BROKEN),
        (xlsx(HEADERS, ROW)[:-900], BROKEN),
        (ods_of(HEADERS, ROW)[:-40], BROKEN),
        (with_part(xlsx(HEADERS), "xl/workbook.xml", "<workbook"), BROKEN),
        (with_part(xlsx(HEADERS), "xl/worksheets/sheet1.xml", "<worksheet"), BROKEN),
        (with_part(ods_of(HEADERS), "content.xml", "<office"), "Ce fichier ODS est abîmé."),
        (ods_with(""), "Ce fichier ne contient aucune feuille de calcul."),
        (
            with_part(ods_of(HEADERS), "META-INF/manifest.xml", "<manifest:encryption-data/>"),
            "Ce fichier est protégé par un mot de passe : enlevez-le.",
        ),
        (
            b'a;b\r\n1;"' + b"x" * 200_000,
            "Le fichier ne se lit plus après la ligne 2 : un guillemet y est peut-être ouvert et "
            "jamais refermé.",
        ),
        (
            b"x" * (MAX_SIZE + 1),
            "Ce fichier pèse 15 Mo ; 15 Mo au plus sont possibles. Partagez-le en plusieurs "
            "fichiers.",
        ),
    ],
)  # fmt: skip
def test_refusals(content, sentence):
    assert refusal(content) == sentence


def test_a_zip_of_something_else():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("photo.jpg", b"")
    assert refusal(file.getvalue()) == NOT_A_TABLE


def test_twenty_thousand_columns():
    sentence = "Ce fichier a plus de 300 colonnes : gardez celles qui sont à importer."
    names = [f"C{number}" for number in range(20_000)]
    assert refusal(";".join(names).encode()) == sentence
    assert refusal(ods_of(names)) == sentence
    assert refusal(xlsx(names[:16_000])) == sentence


def test_a_sheet_that_says_it_is_huge():
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1" t="inlineStr"><is>'
        '<t>Type</t></is></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>'
        "</sheetData></worksheet>"
    )
    content = with_part(xlsx(HEADERS), "xl/worksheets/sheet1.xml", sheet)
    began = time.monotonic()
    assert read(content) == [(1, ["Type"]), (1_048_576, [1])]
    assert time.monotonic() - began < 20


def test_too_much_once_unpacked(monkeypatch):
    monkeypatch.setattr(tables, "MAX_UNPACKED", 1_000_000)
    content = with_part(xlsx(HEADERS, ROW), "xl/media/image.bin", b"\0" * 1_000_000)
    assert refusal(content).startswith("Ce fichier est trop lourd une fois décompressé.")


def test_a_zip_that_lies_about_its_size(monkeypatch):
    """What it declares is what is read at most."""
    content = bytearray(with_part(ods_of(HEADERS), "content.xml", b"<a>" + b" " * 3_000_000))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        size = package.getinfo("content.xml").file_size
    lying = bytes(content).replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert refusal(lying) == BROKEN


ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname"><!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    + "]>"
)


TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    + "".join(
        f'<Override PartName="/xl/{part}.xml" ContentType="application/vnd.openxmlformats-'
        f'officedocument.spreadsheetml.{kind}+xml"/>'
        for part, kind in (
            ("workbook", "sheet.main"),
            ("worksheets/sheet1", "worksheet"),
            ("styles", "styles"),
            ("sharedStrings", "sharedStrings"),
        )
    )
    + "</Types>"
)


@pytest.mark.parametrize("entity", ["&x;", "&a9;"])
def test_entities_bring_nothing_in(entity):
    sheet = (
        ENTITIES + '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>{entity}</t></is></c></row>'
        "</sheetData></worksheet>"
    )
    strings = (
        ENTITIES + '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<si><t>{entity}</t></si></sst>"
    )
    began = time.monotonic()
    assert refusal(with_part(xlsx(HEADERS), "xl/worksheets/sheet1.xml", sheet)) == BROKEN
    with_strings = with_part(xlsx(HEADERS), "xl/sharedStrings.xml", strings)
    assert refusal(with_part(with_strings, "[Content_Types].xml", TYPES)) == BROKEN
    assert refusal(with_part(ods_of(HEADERS), "content.xml", ENTITIES + "<a/>")) == (
        "Ce fichier ODS n’a pas été écrit par un tableur."
    )
    assert time.monotonic() - began < 10


def test_merged_cells_hold_their_text_once():
    book = openpyxl.Workbook()
    book.active.append(["Type", "Intitulé"])
    book.active.append(["Friche", "La halle"])
    book.active.append([None, "Le quai"])
    book.active.merge_cells("A2:A3")
    file = io.BytesIO()
    book.save(file)
    assert read(file.getvalue())[1:] == [(2, ["Friche", "La halle"]), (3, [None, "Le quai"])]


def test_what_a_file_looks_like():
    sample = look_at(io.BytesIO(csv_of(HEADERS, ROW, ROW)), most_rows=1)
    assert (sample.format, sample.headers, sample.rows) == ("csv", list(HEADERS), [(2, list(ROW))])
    with pytest.raises(UnreadableFile, match="que les intitulés des colonnes"):
        look_at(io.BytesIO(csv_of(HEADERS)), most_rows=1)


@pytest.mark.parametrize("text", ["=1", "'=1", "''=1", "'", "'a", "-", "\t", "＝", "a=1", ""])
def test_guards_come_off(text):
    guarded = tables.guarded(text)
    assert guarded[:1] not in set(tables.FORMULA_SIGNS)
    assert read(f'a;b\n"{guarded}";x'.encode())[1] == (2, [text, "x"])
