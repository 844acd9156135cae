"""What a map shows of a set of opportunities: those of the visible frame, gathered where they would
cover one another. The server does the gathering, so that a map never receives more than what is
seen, however many there are."""

from dataclasses import dataclass
from itertools import product
from math import cos, hypot, radians

from django.db.models import Avg, Count, F, Max, Min, Window
from django.db.models.functions import Floor, RowNumber

from opportunities.models import Opportunity

DEEPEST_ZOOM = 19  # the last one of the IGN's Plan; a house fills the map
_CELL_SIDE = 60  # pixels
_SIGN_SIDE = 42  # pixels, with the space around it
_WORLD_WIDTH = 256  # pixels at zoom 0, in the Web Mercator of all tiles
_MOST_CELLS = 1200  # a screen of 2560 by 1440 has about as many
_LISTED_TOGETHER = 20
_SHOWN = (
    "ref",
    "kind",
    "stage",
    "title",
    "place",
    "territory__ref",
    "district__name",
    "commune__name",
)
_LOOKED_AT = 1000  # the first of a list are enough to know where to look


def first_frame(rows, districts):
    """Where a map of the queryset `rows` begins, (west, south, east, north): around the first of
    them, or around `districts` (a queryset) where none has a position; None where nothing has."""
    for places in (rows, districts):
        sides = places.exclude(longitude=None)[:_LOOKED_AT].aggregate(
            Min("longitude"), Min("latitude"), Max("longitude"), Max("latitude")
        )
        if None not in sides.values():
            return tuple(sides.values())
    return None


def within(rows, frame):
    """Those of the queryset `rows` whose position is in `frame` (territories.drawing.Frame), its
    sides included."""
    return rows.filter(
        longitude__range=(frame.west, frame.east), latitude__range=(frame.south, frame.north)
    )


@dataclass(frozen=True)
class Sign:
    """What is drawn at one place: an opportunity, or how many there are around the point in the
    middle of them.

    `opportunities` holds the one; of several, it is empty, except at the deepest zoom, where
    nothing parts them any more: the latest of them.
    """

    key: str
    count: int
    longitude: float
    latitude: float
    frame: tuple[float, float, float, float]  # west, south, east, north
    opportunities: list[Opportunity]


def gather(rows, frame, zoom):
    """The Signs to draw of the queryset `rows` in `frame` at `zoom` (0 to DEEPEST_ZOOM), from the
    north-west to the south-east. Two queries."""
    zoom = _bounded(frame, zoom)
    width, height = _cell_sides(frame, zoom)
    rows = within(rows.order_by(), frame).annotate(
        x=Floor(F("longitude") / width), y=Floor(F("latitude") / height)
    )
    groups = _grouped(_cells(rows), width, height)
    members = _members(rows, groups, zoom)
    signs = [
        Sign(
            key=f"{zoom}/{group.x:.0f}/{group.y:.0f}",
            count=group.count,
            longitude=group.longitude,
            latitude=group.latitude,
            frame=(group.west, group.south, group.east, group.north),
            opportunities=members.get((group.x, group.y), []),
        )
        for group in groups
    ]
    return sorted(signs, key=lambda sign: (-sign.latitude, sign.longitude))


def _cell_sides(frame, zoom):
    """Degrees of longitude and latitude of a cell. Its height follows the middle of the frame by
    steps of 5°, so that cells stay where they are while the map is moved."""
    width = 360 * _CELL_SIDE / (_WORLD_WIDTH * 2**zoom)
    middle = 5 * round((frame.south + frame.north) / 10)
    return width, width * cos(radians(min(abs(middle), 80)))


def _bounded(frame, zoom):
    """`zoom`, or the first one further out at which the frame has no more than _MOST_CELLS."""
    while zoom > 0:
        width, height = _cell_sides(frame, zoom)
        columns = (frame.east - frame.west) / width + 1
        lines = (frame.north - frame.south) / height + 1
        if columns * lines <= _MOST_CELLS:
            break
        zoom -= 1
    return zoom


@dataclass
class _Group:
    """A cell, then those that it took in."""

    x: float
    y: float
    count: int
    longitude: float
    latitude: float
    west: float
    south: float
    east: float
    north: float
    first: int  # key of the opportunity, where it is alone

    def __post_init__(self):
        self.cells = [(self.x, self.y)]

    def take_in(self, other):
        count = self.count + other.count
        self.longitude += (other.longitude - self.longitude) * other.count / count
        self.latitude += (other.latitude - self.latitude) * other.count / count
        self.west, self.south = min(self.west, other.west), min(self.south, other.south)
        self.east, self.north = max(self.east, other.east), max(self.north, other.north)
        self.count = count
        self.cells += other.cells


def _cells(rows):
    position = [F("x"), F("y")]
    middle = [Avg("longitude"), Avg("latitude")]
    sides = [Min("longitude"), Min("latitude"), Max("longitude"), Max("latitude")]
    found = rows.values_list(*position).annotate(Count("pk"), *middle, *sides, Min("pk"))
    return [_Group(*values) for values in found]


def _grouped(cells, width, height):
    """Cells whose signs would cover that of a fuller neighbour are taken in by it."""
    groups: dict[tuple[float, float], _Group] = {}
    for cell in sorted(cells, key=lambda cell: (-cell.count, cell.x, cell.y)):
        around = product((cell.x - 1, cell.x, cell.x + 1), (cell.y - 1, cell.y, cell.y + 1))
        covering = (
            group
            for group in map(groups.get, around)
            if group
            and hypot(
                (group.longitude - cell.longitude) / width,
                (group.latitude - cell.latitude) / height,
            )
            < _SIGN_SIDE / _CELL_SIDE
        )
        if group := next(covering, None):
            group.take_in(cell)
        else:
            groups[cell.x, cell.y] = cell
    return groups.values()


def _members(rows, groups, zoom):
    """{(x, y) of a group: its opportunities} of those that show any."""
    rows = rows.select_related("territory", "district", "commune").only(*_SHOWN)
    if zoom == DEEPEST_ZOOM:
        rank = Window(RowNumber(), partition_by=[F("x"), F("y")], order_by=["-updated_at", "-pk"])
        rows = rows.annotate(rank=rank).filter(rank__lte=_LISTED_TOGETHER).order_by("rank")
    else:
        rows = rows.filter(pk__in=[group.first for group in groups if group.count == 1])
    owners = {cell: (group.x, group.y) for group in groups for cell in group.cells}
    members: dict[tuple[float, float], list[Opportunity]] = {}
    for opportunity in rows:
        members.setdefault(owners[opportunity.x, opportunity.y], []).append(opportunity)
    return {owner: found[:_LISTED_TOGETHER] for owner, found in members.items()}
