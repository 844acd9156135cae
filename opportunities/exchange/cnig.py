"""The friches in the national standard: CNIG "Friches", version 1.0.6 of 16 December 2025
(https://github.com/cnigfr/schema-friches), as CSV: commas, UTF-8, 51 fields.

What isn't known is left empty, or said to be "inconnu" where the standard requires a value. A
friche without commune or without position can't be said in it.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from opportunities import enums
from opportunities.enums import Kind
from opportunities.exchange.exporting import Echo, rows_of
from opportunities.exchange.tables import guarded

UNKNOWN = "inconnu"
# What the standard reads as "no value": a friche of that name would have none.
MISSING = ("", "NA", "NaN", "N/A")


@dataclass(frozen=True)
class Field:
    """A field of the standard, in the words of Table Schema; `write` gives what we know of it. One
    that has the `format` of a date is one."""

    name: str
    write: Callable[[Any], str] = lambda row: ""
    format: str = ""
    is_integer: bool = False
    is_required: bool = False
    choices: Iterable[str] = ()


def _fact(name: str) -> Callable[[Any], str]:
    def write(row: Any) -> str:
        value = getattr(row, name)
        return "" if value is None else guarded(str(value))

    return write


def _day(moment: datetime) -> str:
    return timezone.localtime(moment).date().isoformat()


def _site_id(row: Any) -> str:
    """§4.2: the commune, an underscore, an identifier of ours."""
    return f"{row.commune_id}_{row.ref}"


def _point(row: Any) -> str:
    """Latitude first, as in the example of the standard."""
    return f"POINT({row.latitude} {row.longitude})"


def _source(row: Any) -> str:
    return guarded(row.source if row.source not in MISSING else row.territory.name)


_YEAR, _DAY = "%Y", "%Y-%m-%d"

FIELDS = (
    Field("site_id", _site_id, is_required=True),
    Field("site_nom", _fact("title"), is_required=True),
    Field(
        "site_type",
        lambda row: row.site_type or UNKNOWN,
        is_required=True,
        choices=enums.SiteType,
    ),
    Field("site_adresse", _fact("place")),
    Field("site_identif_date", lambda row: _day(row.created_at), is_required=True, format=_DAY),
    Field("site_actu_date", lambda row: _day(row.updated_at), is_required=True, format=_DAY),
    Field("site_url"),
    Field("site_ademe_url"),
    Field("site_securite"),
    Field("site_occupation", _fact("site_occupation"), choices=enums.SiteOccupation),
    Field("site_statut", _fact("site_status"), choices=enums.SiteStatus),
    Field("site_projet_url"),
    Field("site_reconv_annee", format=_YEAR),
    Field("site_reconv_type"),
    Field("activite_libelle", _fact("last_activity")),
    Field("activite_code"),
    Field("activite_fin_annee", _fact("last_activity_year"), format=_YEAR),
    Field("comm_nom", lambda row: row.commune.name, is_required=True),
    Field("comm_insee", _fact("commune_id"), is_required=True),
    Field("bati_type"),
    Field("bati_nombre", is_integer=True),
    Field("bati_surface", _fact("building_area"), is_integer=True),
    Field("bati_pollution", _fact("building_pollution"), choices=enums.BuildingPollution),
    Field("bati_vacance", _fact("building_vacancy"), choices=enums.BuildingVacancy),
    Field("bati_patrimoine"),
    Field("bati_etat", _fact("building_condition"), choices=enums.BuildingCondition),
    Field("local_ancien_annee", format=_YEAR),
    Field("local_recent_annee", format=_YEAR),
    Field("proprio_type"),
    Field("proprio_personne", _fact("owner_type"), choices=enums.OwnerType),
    Field("proprio_nom"),
    Field("sol_pollution_annee", format=_YEAR),
    Field("sol_pollution_existe", _fact("soil_pollution"), choices=enums.SoilPollution),
    Field("sol_pollution_origine"),
    Field("sol_pollution_commentaire"),
    Field("sol_depollution_fiche"),
    Field("unite_fonciere_surface", _fact("land_area"), is_integer=True),
    Field("unite_fonciere_refcad"),
    Field("urba_zone_type"),
    Field("urba_zone_lib"),
    Field("urba_zone_formdomi"),
    Field("urba_zaer", lambda row: UNKNOWN, is_required=True, choices=("oui", "non", UNKNOWN)),
    Field("urba_doc_type"),
    Field("desserte_distance"),
    Field("desserte_commentaire"),
    Field("source_nom", _source, is_required=True),
    Field("source_url"),
    Field("source_producteur", lambda row: guarded(row.territory.name)),
    Field("source_contact"),
    Field("geompoint", _point, is_required=True),
    Field("geomsurf"),
)

_IS_WHOLE = Q(commune__isnull=False, longitude__isnull=False) & ~Q(title__in=MISSING)


def friches(opportunities: QuerySet) -> tuple[QuerySet, QuerySet]:
    """Those of `opportunities` that the standard can say, and the friches that lack what it
    requires (`lacks` says what)."""
    found = opportunities.filter(kind=Kind.FRICHE)
    return found.filter(_IS_WHOLE), found.exclude(_IS_WHOLE)


def lacks(opportunity: Any) -> str:
    """What a friche lacks to be said in the standard, in French."""
    missing = [
        name
        for name, is_missing in (
            ("un intitulé", opportunity.title in MISSING),
            ("la commune", opportunity.commune_id is None),
            ("la position", opportunity.longitude is None),
        )
        if is_missing
    ]
    return " et ".join(missing)


def csv_lines(whole: QuerySet) -> Iterator[str]:
    """The lines of the file; `whole` is the first of what `friches` answers."""
    writer = csv.writer(Echo())
    yield writer.writerow([field.name for field in FIELDS])
    for row in rows_of(whole):
        yield writer.writerow([field.write(row) for field in FIELDS])
