import pytest
from django.urls import reverse

from opportunities.models import Opportunity
from territories.enums import Role
from tests import factories

ALL = "/opportunites/"


@pytest.fixture
def page(territory):
    return reverse("opportunities:list", args=[territory.ref])


@pytest.fixture
def both(trainer, lead, territory, outsider):
    """One here, one in the other territory; the trainer sees both."""
    factories.create_opportunity(territory, lead, "La halle d’ici")


def shown(response):
    return [each.title for each in response.context["page"].object_list]


@pytest.mark.parametrize(
    ("who", "titles"),
    [
        ("lead", ["La halle d’ici"]),
        ("reader", ["La halle d’ici"]),
        ("partner", []),
        ("trainer", ["La halle d’ici", "Le moulin des étrangers"]),
        ("observer", ["La halle d’ici", "Le moulin des étrangers"]),
        ("outsider", ["Le moulin des étrangers"]),
        ("staff", []),
        ("former", []),
    ],
)
def test_over_all_territories_each_sees_their_own(request, client_of, both, who, titles):
    response = client_of(request.getfixturevalue(who)).get(ALL)
    assert response.status_code == 200
    assert shown(response) == titles
    every = Opportunity.objects.values_list("title", flat=True)
    assert {title for title in every if title in response.text} == set(titles)


def test_over_all_territories_one_chooses_where_to_add(client_of, lead, other_territory, territory):
    factories.grant(lead, other_territory, Role.CONTRIBUTOR)
    text = client_of(lead).get(ALL).text
    create = [
        reverse("opportunities:create", args=[each.ref]) for each in (territory, other_territory)
    ]
    assert [address in text for address in create] == [True, True]


def test_who_may_only_read_is_offered_nothing_to_add(client_of, trainer, both):
    assert "Ajouter une opportunité" not in client_of(trainer).get(ALL).text


def test_the_list_of_a_territory_leads_to_all_of_them(client_of, trainer, lead, both, page):
    link = f'href="{ALL}"'
    assert link in client_of(trainer).get(page).text.partition("<main")[2]
    assert link not in client_of(lead).get(page).text.partition("<main")[2]


def test_the_same_filter_for_each_view(client_of, lead, both, page):
    text = client_of(lead).get(f"{page}?q=halle&vue=tableau&page=2").text
    for view in ("liste", "tableau", "carte"):
        assert f'href="?vue={view}&amp;q=halle"' in text


def test_an_unknown_view_is_the_list(client_of, lead, both, page):
    response = client_of(lead).get(f"{page}?vue=inconnue")
    assert response.context["view"].name == "liste"


def test_htmx_also_gets_the_switch(client_of, lead, both, page):
    text = client_of(lead).get(f"{page}?q=halle", headers={"HX-Request": "true"}).text
    assert text.count('id="view-switch"') == 1
    assert 'href="?vue=tableau&amp;q=halle"' in text


def test_what_only_resembles_is_said(client_of, lead, both, page, monkeypatch):
    monkeypatch.setattr("opportunities.searching.tolerates_slips", lambda: True)
    monkeypatch.setattr(
        "opportunities.searching.resembling", lambda queryset, query: queryset.all()
    )
    text = client_of(lead).get(f"{page}?q=hlale").text
    assert "Rien ne contient «\N{NO-BREAK SPACE}hlale\N{NO-BREAK SPACE}» à la lettre" in text
    assert "La halle d’ici" in text


def test_counts_and_pages_stop_at_the_cap(client_of, lead, territory, page, monkeypatch):
    monkeypatch.setattr("opportunities.filters.COUNTED_UP_TO", 21)
    for number in range(23):
        factories.create_opportunity(territory, lead, f"Friche {number}")
    response = client_of(lead).get(f"{page}?page=99")
    assert "Plus de 21 opportunités" in response.text
    assert (response.context["page"].number, len(shown(response))) == (2, 1)
    assert "La liste s’arrête ici" in response.text


def test_what_a_filter_leaves_is_counted_of_all(client_of, lead, territory, page):
    factories.create_opportunity(territory, lead, "Une halle")
    factories.create_opportunity(territory, lead, "Une cour")
    text = " ".join(client_of(lead).get(f"{page}?q=cour").text.split())
    assert '1 opportunité <span class="meta">sur 2</span>' in text


@pytest.mark.parametrize("query", ["", "vue=tableau", "vue=carte", "q=halle&miennes=oui"])
def test_the_frame_costs_the_same_however_many(
    client_of, lead, territory, other_territory, district, commune, query_counts, query
):
    """Over all the territories, which cost one query more than a single one."""
    factories.grant(lead, other_territory, Role.READER)
    client = client_of(lead)

    def add(count):
        for _ in range(count):
            factories.create_opportunity(territory, lead, district=district, commune=commune)

    counts = query_counts(lambda: client.get(f"{ALL}?{query}"), add)
    assert len(set(counts)) == 1
    assert counts[0] <= 20
