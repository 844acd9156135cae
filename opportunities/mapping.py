"""What a map shows of a set of opportunities: those of the visible frame, gathered in cells where
they would cover one another. The server does the gathering, so that a map never receives more than
what is seen, however many there are."""

from dataclasses import dataclass
from math import cos, isfinite, radians

from django.db.models import Avg, Count, F, Max, Min, Window
from django.db.models.functions import Floor, RowNumber

DEEPEST_ZOOM = 19  # the last one of the IGN's Plan; a house fills the map
CELL_SIDE = 60  # pixels: two pictograms a cell apart don't touch
_WORLD_WIDTH = 256  # pixels at zoom 0, in the Web Mercator of all tiles
_MOST_CELLS = 1200  # a screen of 2560 by 1440 has about as many
_LISTED_TOGETHER = 20
# The position of the first page or two of a list is enough to know where to look.
_LOOKED_AT = 1000


class WrongFrame(Exception):
    """The address doesn't say a rectangle of the earth."""


@dataclass(frozen=True)
class Frame:
    """A rectangle in WGS 84 degrees, its sides included."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def from_text(cls, text):
        """From "west,south,east,north". Raises WrongFrame: also where it crosses the antimeridian,
        on which no French territory lies."""
        try:
            west, south, east, north = map(float, text.split(","))
        except ValueError:
            raise WrongFrame(
                "Le cadre de la carte se dit par quatre nombres : ouest, sud, est, nord."
            ) from None
        if not all(map(isfinite, (west, south, east, north))) or not (
            -180 <= west < east <= 180 and -90 <= south < north <= 90
        ):
            raise WrongFrame(
                "Ce cadre n’est pas un rectangle du globe : de l’ouest vers l’est entre −180 et "
                "180 degrés, du sud vers le nord entre −90 et 90."
            )
        return cls(west, south, east, north)


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
    """Those of the queryset `rows` whose position is in `frame`."""
    return rows.filter(
        longitude__range=(frame.west, frame.east), latitude__range=(frame.south, frame.north)
    )


@dataclass(frozen=True)
class Cell:
    """What is shown as one sign: one opportunity, or how many there are around a point.

    `opportunities` holds the one; of several, it is empty, except at the deepest zoom, where
    nothing parts them any more: the latest of them.
    """

    key: str
    count: int
    longitude: float
    latitude: float
    frame: tuple
    opportunities: list


def gather(rows, frame, zoom):
    """The cells of `frame` that have anything of the queryset `rows` at `zoom` (0 to
    DEEPEST_ZOOM), from the north-west to the south-east. Two queries."""
    zoom = _bounded(frame, zoom)
    rows = _in_cells(within(rows.order_by(), frame), frame, zoom)
    cells = list(
        rows.values("x", "y").annotate(
            count=Count("pk"),
            mean_longitude=Avg("longitude"),
            mean_latitude=Avg("latitude"),
            west=Min("longitude"),
            south=Min("latitude"),
            east=Max("longitude"),
            north=Max("latitude"),
            first=Min("pk"),
        )
    )
    members = {}
    for opportunity in _members(rows, cells, zoom):
        members.setdefault((opportunity.x, opportunity.y), []).append(opportunity)
    return [
        Cell(
            key=f"{zoom}/{cell['x']:.0f}/{cell['y']:.0f}",
            count=cell["count"],
            longitude=cell["mean_longitude"],
            latitude=cell["mean_latitude"],
            frame=(cell["west"], cell["south"], cell["east"], cell["north"]),
            opportunities=members.get((cell["x"], cell["y"]), []),
        )
        for cell in sorted(cells, key=lambda cell: (-cell["mean_latitude"], cell["mean_longitude"]))
    ]


def _cell_sides(frame, zoom):
    """Degrees of longitude and latitude of a cell. Its height follows the middle of the frame by
    steps of 5°, so that cells stay where they are while the map is moved."""
    width = 360 * CELL_SIDE / (_WORLD_WIDTH * 2**zoom)
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


def _in_cells(rows, frame, zoom):
    width, height = _cell_sides(frame, zoom)
    return rows.annotate(x=Floor(F("longitude") / width), y=Floor(F("latitude") / height))


def _members(rows, cells, zoom):
    if zoom == DEEPEST_ZOOM:
        rank = Window(RowNumber(), partition_by=["x", "y"], order_by=["-updated_at", "-pk"])
        rows = rows.annotate(rank=rank).filter(rank__lte=_LISTED_TOGETHER).order_by("rank")
    else:
        rows = rows.filter(pk__in=[cell["first"] for cell in cells if cell["count"] == 1])
    return rows.select_related("territory", "district", "commune")
