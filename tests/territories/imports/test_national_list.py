"""A list of the whole country, as long as the official one, invented on the communes of the real
COG, which comes with the npm packages."""

import json
from collections import Counter, defaultdict
from itertools import cycle, islice

import pytest

from territories.imports.cog import COG_FOLDER, import_geography
from territories.imports.districts import import_districts
from territories.models import CityContract, Commune, District
from tests.territories.imports.files import DISTRICT_HEADER, district_line, write_text

pytestmark = pytest.mark.django_db

LENGTH = 1584


def national_lines():
    """LENGTH lines, an equal part for each département, on one commune or two: arrondissements
    of Paris, Lyon and Marseille first, then merged communes, then those of today."""
    records = json.loads((COG_FOLDER / "communes.json").read_bytes())
    order = ["arrondissement-municipal", "commune-associee", "commune-deleguee"]
    order.append("commune-actuelle")
    codes_of = defaultdict(list)
    for record in sorted(records, key=lambda record: order.index(record["type"])):
        codes_of[record["departement"]].append(record["code"])
    sources = {departement: cycle(codes) for departement, codes in sorted(codes_of.items())}
    numbers = Counter()
    for departement in islice(cycle(sources), LENGTH):
        numbers[departement] += 1
        communes = islice(sources[departement], 2 if numbers[departement] % 5 == 0 else 1)
        # As a spreadsheet leaves them: without the zero that they began with.
        insee = "; ".join(code.lstrip("0") for code in communes)
        yield district_line(
            code=f"QN{departement:0>3}{numbers[departement]:02}M",
            name='"Quartier; de la ville"',
            insee=f'"{insee}"',
            siren="",
        )


def districts_of(departement):
    return set(District.objects.filter(code__startswith=f"QN{departement}"))


def test_the_list_of_the_whole_country_imports_whole(tmp_path):
    import_geography()
    path = write_text(tmp_path, DISTRICT_HEADER, *national_lines(), encoding="cp1252")

    districts, contracts = import_districts(path)

    assert (districts.created, districts.refusals) == (LENGTH, [])
    assert District.objects.count() == LENGTH
    assert {district.name for district in District.objects.all()} == {"Quartier; de la ville"}
    for departement, city in (("075", "75056"), ("069", "69123"), ("013", "13055")):
        ours = set(Commune.objects.get(code=city).districts.all())
        assert ours & districts_of(departement) == ours != set()
    assert [len(districts_of(place)) for place in ("02A", "02B", "971", "987")] == [15, 15, 14, 14]
    without_epci = set(District.objects.filter(epcis=None))
    assert districts_of("978") | districts_of("987") <= without_epci
    assert districts.notes == [f"quartiers de communes sans EPCI\u00a0: {len(without_epci)}"]
    assert contracts.created == CityContract.objects.count() > 0

    districts, contracts = import_districts(path)

    assert (districts.unchanged, contracts.unchanged) == (LENGTH, CityContract.objects.count())
