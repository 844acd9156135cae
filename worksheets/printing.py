"""Worksheets on paper: as they are now, as they were submitted, or blank to fill by hand.

A `PrintedSheet` is all that one PDF says; `pdf_of` prints it. No person is named in it, except in
what the team wrote.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import slugify

from opportunities.enums import Kind
from worksheets import kinds, typesetting
from worksheets.completeness import Progress, progress
from worksheets.content import Content, Subject
from worksheets.document import Row, document_of
from worksheets.enums import QuestionKind, State
from worksheets.grids.schema import Question
from worksheets.models import Submission, Worksheet

# A row of text of at most this many characters (half a page) is not cut between two pages.
SHORT = 1200
BUDGET_LINES_TO_FILL = 5

STILL_TO_FIND = Subject(
    ref="", title="", kind="", kind_in_words="", place="", stage="", description=""
)


@dataclass(frozen=True)
class PrintedSheet:
    """`state` is None on a blank sheet. `number` is the submitted version that the content is of,
    if any; `fingerprint` is empty unless it is the frozen copy itself. `at` is when the content was
    last changed, or submitted. `is_part` says that the reader may see but a part of it."""

    content: Content
    centre: str
    worksheet_ref: str
    is_part: bool
    state: State | None = None
    number: int | None = None
    at: datetime | None = None
    fingerprint: str = ""

    @property
    def is_blank(self) -> bool:
        return self.state is None

    @property
    def title(self) -> str:
        return f"{self.content.grid.title} – {self.about}"

    @property
    def about(self) -> str:
        """What the cover says largest."""
        return self.content.about.title if self.content.about else self.content.territory

    @property
    def reference(self) -> str:
        """ "OQ-7F3K2MX2", with "-2" for the second submitted version."""
        version = f"-{self.number}" if self.number else ""
        return f"OQ-{self.worksheet_ref.upper()}{version}"

    @property
    def state_in_words(self) -> str:
        if self.state is None:
            return "À remplir à la main"
        version = f" · version {self.number}" if self.number else ""
        return f"{self.state.label}{version}"

    @property
    def edition(self) -> str:
        """What the foot of each page says after the reference."""
        if self.is_blank:
            return "fiche vierge"
        if self.fingerprint:
            return f"version {self.number} du {self.date} · empreinte {self.fingerprint}"
        return f"{self.state_in_words.lower()} · état au {self.date}"

    @property
    def date(self) -> str:
        """ "12 février 2027", in the time of Paris; empty on a blank sheet."""
        return date_format(timezone.localtime(self.at), "j F Y") if self.at else ""

    @property
    def progress(self) -> Progress:
        return progress(self.content)

    @property
    def file_name(self) -> str:
        """ASCII, such as "etape-1-cu-de-dunkerque-7f3k2mx2-v2.pdf"."""
        end = "vierge" if self.is_blank else f"v{self.number}" if self.number else "brouillon"
        parts = (self.content.grid.step, slugify(self.content.territory), self.worksheet_ref, end)
        return f"{'-'.join(parts)}.pdf"


def sheet_as_it_is(worksheet: Worksheet, content: Content) -> PrintedSheet:
    """The sheet of what the team is writing; `content` is what the reader may see of it. Once
    submitted it can't change: it bears the number of the last version. One query then."""
    number = None
    if worksheet.state in (State.SUBMITTED, State.VALIDATED):
        number = worksheet.submissions.order_by("-number").values_list("number", flat=True).first()
    return PrintedSheet(
        content=content,
        centre=worksheet.programme.centre.name,
        worksheet_ref=worksheet.ref,
        is_part=content.grid != worksheet.grid,
        state=State(worksheet.state),
        number=number,
        at=worksheet.changed_at,
    )


def sheet_as_submitted(
    worksheet: Worksheet, submission: Submission, content: Content
) -> PrintedSheet:
    """The sheet of a frozen version; `content` is what the reader may see of it."""
    return PrintedSheet(
        content=content,
        centre=worksheet.programme.centre.name,
        worksheet_ref=worksheet.ref,
        is_part=content.grid != worksheet.grid,
        state=State.SUBMITTED,
        number=submission.number,
        at=submission.submitted_at,
        fingerprint=fingerprint_of(submission),
    )


def blank_sheet(worksheet: Worksheet, content: Content) -> PrintedSheet:
    """A sheet to write on by hand: one block for each opportunity of `content`, or one block for
    an opportunity still to be found."""
    if not content.opportunities and content.grid.keys_per_opportunity:
        content = replace(content, opportunities=(STILL_TO_FIND,))
    room = {slot.name: _room_for(slot.question) for slot in content.slots()}
    return PrintedSheet(
        content=replace(content, answers=room),
        centre=worksheet.programme.centre.name,
        worksheet_ref=worksheet.ref,
        is_part=content.grid != worksheet.grid,
    )


def _room_for(question: Question) -> Any:
    """An answer with as many empty entries or rows as the question offers; where one out of a few
    is to be chosen in a cell, boxes to tick."""
    match question.kind:
        case QuestionKind.LIST:
            return [{"id": "", "text": ""}] * question.offered
        case QuestionKind.TABLE:
            boxes = {
                column.key: "\n".join(f"☐\u00a0{choice.label}" for choice in column.choices)
                for column in question.columns
            }
            return [{"id": "", "cells": boxes}] * question.offered
        case QuestionKind.BUDGET:
            lines = [{"id": "", "label": "", "cents": None}] * BUDGET_LINES_TO_FILL
            return dict.fromkeys(kinds.BUDGET_SIDES, lines)
        case _:
            return kinds.blank(question.kind)


def fingerprint_of(submission: Submission) -> str:
    """The first eight hexadecimal digits of the SHA-256 of the whole frozen content, in canonical
    JSON (sorted keys, no spaces, UTF-8), by fours: "9c41 e0d7"."""
    canonical = json.dumps(
        submission.content, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    digits = hashlib.sha256(canonical.encode()).hexdigest()
    return f"{digits[:4]} {digits[4:8]}"


def pdf_of(sheet: PrintedSheet) -> bytes:
    """The sheet as PDF/UA-1."""
    return typesetting.pdf_of(html_of(sheet))


def html_of(sheet: PrintedSheet) -> str:
    """The sheet as the HTML that is typeset."""
    document = document_of(sheet.content)
    rows = [row for section in document.sections for row in section.rows]
    context = {
        "sheet": sheet,
        "content": sheet.content,
        "sections": document.sections,
        "short_rows": {row.slot.name for row in rows if _is_short(row)},
        "kinds": Kind,
    }
    return render_to_string("worksheets/pdf/sheet.html", context)


def _is_short(row: Row) -> bool:
    """Whether the row stays on one page. Tables are cut between their own rows."""
    is_cut_anyway = row.question.kind in {QuestionKind.TABLE, QuestionKind.BUDGET}
    return not is_cut_anyway and len(str(row.answer)) < SHORT
