from datetime import date

import pytest
from django.utils import timezone

from config.demo import clock
from journal.models import Entry


@pytest.mark.parametrize(
    ("notation", "found"),
    [
        ("J-1", date(2026, 11, 20)),
        ("J-5", date(2026, 11, 16)),
        ("J-6", date(2026, 11, 13)),
        ("J+1", date(2026, 11, 23)),
        ("J+6", date(2026, 11, 30)),
        ("J+104", date(2027, 4, 15)),
    ],
)
def test_days_are_working_days_counted_from_the_loading(notation, found):
    assert clock.day(notation, date(2026, 11, 22)) == found  # a Sunday


def test_the_clock_shows_a_moment_of_paris_and_goes_on_afterwards():
    instant = clock.moment("J-1 14:30", date(2026, 11, 22))
    assert timezone.localtime(instant).isoformat() == "2026-11-20T14:30:00+01:00"

    with clock.showing(instant):
        assert timezone.now() == instant
        assert Entry().at == instant
        assert timezone.template_localtime(instant).hour == 14
    assert timezone.now() != instant
