import random
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

import pytest

from opportunities import documents, uploads
from opportunities.photos import Drawing
from opportunities.uploads import MAX_BYTES, Refused
from tests.opportunities.files import (
    LEGACY_OFFICE,
    OFFICE_TYPES,
    PDF,
    archive,
    halves,
    office,
    upload,
    written,
)

MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"


def refusal(content):
    with pytest.raises(Refused) as caught:
        documents.check(upload(content, "devis.pdf"))
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert sentence[0].isupper()
    return type(caught.value)


# What is kept


@pytest.mark.parametrize("suffix", OFFICE_TYPES)
def test_office_files(suffix):
    content = office(suffix)
    found = documents.check(upload(content, "sans suffixe"))
    assert found == documents.Document(content, suffix, OFFICE_TYPES[suffix])


@pytest.mark.parametrize("content", [PDF, PDF + b"\r\n\r\n", PDF + bytes(1000), PDF * 3])
def test_pdf(content):
    found = documents.check(upload(content, "page.html"))
    assert found == documents.Document(content, ".pdf", "application/pdf")


def test_what_real_writers_write():
    """openpyxl writes spreadsheets as Excel does, Pillow a PDF of a picture."""
    from openpyxl import Workbook  # noqa: PLC0415

    spreadsheet = BytesIO()
    Workbook().save(spreadsheet)
    assert documents.check(spreadsheet).suffix == ".xlsx"
    assert documents.check(upload(written(halves(), "PDF"))).suffix == ".pdf"


def test_a_library_that_libreoffice_left_empty():
    parts = {"Basic/Standard/script-lb.xml": "<x/>", "Basic/script-lc.xml": "<x/>"}
    assert documents.check(upload(office(".odt", parts))).suffix == ".odt"


def test_an_office_file_inside_another():
    inside = {"word/embeddings/table.xlsx": office(".xlsx")}
    assert documents.check(upload(office(".docx", inside))).suffix == ".docx"


# What is refused


def test_empty():
    assert refusal(b"") is uploads.Empty


def test_too_heavy():
    start, end = PDF[:9], PDF[9:]
    heaviest = start + bytes(MAX_BYTES - len(PDF)) + end
    assert documents.check(upload(heaviest)).suffix == ".pdf"
    assert refusal(start + b"\0" + heaviest[9:]) is uploads.TooHeavy


@pytest.mark.parametrize("content", [PDF[:-7], PDF[:20], b"%PDF-1.7"])
def test_a_pdf_cut_short(content):
    assert refusal(content) is documents.Incomplete


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("suffix", [".docx", ".ods"])
def test_an_office_file_cut_short(suffix, kept):
    content = office(suffix)
    assert refusal(content[: int(len(content) * kept)]) is documents.Incomplete


def test_a_pdf_that_is_an_archive_too():
    assert refusal(PDF[:-6] + archive({"virus.exe": b"MZ"}) + b"%%EOF") is uploads.SeveralThings


@pytest.mark.parametrize(
    "content",
    [
        archive({"[Content_Types].xml": f'<Override ContentType="{MACROS}"/>'}),
        office(".docx", {"word/vbaProject.bin": LEGACY_OFFICE}),
        office(".xlsx", {"xl/VBAPROJECT.BIN": LEGACY_OFFICE}),
        office(".odt", {"Basic/Standard/Module1.xml": "<x/>"}),
        office(".ods", {"Scripts/python/virus.py": "import os"}),
    ],
)
def test_macros(content):
    assert refusal(content) is documents.Macros


def test_the_formats_of_before():
    assert refusal(LEGACY_OFFICE) is documents.OldOffice


def test_an_encrypted_part():
    content = bytearray(office(".odt"))
    for head, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(head) + flags] |= 1
    assert refusal(bytes(content)) is documents.OldOffice


def test_a_bomb_is_not_unpacked(monkeypatch):
    zeros = bytes(1024 * 1024)
    bomb = office(".docx", {f"{number}.xml": zeros for number in range(501)})
    assert len(bomb) < 1024 * 1024
    monkeypatch.setattr(ZipFile, "open", lambda *_: pytest.fail("it was unpacked"))
    assert refusal(bomb) is documents.Bomb


def test_an_archive_of_too_many_parts():
    many = BytesIO()
    with ZipFile(many, "w", ZIP_STORED) as file:
        for number in range(documents.MAX_PARTS + 1):
            file.writestr(str(number), b"")
    assert refusal(many.getvalue()) is documents.Bomb


def test_the_part_that_says_what_it_is_may_lie_about_its_size():
    """Only its first mebibyte is unpacked, whatever follows."""
    types = b" " * 2 * 1024 * 1024 + b"application/x.wordprocessingml.document.main+xml"
    assert refusal(archive({"[Content_Types].xml": types})) is documents.NotADocument


def test_a_drawing():
    assert refusal(b"<svg xmlns='http://www.w3.org/2000/svg'/>") is Drawing


@pytest.mark.parametrize(
    "content",
    [
        archive({"virus.exe": b"MZ"}),
        archive({"mimetype": "application/epub+zip"}),
        archive({"mimetype": "text/html"}),
        archive({"[Content_Types].xml": "<Types/>"}),
        archive({"[Content_Types].xml": "\ud800".encode("utf-16-le", "surrogatepass")}),
        archive({}),
        b"nom;adresse\nHalle;rue du Port\n",
        b"<!doctype html><p>",
        b"{\\rtf1 du texte}",
        b"MZ\x90\x00",
        b"\x7fELF\x02\x01\x01",
        b"#!/bin/sh\n",
        b"du texte\n%PDF-1.7\nstartxref\n%%EOF",
        b"\x00",
    ],
)
def test_what_is_no_document(content):
    assert refusal(content) is documents.NotADocument


def test_random_bytes_are_refused_and_nothing_worse():
    chance = random.Random(20261122)
    heads = (b"%PDF-1.7", b"PK\x03\x04", LEGACY_OFFICE[:8], b"")
    for number in range(300):
        content = heads[number % len(heads)] + chance.randbytes(chance.randrange(1, 3000))
        assert issubclass(refusal(content), Refused)


@pytest.mark.parametrize("suffix", OFFICE_TYPES)
def test_an_archive_with_damaged_bytes_is_kept_or_refused(suffix):
    chance = random.Random(20261122)
    content = office(suffix)
    for _ in range(200):
        damaged = bytearray(content)
        for _ in range(chance.randrange(1, 6)):
            damaged[chance.randrange(4, len(damaged))] = chance.randrange(256)
        try:
            found = documents.check(upload(bytes(damaged)))
        except Refused:
            continue
        assert found.suffix in OFFICE_TYPES
