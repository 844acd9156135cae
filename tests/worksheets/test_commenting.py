"""Comments on one question, and a reader's signed opinion, through their pages."""

import pytest

from accounts.wording import NORMALISED
from tests import factories
from tests.worksheets.test_writing import alerts
from worksheets.enums import State
from worksheets.models import Comment
from worksheets.opinions import QUESTION


@pytest.fixture
def post(client_of, url_of):
    def send(user, worksheet, page, data, **extra):
        return client_of(user).post(url_of(worksheet, page), data, **extra)

    return send


@pytest.fixture
def remark(step_1, trainer):
    return Comment.objects.create(
        worksheet=step_1, question="strategy", body="Avec qui ?", written_by=trainer
    )


@pytest.mark.parametrize("role", ["lead", "contributor", "reader", "trainer"])
@pytest.mark.parametrize("state", State)
def test_a_comment_in_every_state(request, post, url_of, step_1, role, state):
    step_1.state = state
    step_1.save()
    user = request.getfixturevalue(role)
    response = post(user, step_1, "commentaires/strategy/", {"body": " <b>Qui ?</b> {{ x }}\n"})
    assert (response.status_code, response.url) == (302, f"{url_of(step_1)}#strategy")
    [comment] = Comment.objects.all()
    assert (comment.slot_name, comment.body, comment.written_by) == (
        "strategy",
        " <b>Qui ?</b> {{ x }}\n",
        user,
    )


def test_htmx_gets_the_thread_back(post, step_1, trainer):
    headers = {"HX-Request": "true"}
    data = {"body": "<b>Qui ?</b>"}
    response = post(trainer, step_1, "commentaires/strategy/", data, headers=headers)
    assert response.status_code == 200
    assert response.templates[0].name == "worksheets/commenting/thread.html"
    assert "&lt;b&gt;Qui ?&lt;/b&gt;" in response.text


@pytest.mark.parametrize("body", ["", " \n\t", "\x00"])
def test_an_empty_comment_is_refused(post, step_1, trainer, body):
    response = post(trainer, step_1, "commentaires/strategy/", {"body": body})
    assert response.status_code == 400
    assert alerts(response.text) == ["Écrivez votre commentaire avant de l’envoyer."]
    assert not Comment.objects.exists()


def test_a_comment_too_long_stays_in_the_page(post, step_1, trainer):
    body = "é" * 100_001
    response = post(trainer, step_1, "commentaires/strategy/", {"body": body})
    assert response.status_code == 413
    assert f">\n{body}</textarea>" in response.text
    assert not Comment.objects.exists()


def test_a_comment_that_was_normalised_says_so(post, step_1, trainer):
    response = post(trainer, step_1, "commentaires/strategy/", {"body": "a\x00b"}, follow=True)
    assert [str(message) for message in response.context["messages"]] == [NORMALISED]
    assert Comment.objects.get().body == "ab"


@pytest.mark.parametrize("name", ["nothing", "means", "obstacles", "obstacles--zzzzzzzz"])
def test_an_unknown_question_is_not_found(post, client_of, url_of, step_1, trainer, name):
    assert post(trainer, step_1, f"commentaires/{name}/", {"body": "a"}).status_code == 404
    assert client_of(trainer).get(url_of(step_1, f"commentaires/{name}/")).status_code == 404


def test_a_partner_comments_their_part_only(post, step_1, partner, shared, unshared):
    mine = f"commentaires/obstacles--{shared.ref}/"
    assert post(partner, step_1, mine, {"body": "a"}).status_code == 302
    for name in (f"obstacles--{unshared.ref}", "strategy"):
        assert post(partner, step_1, f"commentaires/{name}/", {"body": "a"}).status_code == 404
    assert [comment.opportunity for comment in Comment.objects.all()] == [shared]


def test_an_observer_does_not_comment(post, step_1, lead, observer):
    factories.submit_worksheet(step_1, lead)
    response = post(observer, step_1, "commentaires/strategy/", {"body": "a"})
    assert response.status_code == 403
    assert "Vous pouvez lire cette fiche, pas la commenter." in response.text


def test_a_comment_is_dealt_with_and_opened_again(post, step_1, lead, remark):
    page = f"commentaires/{remark.ref}/traiter/"
    assert post(lead, step_1, page, {"open": "0"}).status_code == 302
    remark.refresh_from_db()
    assert remark.resolved_by == lead
    assert post(lead, step_1, page, {"open": "1"}).status_code == 302
    remark.refresh_from_db()
    assert remark.resolved_by is None


def test_a_comment_of_elsewhere_is_not_found(post, step_1, step_2, lead, partner, remark, outsider):
    page = f"commentaires/{remark.ref}/traiter/"
    assert post(lead, step_2, page, {}).status_code == 404  # another worksheet's
    assert post(partner, step_1, page, {}).status_code == 404  # on what isn't shared
    assert post(outsider, step_1, page, {}).status_code == 404
    assert post(lead, step_1, "commentaires/zzzzzzzz/traiter/", {}).status_code == 404
    remark.refresh_from_db()
    assert remark.resolved_at is None


def test_what_the_thread_costs(client_of, url_of, query_counts, step_1, lead):
    client = client_of(lead)

    def add(n):
        Comment.objects.bulk_create(
            Comment(worksheet=step_1, question="strategy", body="Qui ?", written_by=lead)
            for _ in range(n)
        )

    def visit():
        client.get(url_of(step_1, "commentaires/strategy/"))

    assert query_counts(visit, add) == [11, 11, 11]


def test_a_reader_signs_an_opinion(post, url_of, client_of, step_2, reader):
    data = {"opinion": "favourable", "remarks": "<b>Oui</b>"}
    response = post(reader, step_2, "avis/", data)
    assert (response.status_code, response.url) == (302, f"{url_of(step_2)}#{QUESTION}")
    page = client_of(reader).get(url_of(step_2)).text
    assert "Avis signé par Denis Wattel" in page
    assert "&lt;b&gt;Oui&lt;/b&gt;" in page


def test_a_double_click_signs_once(post, step_2, reader):
    for _ in range(2):
        response = post(reader, step_2, "avis/", {"opinion": "favourable", "remarks": ""})
        assert response.status_code == 302
    assert len(step_2.answers.get().value) == 1


def test_remarks_that_were_normalised_say_so(post, step_2, reader):
    data = {"opinion": "favourable", "remarks": "a\x00b"}
    response = post(reader, step_2, "avis/", data, follow=True)
    assert NORMALISED in [str(message) for message in response.context["messages"]]
    assert step_2.answers.get().value[0]["cells"]["remarks"] == "ab"


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({}, 400),
        ({"opinion": "ravi"}, 400),
        ({"opinion": "favourable", "remarks": "é" * 100_001}, 413),
    ],
)
def test_what_is_no_opinion_is_refused(post, step_2, reader, data, status):
    response = post(reader, step_2, "avis/", data)
    assert response.status_code == status
    assert data.get("remarks", "") in response.text
    assert not step_2.answers.exists()


@pytest.mark.parametrize("state", [State.SUBMITTED, State.VALIDATED])
def test_nobody_signs_while_the_team_has_not_the_worksheet(post, step_2, reader, state):
    step_2.state = state
    step_2.save()
    data = {"opinion": "favourable", "remarks": "Un beau projet."}
    response = post(reader, step_2, "avis/", data)
    assert response.status_code == 409
    assert "Un beau projet." in response.text


def test_only_step_2_has_opinions(client_of, url_of, step_1, reader):
    assert client_of(reader).get(url_of(step_1, "avis/")).status_code == 404


@pytest.mark.parametrize("role", ["lead", "contributor", "partner", "trainer"])
def test_only_readers_sign(request, post, step_2, role):
    response = post(request.getfixturevalue(role), step_2, "avis/", {"opinion": "favourable"})
    assert response.status_code == 403
    assert not step_2.answers.exists()
