import csv
import io
import re
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from frictionless import Checklist, Resource, Schema

from opportunities.enums import Kind, SiteType
from opportunities.exchange.cnig import FIELDS, MISSING, csv_lines, friches, lacks
from opportunities.models import Opportunity
from tests import factories

# The names and the order of the standard, v1.0.6, of which our table has 51.
REQUIRED = {
    "site_id",
    "site_nom",
    "site_type",
    "site_identif_date",
    "site_actu_date",
    "comm_nom",
    "comm_insee",
    "urba_zaer",
    "source_nom",
    "geompoint",
}


@pytest.fixture
def furnished(territory, lead, commune):
    """A friche of which all is known, one of which little is, three that can't be said, and
    something else than a friche."""

    def create(title, **facts):
        return factories.create_opportunity(
            territory, lead, title, **{"longitude": 2.3, "latitude": 51.0, **facts}
        )

    create(
        "La halle; « = »",
        commune=commune,
        place="=rue du Port",
        site_type=SiteType.HOUSING,
        site_status="friche avec projet",
        site_occupation="totalement inoccupé",
        land_area=12_000,
        building_area=3_000,
        building_condition="dégradation moyenne",
        building_vacancy="vacant",
        building_pollution="amiante",
        soil_pollution="pollution supposée",
        owner_type="personne morale",
        last_activity="Filature",
        last_activity_year=1987,
        source="Visite",
        created_at=datetime(2026, 1, 31, 23, 30, tzinfo=UTC),
        updated_at=datetime(2026, 2, 2, tzinfo=UTC),
    )
    create("=Quai", commune=commune, source="N/A")
    create("Sans commune")
    create("Sans rien", longitude=None, latitude=None)
    create("NA", commune=commune)
    create("Le local", kind=Kind.PREMISES, commune=commune)


def written():
    whole, _ = friches(Opportunity.objects.all())
    return "".join(csv_lines(whole))


def table_schema():
    """Our table as Table Schema says it."""
    fields = []
    for field in FIELDS:
        constraints = {"required": field.is_required}
        if field.choices:
            constraints["enum"] = [str(choice) for choice in field.choices]
        kind = "date" if field.format else "integer" if field.is_integer else "string"
        fields.append(
            {
                "name": field.name,
                "type": kind,
                "format": field.format or "default",
                "constraints": constraints,
            }
        )
    return {"fields": fields, "missingValues": list(MISSING), "primaryKey": "site_id"}


def findings(text):
    resource = Resource(
        data=text.encode(), format="csv", schema=Schema.from_descriptor(table_schema())
    )
    report = resource.validate(Checklist())
    return report.flatten(["rowNumber", "fieldName", "type"]), report.stats["errors"]


def test_the_file_is_valid(furnished):
    assert findings(written()) == ([], 0)


def test_the_validator_would_say_otherwise(furnished):
    wrong = written().replace("friche d'habitat", "friche de rien").replace("inconnu,,,", ",,,")
    assert {kind for _, _, kind in findings(wrong)[0]} == {"constraint-error"}


def test_the_table_is_that_of_the_standard():
    assert len(FIELDS) == len({field.name for field in FIELDS}) == 51
    assert {field.name for field in FIELDS if field.is_required} == REQUIRED


def test_what_is_written(furnished, territory, commune):
    rows = list(csv.DictReader(io.StringIO(written(), newline="")))
    refs = dict(Opportunity.objects.values_list("title", "ref"))
    quay, hall = rows
    assert {name: value for name, value in quay.items() if value} == {
        "site_id": f"{commune.code}_{refs['=Quai']}",
        "site_nom": "'=Quai",
        "site_type": "inconnu",
        "site_identif_date": quay["site_actu_date"],
        "site_actu_date": quay["site_actu_date"],
        "comm_nom": "Grande-Synthe",
        "comm_insee": commune.code,
        "urba_zaer": "inconnu",
        "source_nom": territory.name,
        "source_producteur": territory.name,
        "geompoint": "POINT(51.0 2.3)",
    }
    assert {name: value for name, value in hall.items() if value} == {
        "site_id": f"{commune.code}_{refs['La halle; « = »']}",
        "site_nom": "La halle; « = »",
        "site_type": "friche d'habitat",
        "site_adresse": "'=rue du Port",
        "site_identif_date": "2026-02-01",  # in Paris
        "site_actu_date": "2026-02-02",
        "site_occupation": "totalement inoccupé",
        "site_statut": "friche avec projet",
        "activite_libelle": "Filature",
        "activite_fin_annee": "1987",
        "comm_nom": "Grande-Synthe",
        "comm_insee": commune.code,
        "bati_surface": "3000",
        "bati_pollution": "amiante",
        "bati_vacance": "vacant",
        "bati_etat": "dégradation moyenne",
        "proprio_personne": "personne morale",
        "sol_pollution_existe": "pollution supposée",
        "unite_fonciere_surface": "12000",
        "urba_zaer": "inconnu",
        "source_nom": "Visite",
        "source_producteur": territory.name,
        "geompoint": "POINT(51.0 2.3)",
    }
    assert re.fullmatch(r"\d{5}_[a-z0-9]{8}", hall["site_id"])


def test_what_is_left_out(furnished):
    _, lacking = friches(Opportunity.objects.all())
    assert [(o.title, lacks(o)) for o in lacking.order_by("title")] == [
        ("NA", "un intitulé"),
        ("Sans commune", "la commune"),
        ("Sans rien", "la commune et la position"),
    ]


def test_command(furnished, territory, other_territory, lead, commune, tmp_path, capsys):
    factories.create_opportunity(
        other_territory, lead, "Ailleurs", commune=commune, longitude=3, latitude=50
    )
    archived = Opportunity.objects.get(title="=Quai")
    archived.archived_at, archived.archived_by = archived.updated_at, lead
    archived.save()
    file = tmp_path / "friches.csv"
    call_command("export_friches", str(file), territory=territory.ref)
    lines = file.read_text(encoding="utf-8").splitlines()
    assert [row["site_nom"] for row in csv.DictReader(lines)] == ["La halle; « = »"]
    said = capsys.readouterr().out.replace("\N{NO-BREAK SPACE}", " ")
    assert said.splitlines() == [
        "friches écrites : 1",
        "friches laissées de côté : 3",
        "- NA : il manque un intitulé",
        "- Sans commune : il manque la commune",
        "- Sans rien : il manque la commune et la position",
    ]
    call_command("export_friches", str(file))
    assert findings(file.read_text(encoding="utf-8")) == ([], 0)
    assert len(file.read_text(encoding="utf-8").splitlines()) == 3


def test_command_refuses(db, tmp_path):
    with pytest.raises(CommandError, match="Aucun territoire n’a la référence zzz"):
        call_command("export_friches", str(tmp_path / "a.csv"), territory="zzz")
    for path, reason in (
        (tmp_path / "absent" / "a.csv", "ce chemin n’existe pas"),
        (tmp_path, "c’est un dossier"),
    ):
        with pytest.raises(CommandError) as refusal:
            call_command("export_friches", str(path))
        said = str(refusal.value).replace("\N{NO-BREAK SPACE}", " ")
        assert said == f"Le fichier {path} ne peut pas être écrit : {reason}."
