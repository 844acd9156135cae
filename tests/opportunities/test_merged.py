"""What somebody was doing to an opportunity that another merged meanwhile."""

import pytest
from django.utils import timezone

from opportunities.models import Opportunity, Person, StageChange
from tests import factories
from tests.opportunities.addresses import address
from tests.opportunities.test_people_views import sent as person
from tests.rows import stored

TEXT = "Le toit fuit\nau nord."


@pytest.fixture
def duplicate(opportunity, territory, lead):
    return factories.create_opportunity(territory, lead, "La même", merged_into=opportunity)


@pytest.mark.parametrize("name", ["detail", "edit", "delete", "person-add", "attachments"])
def test_its_pages_lead_to_the_one_that_goes_on(client_of, lead, opportunity, duplicate, name):
    response = client_of(lead).get(address(name, duplicate))
    assert (response.status_code, response.url) == (302, address("detail", opportunity))


SENT = {
    "edit": (
        {"title": "La même halle", "description": TEXT, "kind": "friche", "version": 1},
        [("Intitulé", "La même halle"), ("Description", TEXT)],
    ),
    "move": (
        {"from_stage": "detected", "stage": "abandoned", "reason": TEXT},
        [("Pourquoi (facultatif, sauf pour abandonner)", TEXT)],
    ),
    "person-add": (
        person(organisation="", email="", phone="", consent_on="", kept_until="", note=TEXT),
        [("Nom", "Inès Fictive"), ("Note (facultatif)", TEXT)],
    ),
    "share": ({"partners": "p@tests.example"}, []),
    "archive": ({}, []),
    "restore": ({}, []),
    "delete": ({}, []),
}


@pytest.mark.parametrize("name", SENT)
def test_what_was_typed_is_given_back(client_of, lead, opportunity, duplicate, name):
    data, texts = SENT[name]
    before = stored(duplicate)
    response = client_of(lead).post(address(name, duplicate), data)
    assert response.status_code == 409
    assert [text for text in response.context["texts"] if text[0] != PURPOSE] == texts
    assert "a été fusionnée avec une autre opportunité" in response.text
    assert address("detail", opportunity) in response.text
    assert stored(duplicate) == before
    assert (Person.objects.count(), StageChange.objects.filter(reason=TEXT).count()) == (0, 0)


PURPOSE = "Pourquoi garder ses coordonnées"


def test_the_board_says_it(client_of, lead, duplicate):
    response = client_of(lead).post(
        address("move", duplicate), SENT["move"][0], headers={"Accept": "application/json"}
    )
    assert response.status_code == 409
    assert response.json() == {
        "message": "Entre-temps, «\N{NO-BREAK SPACE}La même\N{NO-BREAK SPACE}» a été fusionnée "
        "avec une autre opportunité du territoire\N{NO-BREAK SPACE}: rien de ce que vous venez "
        "d’envoyer n’a été enregistré."
    }


def test_the_one_that_goes_on_may_be_out_of_sight(client_of, lead, opportunity, duplicate):
    Opportunity.objects.filter(pk=opportunity.pk).update(
        title="Dans la corbeille", deleted_at=timezone.now(), deleted_by=lead
    )
    response = client_of(lead).post(address("edit", duplicate), SENT["edit"][0])
    assert response.status_code == 409
    assert "Le toit fuit" in response.text
    assert "Dans la corbeille" not in response.text
    assert address("detail", opportunity) not in response.text


def test_who_may_not_see_it_learns_nothing(client_of, outsider, shared_partner, duplicate):
    for user in (outsider, shared_partner):
        response = client_of(user).post(address("edit", duplicate), SENT["edit"][0])
        assert response.status_code == 404
