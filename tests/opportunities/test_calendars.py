from datetime import UTC, datetime

import pytest
from django.urls import reverse
from icalendar import Calendar

from opportunities import calendars
from opportunities.detecting import cancel_action, change_action
from opportunities.models import CalendarSubscription, DetectionAction
from territories.models import Grant
from tests import factories

HOSTILE = 'Visite; « quartier », \\n "BEGIN:VEVENT"\\ https://x.example/?a=1&b=2 🧱 ' + "é" * 60


@pytest.fixture
def visit(territory, lead):
    return factories.create_action(
        territory,
        lead,
        HOSTILE,
        ends_at=datetime(2026, 11, 24, 10, 30, tzinfo=UTC),
        place="Maison de quartier ;\\, 3e étage",
        internal_participants="Personne d’ici",
        external_participants="Personne d’ailleurs",
        report="Secret du compte rendu",
    )


def parsed(content):
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    return event


def events(content):
    return Calendar.from_ical(content).walk("VEVENT")


def calendar_of(*actions):
    return calendars.calendar_of(actions, name="Essai")


def test_an_event_says_when_and_where(visit, settings):
    settings.SITE_URL = "https://quartiers.example:8443"
    event = parsed(calendar_of(visit))
    assert event["uid"] == f"action-{visit.ref}@quartiers.example"
    assert event["summary"] == HOSTILE
    assert event["location"] == "Maison de quartier ;\\, 3e étage"
    assert event.decoded("dtstart") == visit.starts_at
    assert event.decoded("dtend") == visit.ends_at
    assert event["dtstart"].params["TZID"] == event["dtend"].params["TZID"] == "Europe/Paris"
    assert event.decoded("dtstart").hour == 9
    assert event.decoded("dtstamp") == visit.updated_at.replace(microsecond=0)
    assert event.decoded("dtstamp").tzinfo is not None
    assert (event["status"], event["sequence"]) == ("CONFIRMED", 1)
    assert event["url"] == (
        f"https://quartiers.example:8443/territoires/{visit.territory.ref}/actions/{visit.ref}/"
    )
    assert sorted(event.required) == ["DTSTAMP", "UID"]


def test_an_event_names_nobody(visit):
    content = calendar_of(visit).decode()
    assert [word for word in ("Personne", "Secret", "Alice") if word in content] == []


def test_the_calendar_is_well_formed(visit):
    content = calendar_of(visit)
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75  # octets, folded
    assert [line for line in lines if b"\n" in line or b"\r" in line] == []
    calendar = Calendar.from_ical(content)
    assert calendar["version"] == "2.0"
    assert calendar["x-wr-calname"] == "Essai"
    (zone,) = calendar.walk("VTIMEZONE")
    assert zone["tzid"] == "Europe/Paris"
    assert len(calendar.walk("VEVENT")) == 1


def test_a_change_grows_the_sequence_and_keeps_the_uid(visit, lead):
    before = parsed(calendar_of(visit))
    change_action(action=visit, version=1, by=lead, title="Autre")
    cancel_action(action=visit, version=2, by=lead)
    after = parsed(calendar_of(visit))
    assert (before["sequence"], after["sequence"]) == (1, 3)
    assert before["uid"] == after["uid"]
    assert (after["status"], after["summary"]) == ("CANCELLED", "Autre")


@pytest.mark.parametrize("ends_at", [None, datetime(2026, 11, 24, 8, tzinfo=UTC)])
def test_an_event_may_have_no_end(territory, lead, ends_at):
    event = parsed(calendar_of(factories.create_action(territory, lead, ends_at=ends_at)))
    assert "dtend" not in event
    assert "location" not in event


def test_the_hour_is_right_in_summer_too(territory, lead):
    in_july = datetime(2026, 7, 1, 12, tzinfo=UTC)
    action = factories.create_action(territory, lead, starts_at=in_july)
    assert b"DTSTART;TZID=Europe/Paris:20260701T140000" in calendar_of(action)


def test_the_files(client_of, visit, reader, territory):
    other = factories.create_action(territory, reader, "Une autre")
    client = client_of(reader)
    response = client.get(reverse("opportunities:calendar-download", args=[territory.ref]))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="actions-de-reperage.ics"'
    assert {str(e["summary"]) for e in events(response.content)} == {HOSTILE, "Une autre"}
    one = client.get(reverse("opportunities:event-download", args=[territory.ref, other.ref]))
    assert [str(e["summary"]) for e in events(one.content)] == ["Une autre"]


def feed_of(territory, user):
    address = calendars.address_of(calendars.subscribe(territory=territory, by=user))
    return address.removeprefix("http://127.0.0.1:8000")


def test_a_subscription_follows_without_a_session(client, visit, reader, territory, lead):
    address = feed_of(territory, reader)
    assert [str(e["summary"]) for e in events(client.get(address).content)] == [HOSTILE]
    change_action(action=visit, version=1, by=lead, title="Changé")
    assert [str(e["summary"]) for e in events(client.get(address).content)] == ["Changé"]
    assert client.get(address)["Cache-Control"] == (
        "max-age=0, no-cache, no-store, must-revalidate, private"
    )


def test_a_subscription_shows_one_territory(client, visit, reader, territory, other_territory):
    factories.grant(reader, other_territory, "reader")
    factories.create_action(other_territory, reader, "D’ailleurs")
    found = events(client.get(feed_of(territory, reader)).content)
    assert [str(e["summary"]) for e in found] == [HOSTILE]


def test_a_subscription_ends_with_the_role(client, visit, reader, territory):
    address = feed_of(territory, reader)
    Grant.objects.filter(user=reader).update(until="2020-01-01")
    assert client.get(address).status_code == 404
    Grant.objects.filter(user=reader).update(until=None, role="partner")
    assert client.get(address).status_code == 404
    Grant.objects.filter(user=reader).update(role="reader")
    assert client.get(address).status_code == 200
    reader.is_active = False
    reader.save()
    assert client.get(address).status_code == 404


def test_a_subscription_can_be_stopped_for_good(client, client_of, visit, reader, territory):
    signed_in = client_of(reader)
    list_address = reverse("opportunities:action-list", args=[territory.ref])
    for _ in range(2):  # a second click changes nothing
        response = signed_in.post(reverse("opportunities:calendar-subscribe", args=[territory.ref]))
        assert (response.status_code, response["Location"]) == (302, list_address)
    (subscription,) = CalendarSubscription.objects.all()
    address = calendars.address_of(subscription)
    assert address in signed_in.get(list_address).text
    path = address.removeprefix("http://127.0.0.1:8000")
    assert client.get(path).status_code == 200
    signed_in.post(reverse("opportunities:calendar-unsubscribe", args=[territory.ref]))
    assert client.get(path).status_code == 404
    assert feed_of(territory, reader) != path


@pytest.mark.parametrize("damage", [str.upper, lambda token: token[:-1], lambda token: "x.y"])
def test_a_forged_address_opens_nothing(client, visit, reader, territory, damage):
    address = feed_of(territory, reader)
    token = address.rpartition("/")[2].removesuffix(".ics")
    assert client.get(address.replace(token, damage(token))).status_code == 404


@pytest.mark.parametrize("who", ["partner", "observer", "outsider"])
def test_who_sees_no_action_subscribes_to_none(request, client_of, visit, territory, who):
    client = client_of(request.getfixturevalue(who))
    for route in ("subscribe", "unsubscribe"):
        response = client.post(reverse(f"opportunities:calendar-{route}", args=[territory.ref]))
        assert response.status_code == 404
    assert list(CalendarSubscription.objects.all()) == []


@pytest.mark.parametrize("who", ["lead", "trainer"])
def test_what_the_files_cost(request, client, client_of, query_counts, territory, who):
    user = request.getfixturevalue(who)
    feed = feed_of(territory, user)
    signed_in = client_of(user)

    def add(count):
        DetectionAction.objects.bulk_create(
            DetectionAction(
                territory=territory,
                kind="call",
                title="Appel",
                starts_at=datetime(2026, 1, 5, 9, tzinfo=UTC),
                created_by=user,
                updated_by=user,
            )
            for _ in range(count)
        )

    download = reverse("opportunities:calendar-download", args=[territory.ref])
    assert query_counts(lambda: (client.get(feed), signed_in.get(download)), add) == [8, 8, 8]
