from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from journal.models import Entry
from journal.recording import record
from programmes.enums import Step
from territories.enums import Role
from tests import factories
from worksheets.enums import State
from worksheets.models import Worksheet

TEAM = ["lead", "contributor", "partner", "reader"]


# The home


@pytest.mark.parametrize("who", TEAM)
def test_a_member_of_one_team_goes_straight_there(request, client_of, who, home_address):
    response = client_of(request.getfixturevalue(who)).get("/")
    assert (response.status_code, response.url) == (302, home_address)


@pytest.mark.parametrize("who", ["trainer", "observer"])
def test_who_follows_one_programme_goes_straight_there(request, client_of, who, board_address):
    response = client_of(request.getfixturevalue(who)).get("/")
    assert (response.status_code, response.url) == (302, board_address)


def test_who_has_several_places_chooses(client_of, lead, programme, territory, other_territory):
    factories.create_territory("Un territoire où il n’est pas")
    factories.grant(lead, territory, Role.READER)
    factories.grant(lead, other_territory, Role.PARTNER)
    factories.join_programme(lead, programme)
    response = client_of(lead).get("/")
    assert response.status_code == 200
    assert [
        (place, [grant.role for grant in grants])
        for place, grants, _ in response.context["territories"]
    ] == [(other_territory, ["partner"]), (territory, ["lead", "reader"])]
    assert [member.programme for member in response.context["members"]] == [programme]


def test_one_team_and_one_programme_are_two_places(client_of, lead, programme):
    factories.join_programme(lead, programme)
    assert client_of(lead).get("/").status_code == 200


def test_the_staff_runs_the_platform(client_of, staff, territory, programme):
    response = client_of(staff).get("/")
    assert (response.context["territories"], response.context["members"]) == ([], [])
    for route in ("programmes:list", "admin:index"):
        assert f'<a class="row-title" href="{reverse(route)}">' in response.text


def test_who_has_no_role_is_told_what_to_do(client_of, db, territory, programme):
    response = client_of(factories.create_user()).get("/")
    assert response.status_code == 200
    assert "Vous n’êtes dans aucune équipe" in response.text
    assert reverse("admin:index") not in response.text


def test_a_role_that_has_ended_leads_nowhere(client_of, territory):
    user = factories.create_user()
    yesterday = timezone.localdate() - timedelta(days=1)
    factories.grant(user, territory, Role.READER, until=yesterday)
    assert client_of(user).get("/").status_code == 200


# Who gets what: the home of a territory, its worksheets, the board of its programme

STATUSES = {
    "lead": [200, 200, 404],
    "contributor": [200, 200, 404],
    "partner": [200, 200, 404],
    "reader": [200, 200, 404],
    "trainer": [200, 200, 200],
    "observer": [200, 200, 200],
    "staff": [404, 404, 404],
    "outsider": [404, 404, 404],
}


@pytest.mark.parametrize(("who", "statuses"), STATUSES.items())
def test_who_gets_what(
    request, client_of, who, statuses, step_1, outsider, home_address, list_address, board_address
):
    client = client_of(request.getfixturevalue(who))
    addresses = (home_address, list_address, board_address)
    assert [client.get(address).status_code for address in addresses] == statuses


def test_who_isn_t_signed_in_is_asked_to(client, step_1, home_address, list_address, board_address):
    for address in ("/", home_address, list_address, board_address):
        response = client.get(address)
        assert (response.status_code, response.url.partition("?")[0]) == (
            302,
            reverse("account_login"),
        )


def test_these_pages_are_only_read(
    client_of, lead, trainer, home_address, list_address, board_address
):
    for user, address in [
        (lead, "/"),
        (lead, home_address),
        (lead, list_address),
        (trainer, board_address),
    ]:
        assert client_of(user).post(address).status_code == 405


# The home of a team


@pytest.fixture
def work(territory, programme, lead, trainer, step_1, step_2, shared, unshared):
    """Something of everything: a deadline, answers, a comment, an entry of the journal."""
    factories.create_deadline(programme, Step.STEP_1, timezone.localdate() + timedelta(days=20))
    factories.write_answer(step_1, "strategy", "Une visite", lead)
    factories.write_answer(step_1, "interest", "Un lieu", lead, opportunity=shared)


def test_the_home_says_what_is_due(client_of, lead, work, step_1, home_address, url_of):
    text = client_of(lead).get(home_address).text
    assert "dans 20\N{NO-BREAK SPACE}jours" in text
    assert "2 réponses sur 19." in text
    assert "Continuer la fiche" in text
    assert f'href="{url_of(step_1)}#process"' in text


def test_one_primary_action(request, client_of, work, home_address):
    found = {}
    for who in (*TEAM, "trainer", "observer"):
        text = client_of(request.getfixturevalue(who)).get(home_address).text
        found[who] = text.partition("</main>")[0].count("btn-primary")  # no dialog's
    assert found == {
        "lead": 1,
        "contributor": 1,
        "partner": 1,
        "reader": 1,
        "trainer": 1,
        "observer": 0,
    }


def test_only_who_may_begin_is_offered_to(request, client_of, work, territory, home_address):
    start = reverse("worksheets:worksheet-start", args=[territory.ref])
    create = reverse("opportunities:create", args=[territory.ref])
    found = {}
    for who in (*TEAM, "trainer", "observer"):
        text = client_of(request.getfixturevalue(who)).get(home_address).text
        found[who] = (start in text, create in text)
    assert {who for who, offered in found.items() if offered == (True, True)} == {
        "lead",
        "contributor",
    }
    assert {who for who, offered in found.items() if offered == (False, False)} == {
        "partner",
        "reader",
        "trainer",
        "observer",
    }


def test_a_partner_learns_nothing_of_what_is_not_shared(
    client_of, partner, contributor, work, step_1, unshared, home_address, list_address
):
    record(
        verb="opportunity.created",
        by=contributor,
        scope=step_1.territory.scope,
        target=unshared.target,
    )
    factories.write_answer(step_1, "strategy", "Une visite.", contributor)
    client = client_of(partner)
    for address in (home_address, list_address):
        text = client.get(address).text
        assert "La halle partagée" in text
        for secret in ("Le moulin réservé", "Auto-diagnostic", "Bruno Carlier", "Une visite"):
            assert secret not in text
    assert "1 réponse sur 6" in client.get(home_address).text


def test_an_observer_learns_nothing_of_drafts(
    client_of, observer, lead, contributor, work, step_1, home_address, list_address
):
    client = client_of(observer)
    for address in (home_address, list_address):
        text = client.get(address).text
        assert "Pas encore transmise" in text
        for secret in ("Brouillon", "réponse", "modifiée par", step_1.ref, "a complété"):
            assert secret not in text
    factories.submit_worksheet(step_1, lead)
    step_1.state = State.RETURNED
    step_1.save()
    factories.write_answer(step_1, "lessons", "Depuis le retour", contributor)
    for address in (home_address, list_address):
        text = client.get(address).text
        assert "dernière version transmise" in text
        for secret in ("réponse", "modifiée par", "Bruno Carlier", "a complété"):
            assert secret not in text


def test_a_trainer_reads_and_is_called_to_review(
    client_of, trainer, lead, work, step_1, home_address, url_of
):
    factories.submit_worksheet(step_1, lead)
    text = client_of(trainer).get(home_address).text
    assert f'<a class="btn btn-primary" href="{url_of(step_1, "relecture/")}">' in text
    assert "Alice Lambert</strong> a transmis" in text


def test_a_territory_without_programme(client_of, lead, home_address, list_address):
    client = client_of(lead)
    assert "Aucune formation" in client.get(home_address).text
    assert "Aucune formation" in client.get(list_address).text
    assert "Aucune opportunité pour l’instant" in client.get(home_address).text


def test_a_partner_with_whom_nothing_is_shared(
    client_of, partner, territory, programme, lead, grids, home_address, list_address
):
    factories.create_worksheet(territory, programme, lead)
    client = client_of(partner)
    assert "Aucune fiche à lire" in client.get(home_address).text
    assert "Aucune opportunité à lire" in client.get(home_address).text
    assert "Aucune fiche à lire" in client.get(list_address).text


def test_nothing_is_due(client_of, reader, territory, programme, grids, home_address):
    client = client_of(reader)
    assert "Rien à transmettre pour l’instant" in client.get(home_address).text
    assert "Aucune date n’est fixée." in client.get(home_address).text
    factories.create_session(programme, "Deuxième journée", timezone.localdate())
    assert "Deuxième journée, aujourd’hui" in client.get(home_address).text


def test_each_state_of_the_call(client_of, lead, territory, programme, grids, home_address):
    client = client_of(lead)
    factories.create_deadline(
        programme, Step.SELF_DIAGNOSIS, timezone.localdate() - timedelta(days=3)
    )
    assert "Commencer la fiche" in client.get(home_address).text
    worksheet = factories.create_worksheet(
        territory, programme, lead, step=Step.SELF_DIAGNOSIS, state=State.RETURNED
    )
    text = client.get(home_address).text
    assert "Compléter la fiche" in text
    assert "en retard de 3\N{NO-BREAK SPACE}jours" in text
    entry = [{"id": "5b0f0d6c-9d1e-4f59-8f4c-1f1a3c7c0a11", "text": "Un marché"}]
    for key, question in worksheet.grid.by_key.items():
        factories.write_answer(
            worksheet, key, "Un texte" if question.kind == "text" else entry, lead
        )
    text = client.get(home_address).text
    assert "Transmettre la fiche" in text
    assert "Rien ne manque" in text


# The list


def test_the_list_shows_the_versions_and_their_pdf(client_of, lead, step_1, list_address, url_of):
    for _ in range(2):
        factories.submit_worksheet(step_1, lead)
        Worksheet.objects.update(state=State.RETURNED)
    text = client_of(lead).get(list_address).text
    versions = ("versions/1/", "versions/2/", "versions/2/fiche.pdf")
    for page in ("", *versions, "fiche.pdf", "fiche-vierge.pdf"):
        assert f'href="{url_of(step_1, page)}"' in text


def test_an_observer_has_the_versions_alone(
    client_of, observer, lead, step_1, list_address, url_of
):
    factories.submit_worksheet(step_1, lead)
    text = client_of(observer).get(list_address).text
    assert f'href="{url_of(step_1, "versions/1/fiche.pdf")}"' in text
    assert f'href="{url_of(step_1, "fiche.pdf")}"' not in text


def test_the_list_has_pages(client_of, lead, territory, programme, grids, list_address):
    for number in range(40):
        opportunity = factories.create_opportunity(territory, lead, f"Opportunité {number}")
        factories.create_worksheet(
            territory, programme, lead, step=Step.STEP_2, opportunity=opportunity
        )
    client = client_of(lead)
    pages = [client.get(list_address, {"page": number}).context["page"] for number in (1, 2)]
    assert [len(page.object_list) for page in pages] == [30, 12]
    assert "?page=2" in client.get(list_address).text


# The board


def test_the_board_of_a_programme_without_territory(client_of, trainer, board_address, programme):
    programme.enrolments.all().delete()
    assert "Aucun territoire inscrit" in client_of(trainer).get(board_address).text


def test_a_trainer_of_another_programme_gets_nothing(client_of, board_address, step_1):
    user = factories.create_user()
    factories.join_programme(user, factories.create_programme("Une autre formation"))
    assert client_of(user).get(board_address).status_code == 404


def test_the_board_leads_to_the_next_review(
    client_of, trainer, lead, step_1, board_address, url_of
):
    assert "Relire la suivante" not in client_of(trainer).get(board_address).text
    factories.submit_worksheet(step_1, lead)
    text = client_of(trainer).get(board_address).text
    button = f'<a class="btn btn-primary" href="{url_of(step_1, "relecture/")}">'
    assert f"{button}Relire la suivante" in text


def test_the_filter_is_in_the_address(client_of, trainer, lead, step_1, outsider, board_address):
    factories.submit_worksheet(step_1, lead)
    client = client_of(trainer)

    def kept(query):
        response = client.get(board_address + query)
        assert response.status_code == 200
        names = [row.territory.name for row in response.context["page"].object_list]
        return names, response.context["chosen"]

    both = ["CA Valenciennes Métropole", "CU de Dunkerque"]
    assert kept("") == (both, "")
    assert kept("?filtre=a-relire") == (["CU de Dunkerque"], "a-relire")
    assert kept("?filtre=sans-referent") == ([], "sans-referent")
    assert kept("?filtre=%00&page=-3") == (both, "")


def test_an_empty_filter_leads_back(client_of, trainer, lead, outsider, board_address):
    text = client_of(trainer).get(board_address + "?filtre=sans-referent").text
    assert "Aucun ne répond à ce filtre." in text
    assert f'href="{board_address}">Voir tous les territoires' in text


def test_an_observer_s_board_says_nothing_of_drafts(
    client_of, observer, lead, work, step_1, board_address
):
    text = client_of(observer).get(board_address).text
    for secret in ("Brouillon", "%", "La halle partagée", "mon retour", "Relire", step_1.ref):
        assert secret not in text
    assert "Pas encore transmise" in text
    factories.submit_worksheet(step_1, lead)
    text = client_of(observer).get(board_address).text
    assert "Transmise" in text
    assert "/relecture/" not in text


def test_reading_records_nothing(client_of, lead, work, home_address):
    before = Entry.objects.count()
    client_of(lead).get(home_address)
    assert Entry.objects.count() == before
