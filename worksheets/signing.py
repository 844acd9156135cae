"""A reader of the team, often an elected official, gives their own opinion on a project."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone

from worksheets import kinds
from worksheets.editing import Saved, find_answer, save_answer
from worksheets.lifecycle import lock
from worksheets.models import Worksheet
from worksheets.opinions import COLUMN, QUESTION


@transaction.atomic
def sign_opinion(*, worksheet: Worksheet, opinion: str, remarks: str, by) -> Saved:
    """Adds the opinion of `by`, dated and signed, at the end of the table, whatever others are
    writing in it. The same opinion sent twice in a day, or at once by two clicks, is signed once.

    `opinion` is a choice key of the column. Raises kinds.MalformedAnswer if it isn't or if the
    table is full, accounts.wording.TextTooLong, lifecycle.NotNow when the worksheet is not with
    the team.
    """
    lock(worksheet)
    question = worksheet.grid.by_key[QUESTION]
    answer = find_answer(worksheet, QUESTION, None)
    standing = answer.value if answer else []
    now = timezone.now()
    cells = {
        "date": timezone.localdate(now).isoformat(),
        "decision-maker": by.name,
        COLUMN: opinion,
        "remarks": remarks,
    }
    # The whole table is cleaned, so that it stays one that a form can send back.
    *_, row = kinds.Cleaner(question).clean([*standing, {"id": str(uuid.uuid4()), "cells": cells}])
    own = [other["cells"] for other in standing if other.get("signed_by") == by.pk]
    if answer and row["cells"] in own:
        return Saved(answer.version, answer.saved_at, answer.value, is_blank=False)
    signature = {
        "signed_by": by.pk,
        "signed_name": by.name,
        "signed_at": now.isoformat(),
    }
    return save_answer(
        worksheet=worksheet,
        question=question,
        opportunity_id=None,
        value=[*standing, row | signature],
        base_version=answer.version if answer else 0,
        may_record_opinions=True,
        by=by,
    )
