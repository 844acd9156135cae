import csv
import io
import json

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from opportunities.enums import ImportState, Kind
from opportunities.exchange import exporting
from opportunities.models import FileImport, Opportunity
from opportunities.tracking import create_opportunity
from tests import factories
from tests.opportunities.exchange.conftest import csv_of, xlsx

ROWS = csv_of(("Nom", "Genre"), ("La halle", "Friche"), ("Le camp", "Tente"))


@pytest.fixture
def start_address(territory):
    return reverse("opportunities:import-start", args=[territory.ref])


@pytest.fixture
def address(territory):
    """`address("import-show")` is a page of the one import."""

    def of(name):
        ref = FileImport.objects.get().ref
        return reverse(f"opportunities:{name}", args=[territory.ref, ref])

    return of


def send(client, address, content=ROWS, name="liste.csv"):
    return client.post(address, {"file": SimpleUploadedFile(name, content)}, follow=True)


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("&nbsp;", " ")


def test_from_a_file_to_opportunities(client_of, contributor, start_address, address, run_tasks):
    client = client_of(contributor)
    page = send(client, start_address)
    assert page.status_code == 200
    matching = {"column_0": "intitule", "column_1": "type_dopportunite", "default_kind": ""}
    page = client.post(address("import-match"), matching, follow=True)
    assert "n’est pas un choix possible" in page.text
    page = client.post(address("import-match"), matching | {"check": "1"}, follow=True)
    assert "La vérification commence…" in page.text
    assert "hx-trigger" in page.text
    fragment = client.get(address("import-show"), headers={"HX-Request": "true"})
    assert fragment.text.strip().startswith('<div class="card" id="import-progress"')
    run_tasks()
    assert client.get(address("import-show"), headers={"HX-Request": "true"}).headers["HX-Refresh"]
    page = client.get(address("import-show"))
    assert "<strong>Genre</strong> : « Tente » n’est pas un choix possible." in plain(page.text)
    report_before = client.get(address("import-errors")).getvalue()
    lines = io.StringIO(report_before.decode("utf-8-sig"), newline="")
    assert [row[:3] for row in csv.reader(lines, delimiter=";")] == [
        ["Ligne", "Intitulé", "Colonne"],
        ["3", "Le camp", "Genre"],
    ]
    page = client.post(address("import-write"), follow=True)
    assert "Des lignes restent à corriger (1)." in page.text
    client.post(address("import-write"), {"leave_out": "1"})
    run_tasks()
    assert list(Opportunity.objects.values_list("title", "kind")) == [("La halle", Kind.FRICHE)]
    page = client.get(address("import-show"))
    assert "1 opportunité ajoutée" in page.text
    assert f'href="{address("import-errors")}"' in page.text
    assert client.get(address("import-errors")).getvalue() == report_before
    assert "liste.csv" in client.get(start_address).text


def test_where_nothing_was_left_aside_there_is_nothing_to_correct(
    client_of, lead, start_address, address, run_tasks
):
    client = client_of(lead)
    send(client, start_address, csv_of(("Type", "Intitulé"), ("Friche", "La halle")))
    client.post(address("import-check"))
    run_tasks()
    client.post(address("import-write"))
    run_tasks()
    page = client.get(address("import-show"))
    assert "1 opportunité ajoutée" in page.text
    assert address("import-errors") not in page.text


def test_columns_are_changed_after_the_check(client_of, lead, start_address, address, run_tasks):
    client = client_of(lead)
    send(client, start_address)
    client.post(address("import-check"))
    run_tasks()
    client.post(address("import-reopen"))
    file_import = FileImport.objects.get()
    assert (file_import.state, file_import.rows.count()) == (ImportState.UPLOADED, 0)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"column_0": "lieu"}, "Dites au moins quelle colonne donne l’intitulé."),
        ({"column_0": "intitule", "column_1": "intitule"}, "va déjà dans cette colonne"),
        ({"column_0": "bidon"}, "Sélectionnez un choix valide."),
    ],
)
def test_a_matching_that_cannot_be(client_of, lead, start_address, address, data, sentence):
    client = client_of(lead)
    send(client, start_address)
    page = client.post(address("import-match"), data | {"check": "1"})
    assert page.status_code == 400
    assert sentence in page.text
    assert FileImport.objects.get().state == ImportState.UPLOADED


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Ce fichier est vide."),
        (b"%PDF-1.7", "Ce fichier n’est ni un tableur Excel"),
        (b"Type", "Ce fichier ne contient que les intitulés des colonnes"),
    ],
)
def test_a_file_that_cannot_be_read(client_of, lead, start_address, content, sentence):
    page = send(client_of(lead), start_address, content)
    assert page.status_code == 400
    assert sentence in page.text
    assert FileImport.objects.count() == 0


def test_without_a_file(client_of, lead, start_address):
    page = client_of(lead).post(start_address, {})
    assert (page.status_code, "Choisissez un fichier." in page.text) == (400, True)


def test_the_name_of_the_file_does_not_matter(client_of, lead, start_address):
    send(
        client_of(lead), start_address, xlsx(("Type", "Intitulé"), ("Friche", "La halle")), "a.pdf"
    )
    assert FileImport.objects.get().format == "xlsx"


def test_discard(client_of, lead, start_address, address):
    client = client_of(lead)
    send(client, start_address)
    page = client.post(address("import-discard"), follow=True)
    assert "est retiré" in page.text
    assert FileImport.objects.count() == 0


def test_what_failed_says_why_and_is_checked_again(
    client_of, lead, start_address, address, run_tasks
):
    client = client_of(lead)
    send(client, start_address, b"Type;Nom\r\nFriche;La halle\r\nFriche;Le quai;trop")
    client.post(address("import-check"))
    run_tasks()
    page = client.get(address("import-show"))
    assert "La ligne 3 a plus de cellules que d’intitulés" in page.text
    client.post(address("import-check"))
    assert FileImport.objects.get().state == ImportState.CHECKING


def test_acts_that_come_too_late_lead_to_where_it_is(client_of, lead, start_address, address):
    client = client_of(lead)
    send(client, start_address)
    client.post(address("import-check"))
    for name in ("import-check", "import-write", "import-reopen"):
        page = client.post(address(name), follow=True)
        assert "Cet import a avancé entre-temps" in page.text
    matching = {"column_0": "intitule", "column_1": ""}
    assert "Cet import a avancé" in client.post(address("import-match"), matching, follow=True).text


def test_template(client_of, lead, territory):
    page = client_of(lead).get(reverse("opportunities:import-template", args=[territory.ref]))
    sheet = openpyxl.load_workbook(io.BytesIO(page.getvalue())).active
    assert (sheet.max_row, sheet["A1"].value, sheet["D1"].value) == (1, "Référence", "Intitulé")


# Out


@pytest.fixture
def furnished(territory, lead, commune):
    for title, kind in (("La halle", Kind.FRICHE), ("Le local", Kind.PREMISES)):
        create_opportunity(
            territory=territory,
            by=lead,
            kind=kind,
            title=title,
            commune=commune,
            longitude=2.25,
            latitude=51.0,
        )
    create_opportunity(territory=territory, by=lead, kind=Kind.FRICHE, title="Sans lieu")


def titles(client, address):
    features = json.loads(client.get(address).getvalue())["features"]
    return [feature["properties"]["intitule"] for feature in features]


def export_address(territory, extension):
    return reverse("opportunities:export", args=[territory.ref, extension])


def test_the_export_is_what_the_list_shows(client_of, lead, territory, furnished):
    client, address = client_of(lead), export_address(territory, "geojson")
    assert titles(client, address) == ["La halle", "Le local", "Sans lieu"]
    assert titles(client, f"{address}?type=friche&q=halles") == ["La halle"]
    archived = Opportunity.objects.get(title="Le local")
    archived.archived_at, archived.archived_by = archived.updated_at, lead
    archived.save()
    assert titles(client, address) == ["La halle", "Sans lieu"]
    assert titles(client, f"{address}?archives=oui") == ["Le local"]


def test_geojson(client_of, lead, territory, furnished):
    answer = client_of(lead).get(export_address(territory, "geojson") + "?q=halle")
    opportunity = Opportunity.objects.get(title="La halle")
    (feature,) = json.loads(answer.getvalue())["features"]
    known = {name: value for name, value in feature.pop("properties").items() if value is not None}
    assert feature == {
        "type": "Feature",
        "id": opportunity.ref,
        "geometry": {"type": "Point", "coordinates": [2.25, 51.0]},
    }
    assert known == {
        "reference": opportunity.ref,
        "type_dopportunite": "Friche",
        "intitule": "La halle",
        "etape": "Repérée",
        "code_insee": opportunity.commune_id,
        "commune": "Grande-Synthe",
    }


@pytest.mark.parametrize("extension", exporting.MEDIA_TYPES)
def test_files_are_named_for_their_territory_and_day(client_of, lead, territory, extension):
    answer = client_of(lead).get(export_address(territory, extension))
    disposition = answer["Content-Disposition"]
    assert disposition.startswith('attachment; filename="opportunites-cu-de-dunkerque-20')
    assert disposition.endswith(f'.{extension}"')
    assert answer["Cache-Control"] == "private, no-store"
    answer.getvalue()


def test_a_format_that_does_not_exist(client_of, lead, territory):
    assert client_of(lead).get(export_address(territory, "exe")).status_code == 404


def test_a_partner_gets_what_is_shared(client_of, shared_partner, furnished, territory):
    address = export_address(territory, "geojson")
    assert titles(client_of(shared_partner), address) == ["La halle de la rue du Port"]


def test_all_the_territories_of_a_trainer(client_of, trainer, outsider, furnished):
    address = reverse("opportunities:export-all", args=["geojson"])
    assert titles(client_of(trainer), address) == [
        "La halle",
        "Le local",
        "Le moulin des étrangers",
        "Sans lieu",
    ]


def test_too_much_for_a_spreadsheet(client_of, lead, territory, furnished, monkeypatch):
    client = client_of(lead)
    monkeypatch.setattr(exporting, "MOST_ROWS", 2)
    for extension in ("xlsx", "ods"):
        page = client.get(export_address(territory, extension))
        assert (page.status_code, "exportez en CSV" in page.text) == (413, True)
    assert client.get(export_address(territory, "csv")).status_code == 200
    monkeypatch.setattr(exporting, "MOST_ROWS", 3)
    monkeypatch.setattr(exporting, "EXCEL_CELL", 3)
    page = client.get(export_address(territory, "xlsx"))
    assert (page.status_code, "Exportez en ODS ou en CSV" in page.text) == (413, True)


def test_friches_say_what_they_lack(client_of, reader, territory, furnished):
    client = client_of(reader)
    page = client.get(reverse("opportunities:friches-show", args=[territory.ref]))
    assert "1 friche dans le fichier." in page.text
    assert "Sans lieu" in page.text
    assert "Il manque la commune et la position." in page.text
    file = client.get(reverse("opportunities:friches-export", args=[territory.ref]))
    rows = list(csv.DictReader(io.StringIO(file.getvalue().decode(), newline="")))
    assert [row["site_nom"] for row in rows] == ["La halle"]


def test_no_friche_at_all(client_of, lead, territory):
    page = client_of(lead).get(reverse("opportunities:friches-show", args=[territory.ref]))
    assert "Aucune friche ne peut encore y être écrite" in page.text


def test_export_queries(client_of, lead, territory, query_counts):
    client, address = client_of(lead), export_address(territory, "csv")

    def add(count):
        for number in range(count):
            factories.create_opportunity(territory, lead, f"Site {number}")

    assert len(set(query_counts(lambda: client.get(address).getvalue(), add))) == 1


def test_import_page_queries(client_of, lead, start_address, address, run_tasks, query_counts):
    client = client_of(lead)
    send(client, start_address)

    def add(count):
        total = FileImport.objects.get().counts.get("wrong", 0) + count
        FileImport.objects.all().delete()
        rows = [(f"Site {number}", "Tente") for number in range(total)]
        send(client, start_address, csv_of(("Nom", "Type"), *rows))
        client.post(address("import-check"))
        run_tasks()

    assert len(set(query_counts(lambda: client.get(address("import-show")), add))) == 1
