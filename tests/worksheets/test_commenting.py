"""Comments on one question, and a reader's signed opinion, through their pages."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.wording import NORMALISED
from territories.enums import Role
from tests import factories
from tests.worksheets.pages import alerts
from worksheets.content import Slot
from worksheets.discussing import resolve_thread
from worksheets.enums import State
from worksheets.models import Comment
from worksheets.opinions import QUESTION
from worksheets.views.commenting import REOPENED


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


@pytest.fixture
def get(client_of, url_of):
    def fetch(user, worksheet, page, data=None, **extra):
        return client_of(user).get(url_of(worksheet, page), data, **extra)

    return fetch


HTMX = {"HX-Request": "true"}
THREAD = "worksheets/commenting/thread.html"


@pytest.mark.parametrize(
    ("role", "state"),
    list(zip(["lead", "contributor", "reader", "trainer"], State, strict=True)),
)
def test_a_comment_in_every_state(request, post, url_of, step_1, role, state):
    step_1.state = state
    step_1.save()
    user = request.getfixturevalue(role)
    response = post(user, step_1, "commentaires/strategy/", {"body": " <b>Qui ?</b> {{ x }}\n"})
    [comment] = Comment.objects.all()
    assert (response.status_code, response.url) == (302, f"{url_of(step_1)}#echange-{comment.ref}")
    assert (comment.slot_name, comment.body, comment.written_by) == (
        "strategy",
        " <b>Qui ?</b> {{ x }}\n",
        user,
    )


def test_an_answer_joins_its_thread(post, url_of, step_1, lead, remark):
    sent = {"thread": remark.ref, f"body.{remark.ref}": "Le club.", "body": "À part."}
    response = post(lead, step_1, "commentaires/strategy/", sent)
    reply = remark.replies.get()
    assert (response.url, reply.body) == (f"{url_of(step_1)}#echange-{reply.ref}", "Le club.")
    assert Comment.objects.count() == 2


def test_an_answer_opens_again_what_was_dealt_with_and_says_so(post, step_1, lead, remark):
    resolve_thread(thread=remark, slot=Slot(step_1.grid.by_key["strategy"]), by=lead)
    sent = {"thread": remark.ref, f"body.{remark.ref}": "Encore un mot."}
    response = post(lead, step_1, "commentaires/strategy/", sent, follow=True)
    assert [str(message) for message in response.context["messages"]] == [REOPENED]
    remark.refresh_from_db()
    assert remark.resolved_at is None


@pytest.mark.parametrize("name", ["lessons", "obstacles--{shared}"])
def test_nobody_answers_in_the_thread_of_another_question(
    post, step_1, step_2, lead, remark, shared, name
):
    reply = Comment.objects.create(
        worksheet=step_1, question="strategy", thread=remark, body="Là.", written_by=lead
    )
    elsewhere = Comment.objects.create(
        worksheet=step_2, question="means", body="Qui ?", written_by=lead
    )
    address = f"commentaires/{name.format(shared=shared.ref)}/"
    for thread in (remark, reply, elsewhere):
        sent = {"thread": thread.ref, f"body.{thread.ref}": "Oui."}
        assert post(lead, step_1, address, sent).status_code == 404
    for ref in (reply.ref, "\x00"):
        assert post(lead, step_1, "commentaires/strategy/", {"thread": ref}).status_code == 404
    assert Comment.objects.count() == 3


def test_htmx_gets_the_threads_back(post, step_1, trainer):
    data = {"body": "<b>Qui ?</b>"}
    response = post(trainer, step_1, "commentaires/strategy/", data, headers=HTMX)
    assert response.status_code == 200
    assert response.templates[0].name == THREAD
    assert "&lt;b&gt;Qui ?&lt;/b&gt;" in response.text
    assert f'data-written="echange-{Comment.objects.get().ref}"' in response.text


def test_whom_it_mentions_stands_out(post, get, step_1, lead, trainer):
    post(trainer, step_1, "commentaires/strategy/", {"body": "@alice lambert, <i>et</i> après ?"})
    page = get(lead, step_1, "commentaires/strategy/").text
    assert '<span class="mention mention-you">@alice lambert</span>, &lt;i&gt;et&lt;/i&gt;' in page
    assert '<span class="mention">' in get(trainer, step_1, "").text


@pytest.mark.parametrize("body", ["", " \n\t", "\x00"])
def test_an_empty_comment_is_refused(post, step_1, trainer, body):
    response = post(trainer, step_1, "commentaires/strategy/", {"body": body})
    assert response.status_code == 400
    assert alerts(response.text)[0] == "Écrivez votre commentaire avant de l’envoyer."
    assert 'aria-describedby="body--strategy-refusal"' in response.text
    assert not Comment.objects.exists()


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_comment_too_long_stays_where_it_was_typed(post, step_1, trainer, remark, headers):
    body = "é" * 100_001
    sent = {"thread": remark.ref, f"body.{remark.ref}": body}
    response = post(trainer, step_1, "commentaires/strategy/", sent, headers=headers)
    assert response.status_code == 413
    assert response.text.count(f">\n{body}</textarea>") == 1
    assert f'<details class="reply" id="replying--{remark.ref}" open>' in response.text
    assert Comment.objects.count() == 1


def test_a_comment_that_was_normalised_says_so(post, step_1, trainer):
    sent = {"body": "a\x00b \u202ec"}
    response = post(trainer, step_1, "commentaires/strategy/", sent, follow=True)
    assert [str(message) for message in response.context["messages"]] == [NORMALISED]
    assert Comment.objects.get().body == "ab c"


@pytest.mark.parametrize("name", ["nothing", "means", "obstacles", "obstacles--zzzzzzzz"])
def test_an_unknown_question_is_not_found(post, get, step_1, trainer, name):
    page = f"commentaires/{name}/"
    assert post(trainer, step_1, page, {"body": "a"}).status_code == 404
    assert get(trainer, step_1, page).status_code == 404
    assert get(trainer, step_1, f"{page}personnes/").status_code == 404


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


def test_a_thread_is_dealt_with_and_opened_again(post, step_1, lead, contributor, remark):
    page = f"commentaires/{remark.ref}/traiter/"
    for user in (lead, contributor):
        assert post(user, step_1, page, {"open": "0"}).status_code == 302
    remark.refresh_from_db()
    assert remark.resolved_by == lead
    for _ in range(2):
        assert post(lead, step_1, page, {"open": "1"}).status_code == 302
    remark.refresh_from_db()
    assert remark.resolved_by is None


def test_a_thread_of_elsewhere_is_not_found(post, step_1, step_2, lead, partner, remark, outsider):
    page = f"commentaires/{remark.ref}/traiter/"
    reply = Comment.objects.create(
        worksheet=step_1, question="strategy", thread=remark, body="Là.", written_by=lead
    )
    assert post(lead, step_2, page, {}).status_code == 404  # another worksheet's
    assert post(partner, step_1, page, {}).status_code == 404  # on what isn't shared
    assert post(outsider, step_1, page, {}).status_code == 404
    assert post(lead, step_1, "commentaires/zzzzzzzz/traiter/", {}).status_code == 404
    assert post(lead, step_1, f"commentaires/{reply.ref}/traiter/", {}).status_code == 404
    remark.refresh_from_db()
    assert remark.resolved_at is None


def test_from_the_review_one_comes_back_to_it(post, url_of, step_1, lead, trainer, remark):
    factories.submit_worksheet(step_1, lead)
    sent = {"from": "review", "thread": remark.ref, f"body.{remark.ref}": "Alors ?"}
    response = post(trainer, step_1, "commentaires/strategy/", sent)
    reply = remark.replies.get()
    assert response.url == f"{url_of(step_1, 'relecture/')}#echange-{reply.ref}"
    page = post(trainer, step_1, "commentaires/strategy/", sent, headers=HTMX).text
    assert 'id="body--strategy"' not in page  # a thread is opened with the decision


# What an open page asks for


def threads_since(get, user, worksheet, instant):
    answer = get(user, worksheet, "commentaires/", {"depuis": instant}).json()
    return list(answer["threads"]), answer["at"]


def test_an_open_page_gets_what_changed(post, get, step_1, lead, partner, remark, shared):
    Comment.objects.update(changed_at=timezone.now() - timedelta(minutes=5))
    now = timezone.now().isoformat()
    assert threads_since(get, lead, step_1, now)[0] == []
    post(lead, step_1, f"commentaires/obstacles--{shared.ref}/", {"body": "Qui ?"})
    changed, at = threads_since(get, lead, step_1, now)
    assert (changed, at > now) == ([f"obstacles--{shared.ref}"], True)
    post(lead, step_1, f"commentaires/{remark.ref}/traiter/", {"open": "0"})
    assert threads_since(get, lead, step_1, now)[0] == ["strategy", f"obstacles--{shared.ref}"]
    assert threads_since(get, partner, step_1, now)[0] == [f"obstacles--{shared.ref}"]


@pytest.mark.parametrize(
    "instant", ["", "hier", "2026-11-23", "2026-11-23T10:00:00", "2026-13-45T99:00:00+00:00"]
)
def test_what_is_no_instant_is_refused(get, step_1, lead, instant):
    assert get(lead, step_1, "commentaires/", {"depuis": instant}).status_code == 400


def names_for(get, user, worksheet, slot):
    answer = get(user, worksheet, f"commentaires/{slot}/personnes/")
    return [(person["name"], person["role"]) for person in answer.json()["people"]]


def test_whom_one_may_mention(
    get, territory, step_1, lead, contributor, partner, reader, trainer, observer, outsider, shared
):
    factories.grant(factories.create_user("Denis Wattel"), territory, Role.CONTRIBUTOR)
    everybody = [
        ("Bruno Carlier", "contributeur"),
        ("Denis Wattel", "2 personnes de ce nom"),
        ("Thomas Formateur", "formateur"),
    ]
    assert names_for(get, lead, step_1, "strategy") == everybody
    assert names_for(get, lead, step_1, f"obstacles--{shared.ref}") == [
        everybody[0],
        ("Chloé Delattre", "partenaire"),
        *everybody[1:],
    ]


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("commentaires/strategy/", 12),
        ("commentaires/?depuis=2026-01-01T00:00:00%2B00:00", 8),
    ],
)
def test_what_the_discussion_costs(client_of, url_of, query_counts, step_1, lead, path, queries):
    client = client_of(lead)

    def add(n):
        head = None
        for _ in range(n):  # threads, and answers in them that mention somebody
            written = Comment.objects.create(
                worksheet=step_1,
                question="strategy",
                thread=head,
                body="Qui ? @Alice Lambert",
                written_by=lead,
            )
            written.mentioned.add(lead)
            head = head or written

    assert query_counts(lambda: client.get(url_of(step_1, path)), add) == [queries] * 3


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
