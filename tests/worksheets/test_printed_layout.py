"""What the PDF of a worksheet is, once typeset. Nothing here needs a database."""

import logging
import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from programmes.enums import Step
from programmes.models import Programme
from territories.models import ResourceCentre
from tests.tagged_pdf import TaggedPDF
from tests.worksheets.filling import something_for
from tests.worksheets.test_content import content, subject
from worksheets import printing
from worksheets.enums import QuestionKind
from worksheets.grids.declarations import GRIDS, SELF_DIAGNOSIS, STEP_1, STEP_2
from worksheets.models import GridVersion, Worksheet

PROSE = "L’ancien atelier du port, 3 200 m² dont une halle hors d’eau, attend un repreneur. "
HALL = subject("aaaaaaaa", title="La halle du port", place="rue du Port")
WORKSHOP = subject(
    "bbbbbbbb",
    title="L’atelier de couture",
    kind="creator",
    kind_in_words="Un créateur/développeur",
)


@pytest.fixture(autouse=True)
def nothing_is_wrong_for_weasyprint(caplog):
    """No font missing, no rule ignored, no file refused."""
    caplog.set_level(logging.WARNING, "weasyprint")
    yield
    records = [record for record in caplog.get_records("call") if record.name == "weasyprint"]
    assert [record.getMessage() for record in records] == []


def worksheet_of(grid):
    centre = ResourceCentre(name="Centre de ressources d’essai")
    return Worksheet(
        ref="7f3k2mx2",
        programme=Programme(centre=centre),
        grid_version=GridVersion(step=grid.step, declaration=grid.to_json()),
        changed_at=datetime(2027, 2, 12, 13, 32, tzinfo=UTC),
    )


def printed(written, make=printing.sheet_as_it_is):
    found = TaggedPDF(printing.pdf_of(make(worksheet_of(written.grid), written)))
    assert found.faults() == []
    return found


def filled(grid, **fields):
    empty = content(grid, **fields)
    answers = {slot.name: something_for(slot.question) for slot in empty.slots()}
    return content(grid, **fields, answers=answers)


def headings_of(grid, *subjects):
    """What a reader would jump between: blocks, opportunities, groups and tables."""
    if grid.introduction:
        yield ("H2", grid.heading)
    for block in grid.blocks:
        yield ("H2", block.title)
        for position, title in enumerate(subjects, start=1):
            if block.per_opportunity:
                yield ("H3", f"Opportunité {position} : {title}")
        for group in block.groups:
            number = f"{group.number}. " if group.number else ""
            if group.label:
                yield ("H3", f"{number}{group.label}")
            for question in group.questions:
                if question.kind == QuestionKind.TABLE:
                    yield ("H3", f"{question.number}. {question.label}".removeprefix(". "))


def test_step_1_as_it_is():
    found = printed(filled(STEP_1, opportunities=(HALL, WORKSHOP)))
    assert found.headings == [
        ("H1", "Dunkerque"),
        *headings_of(STEP_1, "La halle du port", "L’atelier de couture"),
    ]
    keys = [question.key for block in STEP_1.blocks for question in block.questions]
    written = [key for key in keys if STEP_1.by_key[key].kind == QuestionKind.TEXT]
    count = {key: 2 if key in STEP_1.keys_per_opportunity else 1 for key in written}
    assert {key: found.text.count(f"Texte sous {key}.") for key in written} == count
    assert found.text.count("1. Entrée 1 2. Entrée 2") == 2
    assert found.text.count("☑ avec") == 0
    assert "☑ public avec le club d’entreprises ☐ mixte (SCIC par exemple) ☐ privé" in found.text
    assert "rue du Port" in found.text
    assert "Sans réponse" not in found.text


@pytest.mark.parametrize("grid", [SELF_DIAGNOSIS, STEP_2], ids=["self-diagnosis", "step 2"])
def test_the_other_grids_as_they_are(grid):
    about = HALL if grid == STEP_2 else None
    found = printed(filled(grid, about=about))
    title = "La halle du port" if about else "Dunkerque"
    assert found.headings == [("H1", title), *headings_of(grid)]
    assert "Sans réponse" not in found.text
    if about:
        assert "27 novembre 2026 Cellule participants Cellule outcome" in found.text
        assert "Étude de sols 12 345,67 € Total 12 345,67 €" in found.text.replace("\u202f", " ")
    else:
        assert "4. Les perspectives jusqu’en 2030 en classant par ordre de priorité" in found.text


def test_the_cover_and_the_running_titles():
    found = printed(
        content(
            territory="CU de Dunkerque",
            programme="Développement économique des quartiers",
            opportunities=(HALL, WORKSHOP),
        )
    )
    assert dict(found.pdf.docinfo)["/Title"] == (
        "Étape 1\u00a0: Détecter les opportunités – CU de Dunkerque"
    )
    assert dict(found.pdf.docinfo)["/Author"] == "CU de Dunkerque"
    assert str(found.pdf.Root.Lang) == "fr"
    assert [line.text for line in found.lines if line.page == 1] == [
        "Opportunités Quartiers",
        "Centre de ressources d’essai",
        "Étape 1 : Détecter les opportunités",
        "Brouillon",
        "CU de Dunkerque",
        "Détecter et appuyer des opportunités de développement économique sur votre",
        "territoire.",
        "Formation",
        "Développement économique des",
        "quartiers",
        "Référence",
        "OQ-7F3K2MX2",
        "État au",
        "12 février 2027",
        "Avancement",
        "0 réponse sur 19",
        "Une friche",
        "La halle du port",
        "rue du Port",
        "Un créateur/développeur",
        "L’atelier de couture",
    ]
    foot = "OQ-7F3K2MX2 · brouillon · état au 12 février 2027"
    assert found.artifacts[0] == f"{foot}1 / {len(found.pdf.pages)}"
    assert found.artifacts[1] == (
        f"CU de DunkerqueÉtape 1 : Détecter les opportunités{foot}2 / {len(found.pdf.pages)}"
    )


@pytest.mark.parametrize("grid", GRIDS, ids=[grid.step.value for grid in GRIDS])
def test_a_blank_sheet_has_room_and_no_answer(grid):
    written = filled(grid, about=HALL if grid == STEP_2 else None)
    found = printed(written, printing.blank_sheet)
    for leak in ("Texte sous", "Entrée", "Cellule", "club d’entreprises »", "Étude de sols", "☑"):
        assert leak not in found.text
    assert "À remplir à la main" in found.text
    offered = {
        Step.SELF_DIAGNOSIS: (0, 3 + 3 + 2 + 2),
        # Six kinds, three marks; choices and "autre"; the two topics.
        Step.STEP_1: (6 + 3 + (4 + 1) + (5 + 1) + (3 + 1), 2),
        Step.STEP_2: (2 * 4, 3),  # the opinions of two decision-makers; the partners
    }
    labels = [element for element in found.elements if element.tag == "Lbl"]
    numbered = [label for label in labels if label.text != "•"]
    assert (found.text.count("☐"), len(numbered)) == offered[grid.step]


def test_a_text_is_printed_to_the_letter():
    answers = {
        "strategy": '<img src="http://example.org/a.png"><script>alert(1)</script> &amp; </td>'
        "</table>",
        "satisfaction": "{{ 7|add:7 }} {% include 'base.html' %} {# rien #}",
        "lessons": "url(file:///etc/passwd) @import 'http://example.org/a.css'; </style>",
        "progress": "🏗 👩‍🔧 ☎ ➢ → ≠ № ½ Œ ẞ ŵ Ω Ж “ ” ﬁ",
    }
    found = printed(content(answers=answers))
    for text in answers.values():
        assert "".join(text.split()) in "".join(found.text.split())


def test_what_is_written_from_right_to_left():
    found = printed(content(answers={"strategy": "مرحبا بالعالم", "lessons": "שלום"}))
    lines = [line for line in found.lines if re.search("[\u0590-\u06ff]", line.text)]
    assert len(lines) > 1
    assert {round(line.right) for line in lines if "ם" in line.text} <= {726, 725}


def assert_nothing_overlaps(found):
    """Every line is within the page's margins, below the one before it in its column."""
    inside = {"left": 68, "right": 726, "top": 90, "bottom": 1040}
    last = {}
    for line in found.lines:
        if line.page == 1:
            continue
        assert inside["left"] <= line.left < line.right + 0.01
        assert line.right <= inside["right"]
        assert inside["top"] < line.y < inside["bottom"]
        page, y = last.get(round(line.left), (0, 0))
        assert line.page > page or line.y == y or line.y - y > 12, line
        last[round(line.left)] = (line.page, line.y)


@pytest.mark.parametrize(
    "answers",
    [
        {
            "strategy": PROSE * 120,
            "satisfaction": "\n\n".join([PROSE * 3] * 40),
            "lessons": "x" * 10_000,
            "process-internal": "une ligne\n" * 1_000,
        },
        {"strategy": (PROSE * 1_200)[:100_000]},
    ],
    ids=["many shapes", "the longest"],
)
def test_a_long_text_flows_over_pages(answers):
    found = printed(content(answers=answers))
    assert_nothing_overlaps(found)
    for text in answers.values():
        assert "".join(text.split()) in "".join(found.text.split())


def test_long_cells_of_a_table_flow_over_pages():
    cells = {"know-how": PROSE * 120, "needs": "y" * 10_000}
    rows = [{"id": str(uuid4()), "cells": cells}]
    found = printed(content(STEP_2, about=HALL, answers={"know-how-and-needs": rows}))
    assert_nothing_overlaps(found)
    assert found.text.count("repreneur.") == 120
    assert "".join(line.text for line in found.lines if set(line.text) == {"y"}) == "y" * 10_000
