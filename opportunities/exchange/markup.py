"""XML that anybody may have written, read piece by piece."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any
from xml.parsers.expat import XMLParserType

_CHUNK = 64 * 1024
# Bytes: expat begins a mark again with each chunk until it is whole, and holds it.
_LONGEST_MARK = 1024 * 1024


class StrangeMarkup(Exception):
    """No spreadsheet writes so: a document type, hence entities, or a mark without end."""


def told(parser: XMLParserType, part: IO[bytes]) -> Iterator[None]:
    """Has `parser` tell its handlers what `part` holds; stops after each piece of it. Raises
    StrangeMarkup, expat.ExpatError."""
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    given = 0
    while chunk := part.read(_CHUNK):
        parser.Parse(chunk, False)
        given += len(chunk)
        if given - parser.CurrentByteIndex > _LONGEST_MARK:
            raise StrangeMarkup
        yield
    parser.Parse(b"", True)
    yield


def _refuse(*_: Any) -> None:
    raise StrangeMarkup
