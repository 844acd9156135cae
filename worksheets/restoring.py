"""Bringing back what an answer was: a new revision like any other; nothing is taken away."""

from __future__ import annotations

from django.db import transaction

from journal.recording import record
from worksheets import opinions
from worksheets.editing import Saved, find_answer, save_answer
from worksheets.grids.schema import Question
from worksheets.lifecycle import lock
from worksheets.models import Revision, Worksheet


class AnswerChanged(Exception):
    """Somebody wrote since the page was shown; the message asks to look again."""


@transaction.atomic
def restore(
    *,
    worksheet: Worksheet,
    question: Question,
    opportunity_id: int | None,
    revision: Revision,
    seen_version: int | None,
    may_record_opinions: bool,
    by,
) -> Saved:
    """Writes again what the answer was at `revision`, for whoever saw it at `seen_version`.

    Opinions that somebody signed stay, where they were signed since too. Effects: those of
    `save_answer`, and a journal entry of its own. Raises AnswerChanged, and what `save_answer`
    raises. What stands there already is acknowledged without any change.
    """
    lock(worksheet)
    answer = find_answer(worksheet, question.key, opportunity_id)
    if answer is None or answer.version != seen_version:
        raise AnswerChanged(
            "La réponse a changé depuis que vous avez ouvert cette page. Voici ce qui est écrit "
            "maintenant : si vous voulez toujours rétablir cette version, confirmez à nouveau."
        )
    value = revision.value
    if question.key == opinions.QUESTION:
        value = opinions.keeping_signed(answer.value, value)
    saved = save_answer(
        worksheet=worksheet,
        question=question,
        opportunity_id=opportunity_id,
        value=value,
        base_version=answer.version,
        may_record_opinions=may_record_opinions,
        by=by,
    )
    if saved.version != answer.version:
        record(
            verb="worksheet.answer_restored",
            by=by,
            scope=worksheet.territory.scope,
            target=worksheet.target,
            slot=answer.slot_name,
            question=question.label,
            version=saved.version,
            restored=revision.version,
            written_at=revision.saved_at.isoformat(),
        )
    return saved
