"""The opinions of decision-makers in step 2: the lead records one, a reader of the team signs
their own, and nobody changes an opinion that somebody signed."""

from __future__ import annotations

import uuid

from django.utils import timezone

from worksheets import kinds
from worksheets.editing import Saved, find_answer, save_answer
from worksheets.grids.schema import Question
from worksheets.models import Worksheet

QUESTION = "decision-makers"
COLUMN = "opinion"


class OpinionNotYours(Exception):
    """A change to what only somebody else may write; the message says who."""


def with_signatures(standing: list, value: list) -> list:
    """`value` as a form sends it, with the signatures that its rows carry where they stand."""
    signed = {row["id"]: row for row in standing if "signed_by" in row}
    marks = ("signed_by", "signed_name", "signed_at")
    return [
        {**row, **{mark: signed[row["id"]][mark] for mark in marks}} if row["id"] in signed else row
        for row in value
    ]


def check_rows(question: Question, standing: list, value: list, *, can_record: bool) -> None:
    """Refuses a table that touches a signed row, or, from somebody who may not record opinions,
    one that changes an opinion. Raises OpinionNotYours; other tables pass."""
    if question.key != QUESTION:
        return
    before = {row["id"]: row for row in standing}
    after = {row["id"]: row for row in value}
    for id_, row in before.items():
        if "signed_by" in row and after.get(id_) != row:
            raise OpinionNotYours(
                f"L’avis signé par {row['signed_name']} ne peut être ni modifié ni supprimé."
            )
    for id_, row in after.items():
        if "signed_by" in row and id_ not in before:
            raise OpinionNotYours("Un avis ne se signe pas dans le tableau.")
        was = before[id_]["cells"][COLUMN] if id_ in before else ""
        if row["cells"][COLUMN] != was and not can_record:
            raise OpinionNotYours(
                "Seul le référent enregistre l’avis d’un décideur. Laissez la colonne « Avis » "
                "comme elle était : le reste de la ligne est à vous."
            )
    if not can_record:
        for id_, row in before.items():
            if row["cells"][COLUMN] and id_ not in after:
                raise OpinionNotYours("Seul le référent supprime l’avis d’un décideur.")


def sign_opinion(*, worksheet: Worksheet, opinion: str, remarks: str, by) -> Saved:
    """Adds the opinion of `by`, dated and signed, at the end of the table, whatever others are
    writing in it: the base is read here, so that only a true collision raises editing.Stale.

    `opinion` is a choice key of the column. Raises kinds.MalformedAnswer if it isn't,
    lifecycle.NotNow when the worksheet is not with the team.
    """
    question = worksheet.grid.by_key[QUESTION]
    answer = find_answer(worksheet, QUESTION, None)
    now = timezone.now()
    row = {
        "id": str(uuid.uuid4()),
        "cells": {
            "date": timezone.localdate(now).isoformat(),
            "decision-maker": by.name,
            COLUMN: opinion,
            "remarks": remarks,
        },
        "signed_by": by.pk,
        "signed_name": by.name,
        "signed_at": now.isoformat(),
    }
    value = kinds.Cleaner(question).clean([*(answer.value if answer else []), row])
    return save_answer(
        worksheet=worksheet,
        question=question,
        opportunity_id=None,
        value=value,
        base_version=answer.version if answer else 0,
        by=by,
    )
