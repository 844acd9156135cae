import logging
import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.urls import reverse

from opportunities.enums import Kind
from programmes.enums import Step
from tests import factories
from tests.tagged_pdf import TaggedPDF
from worksheets import printing
from worksheets.content import Content
from worksheets.enums import QuestionKind, State
from worksheets.models import Worksheet
from worksheets.typesetting import Busy

PROSE = "L’ancien atelier du port, 3 200 m² dont une halle hors d’eau, attend un repreneur. "


@pytest.fixture(autouse=True)
def nothing_is_wrong_for_weasyprint(caplog):
    """No font missing, no rule ignored, no file refused."""
    caplog.set_level(logging.WARNING, "weasyprint")
    yield
    records = [record for record in caplog.get_records("call") if record.name == "weasyprint"]
    assert [record.getMessage() for record in records] == []


@pytest.fixture
def opportunity(territory, lead):
    return factories.create_opportunity(
        territory, lead, "La halle du port", place="rue du Port", description="Une halle de brique."
    )


@pytest.fixture
def worksheet(territory, programme, lead, grids, opportunity):
    """A step 1 worksheet about two opportunities, with nothing written in it."""
    second = factories.create_opportunity(
        territory, lead, "L’atelier de couture", kind=Kind.CREATOR
    )
    return factories.create_worksheet(
        territory,
        programme,
        lead,
        opportunities=[opportunity, second],
        changed_at=datetime(2027, 2, 12, 13, 32, tzinfo=UTC),
    )


def address(worksheet, name="worksheet-pdf", **more):
    refs = {"territory_ref": worksheet.territory.ref, "worksheet_ref": worksheet.ref}
    return reverse(f"worksheets:{name}", kwargs={**refs, **more})


def printed(client, worksheet, name="worksheet-pdf", **more):
    response = client.get(address(worksheet, name, **more))
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    return TaggedPDF(response.content)


def something_for(question):
    match question.kind:
        case QuestionKind.TEXT:
            return f"Texte sous {question.key}."
        case QuestionKind.LIST:
            return [{"id": str(uuid4()), "text": f"Entrée {n}"} for n in (1, 2)]
        case QuestionKind.CHOICES:
            ticked = {question.choices[0].key: "avec le club d’entreprises"}
            return {"ticked": ticked, "other": "prêter", "text": "Précision." * question.has_text}
        case QuestionKind.TABLE:
            cells = {
                column.key: "2026-11-27"
                if column.is_date
                else column.choices[0].key
                if column.choices
                else f"Cellule {column.key}"
                for column in question.columns
            }
            return [{"id": str(uuid4()), "cells": cells}]
        case QuestionKind.BUDGET:
            line = {"id": str(uuid4()), "label": "Étude de sols", "cents": 1234567}
            return {"expenses": [line], "resources": []}
        case QuestionKind.MARK:
            return True


def fill(worksheet, by):
    for slot in Content.of(worksheet).slots():
        opportunity = None
        if slot.subject:
            opportunity = worksheet.chosen.get(opportunity__ref=slot.subject.ref).opportunity
        value = something_for(slot.question)
        factories.write_answer(worksheet, slot.question.key, value, by, opportunity=opportunity)


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


def test_step_1_as_it_is(worksheet, lead, client_of):
    fill(worksheet, lead)
    found = printed(client_of(lead), worksheet)
    assert found.faults() == []
    assert found.headings == [
        ("H1", "CU de Dunkerque"),
        *headings_of(worksheet.grid, "La halle du port", "L’atelier de couture"),
    ]
    keys = [question.key for block in worksheet.grid.blocks for question in block.questions]
    written = [key for key in keys if worksheet.grid.by_key[key].kind == QuestionKind.TEXT]
    count = {key: 2 if key in worksheet.grid.keys_per_opportunity else 1 for key in written}
    assert {key: found.text.count(f"Texte sous {key}.") for key in written} == count
    assert found.text.count("1. Entrée 1 2. Entrée 2") == 2
    assert found.text.count("☑ avec") == 0
    assert "☑ public avec le club d’entreprises ☐ mixte (SCIC par exemple) ☐ privé" in found.text
    assert "rue du Port" in found.text
    assert "Sans réponse" not in found.text


@pytest.mark.parametrize("step", [Step.SELF_DIAGNOSIS, Step.STEP_2])
def test_the_other_grids_as_they_are(
    territory, programme, lead, grids, opportunity, step, client_of
):
    about = {"opportunity": opportunity} if step == Step.STEP_2 else {}
    worksheet = factories.create_worksheet(territory, programme, lead, step=step, **about)
    fill(worksheet, lead)
    found = printed(client_of(lead), worksheet)
    assert found.faults() == []
    title = "La halle du port" if about else "CU de Dunkerque"
    assert found.headings == [("H1", title), *headings_of(worksheet.grid)]
    assert "Sans réponse" not in found.text
    if about:
        assert "27 novembre 2026 Cellule participants Cellule outcome" in found.text
        assert "Étude de sols 12 345,67 € Total 12 345,67 €" in found.text.replace("\u202f", " ")
    else:
        assert "4. Les perspectives jusqu’en 2030 en classant par ordre de priorité" in found.text


def test_the_cover_and_the_running_titles(worksheet, lead, client_of):
    found = printed(client_of(lead), worksheet)
    assert dict(found.pdf.docinfo)["/Title"] == (
        "Étape 1\u00a0: Détecter les opportunités – CU de Dunkerque"
    )
    assert dict(found.pdf.docinfo)["/Author"] == "CU de Dunkerque"
    assert str(found.pdf.Root.Lang) == "fr"
    reference = f"OQ-{worksheet.ref.upper()}"
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
        reference,
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
    foot = f"{reference} · brouillon · état au 12 février 2027"
    assert found.artifacts[0] == f"{foot}1 / {len(found.pdf.pages)}"
    assert found.artifacts[1] == (
        f"CU de DunkerqueÉtape 1 : Détecter les opportunités{foot}2 / {len(found.pdf.pages)}"
    )


def test_a_submitted_version_doesn_t_change(worksheet, lead, client_of):
    factories.write_answer(worksheet, "strategy", "Ce qui fut transmis.", lead)
    submission = factories.submit_worksheet(worksheet, lead)
    type(submission).objects.update(submitted_at=datetime(2027, 2, 20, 23, 30, tzinfo=UTC))
    Worksheet.objects.update(state=State.RETURNED)
    worksheet.refresh_from_db()
    factories.write_answer(worksheet, "strategy", "Ce qui est venu après.", lead)
    frozen = printed(client_of(lead), worksheet, "submission-pdf", number=1)
    assert frozen.faults() == []
    assert "Ce qui fut transmis." in frozen.text
    assert "Ce qui est venu après." not in frozen.text
    assert "Transmise · version 1" in frozen.text
    fingerprint = printing.fingerprint_of(submission)
    assert re.fullmatch("[0-9a-f]{4} [0-9a-f]{4}", fingerprint)
    assert frozen.artifacts[0] == (
        f"OQ-{worksheet.ref.upper()}-1 · version 1 du 21 février 2027 · empreinte {fingerprint}"
        f"1 / {len(frozen.pdf.pages)}"
    )
    living = printed(client_of(lead), worksheet)
    assert "Ce qui est venu après." in living.text
    assert "À compléter" in living.text


def test_the_fingerprint_is_of_what_is_written_not_of_its_order(worksheet, lead):
    factories.write_answer(worksheet, "strategy", "Un texte.", lead)
    submission = factories.submit_worksheet(worksheet, lead)
    before = printing.fingerprint_of(submission)
    submission.content = dict(reversed(submission.content.items()))
    assert printing.fingerprint_of(submission) == before
    submission.content["answers"]["strategy"] = "Un texte !"
    assert printing.fingerprint_of(submission) != before


def test_once_submitted_the_sheet_bears_its_version(worksheet, lead, client_of):
    factories.submit_worksheet(worksheet, lead)
    found = printed(client_of(lead), worksheet)
    assert "Transmise · version 1" in found.text
    assert f"OQ-{worksheet.ref.upper()}-1" in found.text


@pytest.mark.parametrize("step", Step)
def test_a_blank_sheet_has_room_and_no_answer(
    territory, programme, lead, grids, opportunity, step, client_of
):
    about = {"opportunity": opportunity} if step == Step.STEP_2 else {}
    worksheet = factories.create_worksheet(territory, programme, lead, step=step, **about)
    fill(worksheet, lead)
    found = printed(client_of(lead), worksheet, "blank-pdf")
    assert found.faults() == []
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
    assert (found.text.count("☐"), len(numbered)) == offered[step]


def test_a_blank_sheet_names_the_opportunities_chosen(worksheet, lead, client_of):
    found = printed(client_of(lead), worksheet, "blank-pdf")
    titles = [text for tag, text in found.headings if text.startswith("Opportunité ")]
    assert titles == ["Opportunité 1 : La halle du port", "Opportunité 2 : L’atelier de couture"]


def test_partners_get_their_part(worksheet, lead, partner, opportunity, client_of):
    fill(worksheet, lead)
    factories.share(opportunity, partner, lead)
    factories.submit_worksheet(worksheet, lead)
    client = client_of(partner)
    living = printed(client, worksheet)
    frozen = printed(client, worksheet, "submission-pdf", number=1)
    blank = printed(client, worksheet, "blank-pdf")
    headings = [
        ("H1", "CU de Dunkerque"),
        ("H2", "Opportunités repérées"),
        ("H3", "Opportunité 1 : La halle du port"),
    ]
    for found in (living, frozen, blank):
        assert found.faults() == []
        assert found.headings == headings
        assert "Extrait" in found.text
        assert "L’atelier de couture" not in found.text
        assert "Texte sous strategy." not in found.text
    for found in (living, frozen):
        assert found.text.count("Texte sous interest.") == 1


# who: as it is, blank, submitted
RIGHTS = {
    "lead": (200, 200, 200),
    "contributor": (200, 200, 200),
    "reader": (200, 200, 200),
    "partner": (404, 404, 404),  # nothing is shared with them
    "trainer": (200, 200, 200),
    "observer": (404, 404, 200),
    "staff": (404, 404, 404),
    "outsider": (404, 404, 404),
}


@pytest.mark.parametrize(("who", "expected"), RIGHTS.items())
def test_who_may_print_what(request, worksheet, lead, who, expected, client_of, monkeypatch):
    monkeypatch.setattr(printing, "pdf_of", lambda sheet: b"%PDF")
    factories.submit_worksheet(worksheet, lead)
    client = client_of(request.getfixturevalue(who))
    assert (
        client.get(address(worksheet)).status_code,
        client.get(address(worksheet, "blank-pdf")).status_code,
        client.get(address(worksheet, "submission-pdf", number=1)).status_code,
    ) == expected


def test_one_signs_in_to_print(worksheet, client):
    for name in ("worksheet-pdf", "blank-pdf"):
        response = client.get(address(worksheet, name))
        assert (response.status_code, response["Location"].partition("?")[0]) == (
            302,
            reverse("account_login"),
        )


def test_a_version_that_isn_t_one(worksheet, lead, client_of):
    factories.submit_worksheet(worksheet, lead)
    client = client_of(lead)
    assert client.get(address(worksheet, "submission-pdf", number=2)).status_code == 404
    elsewhere = address(worksheet).replace(worksheet.territory.ref, "zzzzzzzz")
    assert client.get(elsewhere).status_code == 404


def test_how_the_file_is_served(worksheet, lead, client_of, monkeypatch):
    monkeypatch.setattr(printing, "pdf_of", lambda sheet: b"%PDF")
    factories.submit_worksheet(worksheet, lead)
    client = client_of(lead)
    assert client.post(address(worksheet)).status_code == 405
    response = client.get(address(worksheet, "submission-pdf", number=1))
    assert (response["Content-Disposition"], response["Cache-Control"]) == (
        f'inline; filename="etape-1-cu-de-dunkerque-{worksheet.ref}-v1.pdf"',
        "private, no-store",
    )
    response = client.get(address(worksheet, "blank-pdf"))
    assert response["Content-Disposition"] == (
        f'inline; filename="etape-1-cu-de-dunkerque-{worksheet.ref}-vierge.pdf"'
    )


def test_too_many_at_once_are_asked_for_again(worksheet, lead, client_of, monkeypatch):
    def refuse(sheet):
        raise Busy

    monkeypatch.setattr(printing, "pdf_of", refuse)
    response = client_of(lead).get(address(worksheet))
    assert (response.status_code, response["Retry-After"]) == (503, "10")
    assert f'href="{address(worksheet)}">Demander à nouveau le PDF</a>' in response.text


def test_the_queries_of_a_pdf(worksheet, lead, client_of, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(printing, "pdf_of", lambda sheet: b"%PDF")
    factories.submit_worksheet(worksheet, lead)
    client = client_of(lead)
    # Session, user, worksheet; opportunities, answers, last version.
    with django_assert_num_queries(6):
        client.get(address(worksheet))
    with django_assert_num_queries(4):
        client.get(address(worksheet, "submission-pdf", number=1))


@pytest.mark.parametrize(
    "text",
    [
        '<img src="http://example.org/a.png"><script>alert(1)</script> &amp; </td></table>',
        "{{ 7|add:7 }} {% include 'base.html' %} {# rien #}",
        "url(file:///etc/passwd) @import 'http://example.org/a.css'; </style>",
        "🏗 👩‍🔧 ☎ ➢ → ≠ № ½ Œ ẞ ŵ Ω Ж “ ” ﬁ",
    ],
)
def test_a_text_is_printed_to_the_letter(worksheet, lead, text, client_of):
    factories.write_answer(worksheet, "strategy", text, lead)
    found = printed(client_of(lead), worksheet)
    assert found.faults() == []
    assert "".join(text.split()) in "".join(found.text.split())


def test_what_is_written_from_right_to_left(worksheet, lead, client_of):
    factories.write_answer(worksheet, "strategy", "مرحبا بالعالم", lead)
    factories.write_answer(worksheet, "lessons", "שלום", lead)
    found = printed(client_of(lead), worksheet)
    assert found.faults() == []
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
    "text",
    [
        PROSE * 120,
        "\n\n".join([PROSE * 3] * 40),
        "x" * 10_000,
        "une ligne\n" * 1_000,
        PROSE * 1_200,
    ],
    ids=["prose", "paragraphs", "one word", "lines", "100,000 characters"],
)
def test_a_long_text_flows_over_pages(worksheet, lead, text, client_of):
    factories.write_answer(worksheet, "strategy", text[:100_000], lead)
    found = printed(client_of(lead), worksheet)
    assert found.faults() == []
    assert_nothing_overlaps(found)
    assert "".join(text[:100_000].split()) in "".join(found.text.split())


def test_long_cells_of_a_table_flow_over_pages(
    territory, programme, lead, grids, opportunity, client_of
):
    worksheet = factories.create_worksheet(
        territory, programme, lead, step=Step.STEP_2, opportunity=opportunity
    )
    cells = {"know-how": PROSE * 120, "needs": "y" * 10_000}
    rows = [{"id": str(uuid4()), "cells": cells}]
    factories.write_answer(worksheet, "know-how-and-needs", rows, lead)
    found = printed(client_of(lead), worksheet)
    assert found.faults() == []
    assert_nothing_overlaps(found)
    assert found.text.count("repreneur.") == 120
    assert "".join(line.text for line in found.lines if set(line.text) == {"y"}) == "y" * 10_000
