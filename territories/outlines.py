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
from territories.measuring import metres_per_degree
from territories.models import Contour, Perimeter

Stamp = tuple[int, datetime | None]

# GEOS goes on building its prepared geometries while they are asked: one thread at a time.
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

    def containing(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The pairs of a point and a surface that it is in or on the border of."""
        with LOCK:
            rows, owners = self._tree.query(shapely.points(points))
            inside = shapely.intersects_xy(self.surfaces[owners], *points[rows].T)
        return rows[inside], owners[inside]

    def around(
        self, points: np.ndarray, reach: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The pairs of a point and a surface with a side at `reach` metres (n) or less from it,
        once for each such side, and the metres. A plane laid at each point's own latitude: exact
        to the centimetre over some hundreds of metres, anywhere but at the poles."""
        ends, owners = self._sides
        scale = metres_per_degree(points[:, 1])
        margin = reach[:, None] / scale
        frames = shapely.box(*(points - margin).T, *(points + margin).T)
        rows, sides = self._tree_of_sides.query(frames)
        here, scale = points[rows], scale[rows]
        start, end = (ends[sides, 0] - here) * scale, (ends[sides, 1] - here) * scale
        metres = _from_origin(start, end)
        close = metres <= reach[rows]
        return rows[close], owners[sides[close]], metres[close]

    def in_frame(self, west: float, south: float, east: float, north: float) -> np.ndarray:
        """The indexes, ascending, of the surfaces that the frame shows some of."""
        with LOCK:
            frame = shapely.box(west, south, east, north)
            return np.sort(self._tree.query(frame, predicate="intersects"))

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.surfaces)

    @cached_property
    def _sides(self) -> tuple[np.ndarray, np.ndarray]:
        """The straight sides of all borders, holes included: their ends (m, 2, 2), and the index
        of the surface that each belongs to (m)."""
        parts, surface_of = shapely.get_parts(self.surfaces, return_index=True)
        rings, part_of = shapely.get_rings(parts, return_index=True)
        corners, ring_of = shapely.get_coordinates(rings, return_index=True)
        ends = np.stack([corners[:-1], corners[1:]], axis=1)
        is_side = (ring_of[:-1] == ring_of[1:]) & (ends[:, 0] != ends[:, 1]).any(axis=1)
        return ends[is_side], surface_of[part_of[ring_of[:-1]]][is_side]

    @cached_property
    def _tree_of_sides(self) -> shapely.STRtree:
        return shapely.STRtree(shapely.linestrings(self._sides[0]))


def _from_origin(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """The distance from (0, 0) to each side, whose ends are two arrays of shape (m, 2)."""
    along = end - start
    share = -(start * along).sum(axis=1) / (along * along).sum(axis=1)
    return np.hypot(*(start + np.clip(share, 0, 1)[:, None] * along).T)
