from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from journal.models import Visit
from journal.recording import SITTING
from journal.visits import last_visit, last_visits, mark_seen, note_visit
from tests import factories

SCOPE = "territory:t"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def alice(db):
    return factories.create_user("Alice Lambert")


def later(delay):
    """As if `delay` had gone by."""
    Visit.objects.update(at=F("at") - delay, since=F("since") - delay)


def test_nothing_is_new_to_who_never_came(alice):
    assert last_visit(alice, SCOPE) is None
    note_visit(scope=SCOPE, by=alice)
    assert last_visit(alice, SCOPE) is None


def test_a_visit_ends_when_no_page_follows(alice):
    note_visit(scope=SCOPE, by=alice)
    later(SITTING + MINUTE)
    ended = Visit.objects.get().at
    assert last_visit(alice, SCOPE) == ended
    note_visit(scope=SCOPE, by=alice)  # the next one begins
    assert last_visit(alice, SCOPE) == ended
    later(SITTING - MINUTE)
    note_visit(scope=SCOPE, by=alice)  # and goes on
    assert last_visit(alice, SCOPE) == ended - SITTING + MINUTE
    assert timezone.now() - Visit.objects.get().at < MINUTE


def test_what_is_marked_as_seen_is_new_no_more(alice):
    note_visit(scope=SCOPE, by=alice)
    later(timedelta(days=3))
    mark_seen(scopes=[SCOPE, "worksheet:w"], by=alice)
    found = last_visits(alice, [SCOPE, "worksheet:w", "worksheet:never"])
    assert found.keys() == {SCOPE, "worksheet:w"}
    assert all(timezone.now() - at < MINUTE for at in found.values())


def test_a_visit_is_one_s_own(alice):
    mark_seen(scopes=[SCOPE], by=factories.create_user("Bruno Carlier"))
    mark_seen(scopes=["territory:other"], by=alice)
    assert last_visit(alice, SCOPE) is None


def test_visits_cost_a_query_each(alice, django_assert_num_queries):
    note_visit(scope=SCOPE, by=alice)
    with django_assert_num_queries(1):
        note_visit(scope=SCOPE, by=alice)
    with django_assert_num_queries(1):
        mark_seen(scopes=[SCOPE, "a", "b"], by=alice)
    with django_assert_num_queries(1):
        last_visits(alice, [SCOPE, "a", "b"])
