"""Worksheets with something under each question."""

from uuid import uuid4

from tests import factories
from worksheets.content import Content
from worksheets.enums import QuestionKind


def something_for(question):
    match question.kind:
        case QuestionKind.TEXT:
            return f"Texte sous {question.key}."
        case QuestionKind.LIST:
            return [{"id": str(uuid4()), "text": f"Entrée {n}"} for n in (1, 2)]
        case QuestionKind.CHOICES:
            ticked = {question.choices[0].key: "avec le club d’entreprises"}
            return {"ticked": ticked, "other": "prêter", "text": "Précision." * question.has_text}
        case QuestionKind.TABLE:
            cells = {
                column.key: "2026-11-27"
                if column.is_date
                else column.choices[0].key
                if column.choices
                else f"Cellule {column.key}"
                for column in question.columns
            }
            return [{"id": str(uuid4()), "cells": cells}]
        case QuestionKind.BUDGET:
            line = {"id": str(uuid4()), "label": "Étude de sols", "cents": 1234567}
            return {"expenses": [line], "resources": []}
        case QuestionKind.MARK:
            return True


def fill(worksheet, by):
    for slot in Content.of(worksheet).slots():
        opportunity = None
        if slot.subject:
            opportunity = worksheet.chosen.get(opportunity__ref=slot.subject.ref).opportunity
        value = something_for(slot.question)
        factories.write_answer(worksheet, slot.question.key, value, by, opportunity=opportunity)
