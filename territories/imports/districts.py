"""The official list of the quartiers prioritaires (ANCT, "listeqp2024"), of a region or of the
whole country; the list of 2015 goes the same way."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from territories.imports.contracts import derive_contracts
from territories.imports.matching import check_fields, write_links, write_rows
from territories.imports.reports import Refused, Report, UnusableFile
from territories.imports.tables import Row, code_in, codes_in, read_table
from territories.models import EPCI, Commune, District, FormerCommune, Perimeter

# The districts of Hauts-de-France; reference/README.md says where each fact comes from.
REFERENCE = Path(__file__).resolve().parent.parent / "reference/districts_2024_hauts_de_france.csv"

REQUIRED = {"code_qp", "lib_qp", "insee_com"}
ALIASES = {
    "code_qpv": "code_qp",
    "nom_qp": "lib_qp",
    "lib_qpv": "lib_qp",
    "nom_qpv": "lib_qp",
    "code_insee": "insee_com",
    "insee_com_principale": "insee_com",
    "siren_epci_2026": "siren_epci",
    "longitude": "lon",
    "latitude": "lat",
}


@dataclass(frozen=True)
class Entry:
    """What one line says of a district. `communes` are codes of today, `epcis` SIREN as written
    in the file, `point` longitude and latitude in WGS 84 degrees."""

    code: str
    name: str
    communes: frozenset[str]
    epcis: frozenset[str]
    point: tuple[float, float] | None


@transaction.atomic
def import_districts(path: str | Path, *, only_new: bool = False) -> list[Report]:
    """Creates or updates the districts of the file, then the contracts that derive from them.

    Communes and EPCI are matched by code; their names are the COG's. Districts that the file
    does not list are left alone; with `only_new`, those already known too. A point of the file
    is taken only for a district without perimeter. Raises UnusableFile, with nothing written,
    where no line can be taken.
    """
    report = Report("quartiers prioritaires")
    rows = read_table(path, report, required=REQUIRED, aliases=ALIASES)
    entries = _entries(rows, report)
    report.require(entries)
    if only_new:
        known = set(District.objects.values_list("code", flat=True))
        report.unchanged += len(entries.keys() & known)
        entries = {code: entry for code, entry in entries.items() if code not in known}
    _write(entries, report)
    return [report, derive_contracts()]


def _entries(rows: list[Row], report: Report) -> dict[str, Entry]:
    """The usable lines by district code; the others are refused in `report`."""
    communes = set(Commune.objects.values_list("code", flat=True))
    if not communes:
        raise UnusableFile("Aucune commune n’est connue : lancez d’abord import_geography.")
    former = dict(FormerCommune.objects.values_list("code", "commune_id"))
    entries: dict[str, Entry] = {}
    first_lines: dict[str, int] = {}
    repeated = 0
    for row in rows:
        try:
            entry = _entry(row.cells, communes, former)
        except Refused as refusal:
            report.refuse(row.where, str(refusal))
            continue
        if entry.code not in entries:
            entries[entry.code] = entry
            first_lines[entry.code] = row.line
        elif entry == entries[entry.code]:
            repeated += 1
        else:
            report.refuse(
                row.where, f"contredit la ligne {first_lines[entry.code]}, sur le même quartier."
            )
    if repeated:
        report.notes.append(f"lignes répétées à l’identique, lues une fois : {repeated}")
    return entries


def _entry(cells: dict[str, str], communes: set[str], former: dict[str, str]) -> Entry:
    code = code_in(cells["code_qp"])
    name = " ".join(cells["lib_qp"].split())
    check_fields(District(code=code, name=name), ["code", "name"])
    # A spreadsheet that took codes for numbers lost their leading zeros.
    written = [text.zfill(5) for text in codes_in(cells["insee_com"])]
    current = [former.get(text, text) for text in written]
    if not current:
        raise Refused(f"{code} n’a pas de commune.")
    unknown = [text for text in current if text not in communes]
    if unknown:
        raise Refused(f"la commune {', '.join(unknown)} de {code} n’existe pas dans le COG.")
    return Entry(
        code,
        name,
        frozenset(current),
        frozenset(codes_in(cells.get("siren_epci", ""))),
        _point(cells.get("lon", ""), cells.get("lat", "")),
    )


def _point(longitude: str, latitude: str) -> tuple[float, float] | None:
    if not longitude and not latitude:
        return None
    try:
        point = float(longitude.replace(",", ".")), float(latitude.replace(",", "."))
    except ValueError:
        point = (float("nan"), float("nan"))
    if not (-180 <= point[0] <= 180 and -90 <= point[1] <= 90):
        raise Refused(f"« {longitude} ; {latitude} » n’est pas une position en degrés (WGS 84).")
    return point


def _write(entries: dict[str, Entry], report: Report) -> None:
    points = {
        code: (longitude, latitude)
        for code, longitude, latitude in District.objects.values_list(
            "code", "longitude", "latitude"
        )
    }
    outlined = set(Perimeter.objects.values_list("district_id", flat=True))
    districts = []
    for code, entry in entries.items():
        point = points.get(code, (None, None))
        if entry.point and code not in outlined:
            point = entry.point
        districts.append(
            District(code=code, name=entry.name, longitude=point[0], latitude=point[1])
        )
    created, updated = write_rows(districts, compare=["name", "longitude", "latitude"])
    updated |= write_links(
        District.communes, {code: set(entry.communes) for code, entry in entries.items()}
    )
    updated |= write_links(District.epcis, _epcis(entries, report))
    report.count(wanted=set(entries), created=created, updated=updated)


def _epcis(entries: dict[str, Entry], report: Report) -> dict[str, set[str]]:
    """The EPCI of each district: those that the file names, and where it names none, or one that
    the COG does not know (merged since, or an établissement public territorial of the Grand
    Paris), those of its communes. Districts of communes without EPCI have none."""
    known = set(EPCI.objects.values_list("siren", flat=True))
    epci_of = dict(Commune.objects.values_list("code", "epci_id"))
    answer = {}
    strangers: Counter[str] = Counter()
    for code, entry in entries.items():
        answer[code] = set(entry.epcis & known)
        strangers.update(entry.epcis - known)
        if not answer[code] or entry.epcis - known:
            answer[code] |= {epci_of[commune] for commune in entry.communes} - {None}
    for siren, count in sorted(strangers.items()):
        report.notes.append(
            f"l’EPCI {siren} n’est pas dans le COG : ceux des communes le remplacent "
            f"(quartiers concernés : {count})"
        )
    orphans = sum(not sirens for sirens in answer.values())
    if orphans:
        report.notes.append(f"quartiers de communes sans EPCI : {orphans}")
    return answer
