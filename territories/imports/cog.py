"""The Code officiel géographique (Insee) as Etalab publishes it in JSON, in the npm package
@etalab/decoupage-administratif: `departements.json`, `communes.json` and `epci.json`."""

from pathlib import Path

from django.conf import settings
from django.db import transaction

from territories.imports.files import read_json
from territories.imports.matching import remove_vanished, write_rows
from territories.imports.reports import Report, UnusableFile
from territories.models import EPCI, Commune, Departement, FormerCommune

COG_FOLDER = settings.NODE_MODULES / "@etalab" / "decoupage-administratif" / "data"


@transaction.atomic
def import_geography(folder: str | Path = COG_FOLDER) -> list[Report]:
    """Makes départements, EPCI, communes and former codes those of the COG in `folder`.

    What a newer COG no longer has is deleted, unless something points at it: then it is kept
    and said. Raises UnusableFile where a file is missing or not of this format.
    """
    records = {
        name: _read(Path(folder) / f"{name}.json") for name in ("departements", "epci", "communes")
    }
    try:
        tables = {
            Departement: _departements(records["departements"]),
            EPCI: _epcis(records["epci"]),
            Commune: _communes(records["communes"], records["epci"]),
            FormerCommune: _former_communes(records["communes"]),
        }
    except (KeyError, TypeError, AttributeError) as error:
        raise UnusableFile("Ces fichiers ne sont pas ceux du découpage administratif.") from error
    reports = {model: _write(model, rows) for model, rows in tables.items()}
    # Last what others point at: a commune before its EPCI and its département.
    for model in (FormerCommune, Commune, EPCI, Departement):
        removed, kept = remove_vanished(model, {row.pk for row in tables[model]})
        reports[model].removed = removed
        if kept:
            reports[model].notes.append(
                f"absents de ce COG mais encore utilisés, donc gardés : {', '.join(kept)}"
            )
    return list(reports.values())


def _read(path: Path) -> list[dict]:
    records = read_json(path)
    if not isinstance(records, list) or not records:
        raise UnusableFile(f"Le fichier {path} ne contient pas de liste.")
    return records


def _departements(records):
    return [
        Departement(code=record["code"], name=record["nom"], region_code=record["region"])
        for record in records
    ]


def _epcis(records):
    return [
        EPCI(siren=record["code"], name=record["nom"], nature=record["type"]) for record in records
    ]


def _current(records):
    return [record for record in records if record["type"] == "commune-actuelle"]


def _communes(records, epcis):
    epci_of = {member["code"]: record["code"] for record in epcis for member in record["membres"]}
    return [
        Commune(
            code=record["code"],
            name=record["nom"],
            departement_id=record["departement"],
            epci_id=epci_of.get(record["code"]),
            population=record.get("population", 0),  # uninhabited islands have none
        )
        for record in _current(records)
    ]


def _former_communes(records):
    """Every code that names no commune of today, with the commune that answers for it.

    A delegated or associated commune says its chef-lieu: that comes before `anciensCodes`, which
    also keeps merges undone since (60455 went from Beaumont-les-Nonains to Les Hauts-Talican)."""
    current = _current(records)
    answers = {
        code: record["code"] for record in current for code in record.get("anciensCodes", [])
    }
    for record in records:
        if record["type"] in ("commune-deleguee", "commune-associee"):
            answers[record["code"]] = record["chefLieu"]
        elif record["type"] == "arrondissement-municipal":
            answers[record["code"]] = record["commune"]
    codes_of_today = {record["code"] for record in current}
    return [
        FormerCommune(code=code, commune_id=commune)
        for code, commune in answers.items()
        if code not in codes_of_today
    ]


_COMPARED = {
    Departement: ("départements", ["name", "region_code"]),
    EPCI: ("EPCI", ["name", "nature"]),
    Commune: ("communes", ["name", "departement_id", "epci_id", "population"]),
    FormerCommune: ("codes d’anciennes communes", ["commune_id"]),
}


def _write(model, rows):
    subject, compared = _COMPARED[model]
    report = Report(subject)
    created, updated = write_rows(rows, compare=compared)
    report.count(wanted={row.pk for row in rows}, created=created, updated=updated)
    return report
