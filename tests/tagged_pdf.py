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


@dataclass
class Line:
    """A line of text where it is painted: `page` counts from 1; the rest is in CSS pixels (96 an
    inch) from the page's top left corner, `y` at the base of the letters."""

    page: int
    left: float
    right: float
    y: float
    text: str


class TaggedPDF:
    """The document `data` (bytes). `lines` are those of the document itself, without running
    titles; `faults` says in words what PDF/UA-1 would refuse."""

    def __init__(self, data):
        self.pdf = pikepdf.open(io.BytesIO(data))
        self._marked = {}  # (page's object number, mcid) -> text
        self._untagged = []
        self.lines = []
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
        fonts = {name: Font(font) for name, font in page.Resources.Font.items()}
        stack, font, size, matrix = [], None, 0, ()
        for operands, name in pikepdf.parse_content_stream(page):
            operator = str(name)
            if operator in {"BMC", "BDC"}:
                is_artifact = operands[0] == "/Artifact"
                stack.append(ARTIFACT if is_artifact else int(operands[1]["/MCID"]))
            elif operator == "EMC":
                stack.pop()
            elif operator == "Tf":
                font, size = fonts[str(operands[0])], float(operands[1])
            elif operator == "Tm":
                matrix = operands
            elif operator in PAINTS:
                if not stack:
                    self._untagged.append(f"page {number}: {operator} outside of any mark")
                elif operator in SHOWS_TEXT:
                    key = (page.objgen, stack[-1])
                    text, width = font.decode(operands[0])
                    self._marked[key] = self._marked.get(key, "") + text
                    if stack[-1] is not ARTIFACT:
                        left, y = (float(number) for number in matrix[4:])
                        self.lines.append(Line(number, left, left + width * size, y, text))
                else:
                    self._marked.setdefault((page.objgen, stack[-1]), "")

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


class Font:
    """A font as WeasyPrint embeds it: two bytes a glyph, told what they mean one by one."""

    def __init__(self, font):
        cmap = font.ToUnicode.read_bytes().decode()
        self.characters = {
            int(glyph, 16): bytes.fromhex(text).decode("utf-16-be")
            for glyph, text in re.findall(r"<([0-9a-f]{4})> <([0-9a-f]*)>", cmap)
        }
        widths = list(font.DescendantFonts[0].W)
        self.widths = {}
        for first, run in zip(widths[::2], widths[1::2], strict=True):
            self.widths |= {int(first) + at: float(width) for at, width in enumerate(run)}

    def decode(self, operand):
        """The text that a TJ paints and, where the size is 1, its width without the spaces at
        the end, which may hang over the margin."""
        text, width, end = "", 0.0, 0.0
        for piece in operand if isinstance(operand, pikepdf.Array) else [operand]:
            if not isinstance(piece, pikepdf.String):
                width -= float(piece)
                continue
            glyphs = bytes(piece)
            for at in range(0, len(glyphs), 2):
                glyph = int.from_bytes(glyphs[at : at + 2])
                text += self.characters[glyph]
                width += self.widths[glyph]
                end = end if self.characters[glyph] == " " else width
        return text, end / 1000


def _number_tree(tree):
    entries = list(tree.Nums)
    return dict(zip((int(key) for key in entries[::2]), entries[1::2], strict=True))
