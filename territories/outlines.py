"""The imported outlines in the memory of the process, ready to be asked about many points at once.

They are read from the database again when an import changed them: each use begins with a query
that counts them and asks for the date of the last one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from threading import RLock

import numpy as np
import shapely
from django.db.models import Count, Max, QuerySet

from territories.enums import ContourLevel
from territories.measuring import metres_of_mercator, to_mercator
from territories.models import Contour, Perimeter

NEAR = 300  # metres: the band around a district where the policy also applies
# A border is searched in runs of a few sides, of which those far away need not be measured.
RUN = 16
# Longer sides are cut, in degrees: they are straight between degrees, not in the plane.
STRAIGHT = 0.002

NO_PAIRS = np.empty(0, dtype=int), np.empty(0, dtype=int)

Stamp = tuple[int, datetime | None]

# GEOS goes on building its trees and prepared geometries while they are asked: a thread at a time.
LOCK = RLock()
_held: dict[str, "Outlines"] = {}


def perimeters() -> "Outlines":
    """Those of the districts of 2024."""
    rows = Perimeter.objects.filter(district__code__startswith="QN")
    return _current("perimeters", rows, "district_id")


def contours(level: ContourLevel) -> "Outlines":
    return _current(level, Contour.objects.filter(level=level), "code")


def _current(name: str, rows: QuerySet, key: str) -> "Outlines":
    count, last = rows.aggregate(count=Count("pk"), last=Max("imported_at")).values()
    with LOCK:
        if name not in _held or _held[name].stamp != (count, last):
            _held[name] = Outlines.read((count, last), rows.order_by(key).values_list(key, "wkb"))
        return _held[name]


@dataclass(frozen=True)
class Outlines:
    """Surfaces in WGS 84 degrees, by ascending code; `stamp` tells one import from the next.

    Points are arrays of shape (n, 2), longitude and latitude. An answer about many points is a
    list of pairs, as two arrays of integers: the index of a point, the index of a surface.
    """

    stamp: Stamp
    codes: list[str]
    surfaces: np.ndarray

    @classmethod
    def read(cls, stamp: Stamp, rows: Iterable[tuple[str, bytes]]) -> "Outlines":
        codes, wkbs = [], []
        for code, wkb in rows:
            codes.append(code)
            wkbs.append(bytes(wkb))
        surfaces = shapely.from_wkb(np.array(wkbs, dtype=object))
        shapely.prepare(surfaces)  # finds on which side a point is without going round
        return cls(stamp, codes, surfaces)

    def containing(self, points: np.ndarray, *, slack: float = 0) -> tuple[np.ndarray, np.ndarray]:
        """The pairs of a point and a surface that it is in or on the border of. With `slack`, in
        degrees, a point that is in one is also in those which it nearly touches."""
        if not self.codes:
            return NO_PAIRS
        places = shapely.points(points)
        with LOCK:
            rows, owners = self._tree.query(places)
            inside = shapely.intersects_xy(self.surfaces[owners], *points[rows].T)
            if slack:
                settled = np.zeros(len(points), dtype=bool)
                settled[rows[inside]] = True
                beside = ~inside & settled[rows]
                inside[beside] = shapely.dwithin(
                    self.surfaces[owners[beside]], places[rows[beside]], slack
                )
        return rows[inside], owners[inside]

    def around(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The pairs of a point and a surface whose border is NEAR or nearer, some of them several
        times, and for each the metres to a part of that border: the least is the distance, right to
        the centimetre at any latitude."""
        if not self.codes:
            return *NO_PAIRS, np.empty(0)
        places, ground = shapely.points(to_mercator(points)), metres_of_mercator(points)
        with LOCK:
            runs, owners, tree = self._runs
            rows, found = tree.query(places)
        metres = shapely.distance(runs[found], places[rows]) * ground[rows]
        close = metres <= NEAR
        return rows[close], owners[found[close]], metres[close]

    def in_frame(self, west: float, south: float, east: float, north: float) -> np.ndarray:
        """The indexes, ascending, of the surfaces that the frame shows some of."""
        with LOCK:
            frame = shapely.box(west, south, east, north)
            return np.sort(self._tree.query(frame, predicate="intersects"))

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.surfaces)

    @cached_property
    def _runs(self) -> tuple[np.ndarray, np.ndarray, shapely.STRtree]:
        """All borders, holes included, in the plane of Mercator, cut into lines of RUN sides at
        most; the index of the surface that each belongs to; a tree that finds them from NEAR."""
        parts, surface_of = shapely.get_parts(self.surfaces, return_index=True)
        rings, part_of = shapely.get_rings(parts, return_index=True)
        lines, owners = [], []
        for ring, owner in zip(
            shapely.segmentize(rings, STRAIGHT), surface_of[part_of], strict=True
        ):
            corners = shapely.get_coordinates(ring)
            for start in range(0, len(corners) - 1, RUN):
                lines.append(shapely.linestrings(corners[start : start + RUN + 1]))
                owners.append(owner)
        runs = shapely.transform(np.array(lines), to_mercator)
        # A hundredth more, for a run is not all at the latitude of its beginning.
        starts = shapely.get_coordinates(shapely.get_point(lines, 0))
        margin = 1.01 * NEAR / metres_of_mercator(starts)
        west, south, east, north = shapely.bounds(runs).T
        frames = shapely.box(west - margin, south - margin, east + margin, north + margin)
        return runs, np.array(owners), shapely.STRtree(frames)
