"""Reads a tagged PDF as assistive technology does: by its structure tree, not by its looks."""

import io
import re
from dataclasses import dataclass, field
from itertools import pairwise

import pikepdf

SHOWS_TEXT = {"Tj", "TJ", "'", '"'}
PAINTS = {"f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "Do"} | SHOWS_TEXT
ARTIFACT = "Artifact"


@dataclass
class Element:
    """A structure element; `kids` are elements and the texts (str) of marked contents."""

    tag: str
    node: pikepdf.Object
    kids: list = field(default_factory=list)

    def walk(self):
        yield self
        for kid in self.kids:
            if isinstance(kid, Element):
                yield from kid.walk()

    @property
    def text(self):
        """Its words, with one space where the PDF has a line end, a cell end or spaces."""
        texts = (kid.text if isinstance(kid, Element) else kid for kid in self.kids)
        return " ".join(" ".join(texts).split())


class TaggedPDF:
    """The document `data` (bytes). `faults` says in words what PDF/UA-1 would refuse."""

    def __init__(self, data):
        self.pdf = pikepdf.open(io.BytesIO(data))
        self._marked = {}  # (page's object number, mcid) -> text
        self._untagged = []
        for number, page in enumerate(self.pdf.pages, start=1):
            self._read_page(number, page)
        self._reached = {}  # (page's object number, mcid) -> element
        self.root = Element("Root", self.pdf.Root.StructTreeRoot)
        self._read_kids(self.root)

    @property
    def elements(self):
        return list(self.root.walk())[1:]

    @property
    def headings(self):
        """[("H1", text), …] in reading order."""
        found = (element for element in self.elements if re.fullmatch(r"H[1-6]", element.tag))
        return [(element.tag, element.text) for element in found]

    @property
    def text(self):
        return self.root.text

    @property
    def artifacts(self):
        """The texts that are no part of the document: running titles, page numbers."""
        return [text for (_, mcid), text in self._marked.items() if mcid is ARTIFACT]

    def faults(self):
        return [
            *self._faults_of_catalogue(),
            *self._untagged,
            *self._faults_of_marks(),
            *self._faults_of_headings(),
            *self._faults_of_elements(),
        ]

    def _read_page(self, number, page):
        fonts = {name: _characters(font) for name, font in page.Resources.Font.items()}
        stack, font = [], {}
        for operands, name in pikepdf.parse_content_stream(page):
            operator = str(name)
            if operator == "BMC":
                stack.append(ARTIFACT if operands[0] == "/Artifact" else None)
            elif operator == "BDC":
                is_artifact = operands[0] == "/Artifact"
                stack.append(ARTIFACT if is_artifact else int(operands[1]["/MCID"]))
            elif operator == "EMC":
                stack.pop()
            elif operator == "Tf":
                font = fonts[str(operands[0])]
            elif operator in PAINTS:
                marks = [mark for mark in stack if mark is not None]
                if not marks:
                    self._untagged.append(f"page {number}: {operator} outside of any mark")
                elif operator in SHOWS_TEXT:
                    key = (page.objgen, marks[-1])
                    self._marked[key] = self._marked.get(key, "") + _decode(operands[0], font)
                else:
                    self._marked.setdefault((page.objgen, marks[-1]), "")

    def _read_kids(self, element):
        kids = element.node.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, int):
                key = (element.node.Pg.objgen, kid)
                self._reached[key] = element
                element.kids.append(self._marked.get(key, ""))
            elif kid.get("/Type") != "/OBJR":
                child = Element(str(kid.S)[1:], kid)
                element.kids.append(child)
                self._read_kids(child)

    def _faults_of_catalogue(self):
        root = self.pdf.Root
        if not root.MarkInfo.Marked:
            yield "not marked as tagged"
        if not str(root.get("/Lang", "")):
            yield "no language"
        if not root.ViewerPreferences.DisplayDocTitle:
            yield "the title is not displayed"
        with self.pdf.open_metadata() as metadata:
            if metadata.get("pdfuaid:part") != "1":
                yield "not declared as PDF/UA-1"
            if not metadata.get("dc:title"):
                yield "no title"

    def _faults_of_marks(self):
        parents = _number_tree(self.pdf.Root.StructTreeRoot.ParentTree)
        pages = {page.objgen: page for page in self.pdf.pages}
        for number, page in enumerate(self.pdf.pages, start=1):
            if page.get("/Tabs") != "/S":
                yield f"page {number}: the tab order is not that of the structure"
            if page.objgen not in {reached for reached, _ in self._reached}:
                yield f"page {number}: the structure doesn't reach it"
        for (page, mcid), text in self._marked.items():
            element = self._reached.get((page, mcid))
            if mcid is not ARTIFACT and element is None:
                yield f"marked content outside of the structure: {text!r}"
            elif element and parents[pages[page].StructParents][mcid].objgen != element.node.objgen:
                yield f"the parent tree contradicts the structure: {text!r}"

    def _faults_of_headings(self):
        levels = [int(tag[1]) for tag, _ in self.headings]
        if levels.count(1) != 1 or levels[0] != 1:
            yield f"the headings don't begin with one H1: {levels}"
        for before, after in pairwise(levels):
            if after > before + 1:
                yield f"a heading of level {after} follows one of level {before}"
        yield from (f"an empty {tag}" for tag, text in self.headings if not text)

    def _faults_of_elements(self):
        for element in self.elements:
            node = element.node
            if element.tag == "TH" and node.A.get("/Scope") not in ("/Row", "/Column"):
                yield f"a header cell without scope: {element.text}"
            if element.tag == "Figure" and not str(node.get("/Alt", "")):
                yield "a figure without alternative text"
            if element.tag == "L" and {kid.tag for kid in element.kids} - {"LI", "L", "Caption"}:
                yield "a list of other things than items"


def _characters(font):
    """Glyph number -> text, of one font of the PDF."""
    cmap = font.ToUnicode.read_bytes().decode()
    return {
        int(glyph, 16): bytes.fromhex(text).decode("utf-16-be")
        for glyph, text in re.findall(r"<([0-9a-f]{4})> <([0-9a-f]*)>", cmap)
    }


def _decode(operand, font):
    pieces = operand if isinstance(operand, pikepdf.Array) else [operand]
    glyphs = b"".join(bytes(piece) for piece in pieces if isinstance(piece, pikepdf.String))
    pairs = (int.from_bytes(glyphs[at : at + 2]) for at in range(0, len(glyphs), 2))
    return "".join(font[glyph] for glyph in pairs)


def _number_tree(tree):
    entries = list(tree.Nums)
    return dict(zip((int(key) for key in entries[::2]), entries[1::2], strict=True))
