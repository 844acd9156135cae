"""The pages of the trainers' review."""

import pytest

from accounts.wording import NORMALISED
from territories.enums import Role
from tests import factories
from tests.worksheets.pages import alerts
from worksheets.enums import State
from worksheets.models import Comment, Worksheet
from worksheets.reviewing import start_review


@pytest.fixture
def submitted(step_1, lead):
    factories.write_answer(step_1, "strategy", "<i>Marcher</i>", lead)
    factories.submit_worksheet(step_1, lead)
    return step_1


@pytest.fixture
def post(client_of, url_of):
    def send(user, worksheet, page="relecture/", data=None, **extra):
        return client_of(user).post(url_of(worksheet, page), data or {}, **extra)

    return send


def decision(verb="return", number="1", message="Précisez.", **comments):
    sent = {f"comment.{name}": body for name, body in comments.items()}
    return {"decision": verb, "submission_number": number, "message": message} | sent


def state_of(worksheet):
    return Worksheet.objects.values_list("state", flat=True).get(pk=worksheet.pk)


def test_a_review_is_begun(post, client_of, url_of, submitted, trainer):
    response = post(trainer, submitted, "relecture/commencer/")
    assert (response.status_code, response.url) == (302, url_of(submitted, "relecture/"))
    assert Worksheet.objects.get(pk=submitted.pk).review_started_by == trainer
    page = client_of(trainer).get(response.url).text
    assert "&lt;i&gt;Marcher&lt;/i&gt;" in page
    assert '<input type="hidden" name="submission_number" value="1">' in page


def test_a_colleague_is_warned(post, client_of, url_of, submitted, trainer, programme):
    post(trainer, submitted, "relecture/commencer/")
    colleague = factories.create_user("Rachid Formateur")
    factories.join_programme(colleague, programme, Role.TRAINER)
    page = client_of(colleague).get(url_of(submitted, "relecture/")).text
    assert "Thomas Formateur a commencé cette relecture" in page


def test_nothing_to_begin_on_a_draft(post, step_1, trainer):
    response = post(trainer, step_1, "relecture/commencer/")
    assert response.status_code == 409
    assert alerts(response.text) == [
        "La fiche est maintenant « Brouillon » : il n’y a rien à relire."
    ]


def test_what_was_never_submitted_has_no_review(post, client_of, url_of, step_1, trainer):
    assert client_of(trainer).get(url_of(step_1, "relecture/")).status_code == 404
    assert post(trainer, step_1, data=decision()).status_code == 404


def test_the_review_of_what_was_returned_leads_to_the_worksheet(
    client_of, url_of, submitted, trainer
):
    submitted.state = State.RETURNED
    submitted.save()
    response = client_of(trainer).get(url_of(submitted, "relecture/"))
    assert (response.status_code, response.url) == (302, url_of(submitted))


@pytest.mark.parametrize(
    ("verb", "state", "said"),
    [
        (
            "return",
            State.RETURNED,
            "Fiche retournée à l’équipe. L’équipe est prévenue par courriel.",
        ),
        ("validate", State.VALIDATED, "Fiche validée. L’équipe est prévenue par courriel."),
    ],
)
def test_comments_and_decision_go_together(post, submitted, trainer, verb, state, said):
    data = decision(verb, strategy="<b>Qui ?</b>", lessons=" \n", progress="\x00")
    response = post(trainer, submitted, data=data, follow=True)
    assert [str(message) for message in response.context["messages"]] == [said]
    assert state_of(submitted) == state
    assert [(c.question, c.body) for c in Comment.objects.all()] == [("strategy", "<b>Qui ?</b>")]


def test_words_that_were_normalised_say_so(post, submitted, trainer):
    data = decision(message="a\x00b", strategy="c\x00d")
    response = post(trainer, submitted, data=data, follow=True)
    assert [str(message) for message in response.context["messages"]][1:] == [NORMALISED]
    assert Comment.objects.get().body == "cd"
    assert submitted.transitions.last().message == "ab"


@pytest.mark.parametrize(
    ("data", "status", "refusal"),
    [
        (decision(message=" "), 400, "Dites à l’équipe ce qui est à compléter"),
        (decision("burn"), 400, "Choisissez : retourner ou valider."),
        (decision("submit"), 400, "Choisissez : retourner ou valider."),
        (decision("reopen"), 400, "Choisissez : retourner ou valider."),
        (decision(message="é" * 100_001), 413, "Ce texte compte 100 001 caractères"),
        (decision(strategy="é" * 100_001), 413, "Ce texte compte 100 001 caractères"),
        (decision(number="2", strategy="Qui ?"), 409, "La fiche est maintenant « Transmise »"),
        (decision(number="x", strategy="Qui ?"), 409, "La fiche est maintenant « Transmise »"),
    ],
)
def test_a_decision_that_is_not_made_leaves_the_texts(
    post, submitted, trainer, data, status, refusal
):
    response = post(trainer, submitted, data=data)
    assert response.status_code == status
    [alert] = alerts(response.text)
    assert alert.startswith(refusal)
    assert f">\n{data['message']}</textarea>" in response.text
    assert f">\n{data.get('comment.strategy', '')}</textarea>" in response.text
    assert state_of(submitted) == State.SUBMITTED
    assert not Comment.objects.exists()


def test_the_second_trainer_is_told_and_keeps_their_texts(post, submitted, trainer, programme):
    colleague = factories.create_user("Rachid Formateur")
    factories.join_programme(colleague, programme, Role.TRAINER)
    post(trainer, submitted, data=decision("validate", message=""))
    response = post(colleague, submitted, data=decision(message="À revoir", strategy="Qui ?"))
    assert response.status_code == 409
    assert alerts(response.text) == [
        "La fiche est maintenant « Validée » (Thomas Formateur : valider). Votre décision n’a pas "
        "été enregistrée ; vos textes restent dans cette page."
    ]
    assert ">\nÀ revoir</textarea>" in response.text
    assert ">\nQui ?</textarea>" in response.text
    assert state_of(submitted) == State.VALIDATED


def test_a_validated_worksheet_is_reopened(post, url_of, submitted, trainer):
    post(trainer, submitted, data=decision("validate"))
    response = post(trainer, submitted, "rouvrir/", {"message": "Le budget a changé."})
    assert (response.status_code, response.url) == (302, url_of(submitted))
    assert state_of(submitted) == State.RETURNED


@pytest.mark.parametrize(
    ("state", "message", "status"),
    [
        (State.VALIDATED, " ", 400),
        (State.VALIDATED, "é" * 100_001, 413),
        (State.SUBMITTED, "Le budget.", 409),
        (State.RETURNED, "Le budget.", 409),
    ],
)
def test_a_worksheet_that_is_not_reopened(post, submitted, trainer, state, message, status):
    submitted.state = state
    submitted.save()
    response = post(trainer, submitted, "rouvrir/", {"message": message})
    assert response.status_code == status
    assert len(alerts(response.text)) == 1
    assert f">\n{message}</textarea>" in response.text
    assert state_of(submitted) == state


@pytest.mark.parametrize("path", ["relecture/", "relecture/commencer/", "rouvrir/"])
@pytest.mark.parametrize("role", ["lead", "contributor", "partner", "reader", "observer"])
def test_only_trainers_review(request, post, submitted, role, path):
    user = request.getfixturevalue(role)
    response = post(user, submitted, path, decision() | {"message": "Non."})
    assert response.status_code == 403
    assert "Seuls les formateurs relisent les fiches." in response.text
    assert state_of(submitted) == State.SUBMITTED


def test_a_review_that_nobody_began_leads_to_the_worksheet(client_of, url_of, submitted, trainer):
    response = client_of(trainer).get(url_of(submitted, "relecture/"))
    assert (response.status_code, response.url) == (302, url_of(submitted))


def test_what_the_review_costs(client_of, url_of, query_counts, submitted, lead, trainer):
    start_review(worksheet=submitted, by=trainer)
    client = client_of(trainer)

    def add(n):
        Comment.objects.bulk_create(
            Comment(worksheet=submitted, question="strategy", body="Qui ?", written_by=lead)
            for _ in range(n)
        )

    assert query_counts(lambda: client.get(url_of(submitted, "relecture/")), add) == [13, 13, 13]
