"""Writing answers: compare and swap on `Answer.version`, one append-only revision for each change.

A save is one transaction; what it acknowledged is in the database, and so is all that came before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from journal.recording import record_sitting
from worksheets import kinds, opinions
from worksheets.enums import WRITABLE
from worksheets.grids.schema import Question
from worksheets.lifecycle import NotNow
from worksheets.models import Answer, Revision, Worksheet


@dataclass(frozen=True)
class Saved:
    """What the server confirms: this version of the answer, kept at this instant."""

    version: int
    saved_at: datetime
    is_blank: bool


class Stale(Exception):
    """Somebody else wrote since; `current` is what stands there now, untouched."""

    def __init__(self, current: Answer, by):
        self.current = current
        who = (
            "Vous avez enregistré, dans un autre onglet ou sur un autre appareil,"
            if current.saved_by == by
            else f"{current.saved_by.name} a enregistré"
        )
        super().__init__(
            f"{who} une autre réponse à cette question pendant que vous écriviez. Rien n’est perdu"
            " : votre texte est dans la page, l’autre au-dessous."
        )


def find_answer(worksheet: Worksheet, key: str, opportunity_id: int | None) -> Answer | None:
    answers = Answer.objects.select_related("saved_by")
    return answers.filter(worksheet=worksheet, question=key, opportunity=opportunity_id).first()


def save_answer(
    *,
    worksheet: Worksheet,
    question: Question,
    opportunity_id: int | None,
    value: Any,
    base_version: int,
    may_record_opinions: bool,
    by,
) -> Saved:
    """Replaces version `base_version` (0: no answer yet) of one answer by `value`.

    `value` is cleaned already (`kinds.Cleaner`). Effects: the answer, a revision, the worksheet's
    change number, the sitting's journal entry, in one transaction. A value that stands there
    already is acknowledged without any change, whatever the base: a request sent twice does
    nothing twice. Raises NotNow if the worksheet is not with the team, Stale if somebody else
    wrote meanwhile, OpinionNotYours for the opinion of another.
    """
    answer = find_answer(worksheet, question.key, opportunity_id)
    version = answer.version if answer else 0
    is_blank = kinds.is_blank(question.kind, value)
    standing = answer.value if answer else kinds.blank(question.kind)
    if question.key == opinions.QUESTION:
        value = opinions.with_signatures(standing, value)
    if standing == value:
        return Saved(version, answer.saved_at if answer else timezone.now(), is_blank)
    if not worksheet.is_with_team:
        raise NotNow(_closed(worksheet))
    if base_version != version:
        raise Stale(answer, by) if answer else NotNow(OUTDATED_PAGE)
    if question.key == opinions.QUESTION:
        opinions.check_rows(standing, value, may_record=may_record_opinions)
    if answer is None:
        answer = Answer(worksheet=worksheet, question=question.key, opportunity_id=opportunity_id)
    answer.value, answer.is_blank, answer.version = value, is_blank, version + 1
    answer.saved_at, answer.saved_by = timezone.now(), by
    try:
        _write(worksheet, answer)
    except _Overtaken:
        # Judged again by what stands there now: the same text (a double click), or another.
        return save_answer(
            worksheet=worksheet,
            question=question,
            opportunity_id=opportunity_id,
            value=value,
            base_version=base_version,
            may_record_opinions=may_record_opinions,
            by=by,
        )
    return Saved(answer.version, answer.saved_at, is_blank)


class _Overtaken(Exception):
    """The compare-and-swap found another version."""


@transaction.atomic
def _write(worksheet, answer):
    """The one place that writes answers. The worksheet's row is locked first: the saves of one
    worksheet queue, and none slips in after a submission has frozen the content."""
    is_open = Worksheet.objects.filter(pk=worksheet.pk, state__in=WRITABLE).update(
        change_number=F("change_number") + 1,
        changed_at=answer.saved_at,
        changed_by=answer.saved_by,
    )
    if not is_open:
        worksheet.refresh_from_db(fields=["state"])
        raise NotNow(_closed(worksheet))
    if answer.pk is None:
        try:
            answer.save(force_insert=True)
        except IntegrityError:
            raise _Overtaken from None
    elif not Answer.objects.filter(pk=answer.pk, version=answer.version - 1).update(
        value=answer.value,
        is_blank=answer.is_blank,
        version=answer.version,
        saved_at=answer.saved_at,
        saved_by=answer.saved_by,
    ):
        raise _Overtaken
    Revision.objects.create(
        answer=answer,
        version=answer.version,
        value=answer.value,
        saved_at=answer.saved_at,
        saved_by=answer.saved_by,
    )
    record_sitting(
        verb="worksheet.answered",
        by=answer.saved_by,
        scope=worksheet.territory.scope,
        target=worksheet.target,
    )


def _closed(worksheet):
    return (
        f"La fiche est maintenant « {worksheet.get_state_display()} » : elle ne s’écrit plus. "
        "Votre texte n’est pas enregistré ; il reste dans cette page, copiez-le."
    )


OUTDATED_PAGE = (
    "Cette page ne correspond plus à la fiche. Copiez votre texte, puis rechargez la page."
)
