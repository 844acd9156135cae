from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.wording import MAX_LENGTH, TextTooLong
from journal.models import Entry
from tests import factories
from worksheets.content import Slot
from worksheets.discussing import (
    EmptyComment,
    comment,
    reopen_thread,
    resolve_thread,
    threads_of,
)
from worksheets.models import Comment


@pytest.fixture
def say(step_1, trainer):
    """`say("Qui ?")` comments the strategy as the trainer, unless told otherwise."""

    def write(body, **changes):
        arguments = {
            "worksheet": step_1,
            "slot": Slot(step_1.grid.by_key["strategy"]),
            "opportunity_id": None,
            "by": trainer,
        }
        return comment(body=body, **arguments | changes)

    return write


def entries():
    return list(Entry.objects.order_by("pk").values_list("verb", "actor__name"))


def test_a_comment_is_kept_to_the_letter_and_told_to_the_journal(step_1, trainer, say):
    written = say(" <b>Qui ?</b>\n")
    assert (written.question, written.body) == ("strategy", " <b>Qui ?</b>\n")
    [entry] = Entry.objects.all()
    assert (entry.verb, entry.actor, entry.target) == (
        "worksheet.commented",
        trainer,
        step_1.target,
    )
    assert entry.data == {
        "question": "Descriptif (de la préparation au repérage)",
        "comment": written.ref,
    }


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (" \n\u00a0", EmptyComment),
        ("\x00\x01\u202e", EmptyComment),
        ("a" * (MAX_LENGTH + 1), TextTooLong),
    ],
)
def test_a_comment_that_cannot_be_kept_leaves_nothing(say, body, error):
    thread = say("Qui ?")
    with pytest.raises(error):
        say(body, thread=thread)
    assert Comment.objects.count() == 1
    assert len(entries()) == 1


def test_threads_are_told_apart_and_the_open_ones_come_first(step_1, lead, say):
    dealt_with, still_open = say("Qui ?"), say("Quand ?")
    answer = say("Demain.", thread=still_open, by=lead)
    resolve_thread(thread=dealt_with, slot=Slot(step_1.grid.by_key["strategy"]), by=lead)
    threads = threads_of(step_1)
    assert list(threads) == ["strategy"]
    assert [thread.comments for thread in threads["strategy"]] == [
        (still_open, answer),
        (dealt_with,),
    ]


def test_a_thread_is_resolved_once_and_opened_again_once(step_1, lead, contributor, say):
    thread = say("Qui ?")
    slot = Slot(step_1.grid.by_key["strategy"])
    before = thread.changed_at
    for user in (lead, contributor):
        resolve_thread(thread=thread, slot=slot, by=user)
    thread.refresh_from_db()
    assert (thread.resolved_by, thread.changed_at > before) == (lead, True)
    for user in (contributor, lead):
        reopen_thread(thread=thread, slot=slot, by=user)
    thread.refresh_from_db()
    assert (thread.resolved_by, thread.resolved_at) == (None, None)
    assert entries() == [
        ("worksheet.commented", "Thomas Formateur"),
        ("worksheet.thread_resolved", "Alice Lambert"),
        ("worksheet.thread_reopened", "Bruno Carlier"),
    ]


def test_an_answer_opens_its_thread_again(step_1, lead, say):
    thread = say("Qui ?")
    resolve_thread(thread=thread, slot=Slot(step_1.grid.by_key["strategy"]), by=lead)
    say("Et aussi ?", thread=thread)
    thread.refresh_from_db()
    assert thread.resolved_at is None
    assert [verb for verb, _ in entries()][2:] == [
        "worksheet.commented",
        "worksheet.thread_reopened",
    ]


def test_an_answer_changes_its_thread(say, lead):
    thread = say("Qui ?")
    answer = say("Nous.", thread=thread, by=lead)
    thread.refresh_from_db()
    assert thread.changed_at == answer.changed_at


def test_the_same_request_writes_once(step_1, lead, say):
    thread = say("Qui ? @Alice Lambert", request_key="k")
    assert say("Qui ? @Alice Lambert", request_key="k") == thread
    answer = say("Oui", thread=thread, request_key="k")
    resolve_thread(thread=thread, slot=Slot(step_1.grid.by_key["strategy"]), by=lead)
    assert say("Oui", thread=thread, request_key="k") == answer
    thread.refresh_from_db()
    assert thread.resolved_by == lead  # the late twin of an answer doesn't open it again
    assert len(entries()) == 3


def test_another_text_author_or_form_is_another_comment(lead, say):
    first = say("Qui ?", request_key="k")
    others = [
        say("Quand ?", request_key="k"),
        say("Qui ?", request_key="k", by=lead),
        say("Qui ?", request_key="l"),
        say("Qui ?", request_key="k", thread=first),
        say("Qui ?"),
        say("Qui ?"),
    ]
    assert len({first, *others}) == 7


# Whom it mentions


def mentioned(written):
    return sorted(user.name for user in written.mentioned.all())


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("@Alice Lambert, voyez", ["Alice Lambert"]),
        ("(@ALICE\u00a0 lambert)", ["Alice Lambert"]),
        ("@Zoé de l'Épée et @ZOE DE L’EPEE.", ["Zoé de l’Épée"]),
        ("@Zoe\u0301 de l’E\u0301pe\u0301e", ["Zoé de l’Épée"]),
        ("@Anne Marie Roux", ["Anne-Marie Roux"]),
        ("@Anne", ["Anne"]),
        ("@Anne-Marie Rouxel", ["Anne"]),
        ("alice@Alice Lambert @Alice Lamb @ Alice Lambert", []),
        ("@Bruno Carlier @Denis Wattel", ["Bruno Carlier", "Denis Wattel"]),
        ("@Thomas Formateur", []),  # the author
        ("@Chloé Delattre @Odile Regnier @Olga Hernu @Sophie Admin", []),  # don't read this
        ("@(.*) @\x00Alice\u202e Lambert", ["Alice Lambert"]),
    ],
)
def test_whom_a_comment_mentions(
    say, territory, lead, contributor, partner, reader, observer, outsider, staff, body, names
):
    for name in ("Zoé de l’Épée", "Anne-Marie Roux", "Anne"):
        factories.grant(factories.create_user(name), territory, "reader")
    assert mentioned(say(body)) == names


def test_the_journal_says_whom_it_mentions(say, lead, contributor):
    say("@Bruno Carlier et @Alice Lambert : à vous.")
    [entry] = Entry.objects.all()
    assert (entry.verb, entry.data["names"]) == (
        "worksheet.mentioned",
        "Bruno Carlier et Alice Lambert",
    )


def test_of_the_same_name_all_are_mentioned(say, territory, lead):
    twin = factories.create_user("alice Lambert")
    factories.grant(twin, territory, "contributor")
    assert set(say("@Alice Lambert").mentioned.all()) == {lead, twin}


def test_a_partner_is_mentioned_where_they_read(step_1, say, partner, shared, unshared):
    question = step_1.grid.by_key["obstacles"]
    for opportunity, names in [(shared, ["Chloé Delattre"]), (unshared, [])]:
        written = say("@Chloé Delattre", slot=Slot(question), opportunity_id=opportunity.pk)
        assert mentioned(written) == names


def test_who_has_left_is_not_mentioned(say, territory, lead):
    lead.grants.all().delete()
    factories.grant(lead, territory, "reader", until=timezone.localdate() - timedelta(1))
    assert mentioned(say("@Alice Lambert")) == []
