import logging
import shutil
from io import BytesIO

import pikepdf
import pytest
from django.conf import settings
from django.contrib.staticfiles import storage
from django.core.exceptions import SuspiciousOperation
from weasyprint import HTML

from tests.tagged_pdf import TaggedPDF
from worksheets import typesetting
from worksheets.typesetting import StaticFilesOnly, paragraphs_of, pdf_of

STATIC = f"{settings.SITE_URL}{settings.STATIC_URL}"


def page(body):
    return f'<html lang="fr"><title>Essai</title><body><h1>Essai</h1>{body}</body></html>'


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/image.png",
        "https://example.org/style.css",
        f"{settings.SITE_URL}/media/photo.jpg",
        f"{settings.SITE_URL}/administration/",
        f"{STATIC[:-1]}.example.org/sheet.css",
        "ftp://example.org/file",
        "file:///etc/passwd",
        "data:text/css,body{color:red}",
        "/etc/passwd",
    ],
)
def test_other_addresses_are_refused(url):
    with pytest.raises(typesetting.Refused):
        StaticFilesOnly().fetch(url)


@pytest.mark.parametrize("name", ["../settings.py", "%2e%2e/%2e%2e/etc/passwd", "/etc/passwd"])
def test_a_name_doesn_t_leave_the_static_files(name):
    with pytest.raises((SuspiciousOperation, FileNotFoundError)):
        StaticFilesOnly().fetch(STATIC + name)


def test_a_static_file_is_read_from_its_place():
    response = StaticFilesOnly().fetch(f"{STATIC}pdf/line.svg")
    assert response.content_type == "image/svg+xml"
    assert response.read() == (settings.BASE_DIR / "static/pdf/line.svg").read_bytes()


def test_a_static_file_is_read_under_its_hashed_name(tmp_path, monkeypatch):
    (tmp_path / "sheet.0123456789ab.css").write_text("collected")
    collected = storage.ManifestStaticFilesStorage(location=tmp_path)
    monkeypatch.setattr(typesetting, "staticfiles_storage", collected)
    response = StaticFilesOnly().fetch(f"{STATIC}sheet.0123456789ab.css")
    assert (response.content_type, response.read()) == ("text/css", b"collected")


def test_a_document_fetches_nothing_else(caplog):
    caplog.set_level(logging.WARNING, "weasyprint")
    pdf_of(
        page(
            '<link rel="stylesheet" href="https://example.org/style.css">'
            '<p style="background: url(file:///etc/passwd)">Texte</p>'
            '<img src="http://example.org/image.png" alt="">'
            '<embed src="data:image/svg+xml,<svg/>">'
        )
    )
    refused = [record.getMessage() for record in caplog.records if "Refused" in record.getMessage()]
    assert [message.rpartition(" ")[2] for message in refused] == [
        "https://example.org/style.css",
        "http://example.org/image.png",
        "data:image/svg+xml,<svg/>",
        "file:///etc/passwd",
    ]


def test_one_document_waits_and_no_more(monkeypatch):
    """Whatever is asked for, some threads are left for the pages."""
    html = page("<p>Texte</p>")
    # One is laid out, one waits.
    with typesetting._places, typesetting._places, pytest.raises(typesetting.Busy):
        pdf_of(html)
    monkeypatch.setattr(typesetting, "_finish", lambda *_: 1 / 0)
    for _ in range(3):  # a failure gives its place back
        with pytest.raises(ZeroDivisionError):
            pdf_of(html)


def test_the_fonts_come_back_where_temporary_files_are_cleared():
    html = page(
        "<style>@font-face { font-family: A; src: url(/static/%s) } p { font-family: A }</style>"
        "<p>Texte</p>"
    )
    html = html.replace("%s", "npm/source-sans-3/files/source-sans-3-latin-wght-normal.woff2")
    before = fonts_in(pdf_of(html))
    shutil.rmtree(typesetting.fonts()._folder)
    assert "A" in before  # which is not a font of this machine
    assert fonts_in(pdf_of(html)) == before


def fonts_in(data):
    """The names of the embedded fonts, without the mark of their subset."""
    with pikepdf.open(BytesIO(data)) as pdf:
        fonts = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/BaseFont" in o]
        return {str(font.BaseFont).split("+")[-1] for font in fonts}


def test_the_tags_are_completed():
    html = page(
        "<style>@page { @bottom-left { content: 'Pied' counter(page) } }</style>"
        "<table><thead><tr><th>Date</th><th>Avis</th></tr></thead>"
        '<tbody><tr><th scope="row">Lundi</th><td>favorable</td></tr></tbody></table>'
    )
    found = TaggedPDF(pdf_of(html))
    assert found.faults() == []
    assert found.artifacts == ["Pied1"]
    scopes = [(cell.text, cell.node.A.Scope) for cell in found.elements if cell.tag == "TH"]
    assert scopes == [("Date", "/Column"), ("Avis", "/Column"), ("Lundi", "/Row")]


def test_the_checker_sees_what_is_not_completed():
    html = page(
        "<style>@page { @bottom-left { content: 'Pied' } }</style>"
        "<h3>Trop bas</h3><table><tr><th>Date</th><td>lundi</td></tr></table>"
    )
    bare = HTML(string=html.replace(' lang="fr"', "")).write_pdf(pdf_variant="pdf/ua-1")
    assert TaggedPDF(bare).faults() == [
        "no language",
        "marked content outside of the structure: 'Pied'",
        "a heading of level 3 follows one of level 1",
        "a header cell without scope: Date",
    ]


@pytest.mark.parametrize(
    ("text", "direction"),
    [("Bonjour مرحبا", "ltr"), ("2026 : مرحبا", "rtl"), ("« שלום »", "rtl"), ("2026 !", "ltr")],
)
def test_the_first_letter_gives_the_direction(text, direction):
    assert typesetting._direction(text) == direction


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", [""]),
        ("Un\ndeux", ["Un\ndeux"]),
        ("Un\n\ndeux\n \n\ntrois\n\n", ["Un", "\ndeux", " \n\ntrois"]),
        ("\n\n  Un", ["\n\n  Un"]),
        ("mot " + "x" * 1001 + " fin", ["mot " + "x" * 500, "x" * 500, "x fin"]),
        ("x" * 500, ["x" * 500]),
        ("\n".join("a" * 41), ["\n".join("a" * 40), "a"]),
    ],
)
def test_a_text_is_cut_into_paragraphs(text, parts):
    assert list(paragraphs_of(text)) == parts


def test_endless_lines_become_signs():
    *lines, last = "\n".join(paragraphs_of("a\n" * 2500)).split("\n")
    assert lines == ["a"] * 2000
    assert last == "a" + " ¶ a" * 499
