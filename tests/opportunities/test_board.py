import pytest
from django.urls import reverse

from opportunities.board import CARDS, columns_of
from opportunities.enums import Kind, Stage
from opportunities.filters import Tally
from opportunities.models import Opportunity, StageChange
from opportunities.permissions import writable_among
from opportunities.tracking import move_to_stage
from territories.enums import Role
from tests import factories
from tests.visits import as_shown


@pytest.fixture
def page(territory):
    return reverse("opportunities:list", args=[territory.ref]) + "?vue=tableau"


@pytest.fixture
def add(territory, lead):
    """`add(stage, title, count)` adds opportunities at that stage."""

    def create(stage, title="Halle", count=1, **fields):
        return [
            factories.create_opportunity(territory, lead, title, stage=stage, **fields)
            for _ in range(count)
        ]

    return create


def titles(column):
    return [card.title for card in column.cards]


def shown(response):
    """{stage: (titles, how many)} of the columns that have anything."""
    return {
        column.stage.value: (titles(column), str(column.count))
        for column, _ in response.context["columns"]
        if column.count.number
    }


def _columns(rows):
    return columns_of(rows, Tally.of(rows))


def test_a_column_for_each_stage_in_their_order():
    columns = _columns(Opportunity.objects.none())
    assert [column.stage for column in columns] == list(Stage)
    assert [(column.cards, column.count.number, column.has_more) for column in columns] == [
        ([], 0, False)
    ] * len(Stage)


def test_cards_in_the_order_of_what_is_asked(add):
    for title in ("Halle", "Atelier", "Cellule"):
        add(Stage.QUALIFIED, title)
    add(Stage.LAUNCHED, "Épicerie")
    by_title = {column.stage: titles(column) for column in _columns(_by("title"))}
    assert by_title[Stage.QUALIFIED] == ["Atelier", "Cellule", "Halle"]
    latest = {column.stage: titles(column) for column in _columns(_by("-pk"))}
    assert latest[Stage.QUALIFIED] == ["Cellule", "Atelier", "Halle"]
    assert latest[Stage.LAUNCHED] == ["Épicerie"]


def _by(order):
    return Opportunity.objects.order_by(order)


def test_a_column_stops_at_some_cards(add):
    add(Stage.DETECTED, count=CARDS)
    add(Stage.QUALIFIED, count=CARDS + 1)
    detected, qualified, *_ = _columns(Opportunity.objects.all())
    assert (len(detected.cards), detected.count.number, detected.has_more) == (20, 20, False)
    assert (len(qualified.cards), qualified.count.number, qualified.has_more) == (20, 21, True)


def test_a_column_stops_counting(add, monkeypatch):
    """Where all can't be counted, it says whether there are more than its cards."""
    monkeypatch.setattr("opportunities.filters.COUNTED_UP_TO", 30)
    add(Stage.DETECTED, count=CARDS + 1)
    add(Stage.QUALIFIED, count=10)
    detected, qualified, *_ = _columns(Opportunity.objects.all())
    assert (str(detected.count), len(detected.cards), detected.has_more) == ("plus de 20", 20, True)
    assert (str(qualified.count), len(qualified.cards), qualified.has_more) == ("10", 10, False)


def test_the_filter_of_the_list(client_of, lead, page, add):
    add(Stage.DETECTED, "Halle")
    add(Stage.LAUNCHED, "Cellule", kind=Kind.PREMISES)
    client = client_of(lead)
    assert shown(client.get(page)) == {
        "detected": (["Halle"], "1"),
        "launched": (["Cellule"], "1"),
    }
    assert shown(client.get(f"{page}&type=premises")) == {"launched": (["Cellule"], "1")}
    assert shown(client.get(f"{page}&q=halle")) == {"detected": (["Halle"], "1")}


def test_the_rest_of_a_column_is_in_the_list(client_of, lead, page, add):
    add(Stage.QUALIFIED, count=CARDS + 1)
    response = client_of(lead).get(f"{page}&type=friche&etape=qualified&etape=launched")
    addresses = {column.stage: address for column, address in response.context["columns"]}
    assert addresses[Stage.QUALIFIED] == "?type=friche&etape=qualified"
    html = response.text
    assert html.count("Toute l’étape") == 1
    assert 'href="?type=friche&amp;etape=qualified"' in html
    listed = client_of(lead).get(page.partition("?")[0] + addresses[Stage.QUALIFIED])
    assert listed.context["page"].paginator.count == 21


WHO_MOVES = {
    "lead": {"Partagée", "Gardée"},
    "contributor": {"Partagée", "Gardée"},
    "partner": {"Partagée"},
    "reader": set(),
    "trainer": set(),
    "observer": set(),
}
WHO_SEES = {who: {"Partagée", "Gardée"} for who in WHO_MOVES} | {"partner": {"Partagée"}}


@pytest.mark.parametrize("who", WHO_MOVES)
def test_only_writers_see_the_handles(request, client_of, page, add, lead, partner, outsider, who):
    [shared], _ = add(Stage.DETECTED, "Partagée"), add(Stage.LAUNCHED, "Gardée")
    factories.share(shared, partner, lead)
    response = client_of(request.getfixturevalue(who)).get(page)
    cards = [card for column, _ in response.context["columns"] for card in column.cards]
    movable = response.context["movable"]
    assert {card.title for card in cards} == WHO_SEES[who]
    assert {card.title for card in cards if card.pk in movable} == WHO_MOVES[who]
    html = as_shown(response.text)
    assert html.count('draggable="true"') == html.count("data-move>") == len(WHO_MOVES[who])
    assert html.count("<dialog") == (1 if WHO_MOVES[who] else 0)


def test_what_is_writable_among_several_territories(add, lead, partner, territory, other_territory):
    """A partner here who reads everything there; a former contributor."""
    [shared], [kept] = add(Stage.DETECTED, "Partagée"), add(Stage.DETECTED, "Gardée")
    factories.share(shared, partner, lead)
    there = factories.create_opportunity(other_territory, lead, "Là-bas")
    factories.share(there, partner, lead)  # from when they were a partner there too
    factories.grant(partner, other_territory, Role.READER)
    factories.grant(partner, territory, Role.CONTRIBUTOR, until="2020-01-01")
    factories.grant(lead, other_territory, Role.CONTRIBUTOR)
    everything = [shared, kept, there]
    assert writable_among(partner, everything) == {shared.pk}
    assert writable_among(lead, everything) == {each.pk for each in everything}
    assert writable_among(partner, []) == set()


def test_queries(client_of, lead, page, add, district, query_counts):
    client = client_of(lead)
    stages = list(Stage)

    def add_rows(count):
        for number in range(count):
            add(stages[number % len(stages)], district=district)

    one, three, many = query_counts(lambda: client.get(page), add_rows)
    assert one == three == many


# What the board asks when a card is moved


@pytest.fixture
def moved(client_of):
    """`moved(user, opportunity, stage=…)` is (status, answer) of the board's request."""

    def post(user, opportunity, **data):
        address = reverse("opportunities:move", args=[opportunity.territory.ref, opportunity.ref])
        data = {"from_stage": "detected", **data}
        response = client_of(user).post(address, data, headers={"Accept": "application/json"})
        return response.status_code, response.json()

    return post


def test_a_move_answers_with_the_card(moved, lead, opportunity):
    status, answer = moved(lead, opportunity, stage="qualified")
    card = answer.pop("card")
    assert (status, answer) == (
        200,
        {
            "message": "«\N{NO-BREAK SPACE}La halle de la rue du Port\N{NO-BREAK SPACE}»"
            "\N{NO-BREAK SPACE}: étape «\N{NO-BREAK SPACE}Qualifiée\N{NO-BREAK SPACE}».",
            "stage": "qualified",
        },
    )
    assert card.count('data-stage="qualified"') == card.count('draggable="true"') == 1
    change = StageChange.objects.first()
    assert (change.opportunity, change.from_stage, change.to_stage, change.by) == (
        opportunity,
        "detected",
        "qualified",
        lead,
    )


def test_a_move_sent_twice_is_done_once(moved, lead, opportunity):
    answers = [moved(lead, opportunity, stage="qualified") for _ in range(2)]
    assert answers[0] == answers[1]
    assert opportunity.stage_changes.count() == 2  # its creation, and the move


def test_a_stale_move_says_where_it_is(moved, lead, contributor, opportunity):
    move_to_stage(opportunity=opportunity, stage=Stage.LAUNCHED, by=contributor)
    status, answer = moved(lead, opportunity, stage="qualified")
    assert (status, answer["stage"], answer["card"].count('data-stage="launched"')) == (
        409,
        "launched",
        1,
    )
    assert answer["message"] == (
        "«\N{NO-BREAK SPACE}La halle de la rue du Port\N{NO-BREAK SPACE}» n’a pas été déplacée. "
        "Entre-temps, Bruno Carlier l’a passée à l’étape "
        "«\N{NO-BREAK SPACE}Lancé\N{NO-BREAK SPACE}»."
    )
    assert Opportunity.objects.get(pk=opportunity.pk).stage == "launched"


def test_abandoning_asks_why(moved, lead, opportunity):
    assert moved(lead, opportunity, stage="abandoned", reason="  ") == (
        400,
        {"message": "Dites pourquoi cette opportunité est abandonnée."},
    )
    assert Opportunity.objects.get(pk=opportunity.pk).stage == "detected"
    status, answer = moved(lead, opportunity, stage="abandoned", reason="Vendue en novembre.")
    assert (status, answer["stage"]) == (200, "abandoned")
    assert StageChange.objects.first().reason == "Vendue en novembre."


def test_a_move_to_no_stage(moved, lead, opportunity):
    status, answer = moved(lead, opportunity, stage="inventée")
    assert (status, list(answer)) == (400, ["message"])
    assert Opportunity.objects.get(pk=opportunity.pk).stage == "detected"
