"""What the endpoint that keeps one answer doesn't find, or doesn't allow."""

import uuid

import pytest
from django.test import Client

from accounts.resending import SIGNED_OUT
from opportunities.models import Share
from territories.enums import Role
from tests import factories
from tests.worksheets.saves import rows, value_of
from worksheets.enums import State
from worksheets.models import ChosenOpportunity
from worksheets.opinions import QUESTION
from worksheets.signing import sign_opinion

UNKNOWN = "Cette question n’existe pas, ou vous n’y avez pas accès."
ONE = str(uuid.UUID(int=1))


@pytest.mark.parametrize(
    "name",
    [
        "nothing",
        "means",  # of another grid
        "detection-done",  # not written: it follows from the rest
        "obstacles",  # asked of each opportunity
        "obstacles--",
        "obstacles--zzzzzzzz",
        "strategy--zzzzzzzz",
        "strategy--",
    ],
)
def test_an_unknown_question_is_not_found(save, step_1, lead, name):
    response = save(lead, step_1, name, {"": "a"})
    assert (response.status_code, response.json()) == (404, {"message": UNKNOWN})


def test_an_opportunity_of_elsewhere_is_not_found(save, step_1, lead, outsider, other_territory):
    foreign = other_territory.opportunities.get()
    unchosen = factories.create_opportunity(step_1.territory, lead, "Pas choisie")
    for opportunity in (foreign, unchosen):
        response = save(lead, step_1, f"obstacles--{opportunity.ref}", {"": "a"})
        assert (response.status_code, response.json()) == (404, {"message": UNKNOWN})
    assert not step_1.answers.exists()


def test_an_opportunity_no_longer_chosen_is_not_found(save, step_1, lead, shared):
    ChosenOpportunity.objects.filter(opportunity=shared).delete()
    assert save(lead, step_1, f"obstacles--{shared.ref}", {"": "a"}).status_code == 404


def test_a_worksheet_under_another_territory_is_not_found(client_of, step_1, lead, outsider):
    other = outsider.grants.get().territory
    url = f"/territoires/{other.ref}/fiches/{step_1.ref}/reponses/strategy/"
    for user in (lead, outsider):
        response = client_of(user).post(url, {"strategy.version": 0, "strategy": "a"})
        assert (response.status_code, response.json()) == (404, {"message": UNKNOWN})


@pytest.mark.parametrize("name", ["a%00b", "obstacles--%00", "a.b", "%ED%A0%80"])
def test_an_address_that_is_none_of_ours_is_not_found(client_of, url_of, step_1, lead, name):
    response = client_of(lead).post(url_of(step_1, f"reponses/{name}/"), {})
    assert response.status_code == 404


@pytest.mark.parametrize("role", ["reader", "trainer"])
def test_who_reads_does_not_write(request, save, step_1, role):
    response = save(request.getfixturevalue(role), step_1, "strategy", {"": "a"})
    assert (response.status_code, response.json()) == (
        403,
        {"message": "Vous pouvez lire cette fiche, pas la modifier."},
    )
    assert not step_1.answers.exists()


@pytest.mark.parametrize("role", ["outsider", "observer", "staff"])
def test_who_does_not_see_it_learns_nothing(request, save, step_1, role):
    response = save(request.getfixturevalue(role), step_1, "strategy", {"": "a"})
    assert (response.status_code, response.json()) == (404, {"message": UNKNOWN})


def test_a_partner_writes_their_part_only(save, step_1, partner, shared, unshared):
    assert save(partner, step_1, f"obstacles--{shared.ref}", {"": "a"}).status_code == 200
    for name in (f"obstacles--{unshared.ref}", "strategy", "process-done"):
        response = save(partner, step_1, name, {"": "1"})
        assert (response.status_code, response.json()) == (404, {"message": UNKNOWN})
    assert [answer.opportunity for answer in step_1.answers.all()] == [shared]
    Share.objects.all().delete()
    assert save(partner, step_1, f"obstacles--{shared.ref}", {"": "b"}, 1).status_code == 404


@pytest.mark.parametrize("role", [Role.READER, Role.TRAINER])
def test_a_partner_who_reads_the_rest_writes_no_more_for_that(
    save, step_1, step_2, partner, shared, unshared, programme, role
):
    if role == Role.TRAINER:
        factories.join_programme(partner, programme, role)
    else:
        factories.grant(partner, step_1.territory, role)
    for name in (f"obstacles--{unshared.ref}", "strategy"):
        response = save(partner, step_1, name, {"": "a"})
        assert response.status_code == 403
        assert response.json() == {"message": "Vous pouvez lire cette réponse, pas la modifier."}
    assert not step_1.answers.exists()
    assert save(partner, step_1, f"obstacles--{shared.ref}", {"": "a"}).status_code == 200
    assert save(partner, step_2, "activities", {"": "Animer."}).status_code == 200


def test_an_expired_sign_in_is_told_and_nothing_is_lost(step_1, url_of):
    response = Client().post(url_of(step_1, "reponses/strategy/"), {"strategy": "a"})
    assert (response.status_code, response.json()) == (
        403,
        {
            "message": SIGNED_OUT,
            "sign_in": "/connexion/",
        },
    )


def test_a_missing_csrf_token_is_refused(step_1, lead, url_of):
    client = Client(enforce_csrf_checks=True)
    client.force_login(lead)
    response = client.post(url_of(step_1, "reponses/strategy/"), {"strategy": "a"})
    assert response.status_code == 403
    assert not step_1.answers.exists()


def test_only_posts_are_taken(client_of, url_of, step_1, lead):
    assert client_of(lead).get(url_of(step_1, "reponses/strategy/")).status_code == 405


@pytest.mark.parametrize("state", [State.SUBMITTED, State.VALIDATED])
def test_a_closed_worksheet_takes_nothing(save, step_1, lead, state):
    step_1.state = state
    step_1.save()
    response = save(lead, step_1, "strategy", {"": "a"})
    assert (response.status_code, response.json()) == (
        409,
        {
            "message": f"La fiche est maintenant «\u00a0{state.label}\u00a0»\u00a0: elle ne "
            "s’écrit plus. Votre texte n’est pas enregistré\u00a0; il reste dans cette page, "
            "copiez-le."
        },
    )
    assert not step_1.answers.exists()


def decision_makers(*rows_sent):
    columns = ["date", "decision-maker", "opinion", "remarks"]
    return rows(*rows_sent, columns=columns)


@pytest.mark.parametrize(
    ("role", "status"), [("lead", 200), ("contributor", 403), ("partner", 403)]
)
def test_who_records_an_opinion(request, save, step_2, role, status):
    user = request.getfixturevalue(role)
    sent = decision_makers((ONE, "", "Maire", "favourable", ""))
    assert save(user, step_2, QUESTION, sent).status_code == status
    assert step_2.answers.exists() is (status == 200)


def test_who_may_not_record_opinions_writes_the_rest_of_the_row(save, step_2, lead, contributor):
    save(lead, step_2, QUESTION, decision_makers((ONE, "", "Maire", "favourable", "")))
    kept = decision_makers((ONE, "2026-10-01", "Maire", "favourable", "Sous condition"))
    assert save(contributor, step_2, QUESTION, kept, version=1).status_code == 200
    changed = decision_makers((ONE, "2026-10-01", "Maire", "unfavourable", "Sous condition"))
    response = save(contributor, step_2, QUESTION, changed, version=2)
    assert response.status_code == 403
    assert response.json()["message"].startswith("Seul le référent enregistre ou retire l’avis")


@pytest.mark.parametrize("role", ["lead", "contributor", "partner"])
def test_nobody_touches_a_signed_opinion(request, save, step_2, reader, role):
    sign_opinion(worksheet=step_2, opinion="favourable", remarks="", by=reader)
    [row] = value_of(step_2, QUESTION)
    user = request.getfixturevalue(role)
    for sent in (
        decision_makers((row["id"], "", "Denis Wattel", "unfavourable", "")),
        {"id": []},
    ):
        response = save(user, step_2, QUESTION, sent, version=1)
        assert (response.status_code, response.json()) == (
            403,
            {"message": "L’avis signé par Denis Wattel ne peut être ni modifié ni supprimé."},
        )
    assert value_of(step_2, QUESTION) == [row]
