"""Exported, imported into an empty base, exported again: the same."""

import csv
import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from odfdo import Document

from opportunities.enums import ActorType, Kind, SiteType, Stage
from opportunities.exchange import exporting
from opportunities.exchange.columns import COLUMNS
from opportunities.models import Opportunity
from opportunities.tracking import create_opportunity, move_to_stage

TRICKY = [
    "=HYPERLINK(1)",
    "+33 6 12",
    "-12",
    "@SOMME(A1)",
    "'=déjà",
    "''=deux",
    "'apostrophe",
    "＝pleine",
    'des "guillemets"; et un point-virgule',
    "Œuvre d’Éloïse €",
    "#N'A",
    "00123",
    "1e5",
]
TEXT = "Première ligne\n  deux  espaces ; « guillemets »\n\n=1+1\n\tfin <b>&amp;</b> 🧱"


@pytest.fixture
def furnished(territory, lead, district, commune):
    """Opportunities of each kind, with what files find hardest."""
    district.communes.set([commune])

    def create(title, **facts):
        return create_opportunity(
            territory=territory, by=lead, **{"kind": Kind.FRICHE, "title": title, **facts}
        )

    for title in TRICKY:
        create(title, description=TEXT)
    create(
        "La halle",
        district=district,
        commune=commune,
        place="=rue du Port",
        longitude=-2.123456789,
        latitude=51.0,
        nearness="",
        site_type=SiteType.HOUSING,
        land_area=12_000,
        last_activity_year=1987,
        next_action_on=date(2027, 1, 31),
        external_ref="59_2",
        theme="premises",
    )
    create("Sans commune", district=district, longitude=2.05, latitude=51.05)
    create("Vide", kind=Kind.CULTURE)
    create("Locaux", kind=Kind.PREMISES, monthly_rent=Decimal("1234.50"), owner_type="autre")
    create("Locaux", kind=Kind.PREMISES, monthly_rent=Decimal("0.05"))  # of the same name
    create("Atelier", kind=Kind.CREATOR, creator_project=TEXT, funding_sought=Decimal(12000))
    create(
        "Usine", kind=Kind.NEW_ACTOR, actor_type=ActorType.COMPANY, jobs=45, arrives_on="2027-02-01"
    )
    create("Club", kind=Kind.COLLECTIVE, collective_type="club", members=0)
    abandoned = create("Cinéma", kind=Kind.CULTURE)
    move_to_stage(opportunity=abandoned, stage=Stage.ABANDONED, reason=TEXT, by=lead)


def exported(extension):
    if extension in exporting.LINES:
        return "".join(exporting.LINES[extension](Opportunity.objects.all())).encode()
    file = io.BytesIO()
    exporting.WRITERS[extension](file, Opportunity.objects.all())
    return file.getvalue()


def cells(extension):
    """What the file says, read by other eyes than ours where there are."""
    content = io.BytesIO(exported(extension))
    if extension == "xlsx":
        return [list(row) for row in openpyxl.load_workbook(content).active.iter_rows()]
    return Document(content).body.get_table(0).get_values()


def values(extension):
    rows = cells(extension)
    return [[cell.value for cell in row] for row in rows] if extension == "xlsx" else rows


@pytest.mark.parametrize("extension", ["xlsx", "ods", "csv"])
def test_round_trip(furnished, bring_in, extension):
    before = exported(extension)
    same = {"csv": exported("csv"), "geojson": exported("geojson"), "rows": values("xlsx")}
    count = Opportunity.objects.count()
    Opportunity.objects.all().delete()
    file_import = bring_in(before)
    assert file_import.counts == {"create": count}
    assert exported("csv") == same["csv"]
    assert exported("geojson") == same["geojson"]
    assert values("xlsx") == same["rows"]


@pytest.mark.parametrize("extension", ["xlsx", "ods", "csv"])
def test_importing_what_is_already_there_changes_nothing(furnished, check, extension):
    file_import = check(exported(extension))
    assert file_import.counts == {"unchanged": Opportunity.objects.count()}


def _plain(cell):
    if isinstance(cell, int | float | Decimal):
        return float(cell)
    return "" if cell is None else str(cell).removesuffix(" 00:00:00")


def test_other_eyes_read_our_ods_as_our_xlsx(furnished):
    def plain(rows):
        return [[_plain(cell) for cell in row] for row in rows]

    xlsx, ods = plain(values("xlsx")), plain(values("ods"))
    width = len(COLUMNS)
    assert [row + [""] * (width - len(row)) for row in ods] == xlsx


def test_no_cell_becomes_a_formula(furnished):
    assert {cell.data_type for row in cells("xlsx") for cell in row} == {"s", "n", "d"}
    quoted = {cell.value for row in cells("xlsx") for cell in row if cell.quotePrefix}
    assert {"=HYPERLINK(1)", "+33 6 12", "-12", "@SOMME(A1)"} <= quoted
    lines = io.StringIO(exported("csv").decode("utf-8-sig"), newline="")
    texts = [cell for row in csv.reader(lines, delimiter=";") for cell in row]
    assert {cell[0] for cell in texts if cell} & set("=+@＝\t\r\n") == set()
    assert [cell for cell in texts if cell.startswith("-")] == ["-2,123456789"]
