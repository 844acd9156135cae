"""Saves as tests make them, and what stands in the database after them."""

from worksheets.editing import save_answer
from worksheets.models import Revision, Worksheet


def save(worksheet, value, base_version, by, *, key="strategy", opportunity=None, is_own=False):
    return save_answer(
        worksheet=worksheet,
        question=worksheet.grid.by_key[key],
        opportunity_id=opportunity.pk if opportunity else None,
        value=value,
        base_version=base_version,
        may_record_opinions=True,
        is_own=is_own,
        by=by,
    )


def history(worksheet):
    return list(
        Revision.objects.filter(answer__worksheet=worksheet)
        .order_by("answer", "version")
        .values_list("answer__question", "version", "value", "saved_by__name")
    )


def change_number(worksheet):
    return Worksheet.objects.values_list("change_number", flat=True).get(pk=worksheet.pk)


def value_of(worksheet, key):
    return worksheet.answers.values_list("value", flat=True).filter(question=key).first()


def rows(*rows, columns):
    """Controls of a list or a table: each row is its identifier, then its columns."""
    names = ["id", *columns]
    return {name: [row[i] for row in rows] for i, name in enumerate(names)}
