"""Writing answers: compare and swap on `Answer.version`, one append-only revision for each change.

A save is one transaction; what it acknowledged is in the database, and so is all that came before.
A save that comes late is merged with what was saved meanwhile (`merging`), and a request that was
answered already changes nothing, however late it comes again (`Revision.fingerprint`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from journal.recording import record_sitting
from worksheets import kinds, opinions
from worksheets.ancestry import Ancestry, Sent
from worksheets.enums import WRITABLE
from worksheets.grids.schema import Question
from worksheets.lifecycle import NotNow
from worksheets.models import Answer, Revision, Worksheet
from worksheets.statements import Statement

OUTDATED_PAGE = (
    "Cette page ne correspond plus à la fiche. Copiez votre texte, puis rechargez la page."
)


@dataclass(frozen=True)
class Saved:
    """What the server confirms: in this version, since this instant, the answer has this value.
    Where that isn't what was sent, but a merge of it, `merged_with` says with what, if it is new.
    """

    version: int
    saved_at: datetime
    value: Any
    is_blank: bool
    is_as_sent: bool = True
    merged_with: str = ""


class UnknownVersion(Exception):
    """A base that the answer never had."""


class Stale(Exception):
    """Others wrote since, in the same places; `current` is what stands there now, untouched, and
    `mine` what was sent, if it can be compared. `names` are those of the others."""

    def __init__(self, current: Answer, mine: Any = None, names: tuple[str, ...] = ()):
        self.current, self.mine = current, mine
        self.name = " et ".join(names) or current.saved_by.name
        self.auxiliary = "ont" if len(names) > 1 else "a"
        super().__init__(
            f"{self.name} {self.auxiliary} enregistré une autre réponse à cette "
            "question pendant que vous écriviez. Rien n’est perdu : votre texte est dans la page, "
            "l’autre au-dessous."
        )


def find_answer(worksheet: Worksheet, key: str, opportunity_id: int | None) -> Answer | None:
    answers = Answer.objects.select_related("saved_by")
    return answers.filter(worksheet=worksheet, question=key, opportunity=opportunity_id).first()


def unanswered(worksheet: Worksheet, question: Question, opportunity_id: int | None) -> Answer:
    """What stands where nobody answered yet."""
    return Answer(
        worksheet=worksheet,
        question=question.key,
        opportunity_id=opportunity_id,
        value=kinds.blank(question.kind),
        version=0,
    )


def save_answer(
    *,
    worksheet: Worksheet,
    question: Question,
    opportunity_id: int | None,
    value: Any,
    base_version: int,
    may_record_opinions: bool,
    by,
    is_own: bool = False,
    standing: Answer | None = None,
) -> Saved:
    """Saves `value`, written on version `base_version` (0: no answer yet) of one answer; `is_own`:
    on what its author sent for that version, not on the merge that it is (`ancestry.Sent`).
    `standing` is what `find_answer` or `unanswered` gives, where the caller has it already.

    `value` is cleaned already (`kinds.Cleaner`). Effects: the answer, a revision, the worksheet's
    change number, the sitting's journal entry, in one transaction. What stands there already, or
    the same request again, is acknowledged without any change. Raises NotNow if the worksheet is
    not with the team, Stale if others wrote meanwhile in the same places, UnknownVersion for a base
    that never was, OpinionNotYours for the opinion of another.
    """
    # Nobody sent anything for version 0.
    is_own = is_own and base_version > 0
    sent = Sent(question, value, base_version, is_own, by)
    while True:
        answer = standing or find_answer(worksheet, question.key, opportunity_id)
        answer = answer or unanswered(worksheet, question, opportunity_id)
        judged = _judge(answer, sent)
        if isinstance(judged, Saved):
            return judged
        if not worksheet.is_with_team:
            raise NotNow(_closed(worksheet))
        if question.key == opinions.QUESTION:
            opinions.check_rows(answer.value, judged.value, may_record=may_record_opinions)
        try:
            return _write(worksheet, answer, sent, judged)
        except _Overtaken:
            standing = None  # judged again, by what stands there now


@dataclass(frozen=True)
class _Change:
    """A version to make; `sent` is what its author sent where `value` is a merge of it."""

    value: Any
    sent: Any = None
    merged_with: str = ""


def _judge(answer: Answer, sent: Sent) -> Saved | _Change:
    """What becomes of a request, by what stands: a version to make, or one that is there."""
    if not 0 <= sent.base_version <= answer.version:
        raise UnknownVersion(OUTDATED_PAGE)
    value = sent.value
    if sent.question.key == opinions.QUESTION:
        value = opinions.with_signatures(answer.value, value)
    if sent.base_version == answer.version and not sent.is_own:
        return _saved(sent, answer, value) if value == answer.value else _Change(value)
    ancestry = Ancestry(answer, sent)
    if receipt := ancestry.receipt:
        return _saved(sent, receipt, value)
    if value == ancestry.ancestor:
        return _saved(sent, ancestry.base, value)
    merged, may_be_saved = ancestry.merge(value)
    if not may_be_saved:
        raise Stale(answer, value, tuple(r.saved_by.name for r in ancestry.unseen))
    told = ancestry.in_words(is_clean=merged.is_clean)
    if merged.value == value:
        return _Change(value, merged_with="" if merged.is_clean else told)
    return _Change(merged.value, value, told)


def _saved(sent: Sent, there: Answer | Revision | None, value: Any, told: str = "") -> Saved:
    """What a request for `value` is told of the version that is `there` (None: no answer yet)."""
    if there is None:
        return Saved(0, timezone.now(), value, is_blank=True)
    return Saved(
        version=there.version,
        saved_at=there.saved_at,
        value=there.value,
        is_blank=kinds.is_blank(sent.question.kind, there.value),
        is_as_sent=there.value == value,
        merged_with=told,
    )


class _Overtaken(Exception):
    """The compare-and-swap found another version."""


# In SQL for the number that it returns, which is the answer's too.
_COUNT = Statement(
    "count",
    """
UPDATE worksheets_worksheet
   SET change_number = change_number + 1, changed_at = %(now)s, changed_by_id = %(by)s
 WHERE id = %(worksheet)s AND state IN (%(draft)s, %(returned)s)
RETURNING change_number
""",
)


@transaction.atomic
def _write(worksheet: Worksheet, answer: Answer, sent: Sent, change: _Change) -> Saved:
    """The one place that writes answers. The worksheet's row is locked first: the saves of one
    worksheet queue, and none slips in after a submission has frozen the content."""
    by, now = sent.by, timezone.now()
    change_number = _count(worksheet, by, now)
    version, before = answer.version, answer.saved_at if answer.saved_by_id == by.pk else None
    answer.value, answer.version = change.value, version + 1
    answer.is_blank = kinds.is_blank(sent.question.kind, change.value)
    answer.saved_at, answer.saved_by = now, by
    answer.changed_in = change_number
    _swap(answer, version)
    revision = Revision.objects.create(
        answer=answer,
        version=answer.version,
        value=change.value,
        base_version=sent.base_version,
        sent=change.sent,
        fingerprint=sent.fingerprint,
        saved_at=now,
        saved_by=by,
    )
    record_sitting(
        verb="worksheet.answered",
        by=by,
        scope=worksheet.territory.scope,
        target=worksheet.target,
        noted_at=before,
    )
    sent_value = change.value if change.sent is None else change.sent
    return _saved(sent, revision, sent_value, change.merged_with)


def _count(worksheet, by, now):
    """One more change of the worksheet, whose row is locked from then on: its number."""
    draft, returned = WRITABLE
    counted = _COUNT.rows(
        now=connection.ops.adapt_datetimefield_value(now),
        by=by.pk,
        worksheet=worksheet.pk,
        draft=draft,
        returned=returned,
    )
    if not counted:
        worksheet.refresh_from_db(fields=["state"])
        raise NotNow(_closed(worksheet))
    return counted[0]["change_number"]


def _swap(answer, version):
    """Puts `answer` where that `version` of it stands still (0: where there is none yet)."""
    if answer.pk is None:
        try:
            answer.save(force_insert=True)
        except IntegrityError:
            raise _Overtaken from None
    else:
        written = ("value", "is_blank", "version", "saved_at", "saved_by", "changed_in")
        values = {name: getattr(answer, name) for name in written}
        if not Answer.objects.filter(pk=answer.pk, version=version).update(**values):
            raise _Overtaken


def _closed(worksheet):
    return (
        f"La fiche est maintenant « {worksheet.get_state_display()} » : elle ne s’écrit plus. "
        "Votre texte n’est pas enregistré ; il reste dans cette page, copiez-le."
    )
