from dataclasses import asdict

import numpy as np
import pytest
import shapely

from territories.imports.perimeters import import_perimeters
from territories.locating import Location, locate, locate_many
from territories.measuring import NotAPosition
from territories.models import CityContract, Commune, District, FormerCommune, Perimeter
from tests import factories
from tests.territories.imports.files import feature, write_features

pytestmark = pytest.mark.django_db

# A degree is some 71 km by 111 km there.
WEST = shapely.box(3.00, 50.00, 3.02, 50.02)
EAST = shapely.box(3.02, 50.00, 3.04, 50.02)


def outlined(code, shape, **fields):
    district = factories.create_district(code=code, **fields)
    factories.outline(district, shape)
    return district


def found(longitude, latitude):
    """(the district that the point is in, the one that it is near)"""
    location = locate(longitude, latitude)
    return location.district, location.near


def test_nothing_is_known_of_a_point_without_geography():
    assert locate(3.01, 50.01) == Location()
    assert set(asdict(Location()).values()) == {None, True}


def test_finds_the_district_whose_perimeter_holds_the_point():
    outlined("QN05902M", WEST)
    outlined("QN05901M", shapely.box(4, 51, 4.01, 51.01))

    assert locate(3.01, 50.01) == Location(district="QN05902M", distance_m=0)


def test_many_points_are_answered_in_their_order():
    outlined("QN05901M", WEST)
    outlined("QN05902M", EAST)
    points = [(3.03, 50.01), (9.0, 45.0), (3.01, 50.01), (3.03, 50.01)]

    assert [location.district for location in locate_many(points)] == [
        "QN05902M",
        None,
        "QN05901M",
        "QN05902M",
    ]
    assert locate_many(np.array(points)) == locate_many(points)
    assert locate_many([]) == []


def test_more_points_than_are_taken_at_once(monkeypatch):
    monkeypatch.setattr("territories.locating.AT_ONCE", 2)
    outlined("QN05901M", WEST)
    points = [(3.01, 50.01), (3.0, 50.0), (3.0201, 50.01), (4.0, 50.0), (3.01, 50.0)]

    assert locate_many(points) == [locate(*point) for point in points]


@pytest.mark.parametrize(
    "point", [(3.02, 50.01), (3.02, 50.0), (3.02, 50.02), (3.02, 50.0123456789)]
)
def test_on_a_shared_border_the_lower_code(point):
    outlined("QN05902M", WEST)
    outlined("QN05901M", EAST)

    assert locate(*point) == Location(district="QN05901M", distance_m=0)


@pytest.mark.parametrize("share", [0.1, 0.25, 1 / 3, 0.5, 0.7, 0.9])
@pytest.mark.parametrize("codes", [("QN05901M", "QN05902M"), ("QN05902M", "QN05901M")])
def test_a_slanting_border_is_on_both_sides_although_no_number_is_exactly_on_it(codes, share):
    outlined(codes[0], shapely.Polygon([(3, 50), (3.031, 50.017), (3, 50.017)]))
    outlined(codes[1], shapely.Polygon([(3, 50), (3.031, 50.017), (3.031, 50)]))

    assert found(3 + share * 0.031, 50 + share * 0.017) == ("QN05901M", None)


def test_a_border_counts_with_its_district():
    outlined("QN05901M", WEST)

    assert [found(*corner) for corner in shapely.get_coordinates(WEST)] == [("QN05901M", None)] * 5


# What 299 m and 301 m are in degrees on the WGS 84 ellipsoid, by Vincenty's formulae:
# (latitude, eastward, northward).
BANDS = {
    "Lille": (50.6, (0.0042232, 0.0042514), (0.0026879, 0.0027058)),
    "Guyane": (4.93, (0.0026959, 0.0027139), (0.0027039, 0.0027220)),
    "La Réunion": (-20.93, (0.0028745, 0.0028937), (0.0027006, 0.0027187)),
    "Saint-Pierre": (46.78, (0.0039153, 0.0039415), (0.0026897, 0.0027076)),
}


@pytest.mark.parametrize("place", BANDS)
def test_the_band_is_300_metres_wide_at_any_latitude(place):
    latitude, (east_299, east_301), (north_299, north_301) = BANDS[place]
    outlined("QN05901M", shapely.box(-0.02, latitude - 0.02, 0, latitude + 0.02))
    top = latitude + 0.02

    eastward = locate_many([(east_299, latitude), (east_301, latitude)])
    northward = locate_many([(-0.01, top + north_299), (-0.01, top + north_301)])

    for inner, outer in (eastward, northward):
        assert (inner.district, inner.near, outer) == (None, "QN05901M", Location())
        assert inner.distance_m == pytest.approx(299, abs=0.2)


def test_a_corner_is_as_far_as_it_is_in_metres_not_in_degrees():
    # 0.003° east is 213 m, 0.002° north 222 m: 308 m from the corner, though less each way.
    outlined("QN05901M", WEST)

    assert found(3.0230, 50.0220) == (None, None)
    assert found(3.0230, 50.0200) == (None, "QN05901M")
    assert found(3.0200, 50.0220) == (None, "QN05901M")


def test_of_two_districts_the_nearest_whatever_its_code():
    outlined("QN05901M", WEST)
    outlined("QN05903M", shapely.box(3.024, 50.00, 3.04, 50.02))

    # 4,000 millionths of a degree between them, some 287 m.
    assert found(3.0205, 50.01) == (None, "QN05901M")
    assert found(3.0235, 50.01) == (None, "QN05903M")


@pytest.mark.parametrize("codes", [("QN05901M", "QN05902M"), ("QN05902M", "QN05901M")])
def test_at_the_same_distance_of_two_the_lower_code(codes):
    outlined(codes[0], shapely.box(3.00, 50.00, 3.02, 50.02))
    outlined(codes[1], shapely.box(3.022, 50.00, 3.04, 50.02))

    assert found(3.021, 50.01) == (None, "QN05901M")


def test_inside_one_and_beside_another_it_is_inside():
    outlined("QN05902M", WEST)
    outlined("QN05901M", EAST)

    assert locate(3.0199, 50.01) == Location(district="QN05902M", distance_m=0)


def test_a_district_in_two_parts_is_in_both_and_not_between():
    outlined("QN05901M", shapely.MultiPolygon([WEST, shapely.box(3.06, 50.0, 3.08, 50.02)]))

    assert found(3.01, 50.01) == ("QN05901M", None)
    assert found(3.07, 50.01) == ("QN05901M", None)
    assert found(3.04, 50.01) == (None, None)
    assert found(3.0590, 50.01) == (None, "QN05901M")


def test_a_hole_is_outside():
    hole = shapely.box(3.005, 50.005, 3.015, 50.015)
    outlined("QN05901M", WEST - hole)
    other = outlined("QN05902M", shapely.box(3.009, 50.009, 3.011, 50.011))

    assert found(3.0075, 50.010) == (None, "QN05902M")
    assert found(3.0051, 50.010) == (None, "QN05901M")
    assert found(3.010, 50.010) == (other.code, None)
    assert found(3.005, 50.010) == ("QN05901M", None)


def test_an_outline_that_touches_itself_is_repaired_by_its_import(tmp_path):
    factories.create_district(code="QN05901M")
    hourglass = [[3.0, 50.0], [3.02, 50.02], [3.02, 50.0], [3.0, 50.02], [3.0, 50.0]]
    import_perimeters(write_features(tmp_path, feature("QN05901M", hourglass)))

    assert found(3.01, 50.01) == ("QN05901M", None)  # where it touches itself
    assert found(3.001, 50.01) == ("QN05901M", None)
    assert found(3.019, 50.01) == ("QN05901M", None)
    assert found(3.01, 50.019) == (None, None)
    assert found(3.01, 50.011) == (None, "QN05901M")


def test_corners_told_twice_do_no_harm():
    twice = shapely.Polygon([(3, 50), (3, 50), (3.02, 50), (3.02, 50.02), (3.02, 50.02)])
    outlined("QN05901M", twice)

    assert found(3.0205, 50.01) == (None, "QN05901M")


def test_only_districts_of_2024_count():
    outlined("QP059001", WEST)
    factories.create_district(code="QP059002", longitude=3.01, latitude=50.01)

    assert locate(3.01, 50.01) == Location()


# Without perimeters, a district is its representative point


def test_the_district_is_likely():
    factories.create_district(code="QN05901M", longitude=3.0, latitude=50.0)

    location = locate(3.0, 50.001)

    assert (location.district, location.near) == ("QN05901M", None)
    assert location.distance_m == pytest.approx(111.2, abs=0.1)
    assert location.is_confirmed is False


@pytest.mark.parametrize(("north", "code"), [(0.00449, "QN05901M"), (0.00450, None)])
def test_within_500_metres(north, code):
    factories.create_district(code="QN05901M", longitude=3.0, latitude=50.0)

    location = locate(3.0, 50.0 + north)

    assert (location.district, location.is_confirmed) == (code, code is None)


def test_the_nearest_then_the_lower_code():
    factories.create_district(code="QN05903M", longitude=3.000, latitude=50.0)
    factories.create_district(code="QN05902M", longitude=3.004, latitude=50.0)
    factories.create_district(code="QN05901M", longitude=3.004, latitude=50.0)

    assert locate(3.001, 50.0).district == "QN05903M"
    assert locate(3.003, 50.0).district == "QN05901M"


def test_a_district_without_a_point_is_nowhere():
    factories.create_district(code="QN05901M")

    assert locate(0, 0) == Location()


def test_a_perimeter_goes_before_a_point():
    outlined("QN05902M", WEST, longitude=3.01, latitude=50.01)
    factories.create_district(code="QN05901M", longitude=3.0205, latitude=50.01)

    inside, near, beyond = locate_many([(3.0199, 50.01), (3.0205, 50.01), (3.0265, 50.01)])

    assert (inside.district, inside.is_confirmed) == ("QN05902M", True)
    assert (near.near, near.is_confirmed) == ("QN05902M", True)
    assert (beyond.district, beyond.is_confirmed) == ("QN05901M", False)


def test_the_point_of_a_district_with_a_perimeter_says_nothing():
    outlined("QN05901M", WEST, longitude=3.03, latitude=50.01)

    assert locate(3.03, 50.01) == Location()


@pytest.fixture
def dunkerque(db):
    """An EPCI with its contract, as (EPCI, contract)."""
    epci = factories.create_epci("CU de Dunkerque", siren="245900428")
    return epci, factories.create_contract("CU de Dunkerque", code="245900428", epcis=[epci])


@pytest.fixture
def valenciennes(db):
    epci = factories.create_epci("CA Valenciennes Métropole", siren="245901160")
    contract = factories.create_contract("Valenciennes", code="245901160", epcis=[epci])
    return epci, contract


def belonging(longitude, latitude):
    location = locate(longitude, latitude)
    return location.commune, location.epci, location.contract


# What a place belongs to


def test_a_contour_says_the_commune_and_that_the_rest(dunkerque):
    factories.create_commune(code="59183", epci=dunkerque[0])
    factories.create_contour("59183", WEST)

    assert locate(3.01, 50.01) == Location(commune="59183", epci="245900428", contract="245900428")
    assert belonging(3.03, 50.01) == (None, None, None)


def test_a_contour_of_a_commune_merged_since_says_that_of_today(dunkerque):
    today = factories.create_commune(code="59183", epci=dunkerque[0])
    FormerCommune.objects.create(code="59248", commune=today)
    factories.create_contour("59248", WEST)

    assert belonging(3.01, 50.01) == ("59183", "245900428", "245900428")


def test_a_contour_of_a_code_that_nobody_knows_says_nothing():
    factories.create_contour("59999", WEST)

    assert locate(3.01, 50.01) == Location()


def test_a_contour_of_a_departement_is_no_commune():
    factories.create_commune(code="59183")
    factories.create_contour("59", WEST, level="departement")

    assert locate(3.01, 50.01) == Location()


def test_on_the_border_of_two_communes_the_lower_code():
    for code, shape in (("59002", WEST), ("59001", EAST)):
        factories.create_commune(code=code)
        factories.create_contour(code, shape)

    assert belonging(3.02, 50.01) == ("59001", None, None)


def test_without_contours_the_only_commune_of_the_district(dunkerque):
    commune = factories.create_commune(code="59183", epci=dunkerque[0])
    outlined("QN05901M", WEST, communes=[commune], epcis=[dunkerque[0]])

    assert belonging(3.01, 50.01) == ("59183", "245900428", "245900428")
    assert belonging(3.0205, 50.01) == ("59183", "245900428", "245900428")


def test_without_contours_a_district_over_two_communes_of_an_epci_has_its_contract(dunkerque):
    communes = [factories.create_commune(epci=dunkerque[0]) for _ in range(2)]
    outlined("QN05901M", WEST, communes=communes, epcis=[dunkerque[0]])

    assert belonging(3.01, 50.01) == (None, "245900428", "245900428")


def test_a_district_over_two_epci_resolves_through_its_commune(dunkerque, valenciennes):
    west = factories.create_commune(code="59183", epci=dunkerque[0])
    east = factories.create_commune(code="59606", epci=valenciennes[0])
    district = outlined(
        "QN05901M", WEST | EAST, communes=[west, east], epcis=[dunkerque[0], valenciennes[0]]
    )
    CityContract.districts.through.objects.bulk_create(
        CityContract.districts.through(citycontract=contract, district=district)
        for _, contract in (dunkerque, valenciennes)
    )
    assert belonging(3.01, 50.01) == (None, None, None)  # nothing tells one from the other

    factories.create_contour("59183", WEST)
    factories.create_contour("59606", EAST)

    assert belonging(3.01, 50.01) == ("59183", "245900428", "245900428")
    assert belonging(3.03, 50.01) == ("59606", "245901160", "245901160")


def test_in_a_perimeter_a_contour_only_chooses_among_its_communes(dunkerque, valenciennes):
    commune = factories.create_commune(code="59183", epci=dunkerque[0])
    factories.create_commune(code="59606", epci=valenciennes[0])
    outlined("QN05901M", WEST, communes=[commune], epcis=[dunkerque[0]])
    factories.create_contour("59606", shapely.box(2.9, 49.9, 3.1, 50.1))

    assert belonging(3.01, 50.01) == ("59183", "245900428", "245900428")
    assert belonging(3.0205, 50.01) == ("59606", "245901160", "245901160")


def test_a_commune_overseas_may_have_no_epci():
    commune = factories.create_commune("Saint-Pierre", code="97502")
    outlined("QN97501M", shapely.box(-56.18, 46.77, -56.16, 46.79), communes=[commune])

    assert belonging(-56.17, 46.78) == ("97502", None, None)


def test_an_epci_may_have_no_contract():
    epci = factories.create_epci(siren="200000001")
    factories.create_commune(code="59183", epci=epci)
    factories.create_contour("59183", WEST)

    assert belonging(3.01, 50.01) == ("59183", "200000001", None)


def test_of_two_contracts_the_confirmed_one_then_the_lower_code(dunkerque):
    epci = dunkerque[0]
    factories.create_contour("59183", WEST)
    factories.create_commune(code="59183", epci=epci)
    factories.create_contract("Ancien", code="245900001", epcis=[epci])
    assert belonging(3.01, 50.01)[2] == "245900001"

    factories.create_contract("Signé", code="300000000", epcis=[epci], is_confirmed=True)

    assert belonging(3.01, 50.01)[2] == "300000000"


# What is held in memory


def test_a_perimeter_that_was_added_moved_or_removed_is_seen():
    district = outlined("QN05901M", WEST)
    assert found(3.01, 50.01) == ("QN05901M", None)

    outlined("QN05902M", EAST)
    assert found(3.03, 50.01) == ("QN05902M", None)

    perimeter = Perimeter.objects.get(district=district)
    perimeter.wkb = shapely.to_wkb(shapely.box(5, 50, 5.02, 50.02))
    perimeter.save()
    assert found(3.01, 50.01) == (None, None)
    assert found(5.01, 50.01) == ("QN05901M", None)

    Perimeter.objects.get(district="QN05902M").delete()
    assert found(3.03, 50.01) == (None, None)


def test_an_import_is_seen(tmp_path):
    outlined("QN05901M", WEST)
    assert found(3.01, 50.01) == ("QN05901M", None)
    ring = shapely.get_coordinates(EAST).tolist()

    import_perimeters(write_features(tmp_path, feature("QN05901M", ring)))

    assert found(3.01, 50.01) == (None, None)
    assert found(3.03, 50.01) == ("QN05901M", None)


def test_what_has_no_date_is_asked_each_time(dunkerque):
    commune = factories.create_commune(code="59183")
    district = outlined("QN05901M", WEST, communes=[commune])
    likely = factories.create_district(code="QN05902M", longitude=4.0, latitude=50.0)
    assert belonging(3.01, 50.01) == ("59183", None, None)
    assert found(4.0, 50.0) == ("QN05902M", None)

    Commune.objects.update(epci=dunkerque[0])
    District.objects.filter(pk=likely.pk).update(longitude=5.0)

    assert belonging(3.01, 50.01) == ("59183", "245900428", "245900428")
    assert found(4.0, 50.0) == (None, None)
    assert found(5.0, 50.0) == ("QN05902M", None)
    assert found(3.01, 50.01) == (district.code, None)


def test_many_points_cost_as_many_queries_as_one(django_assert_num_queries, dunkerque):
    for number in range(20):
        commune = factories.create_commune(epci=dunkerque[0])
        shape = shapely.box(3 + number / 10, 50, 3.05 + number / 10, 50.05)
        outlined(f"QN059{number:02}M", shape, communes=[commune], epcis=[dunkerque[0]])
        factories.create_contour(commune.code, shape)
    points = [(3.01 + number / 10, 50.01) for number in range(20)]
    locate_many(points)

    with django_assert_num_queries(8):
        locate(*points[0])
    with django_assert_num_queries(8):
        locate_many(points)


@pytest.mark.parametrize(
    "point",
    [(181, 0), (0, 91), (-180.1, 0), (0, -90.1), (float("nan"), 0), (0, float("inf"))],
)
def test_what_is_no_position_is_refused(point):
    with pytest.raises(NotAPosition, match="n’est pas une position"):
        locate(*point)
    with pytest.raises(NotAPosition):
        locate_many([(3, 50), point])


@pytest.mark.parametrize("point", [(0, 90), (0, -90), (180, 0), (-180, 0), (180, 90)])
def test_the_ends_of_the_earth_are_positions(point):
    outlined("QN05901M", WEST)
    factories.create_district(code="QN05902M", longitude=3.0, latitude=50.0)

    assert locate(*point) == Location()
