from concurrent.futures import ThreadPoolExecutor

import numpy as np
import shapely

from territories.outlines import NEAR, RUN, Outlines

STAMP = (0, None)


def outlines(**shapes):
    return Outlines.read(STAMP, [(code, shapely.to_wkb(shape)) for code, shape in shapes.items()])


def test_no_outline_holds_nothing():
    nothing, points = outlines(), np.array([[3.0, 50.0]])

    assert [len(column) for column in nothing.containing(points)] == [0, 0]
    assert [len(column) for column in nothing.around(points)] == [0, 0, 0]
    assert nothing.in_frame(-180, -90, 180, 90).tolist() == []


def test_a_long_border_is_measured_at_its_nearest_run():
    circle = shapely.Point(3, 50).buffer(0.05, quad_segs=10 * RUN)
    points = np.array([[3.0, 50.052], [3.0, 50.06]])

    rows, owners, metres = outlines(a=circle).around(points)

    assert (set(rows), set(owners)) == ({0}, {0})
    assert round(metres.min()) == 222
    assert metres.max() <= NEAR


def test_a_side_is_straight_between_degrees_however_long():
    # In Mercator's plane the middle of this side would lie 3 m further north.
    slope = outlines(a=shapely.Polygon([(3, 50), (3.2, 50.1), (3.2, 50)]))

    rows, _, metres = slope.around(np.array([[3.1, 50.05]]))

    assert rows.size
    assert metres.min() < 0.01


def test_many_threads_may_ask_at_once():
    random = np.random.default_rng(7)
    corners = random.uniform((2, 49), (4, 51), (300, 2))
    squares = {str(n): shapely.box(*corner, *(corner + 0.01)) for n, corner in enumerate(corners)}
    points = random.uniform((2, 49), (4, 51), (5_000, 2))
    expected = [column.tolist() for column in outlines(**squares).containing(points)]

    shared = outlines(**squares)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(shared.containing, [points] * 32))

    assert all([column.tolist() for column in answer] == expected for answer in answers)
