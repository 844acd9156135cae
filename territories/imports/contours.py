"""The outlines of communes and départements (GeoJSON in WGS 84), of a region or of the whole
country: IGN's Admin Express, or what others made from it, with other names for the same."""

import re
import unicodedata
from pathlib import Path

import shapely
from django.db import transaction

from territories.enums import ContourLevel
from territories.imports.geojson import outline_of, properties_of, read_features
from territories.imports.matching import check_fields, write_rows
from territories.imports.reports import Refused, Report
from territories.imports.tables import code_in
from territories.models import Commune, Contour, Departement, FormerCommune

# Of an object of Admin Express that has both, the first one is its own.
CODES = ("code", "insee_com", "insee_dep")
NAMES = ("nom", "nom_com", "nom_dep", "libelle")


@transaction.atomic
def import_contours(path: str | Path) -> list[Report]:
    """Creates or updates the contours of the file, each a commune or a département by its code;
    that of a commune merged since keeps its own. Where the file draws a commune of today without
    those that merged into it, their older contours go: they would lie under it. Other contours are
    left alone. Raises UnusableFile, with nothing written, where no feature can be taken."""
    report = Report("contours")
    features = read_features(path)
    former = dict(FormerCommune.objects.values_list("code", "commune_id"))
    communes = former.keys() | set(Commune.objects.values_list("code", flat=True))
    departements = dict(Departement.objects.values_list("code", "name"))
    contours: dict[str, Contour] = {}
    repaired = 0
    for number, feature in enumerate(features, start=1):
        try:
            contour = _contour(properties_of(feature), communes, departements)
            if contour.code in contours:
                raise Refused(f"{contour.code} a déjà un contour plus haut dans le fichier.")
            outline, is_repaired = outline_of(feature)
        except Refused as refusal:
            report.refuse(f"objet n° {number}", str(refusal))
            continue
        contour.wkb = shapely.to_wkb(outline)
        contours[contour.code] = contour
        repaired += is_repaired
    report.require(contours)
    created, updated = write_rows(
        contours.values(), compare=["level", "name", "wkb"], stamp=["imported_at"]
    )
    report.count(wanted=set(contours), created=created, updated=updated)
    replaced = {code for code, today in former.items() if today in contours} - contours.keys()
    report.removed, _ = Contour.objects.filter(code__in=replaced).delete()
    if repaired:
        report.notes.append(f"contours qui se recoupaient, réparés : {repaired}")
    return [report]


def _contour(
    properties: dict[str, str], communes: set[str], departements: dict[str, str]
) -> Contour:
    """What the properties say, without its outline."""
    code = code_in(next((properties[name] for name in CODES if name in properties), ""))
    name = next((properties[name] for name in NAMES if name in properties), "")
    if code in communes:
        level = ContourLevel.COMMUNE
    elif code in departements:
        level = ContourLevel.DEPARTEMENT
        # 32 is the Gers, and the region Hauts-de-France.
        if _plain(name) != _plain(departements[code]):
            raise Refused(
                f"« {name} » n’est pas le département {code} ({departements[code]}) : "
                "les contours de régions ne s’importent pas."
            )
    elif not code:
        raise Refused(f"il n’a aucun des champs {', '.join(CODES)}.")
    else:
        raise Refused(
            f"« {code} » n’est le code ni d’une commune ni d’un département : "
            "la géographie (import_geography) est-elle importée ?"
        )
    contour = Contour(code=code, level=level, name=name)
    check_fields(contour, ["name"])
    return contour


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z]", "", letters)
