"""Two people edit one row from two open pages: what each changed is kept, what both changed is
compared, and nothing that somebody left alone goes back over what another wrote."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from opportunities.models import DetectionAction, Opportunity, Person
from opportunities.tracking import change_opportunity
from tests import factories

DAY = "2031-03-01"
BESIDE = "Entre-temps, Bruno Carlier a modifié autre chose : ses changements sont gardés."


@pytest.fixture
def opened(client_of):
    """`opened(user, address)` is what the page of a form would send as it comes: a dictionary."""

    def get(user, address):
        form = client_of(user).get(address).context["form"]
        shown = {field.html_name: field.field.widget.format_value(field.value()) for field in form}
        return {
            name: value[0] if isinstance(value, list) else value or ""
            for name, value in shown.items()
        }

    return get


@pytest.fixture
def premises(opportunity, lead, district):
    change_opportunity(
        opportunity=opportunity,
        version=1,
        by=lead,
        kind="premises",
        district=district,
        monthly_rent="1200.50",
        available_on=DAY,
    )
    return Opportunity.objects.get()


@pytest.fixture
def pages(territory, premises, lead):
    """The form of each thing that several people write: its address and its model."""
    action = factories.create_action(territory, lead)
    person = factories.add_person(premises, lead)
    return {
        "opportunity": (
            reverse("opportunities:edit", args=[territory.ref, premises.ref]),
            Opportunity,
        ),
        "action": (
            reverse("opportunities:action-edit", args=[territory.ref, action.ref]),
            DetectionAction,
        ),
        "person": (
            reverse("opportunities:person-change", args=[territory.ref, person.ref]),
            Person,
        ),
    }


CASES = [
    ("opportunity", {"title": "La gare"}, {"description": "De Bruno", "monthly_rent": "900"}),
    ("opportunity", {"monthly_rent": "1 300"}, {"district": "", "available_on": "2031-04-02"}),
    ("action", {"report": "Le texte d’Alice"}, {"title": "De Bruno", "place": "Gare"}),
    ("action", {"starts_at": "2026-03-02T10:00"}, {"report": "De Bruno"}),
    ("person", {"phone": "01"}, {"note": "De Bruno"}),
]


def facts_of(model):
    row = model.objects.values().get()
    return {
        name: row[name] for name in row if not name.startswith(("updated", "version", "search"))
    }


@pytest.mark.parametrize(("noun", "hers", "his"), CASES)
def test_what_two_people_changed_apart_is_kept(
    client_of, opened, lead, contributor, pages, noun, hers, his
):
    address, model = pages[noun]
    before = facts_of(model)
    of_alice, of_bruno = opened(lead, address), opened(contributor, address)
    assert client_of(contributor).post(address, of_bruno | his).status_code == 302
    after_him = facts_of(model)
    response = client_of(lead).post(address, of_alice | hers)
    assert response.status_code == 302
    assert str(list(get_messages(response.wsgi_request))[-1]) == BESIDE
    together = facts_of(model)
    changed = {name for name, value in together.items() if value != after_him[name]}
    assert {name.removesuffix("_id") for name in changed} == set(hers)
    by_him = {name for name, value in after_him.items() if value != before[name]}
    assert {name.removesuffix("_id") for name in by_him} == set(his)


@pytest.mark.parametrize(
    ("noun", "fact", "other", "label"),
    [
        ("opportunity", "title", "description", "Intitulé"),
        ("action", "title", "report", "Intitulé"),
        ("person", "phone", "note", "Téléphone"),
    ],
)
def test_what_both_changed_is_compared_alone(
    client_of, opened, lead, contributor, pages, noun, fact, other, label
):
    address, model = pages[noun]
    of_alice, of_bruno = opened(lead, address), opened(contributor, address)
    client_of(contributor).post(address, of_bruno | {fact: "De Bruno", other: "Autre chose"})
    response = client_of(lead).post(address, of_alice | {fact: "D’Alice"})
    assert response.status_code == 409
    assert response.context["differences"] == [(label, "De Bruno", "D’Alice")]
    form = response.context["form"]
    assert (form[fact].value(), form[other].value()) == ("D’Alice", "Autre chose")
    # Sent again from that page, it is a knowing answer, which leaves the rest.
    knowing = {name: form[name].value() for name in (fact, other, "version", "shown")}
    assert client_of(lead).post(address, of_alice | knowing).status_code == 302
    assert model.objects.values_list(fact, other).get() == ("D’Alice", "Autre chose")


@pytest.mark.parametrize("shown", ["", "x", "[]", "{", '{"title": 1}', "[" * 100_000])
def test_a_page_that_says_wrongly_what_it_showed_is_compared(
    client_of, opened, lead, contributor, pages, shown
):
    address, model = pages["opportunity"]
    of_alice, of_bruno = opened(lead, address), opened(contributor, address)
    client_of(contributor).post(address, of_bruno | {"title": "De Bruno"})
    response = client_of(lead).post(address, of_alice | {"description": "Alice", "shown": shown})
    assert response.status_code == 409
    assert [label for label, *_ in response.context["differences"]] == ["Intitulé", "Description"]
    assert model.objects.get().title == "De Bruno"


def test_what_can_t_be_so_together_is_compared(client_of, opened, lead, contributor, pages):
    """Each of the two hours is right for who wrote it; together the action ends before it
    begins."""
    address, model = pages["action"]
    action = model.objects.get()
    of_alice, of_bruno = opened(lead, address), opened(contributor, address)
    day = action.starts_at.date()
    of_bruno |= {"ends_at": f"{day}T23:00", "starts_at": f"{day}T22:00"}
    assert client_of(contributor).post(address, of_bruno).status_code == 302
    response = client_of(lead).post(address, of_alice | {"ends_at": f"{day}T20:00"})
    assert response.status_code == 409
    assert model.objects.get().version == 2


def test_the_facts_of_another_kind_are_kept_through_a_conflict(
    client_of, opened, lead, contributor, pages
):
    address, _ = pages["opportunity"]
    of_alice, of_bruno = opened(lead, address), opened(contributor, address)
    client_of(contributor).post(address, of_bruno | {"title": "De Bruno"})
    data = of_alice | {"kind": "friche", "title": "D’Alice", "land_area": "500"}
    form = client_of(lead).post(address, data).context["form"]
    page = client_of(lead).post(address, data | {"monthly_rent": "1 300"}).text
    assert (form["title"].value(), form["land_area"].value()) == ("D’Alice", "500")
    assert '<input type="hidden" name="monthly_rent" value="1 300"' in page
