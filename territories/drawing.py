"""What a map shows of the geography in a frame, in GeoJSON: no more than is seen, and no finer than
the screen is."""

import math
from typing import NamedTuple

import numpy as np
import shapely
from django.db.models import Q

from territories import outlines
from territories.enums import ContourLevel
from territories.models import Contour, District
from territories.outlines import Outlines

PIXELS = 1_000  # of the width of a frame; details below one are left out
SMALLEST = 6  # pixels: a district that would look smaller is a point
MOST_COMMUNES = 300  # seen at once; above, the départements
DECIMALS = 5  # of a degree: 1 m


class Frame(NamedTuple):
    """Degrees, WGS 84."""

    west: float
    south: float
    east: float
    north: float

    @property
    def pixel(self) -> float:
        return (self.east - self.west) / PIXELS


class NotAFrame(ValueError):
    def __init__(self):
        super().__init__(
            "Le cadre n’est pas lisible : il faut ouest,sud,est,nord en degrés, dans cet ordre."
        )


def frame_of(text: str) -> Frame:
    """From "west,south,east,north", cut at the ends of the world. Raises NotAFrame."""
    try:
        west, south, east, north = map(float, text.split(","))
    except ValueError as error:
        raise NotAFrame from error
    frame = Frame(max(west, -180), max(south, -90), min(east, 180), min(north, 90))
    if not all(map(math.isfinite, (west, south, east, north))):
        raise NotAFrame
    if not (frame.west < frame.east and frame.south < frame.north):
        raise NotAFrame
    return frame


def features_in(frame: Frame) -> dict[str, object]:
    """A FeatureCollection of what the frame shows some of: contours first, then districts over
    them. The properties of each: `type` ("commune", "departement", "district"), `code`, `name`. A
    district is its perimeter, or a point where none is imported or the frame is too wide for it."""
    return {"type": "FeatureCollection", "features": [*_contours(frame), *_districts(frame)]}


def _contours(frame: Frame) -> list[dict]:
    level = ContourLevel.COMMUNE
    contours = outlines.contours(level)
    seen = contours.in_frame(*frame)
    if not 0 < len(seen) <= MOST_COMMUNES:
        level = ContourLevel.DEPARTEMENT
        contours = outlines.contours(level)
        seen = contours.in_frame(*frame)
    shapes = _simplified(contours, seen, frame)
    names = dict(Contour.objects.filter(code__in=list(shapes)).values_list("code", "name"))
    return [_feature(level, code, names[code], shape) for code, shape in shapes.items()]


def _districts(frame: Frame) -> list[dict]:
    perimeters = outlines.perimeters()
    seen = perimeters.in_frame(*frame)
    west, south, east, north = shapely.bounds(perimeters.surfaces[seen]).T
    is_drawn = np.maximum(east - west, north - south) >= SMALLEST * frame.pixel
    shapes = _simplified(perimeters, seen[is_drawn], frame)
    points = Q(
        longitude__range=(frame.west, frame.east), latitude__range=(frame.south, frame.north)
    )
    districts = (
        District.objects.of_2024().filter(points | Q(code__in=list(shapes))).order_by("code")
    )
    return [
        _feature("district", code, name, shapes.get(code) or shapely.Point(longitude, latitude))
        for code, name, longitude, latitude in districts.order_by("code").values_list(
            "code", "name", "longitude", "latitude"
        )
    ]


def _simplified(
    surfaces: Outlines, indexes: np.ndarray, frame: Frame
) -> dict[str, shapely.Geometry]:
    """By code."""
    shapes = shapely.simplify(surfaces.surfaces[indexes], frame.pixel, preserve_topology=True)
    return {surfaces.codes[index]: shape for index, shape in zip(indexes, shapes, strict=True)}


def _feature(kind: str, code: str, name: str, shape: shapely.Geometry) -> dict:
    rounded = shapely.transform(shape, lambda corners: corners.round(DECIMALS))
    return {
        "type": "Feature",
        "properties": {"type": kind, "code": code, "name": name},
        "geometry": shapely.geometry.mapping(rounded),
    }
