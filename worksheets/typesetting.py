"""From HTML to a tagged PDF (PDF/UA-1): WeasyPrint, held on a short leash.

It fetches nothing but this project's own static files, and one document is laid out at a time in
each process: the fonts are loaded once, and two huge documents never fill the memory together.
One more may wait; the threads that are left serve pages, however many documents are asked for.
"""

from __future__ import annotations

import atexit
import mimetypes
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import chain, pairwise
from threading import BoundedSemaphore, Lock
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree.ElementTree import Element, SubElement

import pydyf
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

OPTIONS = {"pdf_variant": "pdf/ua-1"}
MAX_LINES = 2000
LINES_TOGETHER = 40
LETTERS_TOGETHER = 500

_places = BoundedSemaphore(2)
_one_at_a_time = Lock()


class Busy(Exception):
    """A document is being laid out and another one waits: to be asked for again."""


def pdf_of(html: str) -> bytes:
    """The document `html` (its `lang`, `title` and headings are the PDF's) as PDF/UA-1.

    About 2 s for 100,000 characters of prose on one core. Raises Busy.
    """
    with _turn():
        document = HTML(string=html, base_url=settings.SITE_URL, url_fetcher=StaticFilesOnly())
        for element in list(document.etree_element.iter()):
            if element.get("dir") == "auto":
                element.set("dir", _direction("".join(element.itertext())))
            if "answer-text" in element.get("class", "").split():
                _cut_into_paragraphs(element)
        return document.write_pdf(finisher=_finish, font_config=fonts(), **OPTIONS)


@contextmanager
def _turn() -> Iterator[None]:
    if not _places.acquire(blocking=False):
        raise Busy
    try:
        with _one_at_a_time:
            yield
    finally:
        _places.release()


def fonts() -> FontConfiguration:
    """The fonts of the style sheets, unpacked once for the life of the process."""
    unpacked = _unpacked()._folder
    if unpacked and not unpacked.is_dir():  # what clears /tmp of old files passed
        _unpacked.cache_clear()
    return _unpacked()


@cache
def _unpacked() -> FontConfiguration:
    atexit.register(_unpacked.cache_clear)  # its __del__ removes the files
    return FontConfiguration()


class Refused(ValueError):
    """An address that is not one of our static files."""


class StaticFilesOnly(URLFetcher):
    """Serves what `{% static %}` names from the disk, hashed names included, and opens no
    connection: every other address, of whatever scheme, is refused."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        root = urljoin(f"{settings.SITE_URL}/", settings.STATIC_URL)
        if not url.startswith(root):
            raise Refused(url)
        name = unquote(urlsplit(url.removeprefix(root)).path)
        return URLFetcherResponse(
            url, _read_static(name), {"Content-Type": mimetypes.guess_type(name)[0] or ""}
        )


def _read_static(name: str) -> bytes:
    """The static file `name`, found in its place or, under a hashed name, among the collected
    ones. Both refuse a name that leaves their directories."""
    path = finders.find(name)
    with open(path, "rb") if path else staticfiles_storage.open(name) as file:
        return file.read()


def _cut_into_paragraphs(element: Element) -> None:
    """Makes a <p> of each paragraph of an answer that has several: what it is for those who have
    it read aloud, and WeasyPrint's time grows with the square of a text's length where it finds no
    space in it."""
    parts = list(paragraphs_of(element.text or ""))
    if len(parts) == 1:
        element.text = parts[0]
        return
    element.text = None
    for part in parts:
        SubElement(element, "p").text = part


def paragraphs_of(text: str) -> Iterator[str]:
    """The parts of `text`, each to begin on a new line; all its characters are there, except the
    line ends between two parts, and that beyond MAX_LINES line ends are only signs (¶).

    A part begins at a blank line (which it keeps), after LINES_TOGETHER lines, and within a run of
    more than LETTERS_TOGETHER characters without a space, which nobody would read as one word.
    """
    lines = text.rstrip().split("\n", MAX_LINES)
    lines[-1] = lines[-1].replace("\n", " ¶ ")
    part: list[str] = []
    for line in lines:
        begins = not line.strip() and any(before.strip() for before in part)
        if begins or len(part) == LINES_TOGETHER:
            yield from _cut_long_runs("\n".join(part))
            part = []
        part.append(line)
    yield from _cut_long_runs("\n".join(part))


def _cut_long_runs(text: str) -> Iterator[str]:
    cuts = (
        range(run.start() + LETTERS_TOGETHER, run.end(), LETTERS_TOGETHER)
        for run in re.finditer(r"\S+", text)
    )
    for start, end in pairwise([0, *chain.from_iterable(cuts), len(text)]):
        yield text[start:end]


def _direction(text: str) -> str:
    for character in text:
        match unicodedata.bidirectional(character):
            case "L":
                return "ltr"
            case "R" | "AL":
                return "rtl"
    return "ltr"


def _finish(document, pdf: pydyf.PDF) -> None:
    """Completes the tags where WeasyPrint stops short of PDF/UA."""
    root = _at(pdf, pdf.catalog["StructTreeRoot"])
    reached = {element.number: element for element in _walk(pdf, root)}
    for element in reached.values():
        if element.get("S") == "/TH":
            _say_scope(pdf, element)
    _make_artifacts_of_running_titles(pdf, root, reached)


def _at(pdf: pydyf.PDF, reference: bytes) -> pydyf.Object:
    return pdf.objects[int(reference.split()[0])]


def _walk(pdf: pydyf.PDF, element: pydyf.Dictionary) -> Iterator[pydyf.Dictionary]:
    """The structure elements under `element`, itself included."""
    yield element
    for kid in element.get("K", ()):
        if isinstance(kid, bytes):  # else the number of a marked content
            found = _at(pdf, kid)
            if found.get("Type") != "/OBJR":
                yield from _walk(pdf, found)


def _say_scope(pdf: pydyf.PDF, header: pydyf.Dictionary) -> None:
    """Header cells of a table's head stand above columns, all others before rows."""
    row = _at(pdf, header["P"])
    is_in_head = _at(pdf, row["P"]).get("S") == "/THead"
    header["A"]["Scope"] = "/Column" if is_in_head else "/Row"


def _make_artifacts_of_running_titles(pdf, root, reached) -> None:
    """WeasyPrint tags the page margins with elements that hang outside of the tree; a reader that
    speaks would meet them on every page. They become what the norm calls pagination artifacts."""
    numbers = _at(pdf, root["ParentTree"])["Nums"]
    for index, reference in enumerate(pdf.page_references):
        parents = numbers[2 * index + 1]
        outside = {
            mcid for mcid, parent in enumerate(parents) if int(parent.split()[0]) not in reached
        }
        for mcid in outside:
            parents[mcid] = b"null"
        operands = _at(pdf, _at(pdf, reference)["Contents"]).stream
        for position, operand in enumerate(operands):
            if isinstance(operand, pydyf.Dictionary) and operand.get("MCID") in outside:
                operands[position - 1] = b"/Artifact"
                operands[position] = pydyf.Dictionary({"Type": "/Pagination"})
    for thing in pdf.objects:
        is_element = isinstance(thing, pydyf.Dictionary) and thing.get("Type") == "/StructElem"
        if is_element and thing.number not in reached:
            thing.clear()
