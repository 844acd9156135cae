import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.wording import MAX_LENGTH
from journal.models import Entry
from opportunities.detecting import cancel_action, change_action, hold_action
from opportunities.enums import ActionState
from opportunities.models import DetectionAction
from tests import factories
from tests.rows import stored

NBSP = "\N{NO-BREAK SPACE}"
PAST = datetime(2026, 3, 3, 8, tzinfo=UTC)  # 9 in the morning in Paris


@pytest.fixture
def visit(territory, lead):
    return factories.create_action(territory, lead, "La marche", starts_at=PAST)


@pytest.fixture
def of_another(other_territory, outsider):
    return factories.create_action(other_territory, outsider, "La marche des étrangers")


@pytest.fixture
def sent():
    """`sent(title="…")` is what the form that creates sends, with one thing or another in it."""

    def data(**changes):
        return {
            "kind": "visit",
            "title": "La marche",
            "state": "planned",
            "starts_at": "2026-12-01T09:00",
            "ends_at": "",
            "place": "",
            "internal_participants": "",
            "external_participants": "",
            "report": "",
            "request_key": "5d0a6a0e-1b7c-4a53-8f52-2b1f7c0d9e31",
            **changes,
        }

    return data


def address(route, territory, *refs):
    return reverse(f"opportunities:action-{route}", args=[territory.ref, *refs])


def titles(page):
    return re.findall(r'<a class="row-title"[^>]*>([^<]*)</a>', page)


# Who does what

ROLES = ["lead", "contributor", "reader", "trainer", "partner", "observer", "staff", "outsider"]
READS = {"lead": 200, "contributor": 200, "reader": 200, "trainer": 200}
WRITES = {"lead": 302, "contributor": 302, "reader": 403, "trainer": 403}


@pytest.mark.parametrize("role", ROLES)
def test_the_truth_table(request, client_of, territory, visit, of_another, sent, role):
    client = client_of(request.getfixturevalue(role))
    reads = {
        route: client.get(address(route, territory, *refs)).status_code
        for route, refs in (("list", ()), ("detail", (visit.ref,)))
    }
    assert reads == dict.fromkeys(reads, READS.get(role, 404))
    version = {"version": 1}
    past = sent(title="Z", version=4, starts_at="2026-03-03T09:00")
    acts = {
        "create": client.post(address("create", territory), sent()),
        "cancel": client.post(address("cancel", territory, visit.ref), version),
        "resume": client.post(address("resume", territory, visit.ref), {"version": 2}),
        "hold": client.post(address("hold", territory, visit.ref), {"version": 3, "report": "R"}),
        "edit": client.post(address("edit", territory, visit.ref), past),
    }
    found = {act: response.status_code for act, response in acts.items()}
    assert found == dict.fromkeys(acts, WRITES.get(role, 404))
    if role in ("lead", "contributor"):
        assert (stored(visit).version, stored(visit).title, stored(visit).state) == (5, "Z", "held")
    else:
        assert (stored(visit).version, Entry.objects.count()) == (1, 0)
        assert DetectionAction.objects.filter(territory=territory).count() == 1


def test_an_action_has_no_address_in_another_territory(client_of, lead, territory, of_another):
    client = client_of(lead)
    for route in ("detail", "edit", "hold", "cancel", "resume"):
        response = client.post(address(route, territory, of_another.ref), {"version": 1})
        assert response.status_code in (404, 405), route
    assert client.get(address("detail", territory, of_another.ref)).status_code == 404
    assert client.get(address("detail", territory, "inconnue")).status_code == 404


# Creating


def test_create(client_of, contributor, territory, sent):
    response = client_of(contributor).post(
        address("create", territory),
        sent(
            ends_at="2026-12-01T11:30",
            place="Place du Marché",
            internal_participants="Habitat\r\nÉconomie",
            external_participants="Le bailleur",
        ),
        follow=True,
    )
    (action,) = DetectionAction.objects.all()
    assert action.starts_at == datetime(2026, 12, 1, 8, tzinfo=UTC)
    assert action.internal_participants == "Habitat\nÉconomie"
    assert response.redirect_chain[-1][0] == address("detail", territory, action.ref)
    page = response.text.replace(NBSP, " ")
    for words in (
        "L’action est enregistrée.",
        "mardi 1er décembre 2026 de 9 h 00 à 11 h 30",
        "Place du Marché",
        "Le bailleur",
        "Visite de quartier",
    ):
        assert words in page


def test_sent_twice_it_is_created_once(client_of, lead, territory, sent):
    client = client_of(lead)
    first, second = (client.post(address("create", territory), sent()) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert (DetectionAction.objects.count(), Entry.objects.count()) == (1, 1)
    third = client.post(address("create", territory), sent(title="Une autre"))
    assert third.status_code == 409
    assert "Ouvrir «\N{NO-BREAK SPACE}La marche\N{NO-BREAK SPACE}»" in third.text
    assert sent()["request_key"] not in third.text  # the next one is another
    assert 'value="Une autre"' in third.text


@pytest.mark.parametrize(
    ("changes", "status", "sentence"),
    [
        ({"kind": ""}, 400, "Choisissez un type d’action."),
        ({"kind": "party"}, 400, "Sélectionnez un choix valide."),
        ({"title": " "}, 400, "Donnez un intitulé à cette action."),
        ({"title": "x" * 151}, 413, "Ce texte compte 151 caractères"),
        ({"place": "x" * 201}, 413, "Ce texte compte 201 caractères"),
        ({"report": "x" * (MAX_LENGTH + 1)}, 413, "Ce texte compte 100\u202f001 caractères"),
        ({"starts_at": ""}, 400, "Dites quand elle commence."),
        ({"starts_at": "demain"}, 400, "Écrivez cette date et cette heure ainsi"),
        ({"starts_at": "2026-02-30T10:00"}, 400, "Écrivez cette date et cette heure ainsi"),
        ({"starts_at": "2027-03-28T02:30"}, 400, f"Cette heure n’existe pas{NBSP}: ce jour-là"),
        ({"ends_at": "2027-10-31T02:30"}, 400, f"Cette heure a lieu deux fois{NBSP}: ce jour-là"),
        ({"starts_at": "0001-01-01T00:00"}, 400, "Vérifiez l’année de cette date."),
        ({"starts_at": "9999-12-31T23:59"}, 400, "Vérifiez l’année de cette date."),
        ({"ends_at": "2026-12-01T08:59"}, 400, "La fin ne peut pas précéder le début."),
        ({"state": "cancelled"}, 400, "Sélectionnez un choix valide."),
        (
            {"state": "held", "starts_at": "2090-01-01T09:00"},
            400,
            "Une action qui commence plus tard ne peut pas être déjà tenue.",
        ),
        ({"request_key": "x"}, 400, "UUID"),
    ],
)
def test_what_is_refused(client_of, lead, territory, sent, changes, status, sentence):
    response = client_of(lead).post(
        address("create", territory), sent(external_participants="À garder", **changes)
    )
    assert response.status_code == status
    assert sentence in response.text
    assert "À garder" in response.text
    assert "À corriger – Ajouter une action de repérage" in response.text
    assert not DetectionAction.objects.exists()


def test_a_held_action_is_noted_at_once(client_of, lead, territory, sent):
    client_of(lead).post(
        address("create", territory),
        sent(state="held", starts_at="2026-03-03T09:00", report="Deux pistes."),
    )
    (action,) = DetectionAction.objects.all()
    assert (action.state, action.report, action.starts_at) == ("held", "Deux pistes.", PAST)


# Changing


def test_edit_shows_what_is_written(client_of, lead, territory, visit):
    page = client_of(lead).get(address("edit", territory, visit.ref)).text
    assert 'type="datetime-local" name="starts_at" value="2026-03-03T09:00"' in page
    assert 'name="title" value="La marche"' in page
    assert 'name="version" value="1"' in page


def test_a_stale_edit_shows_both_texts(client_of, lead, contributor, territory, visit, sent):
    change_action(action=visit, version=1, by=contributor, title="De Bruno", place="Gare")
    client = client_of(lead)
    data = sent(title="D’Alice", starts_at="2026-03-03T10:00", place="Gare", version=1)
    response = client.post(address("edit", territory, visit.ref), data)
    page = response.text.replace(NBSP, " ")
    assert response.status_code == 409
    assert "Cette action de repérage a été modifiée pendant que vous écriviez." in page
    assert "dernière mise à jour par Bruno Carlier" in page
    shown = re.findall(r'<div><p class="meta">[^<]*</p><p class="as-written">([^<]*)</p>', page)
    assert shown == ["De Bruno", "D’Alice", "3 mars à 9 h 00", "3 mars à 10 h 00"]
    assert stored(visit).title == "De Bruno"
    # Sent again from that page, it is a knowing answer.
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    again = client.post(address("edit", territory, visit.ref), data | {"version": version})
    assert (again.status_code, stored(visit).title, stored(visit).version) == (302, "D’Alice", 3)


@pytest.mark.parametrize("version", ["", "x", "0", "99999999999999999999"])
def test_a_form_without_its_version_writes_nothing(
    client_of, lead, territory, visit, sent, version
):
    client = client_of(lead)
    for route in ("edit", "hold", "cancel", "resume"):
        data = sent(title="Z") | {"version": version}
        assert client.post(address(route, territory, visit.ref), data).status_code == 400, route
    assert stored(visit).version == 1


def test_held_with_a_report(client_of, contributor, territory, visit):
    client = client_of(contributor)
    page = client.get(address("hold", territory, visit.ref)).text
    assert 'name="title"' not in page
    response = client.post(
        address("hold", territory, visit.ref),
        {
            "version": 1,
            "report": "Trois pistes.",
            "internal_participants": "Habitat",
            "external_participants": "",
        },
        follow=True,
    )
    visit = stored(visit)
    assert (visit.state, visit.report, visit.title) == ("held", "Trois pistes.", "La marche")
    assert "Trois pistes." in response.text
    assert "Tenue" in response.text


def test_what_comes_later_was_not_held(client_of, lead, territory):
    later = timezone.now() + timedelta(days=5)
    action = factories.create_action(territory, lead, starts_at=later)
    response = client_of(lead).post(
        address("hold", territory, action.ref), {"version": 1, "report": "À garder"}
    )
    assert response.status_code == 400
    assert "Une action qui commence plus tard ne peut pas être déjà tenue." in response.text
    assert "À garder" in response.text
    assert stored(action).state == ActionState.PLANNED


def test_what_was_cancelled_meanwhile_is_not_held_unseen(
    client_of, lead, contributor, territory, visit
):
    cancel_action(action=visit, version=1, by=contributor)
    client, url = client_of(lead), address("hold", territory, visit.ref)
    data = {"version": 1, "report": "", "internal_participants": "", "external_participants": ""}
    response = client.post(url, data)
    shown = re.findall(r'<p class="meta">[^<]*</p><p class="as-written">([^<]*)</p>', response.text)
    assert (response.status_code, shown) == (409, ["Annulée", "Tenue"])
    assert client.post(url, data | {"version": 2}).status_code == 302
    assert stored(visit).state == ActionState.HELD


def test_a_stale_cancellation_says_so(client_of, lead, contributor, territory, visit):
    hold_action(action=visit, version=1, by=contributor, report="Trois pistes.")
    response = client_of(lead).post(address("cancel", territory, visit.ref), {"version": 1})
    assert response.status_code == 409
    assert "Cette action de repérage a été modifiée" in response.text
    assert "Trois pistes." in response.text
    assert stored(visit).state == ActionState.HELD


# Reading


def test_the_list_begins_with_what_comes(client_of, reader, lead, territory, of_another):
    def action(title, state, day):
        factories.create_action(
            territory, lead, title, state=state, starts_at=PAST.replace(day=day)
        )

    for title, state, day in (
        ("Tenue avant", "held", 4),
        ("Annulée", "cancelled", 9),
        ("Prévue après", "planned", 8),
        ("Tenue hier", "held", 6),
        ("Prévue bientôt", "planned", 7),
    ):
        action(title, state, day)
    client = client_of(reader)
    page = client.get(address("list", territory)).text
    coming, held = ["Prévue bientôt", "Prévue après"], ["Tenue hier", "Tenue avant"]
    assert titles(page) == [*coming, *held, "Annulée"]
    assert re.findall(r'<h2 class="section-title" id="etat-\d">([^<]*)', page) == [
        "Prévues",
        "Tenues",
        "Annulées",
    ]
    assert "Ajouter une action" not in page
    page = client.get(address("list", territory) + "?etat=held&type=visit").text
    assert titles(page) == held
    nothing = client.get(address("list", territory) + "?type=call").text
    assert (titles(nothing), "Aucune action ne correspond" in nothing) == ([], True)
    unknown = client.get(address("list", territory) + "?type=party").text
    assert len(titles(unknown)) == 5


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("lead", "Prévoyez votre première action"),
        ("reader", "Aucune action pour l’instant"),
    ],
)
def test_an_empty_list_says_what_to_do(request, client_of, territory, of_another, who, sentence):
    page = client_of(request.getfixturevalue(who)).get(address("list", territory)).text
    assert sentence in page
    assert titles(page) == []


def test_a_page_holds_twenty(client_of, lead, territory):
    for number in range(21):
        factories.create_action(territory, lead, f"N{number}")
    client = client_of(lead)
    assert len(titles(client.get(address("list", territory)).text)) == 20
    assert len(titles(client.get(address("list", territory) + "?page=2").text)) == 1


def test_what_the_action_revealed(client_of, lead, reader, territory, visit, of_another, outsider):
    revealed = factories.create_opportunity(territory, lead, "La halle", revealed_by=visit)
    factories.create_opportunity(territory, lead, "Le moulin")
    factories.create_opportunity(
        territory, lead, "Effacée", revealed_by=visit, deleted_at=PAST, deleted_by=lead
    )
    page = client_of(reader).get(address("detail", territory, visit.ref)).text
    assert titles(page) == ["La halle"]
    assert "Ajouter une opportunité repérée ici" not in page
    assert "1 opportunité repérée" in client_of(reader).get(address("list", territory)).text
    # From the action to a new opportunity, which says which one revealed it.
    page = client_of(lead).get(address("detail", territory, visit.ref)).text
    create = reverse("opportunities:create", args=[territory.ref])
    assert f'href="{create}?action={visit.ref}"' in page
    form = client_of(lead).get(f"{create}?action={visit.ref}").text
    assert re.search(rf'<option value="{visit.ref}"\s+selected', form)
    foreign = client_of(lead).get(f"{create}?action={of_another.ref}").text
    assert of_another.ref not in foreign
    assert revealed.revealed_by == visit


def test_a_past_action_asks_whether_it_was_held(client_of, lead, territory, visit):
    page = client_of(lead).get(address("list", territory)).text
    assert "A-t-elle eu lieu&nbsp;?" in page
    cancel_action(action=visit, version=1, by=lead)
    page = client_of(lead).get(address("list", territory)).text
    assert "A-t-elle eu lieu&nbsp;?" not in page


# How many queries, at 1, 3 and 300 rows


@pytest.mark.parametrize(("who", "count"), [("lead", 11), ("trainer", 11)])
def test_what_the_list_costs(
    request, client_of, query_counts, territory, lead, programme, who, count
):
    client = client_of(request.getfixturevalue(who))

    def add(n):
        for number in range(n):
            action = factories.create_action(territory, lead, f"N{number}")
            factories.create_opportunity(territory, lead, revealed_by=action)

    counts = query_counts(lambda: client.get(address("list", territory)), add)
    assert counts == [count, count, count]


@pytest.mark.parametrize(("who", "count"), [("lead", 8), ("reader", 8)])
def test_what_a_page_costs(request, client_of, query_counts, territory, lead, visit, who, count):
    client = client_of(request.getfixturevalue(who))

    def add(n):
        for _ in range(n):
            factories.create_opportunity(territory, lead, revealed_by=visit)

    counts = query_counts(lambda: client.get(address("detail", territory, visit.ref)), add)
    assert counts == [count, count, count]
