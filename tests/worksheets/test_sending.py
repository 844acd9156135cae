"""The pages by which the lead sends a worksheet and takes it back."""

import pytest

from programmes.enums import Step
from tests import factories
from tests.worksheets.pages import alerts
from worksheets.enums import State
from worksheets.models import Submission, Worksheet
from worksheets.reviewing import start_review


@pytest.fixture
def post(client_of, url_of):
    def send(user, worksheet, page, data=None, **extra):
        return client_of(user).post(url_of(worksheet, page), data or {}, **extra)

    return send


def state_of(worksheet):
    return Worksheet.objects.values_list("state", flat=True).get(pk=worksheet.pk)


def test_the_page_says_what_is_missing_with_links(client_of, url_of, step_1, lead, shared):
    factories.write_answer(step_1, "strategy", "Marcher.", lead)
    page = client_of(lead).get(url_of(step_1, "transmettre/")).text
    assert "Il manque 18 réponses" in page
    assert (
        f'<a href="{url_of(step_1)}#obstacles--{shared.ref}">Ce qui pourrait vous freiner</a>'
        in (page)
    )
    assert f"{url_of(step_1)}#strategy" not in page
    assert '<input type="hidden" name="change_number" value="1">' in page
    assert "Transmettre la fiche incomplète" in page


def test_an_incomplete_worksheet_is_sent_knowingly(post, step_1, lead, url_of):
    response = post(lead, step_1, "transmettre/", {"change_number": 0}, follow=True)
    assert response.redirect_chain == [(url_of(step_1), 302)]
    assert [str(message) for message in response.context["messages"]] == [
        "Fiche transmise aux formateurs (version 1). Vous recevrez un courriel à leur retour."
    ]
    assert state_of(step_1) == State.SUBMITTED


def test_a_late_worksheet_is_told_so_and_sent(post, client_of, url_of, step_1, lead):
    factories.create_deadline(step_1.programme, Step.STEP_1, "2020-01-31")
    page = client_of(lead).get(url_of(step_1, "transmettre/")).text
    assert "La fiche sera acceptée et marquée en retard." in page
    assert post(lead, step_1, "transmettre/", {"change_number": 0}).status_code == 302
    assert step_1.submissions.get().is_late


def test_sent_twice_is_sent_once(post, step_1, lead):
    post(lead, step_1, "transmettre/", {"change_number": 0})
    response = post(lead, step_1, "transmettre/", {"change_number": 0})
    assert response.status_code == 409
    assert alerts(response.text) == [
        "Cette fiche est déjà transmise : rien n’a été envoyé une seconde fois."
    ]
    assert step_1.submissions.count() == 1


@pytest.mark.parametrize("change_number", ["0", "2", "", "x", "-1", "9" * 5000])
def test_what_the_lead_has_not_seen_is_not_sent(post, step_1, lead, contributor, change_number):
    factories.write_answer(step_1, "strategy", "Marcher.", contributor)
    response = post(lead, step_1, "transmettre/", {"change_number": change_number})
    assert response.status_code == 409
    assert alerts(response.text) == [
        "La fiche a changé depuis que vous avez ouvert cette page. Relisez ce qui manque, puis "
        "transmettez à nouveau."
    ]
    assert '<input type="hidden" name="change_number" value="1">' in response.text
    assert state_of(step_1) == State.DRAFT


def test_a_submitted_worksheet_has_nothing_to_send(client_of, url_of, step_1, lead):
    factories.submit_worksheet(step_1, lead)
    page = client_of(lead).get(url_of(step_1, "transmettre/")).text
    assert "elle est déjà transmise" in page
    assert 'name="change_number"' not in page


def test_a_worksheet_is_taken_back(post, step_1, lead, url_of):
    factories.submit_worksheet(step_1, lead)
    response = post(lead, step_1, "retirer/", follow=True)
    assert response.redirect_chain == [(url_of(step_1), 302)]
    assert state_of(step_1) == State.DRAFT
    assert post(lead, step_1, "retirer/").status_code == 409


def test_a_worksheet_under_review_is_not_taken_back(post, step_1, lead, trainer):
    factories.submit_worksheet(step_1, lead)
    start_review(worksheet=step_1, by=trainer)
    response = post(lead, step_1, "retirer/")
    assert response.status_code == 409
    assert alerts(response.text)[0].startswith("La relecture a commencé (Thomas Formateur)")
    assert state_of(step_1) == State.SUBMITTED


@pytest.mark.parametrize("path", ["transmettre/", "retirer/"])
@pytest.mark.parametrize("role", ["contributor", "partner", "reader", "trainer", "observer"])
def test_only_the_lead_sends_and_takes_back(request, post, step_1, lead, role, path):
    factories.submit_worksheet(step_1, lead)
    response = post(request.getfixturevalue(role), step_1, path, {"change_number": 0})
    assert response.status_code == 403
    assert "Seul le référent du territoire transmet ou retire la fiche." in response.text
    assert state_of(step_1) == State.SUBMITTED


def test_a_link_takes_nothing_back(client_of, url_of, step_1, lead):
    factories.submit_worksheet(step_1, lead)
    assert client_of(lead).get(url_of(step_1, "retirer/")).status_code == 405


def test_what_the_page_costs(client_of, url_of, query_counts, step_1, lead):
    client = client_of(lead)

    def add(n):
        """As many versions behind it."""
        last = step_1.submissions.count()
        Submission.objects.bulk_create(
            Submission(worksheet=step_1, number=number, content={}, submitted_by=lead)
            for number in range(last + 1, last + n + 1)
        )

    assert query_counts(lambda: client.get(url_of(step_1, "transmettre/")), add) == [11, 11, 11]
