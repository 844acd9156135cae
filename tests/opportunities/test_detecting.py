from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.utils import timezone

from journal.models import Entry
from opportunities import detecting, writing
from opportunities.enums import ActionKind, ActionState
from opportunities.models import DetectionAction
from tests import factories
from tests.rows import stored

KEY = UUID("5d0a6a0e-1b7c-4a53-8f52-2b1f7c0d9e31")
NINE = datetime(2026, 3, 3, 8, tzinfo=UTC)  # in Paris
TEN = datetime(2026, 3, 3, 9, tzinfo=UTC)
LATER = timezone.now().replace(year=2090, month=1, day=1)


def journal():
    entries = Entry.objects.order_by("pk")
    return list(entries.values_list("verb", "actor__name", "target", "data"))


@pytest.fixture
def visit(territory, lead):
    return factories.create_action(territory, lead, starts_at=NINE)


def create(territory, by, **facts):
    facts = {"kind": ActionKind.VISIT, "title": "Visite", "starts_at": NINE, **facts}
    return detecting.create_action(territory=territory, by=by, **facts)


def test_create(territory, lead):
    action = stored(
        create(territory, lead, ends_at=TEN, place="Gare", internal_participants="Habitat\nÉco")
    )
    assert (action.kind, action.title, action.state) == ("visit", "Visite", "planned")
    assert (action.starts_at, action.ends_at, action.place) == (NINE, TEN, "Gare")
    assert action.internal_participants == "Habitat\nÉco"
    assert (action.version, action.created_by, action.updated_by) == (1, lead, lead)
    (entry,) = Entry.objects.all()
    assert (entry.verb, entry.scope) == ("action.created", territory.scope)
    assert entry.target == f"action:{action.ref}"


def test_the_same_request_creates_once(territory, lead):
    first, second = (create(territory, lead, request_key=KEY) for _ in range(2))
    assert first == second
    assert DetectionAction.objects.count() == Entry.objects.count() == 1
    with pytest.raises(writing.AlreadyCreated) as conflict:
        create(territory, lead, request_key=KEY, title="Une autre")
    assert conflict.value.first == first
    assert str(conflict.value) == (
        "Vous avez déjà enregistré «\N{NO-BREAK SPACE}Visite\N{NO-BREAK SPACE}» depuis cette page. "
        "Pour ajouter une deuxième action de repérage, enregistrez à nouveau."
    )


def test_an_action_of_yesterday_may_be_created_as_held(territory, lead):
    action = create(territory, lead, state=ActionState.HELD, report="Trois pistes.")
    assert (stored(action).state, stored(action).report) == ("held", "Trois pistes.")


@pytest.mark.parametrize("starts_at", [TEN, LATER])
def test_it_ends_after_it_begins(territory, lead, visit, starts_at):
    with pytest.raises(detecting.EndsTooEarly) as refusal:
        create(territory, lead, starts_at=starts_at, ends_at=NINE)
    assert str(refusal.value) == "La fin ne peut pas précéder le début."
    with pytest.raises(detecting.EndsTooEarly):
        detecting.change_action(action=visit, version=1, by=lead, starts_at=starts_at, ends_at=NINE)
    with pytest.raises(detecting.EndsTooEarly):
        detecting.change_action(action=visit, version=1, by=lead, ends_at=NINE.replace(hour=1))
    assert stored(visit).version == 1


def test_what_has_not_begun_was_not_held(territory, lead, visit):
    with pytest.raises(detecting.NotYetBegun):
        create(territory, lead, state=ActionState.HELD, starts_at=LATER)
    detecting.hold_action(action=visit, version=1, by=lead)
    with pytest.raises(detecting.NotYetBegun):
        detecting.change_action(action=visit, version=2, by=lead, starts_at=LATER)
    planned = factories.create_action(territory, lead, starts_at=LATER)
    with pytest.raises(detecting.NotYetBegun):
        detecting.hold_action(action=planned, version=1, by=lead)
    assert stored(planned).state == "planned"


def test_change(visit, contributor):
    assert detecting.change_action(
        action=visit, version=1, by=contributor, title="La marche", place=""
    )
    visit = stored(visit)
    assert (visit.title, visit.version, visit.updated_by) == ("La marche", 2, contributor)
    assert not detecting.change_action(action=visit, version=2, by=contributor, title="La marche")
    assert journal() == [
        ("action.changed", "Bruno Carlier", visit.target, {"facts": ["title"]}),
    ]


def test_a_stale_change_overwrites_nothing(visit, lead, contributor):
    mine = stored(visit)
    detecting.change_action(action=visit, version=1, by=lead, title="D’Alice")
    with pytest.raises(writing.StaleFacts) as refusal:
        detecting.change_action(action=mine, version=1, by=contributor, title="De Bruno")
    assert str(refusal.value).startswith("Cette action de repérage a été modifiée pendant que")
    assert (stored(visit).title, mine.title) == ("D’Alice", "D’Alice")


def test_a_life(visit, lead, contributor):
    assert detecting.cancel_action(action=visit, version=1, by=lead)
    assert not detecting.cancel_action(action=visit, version=1, by=lead)  # sent twice
    assert detecting.resume_action(action=visit, version=2, by=lead)
    assert detecting.hold_action(action=visit, version=3, by=contributor, report="Deux pistes.")
    visit = stored(visit)
    assert (visit.state, visit.report, visit.version) == ("held", "Deux pistes.", 4)
    assert journal() == [
        ("action.cancelled", "Alice Lambert", visit.target, {"facts": ["state"]}),
        ("action.resumed", "Alice Lambert", visit.target, {"facts": ["state"]}),
        ("action.held", "Bruno Carlier", visit.target, {"facts": ["report", "state"]}),
    ]


def test_a_stale_cancellation_cancels_nothing(visit, lead, contributor):
    mine = stored(visit)
    detecting.hold_action(action=visit, version=1, by=lead)
    with pytest.raises(writing.StaleFacts):
        detecting.cancel_action(action=mine, version=1, by=contributor)
    assert stored(visit).state == "held"


@pytest.mark.parametrize(
    ("ends_at", "words"),
    [
        (None, "mardi 3 mars 2026 à 9 h 00"),
        (TEN, "mardi 3 mars 2026 de 9 h 00 à 10 h 00"),
        (
            datetime(2026, 4, 1, 15, 30, tzinfo=UTC),  # summer time, and a first of the month
            "du mardi 3 mars 2026 à 9 h 00 au mercredi 1er avril 2026 à 17 h 30",
        ),
    ],
)
def test_when_in_words(visit, ends_at, words):
    visit.ends_at = ends_at
    assert visit.when_in_words.replace("\N{NO-BREAK SPACE}", " ") == words


@pytest.mark.parametrize(
    ("state", "starts_at", "is_unsettled"),
    [("planned", NINE, True), ("planned", LATER, False), ("held", NINE, False)],
)
def test_unsettled(visit, state, starts_at, is_unsettled):
    visit.state, visit.starts_at = state, starts_at
    assert visit.is_unsettled is is_unsettled


def test_who_sees_an_action(
    visit, lead, contributor, reader, trainer, partner, observer, outsider, staff, former
):
    everybody = (lead, contributor, reader, trainer, partner, observer, outsider, staff, former)
    seers = [u for u in everybody if visit in DetectionAction.objects.visible_to(u)]
    assert seers == [lead, contributor, reader, trainer]
