"""What somebody sends: not too heavy, not empty, one thing only. `photos` and `documents` look
closer. A file is judged by what it holds, never by its name or by what the browser says of it."""

from __future__ import annotations

from io import BytesIO
from typing import IO
from zipfile import is_zipfile

MAX_BYTES = 15 * 1024 * 1024  # of one file

# What makes a program take a file for something else than what it begins as. Lower case, and long
# enough not to turn up by chance among the 15 million bytes of a photo.
_OTHER_NATURES = (
    b"<script",
    b"<!doctype html",
    b"<html>",
    b"<html ",
    b"<?php ",
    b"<?php\n",
    b"<?php\r",
    b"http://www.w3.org/2000/svg",
    b"%pdf-1.",
    b"%pdf-2.",
    b"this program cannot be run in dos mode",
    b"this program must be run under win",
    b"\x7felf\x01\x01\x01",
    b"\x7felf\x02\x01\x01",
    b"rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
)


class Refused(Exception):
    """A file that isn't kept; the message says why, in French, to who sent it."""


class Empty(Refused):
    def __init__(self):
        super().__init__("Ce fichier est vide.")


class TooHeavy(Refused):
    def __init__(self):
        super().__init__("Ce fichier est trop lourd : 15 Mo au plus sont possibles.")


class SeveralThings(Refused):
    def __init__(self):
        super().__init__(
            "Ce fichier en cache un autre (archive, programme, page web…) : par sécurité, "
            "il n’est pas accepté."
        )


def content_of(upload: IO[bytes]) -> bytes:
    """All of `upload`, from its first byte; never more than MAX_BYTES are held. `upload` is back
    at its beginning. Raises Empty or TooHeavy."""
    upload.seek(0)
    content = upload.read(MAX_BYTES + 1)
    upload.seek(0)
    if not content:
        raise Empty
    if len(content) > MAX_BYTES:
        raise TooHeavy
    return content


def check_one_nature(content: bytes) -> None:
    """Raises SeveralThings for an image that is also an archive, a page, a program or a PDF.

    What merely follows the image is no reason: the photos of many telephones end with a film of
    the instant (MP4) or with a second image.
    """
    lowered = content.lower()
    if any(sign in lowered for sign in _OTHER_NATURES) or is_zipfile(BytesIO(content)):
        raise SeveralThings
