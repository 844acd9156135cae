import pytest

from opportunities.enums import Kind, Stage
from opportunities.mapping import DEEPEST_ZOOM, first_frame, gather, within
from opportunities.models import Opportunity
from territories.drawing import Frame
from territories.models import District
from tests import factories

DUNKERQUE = (2.3768, 51.0344)
GRANDE_SYNTHE = (2.3030, 51.0137)  # five kilometres west
FRANCE = Frame(-5, 42, 9, 52)
AROUND_DUNKERQUE = Frame(2.2, 50.9, 2.5, 51.1)


@pytest.fixture
def add(territory, lead):
    """`add(longitude, latitude, title)` is an opportunity there."""

    def create(longitude, latitude, title="Halle", **fields):
        return factories.create_opportunity(
            territory, lead, title, longitude=longitude, latitude=latitude, **fields
        )

    return create


def drawn(frame, zoom, rows=None):
    """(how many, titles that are shown) of each sign, in the order of the map."""
    rows = Opportunity.objects.all() if rows is None else rows
    return [
        (sign.count, [opportunity.title for opportunity in sign.opportunities])
        for sign in gather(rows, frame, zoom)
    ]


def test_within_a_frame_its_sides_included(add):
    for title, place in {
        "in": (2.3, 51),
        "west side": (2.2, 51),
        "north-east corner": (2.5, 51.1),
        "too far west": (2.199, 51),
        "too far north": (2.3, 51.101),
    }.items():
        add(*place, title)
    add(None, None, "nowhere")
    found = within(Opportunity.objects.order_by("pk"), AROUND_DUNKERQUE)
    assert [each.title for each in found] == ["in", "west side", "north-east corner"]


def test_what_is_far_apart_is_drawn_apart(add):
    one = add(*GRANDE_SYNTHE, "Cellule", kind=Kind.PREMISES, stage=Stage.LAUNCHED)
    other = add(*DUNKERQUE, "Halle")
    signs = gather(Opportunity.objects.all(), AROUND_DUNKERQUE, 12)
    assert [(sign.count, sign.opportunities) for sign in signs] == [(1, [other]), (1, [one])]
    assert [(sign.longitude, sign.latitude) for sign in signs] == [DUNKERQUE, GRANDE_SYNTHE]


def test_what_would_be_covered_is_drawn_together(add):
    add(2.30, 51.00)
    add(2.32, 51.00)
    add(2.31, 51.03)
    [sign] = gather(Opportunity.objects.all(), FRANCE, 6)
    assert (sign.count, sign.opportunities) == (3, [])
    assert (sign.longitude, sign.latitude) == pytest.approx((2.31, 51.01))
    assert sign.frame == (2.30, 51.00, 2.32, 51.03)


def test_neighbours_on_two_sides_of_a_cell_are_drawn_together(add):
    """Cells are counted from Greenwich and the equator: one metre on each side of both."""
    for longitude in (-0.00001, 0.00001):
        for latitude in (-0.00001, 0.00001):
            add(longitude, latitude)
    [sign] = gather(Opportunity.objects.all(), Frame(-1, -1, 1, 1), 9)
    assert sign.count == 4
    assert (sign.longitude, sign.latitude) == pytest.approx((0, 0), abs=1e-9)


def test_nothing_is_lost_whatever_the_zoom(add):
    for number in range(60):
        add(2.2 + number * 0.005, 50.9 + (number * 7 % 20) * 0.01)
    totals = [
        sum(sign.count for sign in gather(Opportunity.objects.all(), AROUND_DUNKERQUE, zoom))
        for zoom in range(DEEPEST_ZOOM + 1)
    ]
    assert totals == [60] * (DEEPEST_ZOOM + 1)


def test_signs_stay_apart(add):
    """At the zoom that they are gathered for, no two are within 42 pixels of each other."""
    for number in range(100):
        add(2.2 + (number * 37 % 100) * 0.003, 50.9 + (number * 61 % 100) * 0.002)
    signs = gather(Opportunity.objects.all(), AROUND_DUNKERQUE, 11)
    pixel = 360 / (256 * 2**11)
    squeeze = 0.6428  # cosine of 50°, the middle of the frame by steps of 5°
    near = [
        (one.key, other.key)
        for one in signs
        for other in signs
        if one.key < other.key
        and abs(one.longitude - other.longitude) / pixel < 25
        and abs(one.latitude - other.latitude) / (pixel * squeeze) < 25
    ]
    assert len(signs) > 10
    assert near == []


def test_at_the_deepest_zoom_those_of_one_place_are_told(add):
    for number in range(25):
        add(*DUNKERQUE, f"Cellule {number:02}")
    around = Frame(2.376, 51.034, 2.378, 51.035)
    latest = [f"Cellule {number:02}" for number in range(24, 4, -1)]
    assert drawn(around, DEEPEST_ZOOM) == [(25, latest)]
    assert drawn(around, DEEPEST_ZOOM - 1) == [(25, [])]


def test_the_deepest_zoom_of_a_wide_frame_is_a_nearer_one(add):
    """Whatever the address asks for, the answer stays the size of a screen."""
    for number in range(50):
        add(-5 + number * 0.25, 43 + number * 0.15)
    [first, *_] = signs = gather(Opportunity.objects.all(), FRANCE, DEEPEST_ZOOM)
    assert len(signs) <= 50
    assert int(first.key.split("/")[0]) < 9
    strip = Frame(2.05, -80, 2.050001, 80)  # of no width to speak of
    assert gather(Opportunity.objects.all(), strip, DEEPEST_ZOOM) == []


def test_signs_go_from_the_north_west_to_the_south_east(add):
    for title, place in {
        "south": (3, 43),
        "east": (7, 48),
        "north": (2, 51),
        "west": (-4, 48),
    }.items():
        add(*place, title)
    assert drawn(FRANCE, 7) == [(1, ["north"]), (1, ["west"]), (1, ["east"]), (1, ["south"])]


def test_a_queryset_keeps_what_it_filters(add):
    add(*DUNKERQUE, "Halle")
    add(*DUNKERQUE, "Cellule", kind=Kind.PREMISES)
    rows = Opportunity.objects.filter(kind=Kind.PREMISES).order_by("title")
    assert drawn(FRANCE, 8, rows) == [(1, ["Cellule"])]


def test_queries(add, query_counts):
    def add_rows(count):
        if not Opportunity.objects.exists():  # one stays alone, the others will not
            add(2.45, 51.05)
            count -= 1
        for number in range(count):
            add(2.2 + number * 0.0003, 51)

    def visit():
        for sign in gather(Opportunity.objects.all(), AROUND_DUNKERQUE, 14):
            [str(each.territory.ref) + each.place_in_words for each in sign.opportunities]

    assert query_counts(visit, add_rows) == [2, 2, 2]


def test_a_map_begins_around_what_it_shows(add, territory):
    factories.create_district("Loin", longitude=7.0, latitude=43.0)
    add(2.30, 51.01)
    add(2.38, 51.00)
    add(None, None)
    frame = first_frame(Opportunity.objects.all(), District.objects.all())
    assert frame == (2.30, 51.00, 2.38, 51.01)


def test_a_map_of_nothing_begins_around_the_districts(add):
    factories.create_district("Europe", longitude=2.30, latitude=51.00)
    factories.create_district("Courghain", longitude=2.29, latitude=51.01)
    factories.create_district("Sans point")
    add(None, None)
    frame = first_frame(Opportunity.objects.all(), District.objects.all())
    assert frame == (2.29, 51.00, 2.30, 51.01)


def test_a_map_of_nothing_anywhere_begins_nowhere(add):
    add(None, None)
    assert first_frame(Opportunity.objects.all(), District.objects.all()) is None
