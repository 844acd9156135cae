"""The city contracts, as long as no official list of those of 2030 exists: one for each EPCI
that has a district of 2024, under the EPCI's SIREN and name, until staff confirms it."""

from collections import defaultdict

from django.db import transaction

from territories.imports.matching import write_links, write_rows
from territories.imports.reports import Report
from territories.models import EPCI, CityContract, District


@transaction.atomic
def derive_contracts() -> Report:
    """Creates the missing contracts and keeps the unconfirmed ones in step with their EPCI.

    A confirmed contract is never touched, and the EPCI that it covers get no other. Only
    districts of 2024 count; one that straddles two EPCI belongs to both contracts.
    """
    report = Report("contrats de ville")
    names = dict(EPCI.objects.values_list("siren", "name"))
    districts_of: dict[str, set[str]] = defaultdict(set)
    pairs = District.objects.of_2024().exclude(epcis=None).values_list("epcis", "code")
    for siren, district in pairs:
        districts_of[siren].add(district)
    confirmed = CityContract.objects.filter(is_confirmed=True)
    covered = {code for pair in confirmed.values_list("code", "epcis") for code in pair}
    derived = set(
        CityContract.objects.filter(is_confirmed=False, code__in=names).values_list(
            "code", flat=True
        )
    )
    wanted = derived | (districts_of.keys() - covered)
    created, updated = write_rows(
        [CityContract(code=siren, name=names[siren]) for siren in sorted(wanted)],
        compare=["name"],
    )
    updated |= write_links(CityContract.epcis, {siren: {siren} for siren in wanted})
    updated |= write_links(
        CityContract.districts, {siren: districts_of.get(siren, set()) for siren in wanted}
    )
    report.count(wanted=wanted, created=created, updated=updated)
    idle = sorted(siren for siren in wanted if siren not in districts_of)
    if idle:
        report.notes.append(f"contrats sans quartier de 2024 : {', '.join(idle)}")
    return report
