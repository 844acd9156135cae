import json

import pytest
from django.urls import reverse

from opportunities.enums import Kind, Stage
from opportunities.keeping import archive, delete
from opportunities.models import Opportunity
from tests import factories

SEEN = {"cadre": "2.2,50.9,2.5,51.1", "zoom": "12"}
PLACE = {"longitude": 2.3768, "latitude": 51.0344}
ELSEWHERE = {"longitude": 2.25, "latitude": 50.95}
EVERYWHERE = reverse("opportunities:map-data-all")


@pytest.fixture
def address(territory):
    return reverse("opportunities:map-data", args=[territory.ref])


@pytest.fixture
def opportunity(territory, lead, district):
    return factories.create_opportunity(
        territory, lead, kind=Kind.PREMISES, stage=Stage.LAUNCHED, district=district, **PLACE
    )


@pytest.fixture
def titles_on_map(client_of):
    """`titles_on_map(user, address)` is what the user's map shows by name."""

    def ask(user, address, **query):
        response = client_of(user).get(address, SEEN | query)
        assert response.status_code == 200
        shown = [each for sign in response.json()["signs"] for each in sign["opportunities"]]
        return [each["title"] for each in shown]

    return ask


def test_a_sign_of_one(client_of, lead, address, opportunity, territory):
    detail = reverse("opportunities:detail", args=[territory.ref, opportunity.ref])
    assert client_of(lead).get(address, SEEN).json() == {
        "signs": [
            {
                "key": "12/115/3854",
                "count": 1,
                **PLACE,
                "frame": [2.3768, 51.0344, 2.3768, 51.0344],
                "opportunities": [
                    {
                        "ref": opportunity.ref,
                        "title": "La halle de la rue du Port",
                        "kind": "premises",
                        "kind_label": "Locaux vacants en mutation",
                        "stage": "launched",
                        "stage_label": "Lancé",
                        "place": "Dutemple – Chasse Royale",
                        "url": detail,
                    }
                ],
            }
        ]
    }


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({}, "Il manque le cadre de la carte. Il manque le zoom de la carte."),
        ({"zoom": "12"}, "Il manque le cadre de la carte."),
        ({"cadre": SEEN["cadre"]}, "Il manque le zoom de la carte."),
        (SEEN | {"zoom": "x"}, "Saisissez un nombre entier."),
        (SEEN | {"zoom": "-1"}, "Assurez-vous que cette valeur est supérieure ou égale à 0."),
        (SEEN | {"zoom": "20"}, "Assurez-vous que cette valeur est inférieure ou égale à 19."),
        (
            SEEN | {"cadre": "1" * 201},
            "Assurez-vous que cette valeur comporte au plus 200 caractères (actuellement 201).",
        ),
    ],
)
def test_an_address_that_says_no_frame(client_of, lead, address, query, message):
    response = client_of(lead).get(address, query)
    assert (response.status_code, response.json()) == (400, {"message": message})


@pytest.mark.parametrize(
    "frame",
    [
        "2.5,50.9,2.2,51.1",  # from the east to the west
        "179,-20,-179,-10",  # across the antimeridian
        "2.2,51.1,2.5,50.9",  # from the north to the south
        "2.2,50.9,2.2,51.1",  # without width
        "nan,50.9,2.5,51.1",
        "2.2,50.9,inf,51.1",
        "1e300,50.9,1e301,51.1",
        "1,2,3",
        "a,b,c,d",
    ],
)
def test_a_frame_that_is_none(client_of, lead, address, frame):
    response = client_of(lead).get(address, SEEN | {"cadre": frame})
    message = (
        "Le cadre n’est pas lisible\N{NO-BREAK SPACE}: il faut ouest,sud,est,nord en degrés, "
        "dans cet ordre."
    )
    assert (response.status_code, response.json()) == (400, {"message": message})


def test_the_filter_of_the_list(titles_on_map, territory, lead, address, opportunity):
    factories.create_opportunity(territory, lead, "La friche", kind=Kind.FRICHE, **ELSEWHERE)
    assert titles_on_map(lead, address) == ["La halle de la rue du Port", "La friche"]
    assert titles_on_map(lead, address, type="friche") == ["La friche"]
    assert titles_on_map(lead, address, q="halle") == ["La halle de la rue du Port"]
    assert titles_on_map(lead, address, cadre="2.2,50.9,2.3,51") == ["La friche"]


def test_a_partner_sees_what_is_shared(titles_on_map, territory, lead, partner, address):
    shared = factories.create_opportunity(territory, lead, "Partagée", **PLACE)
    factories.create_opportunity(territory, lead, "Gardée", **ELSEWHERE)
    factories.share(shared, partner, lead)
    assert titles_on_map(partner, address) == ["Partagée"]
    assert titles_on_map(partner, EVERYWHERE) == ["Partagée"]


def test_a_cluster_counts_what_one_sees(client_of, territory, lead, partner, address):
    for number in range(3):
        opportunity = factories.create_opportunity(territory, lead, f"Halle {number}", **PLACE)
        if number:
            factories.share(opportunity, partner, lead)
    [sign] = client_of(partner).get(address, SEEN).json()["signs"]
    assert sign["count"] == 2


def test_nobody_sees_the_map_of_others(client_of, outsider, staff, address, opportunity):
    assert client_of(outsider).get(address, SEEN).status_code == 404
    assert client_of(staff).get(address, SEEN).status_code == 404


def test_over_all_territories(titles_on_map, opportunity, outsider, trainer, lead, staff):
    Opportunity.objects.filter(created_by=outsider).update(**ELSEWHERE)
    halle, moulin = "La halle de la rue du Port", "Le moulin des étrangers"
    assert titles_on_map(trainer, EVERYWHERE) == [halle, moulin]
    assert titles_on_map(lead, EVERYWHERE) == [halle]
    assert titles_on_map(outsider, EVERYWHERE) == [moulin]
    assert titles_on_map(staff, EVERYWHERE) == []


def test_what_left_the_lists_left_the_map(titles_on_map, territory, lead, address, opportunity):
    archived, deleted, merged = (
        factories.create_opportunity(territory, lead, title, **ELSEWHERE)
        for title in ("Archivée", "Supprimée", "Fusionnée")
    )
    archive(opportunity=archived, by=lead)
    delete(opportunity=deleted, by=lead)
    Opportunity.objects.filter(pk=merged.pk).update(merged_into=opportunity)
    assert titles_on_map(lead, address) == ["La halle de la rue du Port"]
    assert titles_on_map(lead, address, archives="oui") == ["Archivée"]


def test_data_queries(client_of, territory, lead, district, commune, address, query_counts):
    client = client_of(lead)

    def add(count):
        if not Opportunity.objects.exists():  # one stays alone, the others will not
            create(longitude=2.45, latitude=51.05)
            count -= 1
        for number in range(count):
            create(longitude=2.21 + number * 0.0009, latitude=51)

    def create(**place):
        factories.create_opportunity(territory, lead, district=district, commune=commune, **place)

    assert query_counts(lambda: client.get(address, SEEN), add) == [9, 9, 9]


# The page


@pytest.fixture
def page(territory):
    return reverse("opportunities:list", args=[territory.ref]) + "?vue=carte"


def test_the_page_says_where_to_look_and_what_is_missing(client_of, territory, lead, page):
    factories.create_opportunity(territory, lead, "Halle", **PLACE)
    factories.create_opportunity(territory, lead, "Cellule", **ELSEWHERE)
    factories.create_opportunity(territory, lead, "Sans position")
    response = client_of(lead).get(page + "&type=friche&miennes=oui")
    html = response.text
    assert json.loads(response.context["map_frame"]) == [2.25, 50.95, 2.3768, 51.0344]
    assert response.context["unplaced"].number == 1
    source = (
        reverse("opportunities:map-data", args=[territory.ref]) + "?type=friche&amp;miennes=oui"
    )
    assert f'data-map-source="{source}"' in html
    assert "1 sans position" in html
    assert html.count('class="opportunity-card"') == 3


def test_the_page_of_a_territory_without_positions(client_of, territory, lead, page, district):
    factories.create_opportunity(territory, lead)
    assert client_of(lead).get(page).context["map_frame"] == ""
    type(district).objects.update(longitude=2.3, latitude=51.0)
    assert json.loads(client_of(lead).get(page).context["map_frame"]) == [2.3, 51, 2.3, 51]


def test_page_queries(client_of, territory, lead, district, page, query_counts):
    client = client_of(lead)

    def add(count):
        for _ in range(count):
            factories.create_opportunity(territory, lead, district=district, **PLACE)

    one, three, many = query_counts(lambda: client.get(page), add)
    assert one == three == many
