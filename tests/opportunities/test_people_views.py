import json
from datetime import date, datetime
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.wording import MAX_LENGTH
from opportunities import keeping
from opportunities.models import Person
from opportunities.people import add_person, anonymise, latest_day
from tests import factories
from tests.opportunities.test_people import facts as facts_of_person


@pytest.fixture
def person(opportunity, lead):
    return add_person(opportunity=opportunity, by=lead, **facts_of_person())


def address(name, opportunity, *more):
    return reverse(f"opportunities:{name}", args=[opportunity.territory.ref, *more])


def sent(**changes):
    data = {name: value or "" for name, value in facts_of_person().items()}
    return data | {"request_key": str(uuid4()), "version": 1} | changes


def test_somebody_is_added_from_the_page_of_an_opportunity(client_of, contributor, opportunity):
    client = client_of(contributor)
    page = address("person-add", opportunity, opportunity.ref)
    assert client.get(page).status_code == 200
    response = client.post(page, sent(note="Le\x07 matin"), follow=True)
    assert response.redirect_chain == [(address("detail", opportunity, opportunity.ref), 302)]
    assert Person.objects.get().note == "Le matin"
    for words in (
        "Inès Fictive",
        "ines@tests.example",
        "5\N{NO-BREAK SPACE}janvier",
        "caractères invisibles",
    ):
        assert words in response.text


@pytest.mark.parametrize(
    ("changes", "status", "sentence"),
    [
        ({"name": " "}, 400, "Écrivez le nom"),
        ({"name": "é" * 151}, 413, "150"),
        ({"note": "é" * (MAX_LENGTH + 1)}, 413, "caractères"),
        ({"role": "voisin"}, 400, "voisin"),
        ({"email": "ines@"}, 400, "adresse"),
        ({"purpose": ""}, 400, "à quoi serviront"),
        ({"consent": ""}, 400, "donné son accord"),
        ({"consent_on": ""}, 400, "Dites quand"),
        ({"consent_on": "31/02/2026"}, 400, "n’existe pas"),
        ({"kept_until": ""}, 400, "Choisissez une date"),
        ({"kept_until": "2099-01-01"}, 400, "ne garde pas"),
        ({"kept_until": "2020-01-01"}, 400, "Ce jour est passé"),
        ({"request_key": "x"}, 400, "UUID"),
    ],
)
def test_refused_nothing_is_lost(client_of, lead, opportunity, changes, status, sentence):
    data = sent(organisation="Atelier à ne pas perdre", **changes)
    response = client_of(lead).post(address("person-add", opportunity, opportunity.ref), data)
    assert response.status_code == status
    assert sentence in response.text
    assert "Atelier à ne pas perdre" in response.text
    assert Person.objects.count() == 0


def test_the_same_form_with_something_else_in_it(client_of, lead, opportunity):
    client, page = client_of(lead), address("person-add", opportunity, opportunity.ref)
    data = sent()
    client.post(page, data)
    response = client.post(page, data | {"name": "Léo Fictif"})
    assert (response.status_code, Person.objects.count()) == (409, 1)
    assert "Vous avez déjà enregistré" in response.text
    form = response.context["form"]
    client.post(page, data | {"name": "Léo Fictif", "request_key": form["request_key"].value()})
    assert Person.objects.count() == 2


def test_a_change_made_meanwhile_is_shown(client_of, lead, person):
    client = client_of(lead)
    page = address("person-change", person.opportunity, person.ref)
    assert client.post(page, sent(phone="01")).status_code == 302
    response = client.post(page, sent(phone="02", consent_on="2026-02-01"))
    assert response.status_code == 409
    for words in (
        "Téléphone",
        "01",
        "02",
        "5\N{NO-BREAK SPACE}janvier",
        "1er\N{NO-BREAK SPACE}février",
    ):
        assert words in response.text
    version = response.context["form"]["version"].value()
    assert client.post(page, sent(phone="02", version=version)).status_code == 302
    assert Person.objects.get().phone == "02"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"kept_until": "2099-01-01"}, "ne garde pas"),
        ({"kept_until": "2020-01-01"}, "Ce jour est passé"),
        ({"kept_until": "2999-01-01"}, "doit se situer entre"),
    ],
)
def test_a_refused_change_is_not_written(client_of, lead, person, changes, sentence):
    page = address("person-change", person.opportunity, person.ref)
    response = client_of(lead).post(page, sent(**changes))
    assert (response.status_code, Person.objects.get().kept_until) == (400, latest_day())
    assert sentence in response.text


@pytest.mark.parametrize("version", ["", "x", "0", "99999999999999999999"])
def test_a_change_of_no_version_is_refused(client_of, lead, person, version):
    page = address("person-change", person.opportunity, person.ref)
    response = client_of(lead).post(page, sent(phone="01", version=version))
    assert (response.status_code, Person.objects.get().phone) == (400, person.phone)


def test_what_is_held_on_somebody_is_exported(client_of, lead, territory, person):
    elsewhere = factories.create_opportunity(territory, lead, "Le moulin")
    add_person(opportunity=elsewhere, by=lead, **facts_of_person(note="=1+1"))
    add_person(opportunity=elsewhere, by=lead, **facts_of_person(name="Autre", email=""))
    response = client_of(lead).get(address("person-export", person.opportunity, person.ref))
    assert response["Content-Disposition"] == f'attachment; filename="personne-{person.ref}.json"'
    rows = json.loads(response.content)["personnes"]
    assert [(row["opportunité"], row["note"]) for row in rows] == [
        ("La halle de la rue du Port", "À rappeler le matin."),
        ("Le moulin", "=1+1"),
    ]
    assert (rows[0]["rôle"], rows[0]["consentement"]) == ("Porteur de projet", "Donné de vive voix")
    assert rows[0]["date du consentement"] == date(2026, 1, 5).isoformat()


def test_the_export_says_when_and_by_what_it_was_gathered(client_of, lead, person):
    Person.objects.update(created_at="2026-07-14T22:30:00Z", updated_at="2026-12-01T08:00:00Z")
    response = client_of(lead).get(address("person-export", person.opportunity, person.ref))
    told = json.loads(response.content)
    row = told["personnes"][0]
    assert (row["enregistré le"], row["modifié le"]) == (
        "2026-07-15T00:30:00+02:00",
        "2026-12-01T09:00:00+01:00",
    )
    assert datetime.fromisoformat(told["exporté le"]).utcoffset() is not None
    assert told["réuni d’après"].startswith("la même adresse électronique, ou le même nom avec")


def test_who_is_in_the_bin_is_exported_and_forgotten(client_of, lead, reader, person):
    opportunity = person.opportunity
    keeping.delete(opportunity=opportunity, by=lead)
    client = client_of(lead)
    page = {
        name: address(name, opportunity, person.ref)
        for name in ("person-change", "person-export", "person-forget")
    }
    people_list = address("person-list", opportunity)
    assert "dans la corbeille" in client.get(people_list).text
    assert "est dans la corbeille" in client.get(page["person-change"]).text
    assert len(json.loads(client.get(page["person-export"]).content)["personnes"]) == 1
    assert client_of(reader).get(page["person-export"]).status_code == 404
    changed = client.post(page["person-change"], sent(phone="01"))
    assert (changed.status_code, changed.url) == (302, people_list)
    response = client.post(page["person-forget"], {"way": "erase"}, follow=True)
    assert response.redirect_chain == [(people_list, 302)]
    assert "La personne est effacée." in response.text
    assert Person.objects.count() == 0


@pytest.mark.parametrize(("way", "left"), [("anonymise", [""]), ("erase", [])])
def test_somebody_is_forgotten(client_of, lead, person, way, left):
    client = client_of(lead)
    page = address("person-forget", person.opportunity, person.ref)
    assert client.get(page).status_code == 200
    assert client.post(page, {}).status_code == 400
    assert list(Person.objects.values_list("name", flat=True)) == ["Inès Fictive"]
    response = client.post(page, {"way": way}, follow=True)
    assert list(Person.objects.values_list("name", flat=True)) == left
    assert "Inès Fictive" not in response.text
    assert client.get(page).status_code == 404


def test_nobody_else_learns_that_people_exist(request, client_of, person, shared_partner):
    anonymise(
        person=add_person(
            opportunity=person.opportunity, by=person.created_by, **facts_of_person(name="Tom")
        ),
        by=None,
    )
    opportunity = person.opportunity
    pages = [
        address("person-list", opportunity),
        address("person-add", opportunity, opportunity.ref),
        *(
            address(name, opportunity, person.ref)
            for name in ("person-change", "person-export", "person-forget")
        ),
    ]
    for name in ("shared_partner", "reader", "trainer", "observer", "staff", "outsider", "former"):
        client = client_of(request.getfixturevalue(name))
        assert [client.get(page).status_code for page in pages] == [404] * 5, name
        assert [client.post(page, sent()).status_code for page in pages[1:]] == [404, 404, 405, 404]
        detail = client.get(address("detail", opportunity, opportunity.ref))
        assert "Inès Fictive" not in detail.text


@pytest.mark.parametrize(
    ("words", "found"),
    [("", ["Inès Fictive", "Tom Fictif"]), ("tom fictif", ["Tom Fictif"]), ("personne", [])],
)
def test_the_people_of_a_territory_are_searched(client_of, lead, person, words, found):
    add_person(
        opportunity=person.opportunity, by=lead, **facts_of_person(name="Tom Fictif", email="")
    )
    response = client_of(lead).get(address("person-list", person.opportunity), {"q": words})
    assert [row.name for row in response.context["page"]] == found


def test_list_queries(client_of, lead, opportunity, query_counts):
    client = client_of(lead)

    def add(count):
        written = {"created_by": lead, "updated_by": lead, **facts_of_person()}
        rows = [Person(opportunity=opportunity, **written) for _ in range(count)]
        Person.objects.bulk_create(rows)

    people = address("person-list", opportunity)
    assert query_counts(lambda: client.get(people), add) == [8, 8, 8]


def test_detail_queries(client_of, lead, opportunity, query_counts):
    client = client_of(lead)

    def add(count):
        written = {"created_by": lead, "updated_by": lead, **facts_of_person()}
        rows = [Person(opportunity=opportunity, **written) for _ in range(count)]
        Person.objects.bulk_create(rows)

    detail = address("detail", opportunity, opportunity.ref)
    one, three, many = query_counts(lambda: client.get(detail), add)
    assert one == three == many


def test_no_browser_keeps_the_pages_of_people(client_of, lead, opportunity, person):
    client = client_of(lead)
    for page in (
        address("person-list", opportunity),
        address("person-add", opportunity, opportunity.ref),
        address("person-change", opportunity, person.ref),
        address("person-export", opportunity, person.ref),
        address("person-forget", opportunity, person.ref),
    ):
        assert "no-store" in client.get(page)["Cache-Control"]
