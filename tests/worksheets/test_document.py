import pytest

from tests.worksheets.test_content import TWO, content
from worksheets.content import Slot
from worksheets.document import document_of, euros, row_of
from worksheets.grids.declarations import SELF_DIAGNOSIS, STEP_1, STEP_2


def row(grid, key, value):
    return row_of(content(grid, answers={key: value}), Slot(grid.by_key[key]))


def test_sections_follow_the_grid_and_repeat_for_each_opportunity():
    sections = document_of(content(opportunities=TWO)).sections
    assert [(s.anchor, s.title, s.position) for s in sections] == [
        ("bloc-before-next-session", "D’ici la prochaine séance", 0),
        ("bloc-strategy", "Votre stratégie de détection d’opportunités", 0),
        ("bloc-opportunities--aaaaaaaa", "Opportunités repérées", 1),
        ("bloc-opportunities--bbbbbbbb", "Opportunités repérées", 2),
    ]
    assert [s.subject for s in sections] == [None, None, *TWO]
    assert {s.subject_label for s in sections[2:]} == {"Type d’opportunité"}


def test_rows_are_the_slots_in_their_order():
    whole = content(opportunities=TWO)
    rows = [row for section in document_of(whole).sections for row in section.rows]
    assert [row.slot for row in rows] == list(whole.slots())


def test_a_section_has_its_own_progress():
    answers = {"strategy": "x", "interest--bbbbbbbb": "y", "detection-done": True}
    sections = document_of(content(opportunities=TWO, answers=answers)).sections
    assert [(s.progress.answered, s.progress.total) for s in sections] == [
        (0, 3),
        (1, 4),
        (0, 6),
        (1, 6),
    ]


def test_labels_name_the_horizon_of_the_programme():
    later = content(SELF_DIAGNOSIS, horizon=2035)
    slot = Slot(SELF_DIAGNOSIS.by_key["perspectives"])
    assert row_of(later, slot).label == "Les perspectives jusqu’en 2035"


def test_texts_are_shown_as_they_are():
    text = "<b>{{ x }}</b>\n{horizon}"
    shown = row(STEP_1, "strategy", text)
    assert (shown.answer, shown.is_blank) == (text, False)
    assert shown.template == "worksheets/answers/text.html"


def test_a_list_is_shown_in_its_order():
    value = [{"id": "2", "text": "b"}, {"id": "1", "text": "a"}]
    assert row(SELF_DIAGNOSIS, "achievements", value).answer == ["b", "a"]


def test_choices_are_all_shown_ticked_or_not():
    value = {"ticked": {"mixed": "une SCIC"}, "other": "associatif", "text": "à voir"}
    whole = content(STEP_1, opportunities=TWO, answers={"carrier--aaaaaaaa": value})
    shown = row_of(whole, Slot(STEP_1.by_key["carrier"], TWO[0]))
    assert shown.answer == {
        "choices": [
            {"label": "public", "is_ticked": False, "comment": ""},
            {"label": "mixte (SCIC par exemple)", "is_ticked": True, "comment": "une SCIC"},
            {"label": "privé", "is_ticked": False, "comment": ""},
        ],
        "other": "associatif",
        "text": "à voir",
        "has_text": True,
    }


def test_a_table_is_shown_in_words():
    cells = {
        "date": "2026-10-01",
        "decision-maker": "Maire",
        "opinion": "reserved",
        "remarks": "2026-10-01",
    }
    value = [
        {"id": "1", "cells": cells, "signed_by": 3, "signed_name": "Denis Wattel"},
        {"id": "2", "cells": dict.fromkeys(cells, "")},
    ]
    columns = ["Date", "Décideur", "Avis", "Remarques"]
    words = ["1er octobre 2026", "Maire", "réservé", "2026-10-01"]
    assert row(STEP_2, "decision-makers", value).answer == {
        "columns": columns,
        "rows": [
            {
                "id": "1",
                "cells": list(zip(columns, words, strict=True)),
                "signed_name": "Denis Wattel",
            },
            {"id": "2", "cells": [(column, "") for column in columns], "signed_name": ""},
        ],
    }


def test_a_budget_is_shown_with_its_totals_and_balance():
    value = {
        "expenses": [
            {"id": "1", "label": "Études", "cents": 1_234_56},
            {"id": "2", "label": "À chiffrer", "cents": None},
        ],
        "resources": [{"id": "3", "label": "Région", "cents": 1_000_00}],
    }
    assert row(STEP_2, "budget", value).answer == {
        "sides": [
            {
                "key": "expenses",
                "title": "Dépenses",
                "lines": [
                    {"label": "Études", "amount": "1\u202f234,56\u00a0€"},
                    {"label": "À chiffrer", "amount": ""},
                ],
                "total": "1\u202f234,56\u00a0€",
            },
            {
                "key": "resources",
                "title": "Ressources",
                "lines": [{"label": "Région", "amount": "1\u202f000,00\u00a0€"}],
                "total": "1\u202f000,00\u00a0€",
            },
        ],
        "balance": "−234,56\u00a0€",
        "is_balanced": False,
    }


@pytest.mark.parametrize(
    ("cents", "words"),
    [
        (0, "0,00\u00a0€"),
        (5, "0,05\u00a0€"),
        (-1, "−0,01\u00a0€"),
        (123456789, "1\u202f234\u202f567,89\u00a0€"),
    ],
)
def test_euros_in_words(cents, words):
    assert euros(cents) == words
