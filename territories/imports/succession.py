"""The official table of passage from the districts of 2015 to those of 2024 (ANCT)."""

import re
from collections import defaultdict
from pathlib import Path

from django.db import transaction

from territories.imports.matching import check_fields
from territories.imports.reports import Refused, Report
from territories.imports.tables import code_in, read_table
from territories.models import District, Succession

REQUIRED = {"qp2024", "statut", "qp2015_1"}
FORMER_PATTERN = r"QP(\d{3}|02[AB])\d{3}"


@transaction.atomic
def import_succession(path: str | Path) -> list[Report]:
    """Makes the successions of the districts that the file lists those of the file, labels as
    they stand in it. Counts links: a line has none to three of them, a district may have
    several lines. Raises UnusableFile, with nothing written, where no line can be taken.
    """
    report = Report("liens de succession")
    rows = read_table(path, report, required=REQUIRED, aliases={})
    known = set(District.objects.of_2024().values_list("code", flat=True))
    wanted: dict[str, dict[str, Succession]] = defaultdict(dict)
    for row in rows:
        try:
            code, links = _read(row.cells, known)
        except Refused as refusal:
            report.refuse(row.where, str(refusal))
            continue
        wanted[code].update({link.former_code: link for link in links})
    report.require(wanted)
    _write(wanted, report)
    newcomers = sum(not links for links in wanted.values())
    if newcomers:
        report.notes.append(f"quartiers sans prédécesseur : {newcomers}")
    return [report]


def _read(cells: dict[str, str], known: set[str]) -> tuple[str, list[Succession]]:
    """The 2024 code of a line and its links to 2015, one for each filled `QP2015_n`."""
    district = code_in(cells["qp2024"])
    if district not in known:
        raise Refused(f"le quartier de 2024 « {cells['qp2024']} » n’est pas connu.")
    links = []
    for number in (name[7:] for name, cell in cells.items() if name.startswith("qp2015_") and cell):
        former = code_in(cells[f"qp2015_{number}"])
        link = Succession(
            district_id=district,
            former_code=former,
            former_name=cells.get(f"label_qp2015_{number}") or former,
            status=cells["statut"],
        )
        if not re.fullmatch(FORMER_PATTERN, former):
            raise Refused(f"« {former} » n’est pas le code d’un quartier de 2015.")
        check_fields(link, ["former_code", "former_name", "status"])
        links.append(link)
    return district, links


def _write(wanted: dict[str, dict[str, Succession]], report: Report) -> None:
    stored = {
        (row.district_id, row.former_code): row
        for row in Succession.objects.all()
        if row.district_id in wanted
    }
    links = {
        (district, former): link
        for district, by_former in wanted.items()
        for former, link in by_former.items()
    }
    updated = {
        key
        for key in links.keys() & stored.keys()
        if (links[key].former_name, links[key].status)
        != (stored[key].former_name, stored[key].status)
    }
    created = links.keys() - stored.keys()
    Succession.objects.bulk_create(
        [links[key] for key in sorted(created | updated)],
        update_conflicts=True,
        unique_fields=["district", "former_code"],
        update_fields=["former_name", "status"],
    )
    stale = stored.keys() - links.keys()
    Succession.objects.filter(pk__in=[stored[key].pk for key in stale]).delete()
    report.count(wanted=set(links), created=set(created), updated=updated)
    report.removed = len(stale)
