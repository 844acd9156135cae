"""The discussion of answers: threads of comments on one question, dealt with or not yet."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from accounts.wording import check_length, normalise
from journal.recording import record
from worksheets.content import Slot
from worksheets.mentioning import mentioned_in, roles_of_readers
from worksheets.models import Comment, Worksheet


class EmptyComment(Exception):
    """A comment that says nothing; the message is for its author."""


@dataclass(frozen=True)
class Thread:
    """The comment that opened it, and those that answer."""

    head: Comment
    replies: tuple[Comment, ...] = ()

    @property
    def comments(self) -> tuple[Comment, ...]:
        return (self.head, *self.replies)

    @property
    def is_open(self) -> bool:
        return self.head.resolved_at is None

    @property
    def changed_at(self):
        return max(comment.changed_at for comment in self.comments)


def threads_of(worksheet: Worksheet) -> dict[str, list[Thread]]:
    """The threads of each slot name: those that are open first, each lot in the order of time.
    Two queries."""
    comments = worksheet.comments.select_related(
        "written_by", "resolved_by", "opportunity"
    ).prefetch_related("mentioned")
    heads, replies = [], defaultdict(list)
    for comment in comments:
        if comment.thread_id is None:
            heads.append(comment)
        else:
            replies[comment.thread_id].append(comment)
    found = defaultdict(list)
    for head in sorted(heads, key=lambda comment: comment.resolved_at is not None):
        found[head.slot_name].append(Thread(head, tuple(replies[head.pk])))
    return found


@transaction.atomic
def comment(
    *,
    worksheet: Worksheet,
    slot: Slot,
    opportunity_id: int | None,
    body: str,
    by,
    thread: Comment | None = None,
    request_key: str = "",
) -> Comment:
    """Writes a comment on one question: it opens a thread, or answers in `thread`, which is the
    comment that opened that one. A thread that was dealt with is open again.

    Effects: the comment, whom it mentions, the thread, the journal. The same request once more
    (`request_key` is of the form that was filled) has none, and returns what it wrote the first
    time. Raises EmptyComment, accounts.wording.TextTooLong.
    """
    body, _ = normalise(body)
    if not body.strip():
        raise EmptyComment("Écrivez votre commentaire avant de l’envoyer.")
    check_length(body)
    if thread is not None:
        thread = worksheet.comments.select_for_update().get(pk=thread.pk)
    facts = {
        "question": slot.question.key,
        "opportunity_id": opportunity_id,
        "thread": thread,
        "body": body,
    }
    written, is_new = _written_once(worksheet, by, facts, _fingerprint(request_key, slot, facts))
    if not is_new:
        return written
    _mention(written, slot, by)
    if thread is not None:
        Comment.objects.filter(pk=thread.pk).update(changed_at=written.changed_at)
        reopen_thread(thread=thread, slot=slot, by=by)
    return written


def _written_once(worksheet, by, facts, fingerprint):
    """(the comment, whether it is a new one)."""
    if not fingerprint:
        return Comment.objects.create(worksheet=worksheet, written_by=by, **facts), True
    return Comment.objects.get_or_create(
        worksheet=worksheet, written_by=by, fingerprint=fingerprint, defaults=facts
    )


def _fingerprint(request_key, slot, facts):
    """The key alone isn't enough: a page that one comes back to sends another text with it."""
    if not request_key:
        return ""
    thread = facts["thread"].ref if facts["thread"] else ""
    whole = "\n".join((request_key, slot.name, thread, facts["body"]))
    return sha256(whole.encode()).hexdigest()[:32]


def _mention(written, slot, by):
    """Notes whom the comment mentions, and tells the journal."""
    mentioned = []
    if "@" in written.body:
        roles = roles_of_readers(written.worksheet, written.opportunity_id).exclude(user=by)
        mentioned = mentioned_in(written.body, dict.fromkeys(role.user for role in roles))
    written.mentioned.set(mentioned)
    if mentioned:
        _tell(written, "worksheet.mentioned", slot, by, names=_in_words(mentioned))
    else:
        _tell(written, "worksheet.commented", slot, by)


@transaction.atomic
def resolve_thread(*, thread: Comment, slot: Slot, by) -> None:
    """Marks a thread as dealt with, and tells the journal; one that is already stays as it was
    first."""
    now = timezone.now()
    if Comment.objects.filter(pk=thread.pk, resolved_at=None).update(
        resolved_at=now, resolved_by=by, changed_at=now
    ):
        _tell(thread, "worksheet.thread_resolved", slot, by)


@transaction.atomic
def reopen_thread(*, thread: Comment, slot: Slot, by) -> None:
    """Opens a thread again, and tells the journal; one that is open stays so."""
    if Comment.objects.filter(pk=thread.pk, resolved_at__isnull=False).update(
        resolved_at=None, resolved_by=None, changed_at=timezone.now()
    ):
        _tell(thread, "worksheet.thread_reopened", slot, by)


def _tell(comment, verb, slot, by, **details):
    record(
        verb=verb,
        by=by,
        scope=comment.worksheet.territory.scope,
        target=comment.worksheet.target,
        question=slot.question.label,
        comment=comment.ref,
        **details,
    )


def _in_words(people):
    """ "Alice Lambert et Bruno Carlier"."""
    names = [person.name for person in people]
    return " et ".join(filter(None, (", ".join(names[:-1]), names[-1])))
