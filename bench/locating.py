"""What our rules, our queries and our answers add to shapely's own search."""

import gc
from statistics import median
from time import process_time

import numpy as np
import shapely
from django.core.management import call_command

from bench.figures import Figure
from territories.locating import locate_many
from territories.measuring import metres_of_mercator, to_mercator
from territories.models import District, Perimeter
from territories.outlines import NEAR

POINTS, ROUNDS = 10_000, 25
# Like the official perimeters: 160 corners, some 350 m from the middle to the border. Around their
# middles a fourth of the points lies in one, half of them near one.
CORNERS, RADIUS, SPREAD = 160, 350, 400  # metres


def measure():
    """Processor time of `locate_many`, its queries and its answers included, against one query of a
    bare STRtree for what is at 300 m or less of the same points, which tells neither which is the
    nearest nor what they are in; by turns, the median of the ratios."""
    random = np.random.default_rng(2024)
    middles = _middles()
    surfaces = _perimeters(middles, random)
    points = _around(middles[random.integers(0, len(middles), POINTS)], random)
    locate_many(points)  # reads the perimeters
    tree = shapely.STRtree([shapely.transform(surface, to_mercator) for surface in surfaces])
    ours, bare = [], []
    for _ in range(ROUNDS):
        ours.append(_seconds(locate_many, points))
        bare.append(_seconds(_bare, tree, points))
    return Figure(
        f"{POINTS} points located among {len(surfaces)} districts, times a bare STRtree query",
        value=median(our / its for our, its in zip(ours, bare, strict=True)),
        limit=2,
        detail=f"{median(ours) * 1000:.0f} ms against {median(bare) * 1000:.0f} ms",
    )


def _middles():
    """The points of the districts that the project ships with: degrees (204, 2)."""
    call_command("load_reference", verbosity=0)
    districts = District.objects.of_2024().order_by("code")
    return np.array(districts.values_list("longitude", "latitude"))


def _perimeters(middles, random):
    """In the database; and as shapely has them."""
    turns = np.linspace(0, 2 * np.pi, CORNERS, endpoint=False)
    codes = District.objects.of_2024().order_by("code").values_list("code", flat=True)
    surfaces = []
    for middle in middles:
        radii = RADIUS * random.lognormal(0, 0.25) * random.uniform(0.8, 1.2, CORNERS)
        corners = np.stack([np.cos(turns), np.sin(turns)], axis=1) * radii[:, None]
        surfaces.append(shapely.Polygon(middle + corners / _metres_per_degree(middle)))
    Perimeter.objects.bulk_create(
        Perimeter(district_id=code, wkb=shapely.to_wkb(surface))
        for code, surface in zip(codes, surfaces, strict=True)
    )
    return surfaces


def _around(middles, random):
    return middles + random.normal(0, SPREAD, middles.shape) / _metres_per_degree(middles)


def _metres_per_degree(points):
    """Near enough for a cloud of points."""
    eastward = 111_320 * np.cos(np.radians(points[..., 1]))
    return np.stack([eastward, np.full_like(eastward, 111_130)], axis=-1)


def _seconds(function, *arguments):
    gc.collect()  # what the other one left is not this one's to clear
    start = process_time()
    function(*arguments)
    return process_time() - start


def _bare(tree, points):
    return tree.query(
        shapely.points(to_mercator(points)),
        predicate="dwithin",
        distance=NEAR / metres_of_mercator(points),
    )
