"""Documents: kept to the byte, once it is known what they are. What could run by itself when it is
opened is refused, here and not by the machine of the colleague who opens it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from typing import IO
from zipfile import BadZipFile, ZipFile, is_zipfile

from opportunities.photos import Drawing, is_drawing
from opportunities.uploads import Refused, SeveralThings, content_of

MAX_UNPACKED_BYTES = 500 * 1024 * 1024  # of all the parts of an office file together
MAX_PARTS = 10_000

_OOXML = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"
_TYPES = {  # by what the file says of its main part: (suffix, media type)
    f"{_OOXML}.wordprocessingml.document.main+xml": (
        ".docx",
        f"{_OOXML}.wordprocessingml.document",
    ),
    f"{_OOXML}.spreadsheetml.sheet.main+xml": (".xlsx", f"{_OOXML}.spreadsheetml.sheet"),
    f"{_OOXML}.presentationml.presentation.main+xml": (
        ".pptx",
        f"{_OOXML}.presentationml.presentation",
    ),
    f"{_OOXML}.presentationml.slideshow.main+xml": (
        ".ppsx",
        f"{_OOXML}.presentationml.slideshow",
    ),
    f"{_ODF}.text": (".odt", f"{_ODF}.text"),
    f"{_ODF}.spreadsheet": (".ods", f"{_ODF}.spreadsheet"),
    f"{_ODF}.presentation": (".odp", f"{_ODF}.presentation"),
}
SUFFIXES = (".pdf", *(suffix for suffix, _ in _TYPES.values()))
_MAIN_PART = re.compile(rb"[\w.+/-]+\.main\+xml")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = 0x1  # the bit of a part's flags
# Empty libraries, which LibreOffice writes also where there is no macro.
_EMPTY_LIBRARIES = ("script-lb.xml", "script-lc.xml", "dialog-lb.xml", "dialog-lc.xml", "/")


class NotADocument(Refused):
    def __init__(self):
        super().__init__(
            "Ce format n’est pas accepté : envoyez un PDF, un document Word, Excel, PowerPoint "
            "ou LibreOffice, ou une photo (JPEG, PNG, WebP, HEIC)."
        )


class Incomplete(Refused):
    def __init__(self):
        super().__init__(
            "Ce document est incomplet ou abîmé : ouvrez-le pour vérifier, puis renvoyez-le."
        )


class OldOffice(Refused):
    """The formats of before 2007, and the encrypted files of today, which share their container.
    Macros can hide in them where nothing short of a whole reader of each format finds them."""

    def __init__(self):
        super().__init__(
            "Les anciens formats d’Office (.doc, .xls, .ppt) et les fichiers protégés par un mot "
            "de passe ne sont pas acceptés : enregistrez celui-ci au format .docx, .xlsx, .pptx "
            "ou PDF, sans mot de passe."
        )


class Macros(Refused):
    def __init__(self):
        super().__init__(
            "Ce document contient des macros : par sécurité, enregistrez-le sans elles "
            "(.docx, .xlsx, .pptx, .odt…), puis renvoyez-le."
        )


class Bomb(Refused):
    def __init__(self):
        super().__init__(
            "Ce document, une fois décompressé, serait démesuré : par sécurité, il n’est pas "
            "accepté."
        )


@dataclass(frozen=True)
class Document:
    """What a checked file is: its bytes as they came, and by what name and type to give it back."""

    content: bytes
    suffix: str
    media_type: str


def check(upload: IO[bytes]) -> Document:
    """The document that `upload` holds: PDF, docx, xlsx, pptx, ppsx, odt, ods or odp.

    Texts and CSV are refused with the rest: nothing in their content tells them from a page or a
    script. Raises Refused: Empty, TooHeavy, NotADocument, Incomplete, OldOffice, Macros, Bomb,
    SeveralThings or Drawing.
    """
    content = content_of(upload)
    if content.startswith(b"%PDF-"):
        _check_pdf(content)
        return Document(content, ".pdf", "application/pdf")
    if content.startswith(b"PK\x03\x04"):
        return Document(content, *_office_type(content))
    if content.startswith(_OLE):
        raise OldOffice
    raise Drawing if is_drawing(content) else NotADocument


def _check_pdf(content):
    """Whole, as far as its last lines tell; what is in it is for the reader of PDF to judge."""
    end = content[-2048:]
    if b"startxref" not in end or b"%%EOF" not in end:
        raise Incomplete
    if is_zipfile(BytesIO(content)):
        raise SeveralThings


def _office_type(content):
    """(suffix, media type). Of all the parts only the one that says what the file is gets
    unpacked, and of that one no more than its first mebibyte."""
    if content.count(b"PK\x01\x02") > MAX_PARTS:  # a line of its list of parts begins so
        raise Bomb
    try:
        with ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
                raise Bomb
            if any(part.flag_bits & _ENCRYPTED for part in parts):
                raise OldOffice
            names = {part.filename for part in parts}
            declared = _declared(archive, names)
    except Refused:
        raise
    except Exception as error:  # an archive made to harm raises more than BadZipFile
        raise (Incomplete if isinstance(error, BadZipFile) else NotADocument) from error
    if any(map(_is_macro, names)) or any("macroenabled" in one.lower() for one in declared):
        raise Macros
    for one in declared:
        if one in _TYPES:
            return _TYPES[one]
    raise NotADocument


def _declared(archive, names):
    """What the file says that it is, as the keys of _TYPES say it."""
    if "mimetype" in names:
        with archive.open("mimetype") as part:
            return [part.read(200).decode("ascii", "replace").strip()]
    if "[Content_Types].xml" in names:
        with archive.open("[Content_Types].xml") as part:
            return [one.decode() for one in _MAIN_PART.findall(part.read(1024 * 1024))]
    return []


def _is_macro(name):
    if name.lower().endswith("vbaproject.bin"):
        return True
    return name.startswith(("Basic/", "Scripts/")) and not name.endswith(_EMPTY_LIBRARIES)
