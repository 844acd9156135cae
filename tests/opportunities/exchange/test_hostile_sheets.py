"""Office spreadsheets are read as openpyxl reads them, and a few kilobytes made to harm fill
neither the memory nor the day."""

import io
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest

from opportunities.exchange import xlsx as reading
from opportunities.exchange.tables import UnreadableFile, read_table, recognise
from tests.opportunities.exchange.conftest import ods_of, with_part, xlsx

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
STRICT = 'xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"'
HEADERS = ("Type", "Intitulé")
TOO_LARGE = "Ce fichier est trop lourd une fois décompressé."


def read(content):
    file = io.BytesIO(content)
    return list(read_table(file, recognise(file)))


def refusal(content):
    with pytest.raises(UnreadableFile) as error:
        read(content)
    return str(error.value)


def with_sheet(rows, namespace=MAIN):
    sheet = f"<worksheet {namespace}><sheetData>{rows}</sheetData></worksheet>"
    return with_part(xlsx(HEADERS), "xl/worksheets/sheet1.xml", sheet)


def with_strings(*items):
    content = with_sheet(
        '<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v>1</v></c></row>'
    )
    return with_part(content, "xl/sharedStrings.xml", f"<sst {MAIN}>{''.join(items)}</sst>")


@pytest.mark.parametrize("is_of_1904", [False, True])
def test_cells_are_what_openpyxl_says_they_are(is_of_1904):
    book = openpyxl.Workbook()
    if is_of_1904:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    names = ["texte", "nombre", "montant", "oui", "jour", "moment", "heure", "durée", "erreur"]
    book.active.append(names)
    book.active.append(
        [
            "L’îlot & la <halle>",
            12,
            0.5,
            True,
            date(2026, 11, 22),
            datetime(2026, 11, 22, 14, 30),  # noqa: DTZ001  a cell has no zone
            time(9, 15),
            timedelta(hours=30),
            "#N/A",
        ]
    )
    book.active.append([None, None, 1e20, False])
    file = io.BytesIO()
    book.save(file)
    rows = openpyxl.load_workbook(file, read_only=True).active.iter_rows(values_only=True)
    assert [cells for _, cells in read(file.getvalue())] == [list(cells) for cells in rows]


def test_shared_texts_keep_their_runs_and_not_their_pronunciation():
    halle = "<si><r><t>La </t></r><r><t>halle</t></r><rPh><t>RA</t></rPh></si>"
    assert read(with_strings("<si><t>Intitulé</t></si>", halle)) == [
        (1, ["Intitulé"]),
        (2, ["La halle"]),
    ]


def test_the_strict_variant_is_read():
    row = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>{1}</t></is></c></row>'
    rows = row.format(1, "Intitulé") + row.format(4, "La halle")
    assert read(with_sheet(rows, STRICT)) == [(1, ["Intitulé"]), (4, ["La halle"])]


def test_no_two_rows_have_one_number():
    row = '<row r="3"><c t="inlineStr"><is><t>a</t></is></c></row>'
    assert [line for line, _ in read(with_sheet(row * 3))] == [3, 4, 5]


@pytest.mark.parametrize(
    "rows",
    [
        "<row/>" * 1_048_577,
        f"<row>{'<c/>' * 16_385}</row>",
        '<row r="1048577"/>',
        f'<row><c t="inlineStr"><is><t>{"x" * 131_073}</t></is></c></row>',
    ],
)
def test_more_than_a_sheet_can_hold(rows):
    assert refusal(with_sheet(rows)).startswith(TOO_LARGE)


def test_more_styles_and_texts_than_a_book_can_hold(monkeypatch):
    styles = f"<styleSheet {MAIN}><cellXfs>{'<xf/>' * 100_001}</cellXfs></styleSheet>"
    assert refusal(with_part(xlsx(HEADERS), "xl/styles.xml", styles)).startswith(TOO_LARGE)
    heavy = f"<styleSheet {MAIN}>{' ' * 10_500_000}</styleSheet>"
    assert refusal(with_part(xlsx(HEADERS), "xl/styles.xml", heavy)).startswith(TOO_LARGE)
    monkeypatch.setattr(reading, "_MOST_STRINGS", 10)
    assert refusal(with_strings("<si/>" * 11)).startswith(TOO_LARGE)
    monkeypatch.setattr(reading, "_MOST_CHARACTERS", 10)
    assert refusal(with_strings("<si><t>onze signes</t></si>")).startswith(TOO_LARGE)


@pytest.mark.parametrize("sign", ["1", "["])
def test_a_mark_without_end(sign):
    assert refusal(with_sheet(f'<row r="{sign * 3_000_000}"/>')).startswith("Ce fichier est abîmé")


def ods_cell(content):
    namespaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    return with_part(
        ods_of(HEADERS),
        "content.xml",
        f"<office:document-content {namespaces}><table:table><table:table-row><table:table-cell>"
        f"{content}</table:table-cell></table:table-row></table:table></office:document-content>",
    )


@pytest.mark.parametrize(
    "content",
    ["<text:p/>" * 200_000, "<text:p>" + '<text:s text:c="1000"/>' * 200_000 + "</text:p>"],
)
def test_a_text_too_long_for_a_cell(content):
    assert refusal(ods_cell(content)) == (
        "La ligne 1 a un texte beaucoup trop long pour une cellule."
    )


def test_an_attribute_without_end():
    cell = f'<text:p text:style-name="{"x" * 3_000_000}"/>'
    assert refusal(ods_cell(cell)) == "Ce fichier ODS n’a pas été écrit par un tableur."
