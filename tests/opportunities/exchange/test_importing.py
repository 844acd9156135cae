from datetime import timedelta

import pytest
import shapely
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from journal.models import Entry
from opportunities.enums import ImportState, Kind, Nearness, Stage
from opportunities.exchange import importing, writing
from opportunities.exchange.cnig import friches
from opportunities.exchange.importing import (
    WrongRowsRemain,
    begin_check,
    begin_writing,
    discard,
    match_columns,
    preview,
)
from opportunities.exchange.writing import NotReady
from opportunities.models import FileImport, ImportRow, Opportunity, StageChange
from opportunities.tracking import change_opportunity, create_opportunity, move_to_stage
from territories.models import Grant
from tests import factories
from tests.opportunities.exchange.conftest import csv_of, problems

HEADERS = ("Type", "Intitulé", "Étape", "Commune", "Surface du terrain")


def facts(*names):
    return list(Opportunity.objects.order_by("title").values_list(*names))


def test_rows_become_opportunities(bring_in, territory, lead, commune):
    rows = [
        ("Friche", "La halle", "", "GRANDE SYNTHE", "3 000 m²"),
        ("locaux vacants en mutation", "Le local", "Abandonné", commune.code, ""),
    ]
    headers = (*HEADERS, "Raison de l’abandon")
    file_import = bring_in(csv_of(headers, (*rows[0], ""), (*rows[1], "Trop cher")))
    assert file_import.counts == {"create": 2}
    assert facts("kind", "title", "stage", "commune", "land_area", "created_by", "version") == [
        (Kind.FRICHE, "La halle", Stage.DETECTED, commune.pk, 3000, lead.pk, 1),
        (Kind.PREMISES, "Le local", Stage.ABANDONED, commune.pk, None, lead.pk, 1),
    ]
    trace = StageChange.objects.order_by("opportunity__title")
    assert list(trace.values_list("from_stage", "to_stage", "reason", "by")) == [
        ("", Stage.DETECTED, "", lead.pk),
        ("", Stage.ABANDONED, "Trop cher", lead.pk),
    ]
    assert list(Entry.objects.values_list("verb", "actor", "scope", "target", "data")) == [
        (
            "opportunities.imported",
            lead.pk,
            territory.scope,
            territory.scope,
            {"file": "liste.csv", "create": 2},
        )
    ]
    assert " halle grande synthe " in Opportunity.objects.get(title="La halle").search_text


def test_nothing_is_kept_of_the_file_once_written(bring_in):
    file_import = bring_in(csv_of(("Type", "Intitulé"), ("Friche", "La halle")))
    assert ImportRow.objects.count() == 0
    assert file_import.file.name == ""
    assert default_storage.listdir("imports") == ([], [])


def test_wrong_rows_are_told_by_line_and_column(check, commune, district):
    content = (
        csv_of(
            ("Genre", *HEADERS[1:], "Fin", "Longitude", "Quartier"),
            ("Friche", "La halle", "bientôt", "Lille", "grand", "", "", ""),
            ("Friche", "", "Abandonné", "", "", "", "3,1", district.name),
            ("", "Le quai", "", "", "", "31/02/2027", "", "Inconnu"),
        )
        .replace(b"Genre", b"Type")
        .replace(b"Fin", "Disponible à partir du".encode())
    )
    stages = "Repérée / Qualifiée / En exploration / Projet formalisé / Lancé / Abandonné"
    no_such_place = "n’est pas le code ou le nom d’un"
    assert [
        (line, header, sentence.replace("\N{NO-BREAK SPACE}", " "))
        for line, header, sentence in problems(check(content))
    ] == [
        (2, "Étape", f"« bientôt » n’est pas un choix possible. Choix : {stages}."),
        (2, "Surface du terrain", "« grand » n’est pas un nombre."),
        (2, "Commune", f"« Lille » {no_such_place}e commune de ce territoire."),
        (3, "Longitude", "une position a une longitude et une latitude."),
        (3, "Étape", "dites pourquoi cette opportunité est abandonnée."),
        (3, "Intitulé", "donnez un intitulé à cette opportunité."),
        (
            4,
            "Disponible à partir du",
            "« 31/02/2027 » n’est pas une date : écrivez par exemple 31/12/2026.",
        ),
        (4, "Quartier", f"« Inconnu » {no_such_place} quartier prioritaire de ce territoire."),
        (4, "Type", "dites de quel type d’opportunité il s’agit."),
    ]
    assert Opportunity.objects.count() == 0


def test_a_longitude_and_a_latitude_exchanged_are_told(check):
    content = csv_of(
        ("Type", "Intitulé", "Longitude", "Latitude"),
        ("Friche", "La halle", "3,48", "50,36"),
        ("Friche", "Le quai", "50,36", "3,48"),
    )
    assert problems(check(content)) == [
        (3, "Longitude", "elle semble échangée avec la latitude."),
    ]


def test_wrong_rows_are_left_out_only_knowingly(check, lead, run_tasks):
    file_import = check(csv_of(("Type", "Intitulé"), ("Friche", "La halle"), ("Tente", "Le camp")))
    assert file_import.counts == {"create": 1, "wrong": 1}
    wrong = problems(file_import)
    with pytest.raises(WrongRowsRemain):
        begin_writing(file_import=file_import, by=lead, leave_out=False)
    assert (run_tasks(), Opportunity.objects.count()) == (0, 0)
    begin_writing(file_import=file_import, by=lead, leave_out=True)
    run_tasks()
    assert facts("title") == [("La halle",)]
    assert problems(file_import) == [(3, "Type", problem) for _, _, problem in wrong]


@pytest.mark.parametrize(("days", "kept"), [(6, 1), (8, 0)])
def test_rows_left_aside_are_kept_for_a_week(check, lead, run_tasks, days, kept):
    rows = [("Friche", "La halle"), ("Tente", "Le camp")]
    file_import = check(csv_of(("Type", "Intitulé"), *rows))
    begin_writing(file_import=file_import, by=lead, leave_out=True)
    run_tasks()
    waiting = check(csv_of(("Type", "Intitulé"), *rows))
    FileImport.objects.filter(pk=file_import.pk).update(
        written_at=timezone.now() - timedelta(days=days)
    )
    call_command("sweep_files", "--dry-run")
    assert file_import.rows.count() == 1
    call_command("sweep_files")
    assert (file_import.rows.count(), waiting.rows.count()) == (kept, 2)


@pytest.mark.parametrize("broken", ["text_of", "record"])
def test_nothing_is_half_imported(check, lead, run_tasks, monkeypatch, broken, territory):
    existing = create_opportunity(territory=territory, by=lead, kind=Kind.FRICHE, title="Le quai")
    rows = [("Friche", f"Site {number}", "") for number in range(30)]
    headers = ("Type", "Intitulé", "Lieu")
    file_import = check(csv_of(headers, *rows, ("Friche", "Le quai", "port")))
    entries = Entry.objects.count()
    monkeypatch.setattr(writing, "_BATCH", 10)
    real, calls = getattr(writing, broken), []

    def fail(*args, **kwargs):
        calls.append(1)
        if broken == "record" or len(calls) == 31:
            raise RuntimeError
        return real(*args, **kwargs)

    monkeypatch.setattr(writing, broken, fail)
    begin_writing(file_import=file_import, by=lead, leave_out=False)
    with pytest.raises(RuntimeError):
        run_tasks()
    file_import.refresh_from_db()
    assert file_import.state == ImportState.FAILED
    assert file_import.failure.startswith("Un incident a interrompu l’import")
    assert facts("title", "place", "version") == [("Le quai", "", 1)]
    assert (StageChange.objects.count(), Entry.objects.count()) == (1, entries)
    assert file_import.rows.count() == 31
    existing.refresh_from_db()
    monkeypatch.setattr(writing, broken, real)
    begin_check(file_import)
    run_tasks()
    file_import.refresh_from_db()
    begin_writing(file_import=file_import, by=lead, leave_out=False)
    run_tasks()
    assert Opportunity.objects.count() == 31


# Importing again


def test_again_updates_by_reference(bring_in, territory, lead, contributor):
    old = create_opportunity(
        territory=territory, by=lead, kind=Kind.FRICHE, title="La halle", place="rue du Port"
    )
    content = csv_of(
        ("Référence", "Intitulé", "Étape", "Lieu"), (old.ref, "La grande halle", "Qualifiée", "")
    )
    assert bring_in(content, by=contributor).counts == {"update": 1}
    assert facts("ref", "title", "stage", "place", "version", "created_by", "updated_by") == [
        (old.ref, "La grande halle", Stage.QUALIFIED, "rue du Port", 2, lead.pk, contributor.pk)
    ]
    last = StageChange.objects.first()
    assert (last.from_stage, last.to_stage, last.by) == ("detected", "qualified", contributor)
    assert bring_in(content).counts == {"unchanged": 1}


def test_again_updates_by_the_identifier_of_origin(bring_in):
    headers = ("Identifiant d’origine", "Type", "Intitulé")
    bring_in(csv_of(headers, ("59_1", "Friche", "La halle"), ("59_2", "Friche", "La halle")))
    again = csv_of(headers, ("59_2", "Friche", "Le quai"), ("59_3", "Friche", "La halle"))
    assert bring_in(again).counts == {"update": 1, "create": 1}
    assert facts("external_ref", "title") == [
        ("59_1", "La halle"),
        ("59_3", "La halle"),
        ("59_2", "Le quai"),
    ] or sorted(facts("external_ref", "title")) == [
        ("59_1", "La halle"),
        ("59_2", "Le quai"),
        ("59_3", "La halle"),
    ]


def test_again_recognises_by_kind_title_and_commune(bring_in, commune):
    headers = ("Type", "Intitulé", "Commune", "Lieu")
    bring_in(csv_of(headers, ("Friche", "La Halle !", commune.name, "")))
    rows = [
        ("Friche", "la halle", commune.code, "quai"),
        ("Friche", "La halle", "", ""),
        ("Ressources culturelles", "La halle", commune.code, ""),
    ]
    assert bring_in(csv_of(headers, *rows)).counts == {"update": 1, "create": 2}
    assert bring_in(csv_of(headers, *rows)).counts == {"unchanged": 3}


def test_what_cannot_be_told_apart_is_asked(check, territory, lead):
    for _ in range(2):
        create_opportunity(territory=territory, by=lead, kind=Kind.FRICHE, title="La halle")
    content = csv_of(("Type", "Intitulé", "Lieu"), ("Friche", "La halle", "quai"))
    ((_, _, sentence),) = problems(check(content))
    assert sentence.startswith("plusieurs opportunités ont ce type, cet intitulé et cette commune")


def test_two_rows_are_not_about_one_thing(check, territory, lead):
    old = create_opportunity(territory=territory, by=lead, kind=Kind.FRICHE, title="La halle")
    headers = ("Référence", "Identifiant d’origine", "Type", "Intitulé")
    rows = [
        (old.ref, "", "", ""),
        (old.ref, "", "", ""),
        ("", "a", "Friche", "Un"),
        ("", "a", "Friche", "Deux"),
        ("", "", "Friche", "Trois"),
        ("", "", "Friche", "TROIS"),
        ("", "", "Friche", "La halle"),
    ]
    assert [(line, sentence) for line, _, sentence in problems(check(csv_of(headers, *rows)))] == [
        (3, "cette ligne répète la ligne 2."),
        (5, "cette ligne répète la ligne 4."),
        (7, "cette ligne répète la ligne 6."),
        (8, "cette ligne répète la ligne 2."),
    ]


def test_a_new_row_names_what_it_resembles(check, territory, lead):
    halle = factories.create_opportunity(territory, lead, "La halle du port")
    titles = [("Friche", "Halles du Port, côté quai"), ("Friche", "Le moulin")]
    file_import = check(csv_of(("Type", "Intitulé"), *titles))
    assert list(file_import.rows.values_list("outcome", "lookalikes")) == [
        ("create", [[halle.ref, "La halle du port"]]),
        ("create", []),
    ]


def test_references_of_others_are_neither_taken_nor_told(bring_in, outsider):
    theirs = Opportunity.objects.get()
    bring_in(csv_of(("Référence", "Type", "Intitulé"), (theirs.ref, "Friche", "La halle")))
    ours = Opportunity.objects.get(title="La halle")
    assert ours.ref != theirs.ref
    theirs.refresh_from_db()
    assert (theirs.title, theirs.version) == ("Le moulin des étrangers", 1)


def test_what_was_deleted_does_not_come_back(check, territory, lead):
    old = create_opportunity(
        territory=territory, by=lead, kind=Kind.FRICHE, title="La halle", external_ref="59_1"
    )
    Opportunity.objects.update(deleted_at=timezone.now(), deleted_by=lead)
    headers = ("Référence", "Identifiant d’origine", "Type", "Intitulé")
    rows = [(old.ref, "", "Friche", "Un"), ("", "59_1", "Friche", "Deux")]
    sentence = "cette opportunité a été supprimée ou fusionnée avec une autre."
    found = problems(check(csv_of(headers, *rows)))
    assert found == [(2, "Référence", sentence), (3, "Référence", sentence)]


def test_a_reference_of_another_tool_is_explained(check):
    content = csv_of(("Référence", "Type", "Intitulé"), ("F-12", "Friche", "La halle"))
    ((line, header, sentence),) = problems(check(content))
    assert (line, header) == (2, "Référence")
    assert "faites correspondre cette colonne à « Identifiant d’origine »" in sentence.replace(
        "\N{NO-BREAK SPACE}", " "
    )


# What changes between the check and the writing


@pytest.fixture
def checked(check, territory, lead):
    """An import that would update « La halle » and create « Le quai »."""
    create_opportunity(territory=territory, by=lead, kind=Kind.FRICHE, title="La halle")
    headers = ("Type", "Intitulé", "Lieu")
    file_import = check(csv_of(headers, ("Friche", "La halle", "port"), ("Friche", "Le quai", "")))
    assert file_import.counts == {"create": 1, "update": 1}
    return file_import


def _change(halle, by):
    change_opportunity(opportunity=halle, version=1, by=by, description="Mieux")


def _move(halle, by):
    move_to_stage(opportunity=halle, stage=Stage.EXPLORED, by=by)


def _delete(halle, by):
    Opportunity.objects.filter(pk=halle.pk).update(deleted_at=timezone.now(), deleted_by=by)


def _add(halle, by):
    create_opportunity(territory=halle.territory, by=by, kind=Kind.FRICHE, title="LE QUAI")


@pytest.mark.parametrize("act", [_change, _move, _delete, _add])
def test_what_changed_since_is_not_overwritten(checked, lead, contributor, run_tasks, act):
    halle = Opportunity.objects.get()
    act(halle, contributor)
    before = facts("title", "place", "version", "stage")
    begin_writing(file_import=checked, by=lead, leave_out=False)
    run_tasks()
    checked.refresh_from_db()
    assert checked.state == ImportState.FAILED
    assert "quelqu’un a travaillé sur" in checked.failure
    assert facts("title", "place", "version", "stage") == before
    begin_check(checked)
    run_tasks()
    checked.refresh_from_db()
    assert checked.state == ImportState.CHECKED


def test_a_role_that_ended_writes_nothing(checked, lead, run_tasks):
    begin_writing(file_import=checked, by=lead, leave_out=False)
    Grant.objects.filter(user=lead).delete()
    run_tasks()
    checked.refresh_from_db()
    assert checked.failure == "Vous n’avez plus le droit d’ajouter des opportunités ici."
    assert facts("title", "place") == [("La halle", "")]


def test_writing_twice_is_writing_once(checked, lead, run_tasks):
    begin_writing(file_import=checked, by=lead, leave_out=False)
    stale = FileImport.objects.get(pk=checked.pk)
    stale.state = ImportState.CHECKED
    with pytest.raises(NotReady):
        begin_writing(file_import=stale, by=lead, leave_out=False)
    assert run_tasks() == 1
    assert Opportunity.objects.count() == 2


def test_a_check_that_was_overtaken_writes_nothing(territory, lead, run_tasks):
    file_import = factories.upload_spreadsheet(territory, lead)
    begin_check(file_import)
    FileImport.objects.update(progressed_at=timezone.now() - timedelta(hours=1))
    file_import.refresh_from_db()
    assert importing.is_stuck(file_import)
    begin_check(file_import)
    assert run_tasks() == 2
    file_import.refresh_from_db()
    assert (file_import.attempt, file_import.state) == (2, ImportState.CHECKED)
    assert file_import.rows.count() == 1


def test_a_check_under_way_is_not_begun_again(territory, lead):
    file_import = factories.upload_spreadsheet(territory, lead)
    begin_check(file_import)
    with pytest.raises(NotReady):
        begin_check(file_import)


def test_a_file_that_breaks_midway_says_so(check):
    file_import = check(b"Type;Intitul\xc3\xa9\r\nFriche;La halle\r\nFriche;Le quai;en trop")
    assert file_import.state == ImportState.FAILED
    assert file_import.failure.startswith("La ligne 3 a plus de cellules que d’intitulés")


# Places


def test_a_position_says_where_a_row_is(bring_in, check, territory, district, commune):
    factories.outline(district, shapely.box(2.0, 51.0, 2.1, 51.1))
    district.communes.set([commune])
    headers = ("Type", "Intitulé", "Longitude", "Latitude", "Code du quartier prioritaire")
    rows = [
        ("Friche", "Dedans", "2,05", "51,05", ""),
        ("Friche", "Dit", "2,05", "51,05", district.code),
        ("Friche", "Loin", "3", "50", district.code),
    ]
    bring_in(csv_of(headers, *rows))
    assert facts("title", "district", "commune", "nearness") == [
        ("Dedans", district.pk, commune.pk, Nearness.INSIDE),
        ("Dit", district.pk, commune.pk, Nearness.INSIDE),
        ("Loin", district.pk, commune.pk, ""),
    ]
    assert check(csv_of(headers, *rows)).counts == {"unchanged": 3}


def test_a_district_that_stands_and_that_the_file_repeats_stays_confirmed(
    check, territory, lead, district
):
    """Known by a point alone, it is « à confirmer » of a row that is new or moved."""
    district.longitude, district.latitude = 2.05, 51.05
    district.save()
    place = {"longitude": 2.0501, "latitude": 51.05, "district": district}
    for title in ("Ici", "Déplacée"):
        factories.create_opportunity(territory, lead, title, **place)
    headers = ("Type", "Intitulé", "Longitude", "Latitude", "Code du quartier prioritaire")
    rows = [
        ("Friche", "Ici", "2,0501", "51,05", district.code),
        ("Friche", "Déplacée", "2,0502", "51,05", district.code),
        ("Friche", "Nouvelle", "2,0501", "51,05", district.code),
    ]
    file_import = check(csv_of(headers, *rows))
    assert file_import.counts == {"unchanged": 1, "update": 1, "create": 1}
    values = [row.values.get("nearness") for row in file_import.rows.order_by("line")]
    assert values == [None, Nearness.LIKELY, Nearness.LIKELY]


@pytest.mark.parametrize(("has_column", "found"), [(False, True), (True, False)])
def test_a_position_says_the_district_that_a_file_cannot(
    bring_in, check, district, commune, has_column, found
):
    factories.outline(district, shapely.box(2.0, 51.0, 2.1, 51.1))
    district.communes.set([commune])
    blank = [("Quartier", "")] if has_column else []
    columns = [("Type", "Friche"), ("Intitulé", "La halle"), ("Commune", commune.name), *blank]
    columns += [("Longitude", "2,05"), ("Latitude", "51,05")]
    content = csv_of(*zip(*columns, strict=True))
    bring_in(content)
    assert facts("district", "commune") == [(district.pk if found else None, commune.pk)]
    assert check(content).counts == {"unchanged": 1}


def test_a_row_that_names_its_district_has_a_commune(bring_in, check, territory, district, commune):
    """That of its position, also beyond the district; else the only one of its district."""
    neighbour = factories.create_commune("Dunkerque", epci=commune.epci)
    factories.create_contour(neighbour.code, shapely.box(3, 51, 4, 52))
    wide = factories.create_district("À cheval", communes=[commune, neighbour])
    territory.contract.districts.add(wide)
    district.communes.set([commune])
    headers = ("Type", "Intitulé", "Longitude", "Latitude", "Quartier")
    rows = [
        ("Friche", "À côté", "3,5", "51,5", district.name),
        ("Friche", "Là", "3,5", "51,5", wide.name),
        ("Friche", "Partout", "", "", wide.name),
        ("Friche", "Sans point", "", "", district.name),
        ("Friche", "Ça ne dit rien", "9", "45", wide.name),
    ]
    content = csv_of(headers, *rows)
    bring_in(content)
    assert dict(facts("title", "commune")) == {
        "À côté": neighbour.pk,
        "Là": neighbour.pk,
        "Partout": None,
        "Sans point": commune.pk,
        "Ça ne dit rien": None,
    }
    assert check(content).counts == {"unchanged": 5}
    whole, _ = friches(Opportunity.objects.all())
    assert sorted(friche.title for friche in whole) == ["Là", "À côté"]


def test_a_blank_commune_is_an_answer(bring_in, check, district, commune):
    """So what is exported is imported as it was."""
    district.communes.set([commune])
    headers = ("Type", "Intitulé", "Quartier", "Commune")
    content = csv_of(headers, ("Friche", "La halle", district.name, ""))
    bring_in(content)
    assert facts("district", "commune") == [(district.pk, None)]
    assert check(content).counts == {"unchanged": 1}


def test_the_commune_that_follows_tells_two_rows_apart(bring_in, check, territory, commune):
    """As one that is written would: two of one name, in two communes."""
    other = factories.create_commune("Dunkerque", epci=commune.epci)
    districts = [
        factories.create_district("Europe", code="QN05901M", communes=[commune]),
        factories.create_district("Glacis", code="QN05902M", communes=[other]),
    ]
    territory.contract.districts.add(*districts)
    headers = ("Type", "Intitulé", "Quartier", "Lieu")
    rows = [("Friche", "La halle", "Europe", "quai"), ("Friche", "La halle", "Glacis", "port")]
    bring_in(csv_of(headers, *rows))
    assert sorted(facts("commune", "place")) == sorted([(commune.pk, "quai"), (other.pk, "port")])
    named = csv_of(("Type", "Intitulé", "Ville"), ("Friche", "La halle", other.name))
    assert check(named).counts == {"unchanged": 1}


@pytest.mark.parametrize("text", ["{code}", "grande synthe", "59760 Grande-Synthe", "{name} (59)"])
def test_communes_are_named_in_many_ways(bring_in, commune, text):
    text = text.format(code=commune.code, name=commune.name)
    bring_in(csv_of(("Type", "Intitulé", "Ville"), ("Friche", "La halle", text)))
    assert facts("commune") == [(commune.pk,)]


# Steps


def test_the_matching_is_changed(territory, lead):
    content = csv_of(("Nom", "Genre"), ("La halle", "12"))
    file_import = factories.upload_spreadsheet(territory, lead, content)
    assert [entry["column"] for entry in file_import.matching] == ["intitule", ""]
    match_columns(file_import=file_import, keys=["intitule", "lieu"], default_kind=Kind.FRICHE)
    seen = preview(file_import)
    assert seen.samples == [["La halle"], ["12"]]
    assert [column.header for column in seen.columns] == ["Intitulé", "Lieu"]
    assert seen.rows == [(2, [("La halle", ""), ("12", "")], [])]


def test_the_preview_shows_what_is_understood(territory, lead, commune):
    content = csv_of(
        ("Type", "Intitulé", "Commune", "Surface du terrain", "Disponible à partir du", "Étape"),
        ("FRICHE", "La halle", "grande synthe", "3000", "1er mars 2027", "bientôt"),
    )
    ((line, cells, others),) = preview(factories.upload_spreadsheet(territory, lead, content)).rows
    assert (line, others) == (2, [])
    assert [text for text, _ in cells[:5]] == [
        "Friche",
        "La halle",
        "Grande-Synthe",
        "3000",
        "01/03/2027",
    ]
    assert cells[5][1].startswith(
        "«\N{NO-BREAK SPACE}bientôt\N{NO-BREAK SPACE}» n’est pas un choix"
    )


def test_what_nobody_finishes_is_forgotten(
    territory, lead, bring_in, django_capture_on_commit_callbacks
):
    bring_in(csv_of(("Type", "Intitulé"), ("Friche", "La halle")))
    factories.upload_spreadsheet(territory, lead)
    FileImport.objects.update(created_at=timezone.now() - timedelta(days=8))
    with django_capture_on_commit_callbacks(execute=True):
        fresh = factories.upload_spreadsheet(territory, lead)
    assert FileImport.objects.count() == 2
    assert default_storage.listdir("imports")[1] == [fresh.file.name.rpartition("/")[2]]


def test_discarding_takes_the_file_away(checked, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        discard(checked)
    assert (FileImport.objects.count(), ImportRow.objects.count()) == (0, 0)
    assert default_storage.listdir("imports") == ([], [])


def test_queries_do_not_grow_with_the_rows(check, lead, run_tasks):
    """By batch, not by row: one batch at 3 rows, one at 300."""
    counts = []
    for visit, number in enumerate((3, 3, 300)):  # at first some things are looked up for good
        rows = [("Friche", f"Site {visit} {n}", "2,5", "50,5") for n in range(number)]
        content = csv_of(("Type", "Intitulé", "Longitude", "Latitude"), *rows)
        with CaptureQueriesContext(connection) as checking_queries:
            file_import = check(content)
        begin_writing(file_import=file_import, by=lead, leave_out=False)
        with CaptureQueriesContext(connection) as writing_queries:
            run_tasks()
        counts.append([_selects(queries) for queries in (checking_queries, writing_queries)])
    assert counts[1] == counts[2]


def _selects(queries):
    """SQLite takes few values at once: it needs more insertions for more rows."""
    return sum("INSERT" not in query["sql"] for query in queries)


def test_a_reference_taken_meanwhile(checked, lead, run_tasks, monkeypatch):
    def taken(*args, **kwargs):
        raise IntegrityError

    monkeypatch.setattr(writing, "_create", taken)
    begin_writing(file_import=checked, by=lead, leave_out=False)
    run_tasks()
    checked.refresh_from_db()
    assert checked.state == ImportState.FAILED


def test_a_reference_that_is_somebody_else_s_is_drawn_again(checked, lead, run_tasks, monkeypatch):
    drawn = iter([Opportunity.objects.get().ref, "22222222"])
    monkeypatch.setattr("journal.references.new_reference", lambda: next(drawn))
    begin_writing(file_import=checked, by=lead, leave_out=False)
    run_tasks()
    assert Opportunity.objects.get(title="Le quai").ref == "22222222"
