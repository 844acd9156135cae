"""What maps and fields of positions ask, as they ask it."""

import json

import pytest
import shapely
from django.urls import reverse

from territories.geocoding import Address
from territories.models import Commune
from tests import factories

pytestmark = pytest.mark.django_db

SQUARE = shapely.box(3.00, 50.00, 3.02, 50.02)
NOT_A_POSITION = "n’est pas une position"


@pytest.fixture
def client(client_of, outsider):
    """Of whoever is signed in: the geography is nobody's in particular."""
    return client_of(outsider)


@pytest.fixture
def dutemple(db):
    """A district of Valenciennes, with its commune, its EPCI and its contract."""
    epci = factories.create_epci("CA Valenciennes Métropole", siren="245901160")
    commune = factories.create_commune("Valenciennes", code="59606", epci=epci)
    district = factories.create_district(
        "Dutemple",
        code="QN05901M",
        communes=[commune],
        epcis=[epci],
        longitude=3.01,
        latitude=50.01,
    )
    factories.create_contract("Valenciennes 2030", code="245901160", epcis=[epci])
    return district


def situate(client, **point):
    response = client.get(reverse("territories:point-locate"), point)
    assert response["Content-Type"] == "application/json"
    return response.status_code, response.json()


# Where a point is


def test_names_what_the_point_is_in(client, dutemple):
    factories.outline(dutemple, SQUARE)

    assert situate(client, lon="3.01", lat="50.01") == (
        200,
        {
            "longitude": 3.01,
            "latitude": 50.01,
            "district": {"code": "QN05901M", "name": "Dutemple"},
            "is_inside": True,
            "distance_m": None,
            "to_confirm": False,
            "commune": {"code": "59606", "name": "Valenciennes"},
            "epci": {"code": "245901160", "name": "CA Valenciennes Métropole"},
            "contract": {"code": "245901160", "name": "Valenciennes 2030"},
            "sentence": "Dans le quartier Dutemple, Valenciennes",
        },
    )


@pytest.mark.parametrize(
    ("longitude", "distance", "sentence"),
    [
        ("3.02001", 10, "À 10\u00a0m du quartier Dutemple, Valenciennes"),
        ("3.0225", 180, "À 180\u00a0m du quartier Dutemple, Valenciennes"),
        ("3.02416", 300, "À 300\u00a0m du quartier Dutemple, Valenciennes"),
    ],
)
def test_says_how_near(client, dutemple, longitude, distance, sentence):
    factories.outline(dutemple, SQUARE)

    _, answer = situate(client, lon=longitude, lat="50.01")

    assert answer["district"] == {"code": "QN05901M", "name": "Dutemple"}
    assert (answer["is_inside"], answer["to_confirm"]) == (False, False)
    assert (answer["distance_m"], answer["sentence"]) == (distance, sentence)


def test_says_what_is_to_be_confirmed(client, dutemple):
    _, answer = situate(client, lon="3.012", lat="50.01")

    assert (answer["is_inside"], answer["to_confirm"]) == (False, True)
    assert (answer["distance_m"], answer["district"]["code"]) == (None, "QN05901M")
    assert answer["sentence"] == (
        "Sans doute dans le quartier Dutemple, Valenciennes – à confirmer"
    )


def test_says_the_commune_alone(client, dutemple):
    factories.create_contour("59606", shapely.box(4, 50, 5, 51))

    _, answer = situate(client, lon="4.5", lat="50.5")

    assert (answer["district"], answer["commune"]["name"]) == (None, "Valenciennes")
    assert answer["sentence"] == (
        "Aucun quartier prioritaire trouvé à cet endroit\u00a0: Valenciennes"
    )


@pytest.mark.parametrize(
    ("longitude", "is_beyond"),
    [
        ("3.01", False),  # in its district
        ("3.2", False),  # in its commune
        ("4.5", True),  # in a commune of another EPCI
        ("2.62", False),  # in no known commune: 28 km from the district, then 31
        ("2.58", True),
    ],
)
def test_says_what_is_beyond_a_contract(client, dutemple, longitude, is_beyond):
    elsewhere = factories.create_commune("Maubeuge", epci=factories.create_epci("CA Maubeuge"))
    factories.create_contour("59606", shapely.box(3, 50, 4, 51))
    factories.create_contour(elsewhere.code, shapely.box(4, 50, 5, 51))
    contract = dutemple.epcis.get().contracts.get()
    contract.districts.add(dutemple)

    _, answer = situate(client, lon=longitude, lat="50.01", contrat=contract.code)

    assert answer["is_beyond"] is is_beyond


def test_of_a_contract_without_district_nothing_unknown_is_beyond(client, dutemple):
    contract = dutemple.epcis.get().contracts.get()

    _, answer = situate(client, lon="-60", lat="10", contrat=contract.code)

    assert answer["is_beyond"] is False


@pytest.mark.parametrize("code", ["", "000000000", "\x00"])
def test_says_nothing_of_a_contract_that_there_is_not(client, dutemple, code):
    assert situate(client, lon="3.01", lat="50.01", contrat=code) == situate(
        client, lon="3.01", lat="50.01"
    )


def test_says_that_nothing_is_known(client, dutemple):
    _, answer = situate(client, lon="9", lat="45")

    assert {key for key, value in answer.items() if value is None} == {
        "district",
        "distance_m",
        "commune",
        "epci",
        "contract",
    }
    assert answer["sentence"] == "Aucun quartier prioritaire trouvé à cet endroit"


def test_does_not_name_a_commune_that_it_does_not_know(client, dutemple):
    dutemple.communes.add(factories.create_commune("Marly"))
    factories.outline(dutemple, SQUARE)

    _, answer = situate(client, lon="3.01", lat="50.01")

    assert answer["sentence"] == "Dans le quartier Dutemple"


@pytest.mark.parametrize(
    "point",
    [
        {},
        {"lon": "3"},
        {"lon": "x", "lat": "50"},
        {"lon": "nan", "lat": "50"},
        {"lon": "3", "lat": "91"},
        {"lon": "3,5", "lat": "50"},
    ],
)
def test_refuses_what_is_no_position(client, point):
    status, answer = situate(client, **point)

    assert (status, list(answer)) == (400, ["message"])
    assert NOT_A_POSITION in answer["message"]


def test_costs_the_same_whatever_there_is(client, dutemple, query_counts):
    factories.outline(dutemple, SQUARE)

    def add(count):
        for number in range(Commune.objects.count(), Commune.objects.count() + count):
            factories.create_commune(code=f"{10_000 + number}", epci=dutemple.epcis.get())

    def visit():
        situate(client, lon="3.01", lat="50.01")

    assert query_counts(visit, add) == [13, 13, 13]


# Addresses


def test_gives_what_the_service_knows(client, monkeypatch):
    found = [Address("12 Rue du Port 59100 Roubaix", 3.18, 50.69, "59512")]
    monkeypatch.setattr("territories.views.places.search_addresses", lambda text: found)

    response = client.get(reverse("territories:address-search"), {"q": "12 rue du port"})

    assert response.json() == {
        "addresses": [
            {
                "label": "12 Rue du Port 59100 Roubaix",
                "longitude": 3.18,
                "latitude": 50.69,
                "commune": "59512",
            }
        ],
        "message": "",
    }


def test_without_the_service_it_says_what_to_do(client):
    response = client.get(reverse("territories:address-search"), {"q": "12 rue du port"})

    assert response.status_code == 200
    assert response.json() == {
        "addresses": [],
        "message": "La recherche d’adresses n’est pas installée ici\u00a0: cliquez sur la carte.",
    }


def test_searches_too_many_in_a_minute(client, client_of, lead, monkeypatch):
    monkeypatch.setattr("territories.views.places.search_addresses", lambda text: [])
    monkeypatch.setattr("territories.pacing.SEARCHES", 2)
    now = 1_800_000_000.0
    monkeypatch.setattr("territories.pacing.time.time", lambda: now)
    address = reverse("territories:address-search")

    answers = [client.get(address, {"q": "12 rue du port"}) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 429, 429]
    assert answers[2].json() == {
        "message": "Vous avez cherché beaucoup d’adresses en peu de temps\u00a0: attendez une "
        "minute, ou cliquez sur la carte."
    }
    assert client_of(lead).get(address, {"q": "12 rue du port"}).status_code == 200
    now += 60
    assert client.get(address, {"q": "12 rue du port"}).status_code == 200


def test_refuses_a_text_too_short(client):
    response = client.get(reverse("territories:address-search"), {"q": "ru"})

    assert response.status_code == 400
    assert response.json()["message"].startswith("Écrivez entre 3 et 200 lettres")


def seen(client, frame):
    response = client.get(reverse("territories:map-features"), {"cadre": frame})
    assert response.status_code == 200
    return json.loads(response.content)["features"]


def drawn(features):
    """(type, code, geometry) of each."""
    return [
        (
            feature["properties"]["type"],
            feature["properties"]["code"],
            feature["geometry"]["type"],
        )
        for feature in features
    ]


# What a map shows


def test_gives_perimeters_and_points_in_the_frame(client, dutemple):
    factories.outline(dutemple, SQUARE)
    factories.create_district(code="QN05902M", longitude=3.03, latitude=50.0)
    factories.create_district(code="QN05903M", longitude=4.0, latitude=50.0)
    factories.create_district(code="QP059001", longitude=3.03, latitude=50.0)
    factories.outline(factories.create_district(code="QN05904M"), shapely.box(5, 50, 5.1, 50.1))

    features = seen(client, "2.9,49.9,3.1,50.1")

    assert drawn(features) == [
        ("district", "QN05901M", "Polygon"),
        ("district", "QN05902M", "Point"),
    ]
    assert features[0]["properties"]["name"] == "Dutemple"
    assert shapely.geometry.shape(features[0]["geometry"]).equals(SQUARE)
    assert features[1]["geometry"]["coordinates"] == [3.03, 50.0]


def test_a_perimeter_of_which_a_corner_is_seen_is_seen(client, dutemple):
    factories.outline(dutemple, SQUARE)

    assert drawn(seen(client, "3.019,50.019,3.1,50.1")) == [("district", "QN05901M", "Polygon")]


def test_from_afar_a_district_is_a_point(client, dutemple):
    factories.outline(dutemple, SQUARE)

    assert drawn(seen(client, "-5,41,10,51")) == [("district", "QN05901M", "Point")]


def test_details_smaller_than_a_pixel_are_left_out(client, dutemple):
    corners = [(3.02 + 0.00002 * (n % 2), 50 + n / 10_000) for n in range(200)]
    factories.outline(dutemple, shapely.Polygon([(3, 50), *corners, (3, 50.02)]))

    def count(frame):
        return len(seen(client, frame)[0]["geometry"]["coordinates"][0])

    assert count("3.019,50.009,3.021,50.011") == 203
    assert count("2.9,49.9,3.1,50.1") == 5


def test_communes_lie_under_the_districts(client, dutemple):
    factories.outline(dutemple, SQUARE)
    factories.create_contour("59606", shapely.box(2.9, 49.9, 3.1, 50.1), name="Valenciennes")
    factories.create_contour("59607", shapely.box(4, 49.9, 4.1, 50.1), name="Ailleurs")
    factories.create_contour("59", shapely.box(2, 49, 4, 51), level="departement", name="Nord")

    features = seen(client, "2.95,49.95,3.05,50.05")

    assert drawn(features) == [
        ("commune", "59606", "Polygon"),
        ("district", "QN05901M", "Polygon"),
    ]
    assert features[0]["properties"]["name"] == "Valenciennes"


def test_too_many_communes_give_way_to_departements(client, monkeypatch):
    monkeypatch.setattr("territories.drawing.MOST_COMMUNES", 2)
    factories.create_contour("59", shapely.box(2, 49, 4, 51), level="departement", name="Nord")
    for number in range(3):
        west = 3 + number / 100
        factories.create_contour(f"5960{number}", shapely.box(west, 50, west + 0.01, 50.01))

    assert drawn(seen(client, "2.9,49.9,3.1,50.1")) == [("departement", "59", "Polygon")]
    assert [code for _, code, _ in drawn(seen(client, "3.001,50,3.015,50.01"))] == [
        "59600",
        "59601",
    ]


def test_positions_are_given_to_the_metre(client):
    factories.create_district(longitude=3.123456789, latitude=50.987654321)

    (feature,) = seen(client, "3,50,4,51")

    assert feature["geometry"]["coordinates"] == [3.12346, 50.98765]


def test_the_browser_alone_may_keep_it_a_while(client, dutemple):
    response = client.get(reverse("territories:map-features"), {"cadre": "2,49,4,51"})

    assert response["Content-Type"] == "application/geo+json"
    assert response["Cache-Control"] == "private, max-age=600"


def test_a_frame_wider_than_the_world_is_the_world(client, dutemple):
    assert [code for _, code, _ in drawn(seen(client, "-500,-200,500,200"))] == ["QN05901M"]


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "3,50,4",
        "3,50,4,51,52",
        "a,b,c,d",
        "nan,50,4,51",
        "3,50,inf,51",
        "4,50,3,51",
        "3,51,4,50",
        "3,50,3,51",
        "200,50,300,51",
    ],
)
def test_refuses_what_is_no_frame(client, frame):
    response = client.get(reverse("territories:map-features"), {"cadre": frame})

    assert response.status_code == 400
    assert response.json() == {
        "message": "Le cadre n’est pas lisible\u00a0: il faut ouest,sud,est,nord en degrés, "
        "dans cet ordre."
    }


def test_costs_the_same_however_much_is_seen(client, query_counts):
    def add(count):
        for number in range(Commune.objects.count(), Commune.objects.count() + count):
            shape = shapely.box(number / 100, 50, number / 100 + 0.01, 50.02)
            commune = factories.create_commune(code=f"{10000 + number}")
            factories.create_contour(commune.code, shape)
            if number < 90:
                factories.outline(factories.create_district(code=f"QN999{number:02}M"), shape)

    assert query_counts(lambda: seen(client, "-5,41,10,51"), add) == [8, 8, 8]


@pytest.mark.parametrize("name", ["point-locate", "address-search", "map-features"])
def test_only_asks_are_answered(client, name):
    assert client.post(reverse(f"territories:{name}")).status_code == 405
