"""The official outlines of the districts (ANCT, GeoJSON in WGS 84)."""

from pathlib import Path

import shapely
from django.db import transaction

from territories.imports.geojson import outline_of, properties_of, read_features
from territories.imports.matching import write_rows
from territories.imports.reports import Refused, Report
from territories.imports.tables import code_in
from territories.models import District, Perimeter


@transaction.atomic
def import_perimeters(path: str | Path) -> list[Report]:
    """Creates or updates the perimeters of known districts, repaired where they cross or touch
    themselves, and moves the point of those districts inside. Raises UnusableFile, with nothing
    written, where no feature can be taken."""
    report = Report("périmètres")
    known = set(District.objects.values_list("code", flat=True))
    perimeters: dict[str, Perimeter] = {}
    points: dict[str, shapely.Point] = {}
    for number, feature in enumerate(read_features(path), start=1):
        try:
            code = _code(feature, known)
            if code in perimeters:
                raise Refused(f"{code} a déjà un périmètre plus haut dans le fichier.")
            outline, is_repaired = outline_of(feature)
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


def _code(feature, known: set[str]) -> str:
    code = code_in(properties_of(feature).get("code_qp", ""))
    if code not in known:
        raise Refused(f"le quartier « {code} » n’est pas connu : importez d’abord la liste.")
    return code


def _move_points(points: dict[str, shapely.Point]) -> None:
    districts = District.objects.filter(code__in=points)
    for district in districts:
        district.longitude, district.latitude = points[district.code].x, points[district.code].y
    District.objects.bulk_update(districts, ["longitude", "latitude"])
