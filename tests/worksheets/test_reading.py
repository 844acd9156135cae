"""A worksheet that is read, and what its pages cost, read or written."""

import uuid

import pytest

from programmes.enums import Step
from tests import factories
from worksheets.enums import State
from worksheets.models import Comment, Worksheet


@pytest.mark.parametrize(
    ("role", "state"),
    [
        ("reader", State.DRAFT),
        ("trainer", State.DRAFT),
        ("lead", State.SUBMITTED),
        ("contributor", State.SUBMITTED),
        ("partner", State.VALIDATED),
    ],
)
def test_else_it_is_read(request, client_of, url_of, step_1, role, state):
    step_1.state = state
    step_1.save()
    response = client_of(request.getfixturevalue(role)).get(url_of(step_1))
    assert response.status_code == 200
    assert response.templates[0].name == "worksheets/reading/worksheet.html"


def test_an_observer_is_led_to_what_was_submitted(client_of, url_of, step_1, lead, observer):
    factories.submit_worksheet(step_1, lead)
    response = client_of(observer).get(url_of(step_1))
    assert (response.status_code, response.url) == (302, url_of(step_1, "versions/1/"))


def test_a_partner_reads_their_part_only(
    client_of, url_of, step_1, shared, unshared, lead, partner
):
    secrets = ["Secret du territoire", "Secret du moulin", "Remarque réservée"]
    factories.write_answer(step_1, "strategy", secrets[0], lead)
    factories.write_answer(step_1, "obstacles", secrets[1], lead, opportunity=unshared)
    factories.write_answer(step_1, "obstacles", "Le prix de la halle", lead, opportunity=shared)
    Comment.objects.create(worksheet=step_1, question="strategy", body=secrets[2], written_by=lead)
    factories.submit_worksheet(step_1, lead)
    step_1.state = State.RETURNED
    step_1.save()
    for page in ("", "versions/1/"):
        text = client_of(partner).get(url_of(step_1, page)).text
        assert "Le prix de la halle" in text
        assert [s for s in (*secrets, unshared.title, unshared.ref) if s in text] == []


@pytest.mark.parametrize("number", [0, 2, 10**30])
def test_a_version_that_was_never_submitted_is_not_found(client_of, url_of, step_1, lead, number):
    factories.submit_worksheet(step_1, lead)
    response = client_of(lead).get(url_of(step_1, f"versions/{number}/"))
    assert response.status_code == 404


def test_a_submitted_version_does_not_change(client_of, url_of, step_1, lead, shared):
    factories.write_answer(step_1, "strategy", "Texte transmis", lead)
    factories.submit_worksheet(step_1, lead)
    step_1.state = State.RETURNED
    step_1.save()
    factories.write_answer(step_1, "strategy", "Texte suivant", lead)
    shared.title = "Nouveau titre"
    shared.save()
    page = client_of(lead).get(url_of(step_1, "versions/1/")).text
    assert ("Texte transmis" in page, "La halle partagée" in page) == (True, True)
    assert ("Texte suivant" in page, "Nouveau titre" in page) == (False, False)


def test_the_horizon_stands_in_the_question(client_of, url_of, territory, programme, lead, grids):
    programme.horizon = 2034
    programme.save()
    worksheet = factories.create_worksheet(territory, programme, lead, step=Step.SELF_DIAGNOSIS)
    assert "Les perspectives jusqu’en 2034" in client_of(lead).get(url_of(worksheet)).text


def fill(worksheet, by):
    """`fill(n)` adds n comments and n entries to a list of the worksheet."""

    def add(n):
        Comment.objects.bulk_create(
            Comment(worksheet=worksheet, question="means", body="Qui ?", written_by=by)
            for _ in range(n)
        )
        answer = worksheet.answers.filter(question="partners").first()
        entries = [{"id": str(uuid.uuid4()), "text": "BGE"} for _ in range(n)]
        standing = answer.value if answer else []
        factories.write_answer(worksheet, "partners", (standing + entries)[:300], by)

    return add


@pytest.mark.parametrize(
    ("role", "state", "counts"),
    [
        ("lead", State.DRAFT, [13, 13, 13]),
        ("partner", State.DRAFT, [14, 14, 14]),
        ("reader", State.DRAFT, [13, 13, 13]),
        ("trainer", State.SUBMITTED, [13, 13, 13]),
    ],
)
def test_what_the_page_costs(
    request, client_of, url_of, query_counts, step_2, lead, role, state, counts
):
    client = client_of(request.getfixturevalue(role))
    add_rows = fill(step_2, lead)

    def add(n):
        Worksheet.objects.update(state=State.DRAFT)
        add_rows(n)
        Worksheet.objects.update(state=state)

    assert query_counts(lambda: client.get(url_of(step_2)), add) == counts


def test_what_a_submitted_version_costs(client_of, url_of, query_counts, step_2, lead):
    client = client_of(lead)
    add_rows = fill(step_2, lead)
    numbers = [1]

    def add(n):
        """n rows in the version, and as many versions beside it."""
        Worksheet.objects.update(state=State.DRAFT)
        step_2.refresh_from_db()
        add_rows(n)
        last = factories.submit_worksheet(step_2, lead)
        numbers.append(last.number)
        for number in range(last.number + 1, last.number + n):
            last.pk, last.number = None, number
            last.save(force_insert=True)

    def visit():
        client.get(url_of(step_2, f"versions/{numbers[-1]}/"))

    assert query_counts(visit, add) == [7, 7, 7]
