"""How an answer is typed: one widget for each kind of question.

Every widget sends `<name>.version` beside its own controls; rows send their controls in the order
of the page, so that moving a row on the page is all there is to do. `value_from_datadict` gives
the shapes that `kinds.Cleaner` takes, with what was typed as it was typed.
"""

import uuid

from django import forms

from worksheets import kinds
from worksheets.document import NO_BREAK, euros
from worksheets.enums import QuestionKind


class AnswerWidget(forms.Widget):
    """Base of the six. `extra` is how many empty rows to offer beyond those declared."""

    def __init__(self, question, label, extra=0):
        super().__init__()
        self.question, self.label, self.extra = question, label, extra
        self.template_name = f"worksheets/widgets/{question.kind.value}.html"

    def value_omitted_from_data(self, data, files, name):
        return f"{name}.version" not in data

    def id_for_label(self, id_):
        return id_

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"] |= {
            "question": self.question,
            "label": self.label,
            "id": context["widget"]["attrs"].get("id", name),
            **self.parts(name, value),
        }
        return context

    def format_value(self, value):
        return value

    def parts(self, name, value):
        """What the template of this kind needs, besides the question."""
        return {"text": value}

    def _offered(self, rows, empty):
        """`rows`, and empty ones up to the number declared; at least one more than is filled."""
        wanted = max(self.question.offered, len(rows) + 1) + self.extra
        return [*rows, *({"id": str(uuid.uuid4()), **empty} for _ in range(wanted - len(rows)))]


class TextWidget(AnswerWidget):
    def value_from_datadict(self, data, files, name):
        return data.get(name)


class MarkWidget(AnswerWidget):
    def value_from_datadict(self, data, files, name):
        return data.get(name) == "1"

    def parts(self, name, value):
        return {"is_marked": value}


class ListWidget(AnswerWidget):
    def value_from_datadict(self, data, files, name):
        return _rows(data, name, {"text": "text"})

    def parts(self, name, value):
        return {"rows": self._offered(value, {"text": ""})}


class ChoicesWidget(AnswerWidget):
    def value_from_datadict(self, data, files, name):
        ticked = dict.fromkeys(data.getlist(f"{name}.ticked"), "")
        for choice in self.question.choices:
            comment = data.get(f"{name}.comment.{choice.key}", "")
            # A comment says that the choice is meant, even where its box was forgotten.
            if choice.key in ticked or comment.strip():
                ticked[choice.key] = comment
        return {
            "ticked": ticked,
            "other": data.get(f"{name}.other", ""),
            "text": data.get(f"{name}.text", ""),
        }

    def parts(self, name, value):
        return {
            "choices": [
                {
                    "key": choice.key,
                    "label": choice.label,
                    "is_ticked": choice.key in value["ticked"],
                    "comment": value["ticked"].get(choice.key, ""),
                }
                for choice in self.question.choices
            ],
            "other": value["other"],
            "text": value["text"],
        }


class TableWidget(AnswerWidget):
    def value_from_datadict(self, data, files, name):
        columns = {column.key: column.key for column in self.question.columns}
        rows = _rows(data, name, columns)
        if rows is None:
            return None
        return [{"id": row.pop("id"), "cells": row} for row in rows]

    def parts(self, name, value):
        rows = self._offered(value, {"cells": {}})
        return {
            "columns": self.question.columns,
            "rows": [
                {
                    "id": row["id"],
                    "signed_name": row.get("signed_name", ""),
                    "cells": [
                        {"column": column, "text": row["cells"].get(column.key, "")}
                        for column in self.question.columns
                    ],
                }
                for row in rows
            ],
        }


class BudgetWidget(AnswerWidget):
    def value_from_datadict(self, data, files, name):
        columns = {"label": "label", "amount": "cents"}
        sides = {side: _rows(data, f"{name}.{side}", columns) for side in kinds.BUDGET_SIDES}
        return None if None in sides.values() else sides

    def parts(self, name, value):
        totals = _totals(value)
        sides = [
            {
                "key": side,
                "title": title,
                "rows_name": f"{name}.{side}",
                "rows": [
                    {**line, "amount": _typed(line["cents"])}
                    for line in self._offered(value[side], {"label": "", "cents": None})
                ],
                "total": totals[side],
            }
            for side, title in kinds.BUDGET_SIDES.items()
        ]
        return {"sides": sides, "balance": totals["balance"]}


def _totals(value):
    """The three totals in words; dashes while an amount is not a number."""
    try:
        cents = {
            side: [{"cents": kinds.cents_of(line["cents"])} for line in value[side]]
            for side in kinds.BUDGET_SIDES
        }
    except kinds.MalformedAnswer:
        return dict.fromkeys((*kinds.BUDGET_SIDES, "balance"), "–")
    return {name: euros(total) for name, total in kinds.budget_totals(cents).items()}


def _rows(data, name, columns):
    """Rows from parallel lists `<name>.id` and `<name>.<column>`; None if their lengths differ."""
    ids = data.getlist(f"{name}.id")
    lists = {key: data.getlist(f"{name}.{column}") for column, key in columns.items()}
    if any(len(texts) != len(ids) for texts in lists.values()):
        return None
    return [
        {"id": id_, **{key: texts[i] for key, texts in lists.items()}} for i, id_ in enumerate(ids)
    ]


def _typed(cents):
    """Stored cents as one would type them ("1 234,56", "12 500"); typed text as it was typed."""
    if not isinstance(cents, int):
        return cents or ""
    return euros(cents).removesuffix(f"{NO_BREAK}€").removesuffix(",00")


WIDGETS = {
    QuestionKind.TEXT: TextWidget,
    QuestionKind.LIST: ListWidget,
    QuestionKind.CHOICES: ChoicesWidget,
    QuestionKind.TABLE: TableWidget,
    QuestionKind.BUDGET: BudgetWidget,
    QuestionKind.MARK: MarkWidget,
}
