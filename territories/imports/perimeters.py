"""The official outlines of the districts (ANCT, GeoJSON in WGS 84)."""

import json
from pathlib import Path

import shapely
from django.db import transaction

from territories.imports.matching import write_rows
from territories.imports.reports import Refused, Report, UnusableFile
from territories.imports.tables import code_in, read_bytes
from territories.models import District, Perimeter

LAMBERT = (
    "ses coordonnées ne sont pas des degrés : le fichier est sans doute en mètres (Lambert 93) ; "
    "prenez la version « WGS 84 » ou convertissez-le (EPSG:4326)."
)


@transaction.atomic
def import_perimeters(path: str | Path) -> list[Report]:
    """Creates or updates the perimeters of known districts, repaired where they cross or touch
    themselves, and moves the point of those districts inside. Raises UnusableFile, with nothing
    written, where no feature can be taken."""
    report = Report("périmètres")
    known = set(District.objects.values_list("code", flat=True))
    perimeters: dict[str, Perimeter] = {}
    points: dict[str, shapely.Point] = {}
    for number, feature in enumerate(_features(path), start=1):
        try:
            code = _code(feature, known)
            if code in perimeters:
                raise Refused(f"{code} a déjà un périmètre plus haut dans le fichier.")
            outline, is_repaired = _outline(feature.get("geometry"))
        except Refused as refusal:
            report.refuse(f"objet n° {number}", str(refusal))
            continue
        perimeters[code] = Perimeter(
            district_id=code, wkb=shapely.to_wkb(outline), is_repaired=is_repaired
        )
        points[code] = outline.representative_point()
    report.require(perimeters)
    created, updated = write_rows(
        perimeters.values(), compare=["wkb", "is_repaired"], stamp=["imported_at"]
    )
    _move_points({code: points[code] for code in created | updated})
    report.count(wanted=set(perimeters), created=created, updated=updated)
    repaired = sum(perimeter.is_repaired for perimeter in perimeters.values())
    if repaired:
        report.notes.append(f"périmètres qui se recoupaient, réparés : {repaired}")
    return [report]


def repaired(geometry: shapely.Geometry) -> shapely.Geometry:
    """The valid surface of a polygon or multipolygon, without the lines and points that repair
    leaves over; empty when no surface is left."""
    return shapely.make_valid(geometry, method="structure", keep_collapsed=False)


def _features(path: str | Path) -> list:
    try:
        collection = json.loads(read_bytes(path))
    except ValueError as error:
        raise UnusableFile(f"Ce fichier n’est pas du GeoJSON ({error}).") from error
    if not isinstance(collection, dict) or not isinstance(collection.get("features"), list):
        raise UnusableFile("Ce fichier n’est pas une collection d’objets GeoJSON.")
    return collection["features"]


def _code(feature, known: set[str]) -> str:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        raise Refused("ce n’est pas un objet GeoJSON.")
    code = next(
        (code_in(str(value)) for name, value in properties.items() if name.lower() == "code_qp"),
        "",
    )
    if code not in known:
        raise Refused(f"le quartier « {code} » n’est pas connu : importez d’abord la liste.")
    return code


def _outline(geometry) -> tuple[shapely.Geometry, bool]:
    """The surface of a GeoJSON geometry, and whether it had to be repaired."""
    try:
        drawn = shapely.force_2d(shapely.from_geojson(json.dumps(geometry)))
    except shapely.GEOSException as error:
        raise Refused(f"sa géométrie n’est pas lisible ({error}).") from error
    if drawn.geom_type not in ("Polygon", "MultiPolygon") or drawn.is_empty:
        raise Refused("sa géométrie n’est pas une surface.")
    west, south, east, north = drawn.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise Refused(LAMBERT)
    if drawn.is_valid:
        return drawn, False
    outline = repaired(drawn)
    if outline.is_empty or outline.geom_type not in ("Polygon", "MultiPolygon"):
        raise Refused("il ne reste pas de surface une fois sa géométrie réparée.")
    return outline, True


def _move_points(points: dict[str, shapely.Point]) -> None:
    districts = District.objects.filter(code__in=points)
    for district in districts:
        district.longitude, district.latitude = points[district.code].x, points[district.code].y
    District.objects.bulk_update(districts, ["longitude", "latitude"])
