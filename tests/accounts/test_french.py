from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.templatetags.french import (
    day,
    due_in,
    file_size,
    hour,
    moment,
    plural,
    quoted,
    weekday,
)


@pytest.fixture
def noon(monkeypatch):
    """It is 15 October 2026, noon in Paris."""
    now = datetime(2026, 10, 15, 10, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)
    return now


def plain(text):
    """`text` with ordinary spaces, once it is known that none of them would break."""
    assert " " not in text.replace(" à", "")
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_an_hour_is_that_of_paris(noon):
    assert plain(hour(noon)) == "12 h 00"
    assert plain(hour(datetime(2026, 1, 15, 8, 5, tzinfo=UTC))) == "9 h 05"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (date(2026, 12, 12), "12 décembre"),
        (date(2027, 12, 12), "12 décembre 2027"),
        (date(2026, 1, 1), "1er janvier"),
        (date(2026, 10, 11), "11 octobre"),
        (datetime(2026, 10, 11, 23, tzinfo=UTC), "12 octobre"),
    ],
)
def test_a_day_says_its_year_when_it_isn_t_this_one(noon, value, said):
    assert plain(day(value)) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (date(2026, 11, 19), "jeudi 19 novembre 2026"),
        (date(2026, 12, 1), "mardi 1er décembre 2026"),
        (datetime(2026, 10, 11, 23, tzinfo=UTC), "lundi 12 octobre 2026"),
    ],
)
def test_a_day_of_the_week_says_all_of_its_date(value, said):
    assert plain(weekday(value)) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("La halle", "« La halle »"),
        ("Garage « La Mise à Jour »", "« Garage “La Mise à Jour” »"),
        ("«Ici» ou «\N{NO-BREAK SPACE}là\N{NO-BREAK SPACE}»", "« “Ici” ou “là” »"),
    ],
)
def test_a_quotation_within_another_takes_other_marks(text, said):
    assert quoted(text).replace("\N{NO-BREAK SPACE}", " ") == said


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (timedelta(hours=1), "aujourd’hui à 11 h 00"),
        (timedelta(hours=13), "hier à 23 h 00"),
        (timedelta(days=2), "le 13 octobre à 12 h 00"),
    ],
)
def test_a_moment_is_told_from_today(noon, ago, said):
    assert plain(moment(noon - ago)) == said


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (-3, "en retard de 3 jours"),
        (-1, "en retard de 1 jour"),
        (0, "aujourd’hui"),
        (1, "demain"),
        (20, "dans 20 jours"),
    ],
)
def test_how_far_a_due_day_is(noon, days, said):
    assert due_in(date(2026, 10, 15) + timedelta(days)).replace("\N{NO-BREAK SPACE}", " ") == said


@pytest.mark.parametrize(("count", "mark"), [(-2, "s"), (0, ""), (1, ""), (2, "s"), (30, "s")])
def test_the_plural_begins_at_two(count, mark):
    assert plural(count) == mark


def test_a_verb_has_its_two_forms():
    assert [plural(count, "a,ont") for count in (0, 1, 2)] == ["a", "a", "ont"]


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        (0, "0 octet"),
        (840, "840 octets"),
        (1024, "1 ko"),
        (120_400, "118 ko"),
        (999_999, "977 ko"),
        (1_000_000, "1,0 Mo"),
        (15 * 1024 * 1024, "15,0 Mo"),
    ],
)
def test_file_size(octets, text):
    assert file_size(octets) == text.replace(" ", "\N{NO-BREAK SPACE}")
