from datetime import timedelta

import pytest
from django.db.models import F

from journal.models import Entry
from journal.recording import record, record_sitting
from journal.references import new_reference
from tests import factories


@pytest.fixture
def alice(db):
    return factories.create_user("Alice Lambert")


def sit(by, target="worksheet:a", verb="worksheet.answered"):
    record_sitting(verb=verb, by=by, scope="territory:t", target=target)


def test_an_entry_says_who_did_what_where(alice):
    entry = record(verb="did", by=alice, scope="territory:t", target="thing:x", count=3)
    entry.refresh_from_db()
    assert (entry.verb, entry.actor, entry.scope, entry.target, entry.data) == (
        "did",
        alice,
        "territory:t",
        "thing:x",
        {"count": 3},
    )


def test_the_entries_of_one_scope_come_newest_first(alice):
    for scope, verb in [("territory:t", "a"), ("territory:other", "b"), ("territory:t", "c")]:
        record(verb=verb, by=alice, scope=scope, target="thing:x")
    assert [entry.verb for entry in Entry.objects.of("territory:t")] == ["c", "a"]


def test_a_sitting_is_prolonged_and_remembers_its_beginning(alice):
    sit(alice)
    Entry.objects.update(at=F("at") - timedelta(minutes=20))
    began = Entry.objects.get()
    sit(alice)
    [entry] = Entry.objects.all()
    assert entry.at > began.at
    assert entry.data == began.data


def test_what_is_not_the_same_is_another_sitting(alice):
    sit(alice)
    sit(factories.create_user("Bruno Carlier"))
    sit(alice, target="worksheet:b")
    sit(alice, verb="opportunity.changed")
    assert Entry.objects.count() == 4


def test_after_half_an_hour_another_sitting_begins(alice):
    sit(alice)
    Entry.objects.update(at=F("at") - timedelta(minutes=31))
    sit(alice)
    assert Entry.objects.count() == 2


def test_references_are_short_distinct_and_readable():
    references = {new_reference() for _ in range(1000)}
    assert len(references) == 1000
    assert {len(reference) for reference in references} == {8}
    assert set("".join(references)) == set("23456789abcdefghjkmnpqrstvwxyz")
