"""Reading the outlines of official GeoJSON files (RFC 7946, WGS 84)."""

import json
from pathlib import Path

import shapely

from territories.imports.files import read_json
from territories.imports.reports import Refused, UnusableFile

LAMBERT = (
    "ses coordonnées ne sont pas des degrés : le fichier est sans doute en mètres (Lambert 93) ; "
    "prenez la version « WGS 84 » ou convertissez-le (EPSG:4326)."
)


def read_features(path: str | Path) -> list:
    """The features of a collection, not looked into. Raises UnusableFile."""
    collection = read_json(path)
    if not isinstance(collection, dict) or not isinstance(collection.get("features"), list):
        raise UnusableFile("Ce fichier n’est pas une collection d’objets GeoJSON.")
    return collection["features"]


def properties_of(feature) -> dict[str, str]:
    """What a feature says of itself, as text, under names in lower case. Raises Refused."""
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        raise Refused("ce n’est pas un objet GeoJSON.")
    return {name.lower(): str(value) for name, value in properties.items()}


def outline_of(feature: dict) -> tuple[shapely.Geometry, bool]:
    """The surface of a feature, and whether it had to be repaired where it crosses or touches
    itself. Raises Refused."""
    try:
        drawn = shapely.force_2d(shapely.from_geojson(json.dumps(feature.get("geometry"))))
    except (shapely.GEOSException, RecursionError) as error:
        raise Refused("sa géométrie n’est pas lisible.") from error
    if drawn.geom_type not in ("Polygon", "MultiPolygon") or drawn.is_empty:
        raise Refused("sa géométrie n’est pas une surface.")
    west, south, east, north = drawn.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise Refused(LAMBERT)
    if drawn.is_valid:
        return drawn, False
    outline = _repaired(drawn)
    if outline.is_empty or outline.geom_type not in ("Polygon", "MultiPolygon"):
        raise Refused("il ne reste pas de surface une fois sa géométrie réparée.")
    return outline, True


def _repaired(geometry: shapely.Geometry) -> shapely.Geometry:
    """The valid surface of a polygon or multipolygon, without the lines and points that repair
    leaves over; empty when no surface is left."""
    return shapely.make_valid(geometry, method="structure", keep_collapsed=False)
