import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from opportunities.enums import Kind
from tests import factories
from tests.tagged_pdf import TaggedPDF
from tests.worksheets.filling import fill
from worksheets import printing, typesetting
from worksheets.enums import State
from worksheets.models import Worksheet
from worksheets.typesetting import Busy


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
        territory, programme, lead, opportunities=[opportunity, second]
    )


@pytest.fixture
def typesets_nothing(monkeypatch):
    """What is served is the HTML that would be typeset."""
    monkeypatch.setattr(typesetting, "pdf_of", str.encode)


def address(worksheet, name="worksheet-pdf", **more):
    refs = {"territory_ref": worksheet.territory.ref, "worksheet_ref": worksheet.ref}
    return reverse(f"worksheets:{name}", kwargs={**refs, **more})


def printed(client, worksheet, name="worksheet-pdf", **more):
    """What is served; `typesets_nothing` makes a text of it."""
    response = client.get(address(worksheet, name, **more))
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    return response.content


def html_printed(*asked, **more):
    return printed(*asked, **more).decode()


def headings_of(html):
    found = re.findall(r"<(h[1-3])\b[^>]*>(.*?)</\1>", html)
    return [(tag, strip_tags(title).replace("&nbsp;", " ")) for tag, title in found]


def test_a_worksheet_is_typeset(worksheet, lead, client_of):
    factories.write_answer(worksheet, "strategy", "Une visite du port.", lead)
    found = TaggedPDF(printed(client_of(lead), worksheet))
    assert (found.faults(), found.headings[0]) == ([], ("H1", "CU de Dunkerque"))
    assert "Une visite du port." in found.text


def test_a_submitted_version_doesn_t_change(worksheet, lead, client_of, typesets_nothing):
    factories.write_answer(worksheet, "strategy", "Ce qui fut transmis.", lead)
    submission = factories.submit_worksheet(worksheet, lead)
    type(submission).objects.update(submitted_at=datetime(2027, 2, 20, 23, 30, tzinfo=UTC))
    Worksheet.objects.update(state=State.RETURNED)
    worksheet.refresh_from_db()
    factories.write_answer(worksheet, "strategy", "Ce qui est venu après.", lead)
    frozen = html_printed(client_of(lead), worksheet, "submission-pdf", number=1)
    assert "Ce qui fut transmis." in frozen
    assert "Ce qui est venu après." not in frozen
    assert "Transmise · version 1" in frozen
    fingerprint = printing.fingerprint_of(submission)
    assert re.fullmatch("[0-9a-f]{4} [0-9a-f]{4}", fingerprint)
    foot = f"-1 · version 1 du 21 février 2027 · empreinte {fingerprint}"
    assert f'data-running-foot="OQ-{worksheet.ref.upper()}{foot}"' in frozen
    living = html_printed(client_of(lead), worksheet)
    assert "Ce qui est venu après." in living
    assert "À compléter" in living


def test_the_fingerprint_is_of_what_is_written_not_of_its_order(worksheet, lead):
    factories.write_answer(worksheet, "strategy", "Un texte.", lead)
    submission = factories.submit_worksheet(worksheet, lead)
    before = printing.fingerprint_of(submission)
    submission.content = dict(reversed(submission.content.items()))
    assert printing.fingerprint_of(submission) == before
    submission.content["answers"]["strategy"] = "Un texte !"
    assert printing.fingerprint_of(submission) != before


def test_once_submitted_the_sheet_bears_its_version(worksheet, lead, client_of, typesets_nothing):
    factories.submit_worksheet(worksheet, lead)
    found = html_printed(client_of(lead), worksheet)
    assert "Transmise · version 1" in found
    assert f"OQ-{worksheet.ref.upper()}-1" in found


def test_a_blank_sheet_names_the_opportunities_chosen(worksheet, lead, client_of, typesets_nothing):
    found = headings_of(html_printed(client_of(lead), worksheet, "blank-pdf"))
    titles = [text for tag, text in found if text.startswith("Opportunité ")]
    assert titles == ["Opportunité 1 : La halle du port", "Opportunité 2 : L’atelier de couture"]


def test_partners_get_their_part(
    worksheet, lead, partner, opportunity, client_of, typesets_nothing
):
    fill(worksheet, lead)
    factories.share(opportunity, partner, lead)
    factories.submit_worksheet(worksheet, lead)
    client = client_of(partner)
    living = html_printed(client, worksheet)
    frozen = html_printed(client, worksheet, "submission-pdf", number=1)
    blank = html_printed(client, worksheet, "blank-pdf")
    headings = [
        ("h1", "CU de Dunkerque"),
        ("h2", "Opportunités repérées"),
        ("h3", "Opportunité 1 : La halle du port"),
    ]
    for found in (living, frozen, blank):
        assert headings_of(found) == headings
        assert "Extrait" in found
        assert "L’atelier de couture" not in found
        assert "Texte sous strategy." not in found
    for found in (living, frozen):
        assert found.count("Texte sous interest.") == 1


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
def test_who_may_print_what(request, worksheet, lead, who, expected, client_of, typesets_nothing):
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


def test_how_the_file_is_served(worksheet, lead, client_of, typesets_nothing):
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


def test_the_queries_of_a_pdf(
    worksheet, lead, client_of, typesets_nothing, django_assert_num_queries
):
    factories.submit_worksheet(worksheet, lead)
    client = client_of(lead)
    # Session, user, worksheet; opportunities, answers, last version.
    with django_assert_num_queries(6):
        client.get(address(worksheet))
    with django_assert_num_queries(4):
        client.get(address(worksheet, "submission-pdf", number=1))
