import uuid

import pytest

from accounts.wording import MAX_LENGTH, TextTooLong
from worksheets.enums import QuestionKind
from worksheets.grids.schema import Choice, Column, Question
from worksheets.kinds import (
    MAX_CENTS,
    MAX_ROWS,
    Cleaner,
    MalformedAnswer,
    blank,
    budget_totals,
    cents_of,
    is_blank,
)

ONE, TWO = "8d6a43c0-5e0f-4d2a-9b5e-0f3e6c7d8e91", "11111111-2222-4333-8444-555555555555"
CHOICES = (Choice("public", "public"), Choice("private", "privé"))
COLUMNS = (
    Column("date", "Date", is_date=True),
    Column("who", "Qui"),
    Column("opinion", "Avis", choices=CHOICES),
)


def question(kind):
    return Question("key", QuestionKind(kind), "Libellé", choices=CHOICES, columns=COLUMNS)


def clean(kind, raw):
    return Cleaner(question(kind)).clean(raw)


def entry(text, id_=ONE):
    return {"id": id_, "text": text}


def row(id_=ONE, **cells):
    return {"id": id_, "cells": {"date": "", "who": "", "opinion": "", **cells}}


def line(label, cents, id_=ONE):
    return {"id": id_, "label": label, "cents": cents}


def budget(*expenses, resources=()):
    return {"expenses": list(expenses), "resources": list(resources)}


@pytest.mark.parametrize("kind", QuestionKind)
def test_blank_is_clean_and_blank(kind):
    assert clean(kind, blank(kind)) == blank(kind)
    assert is_blank(kind, blank(kind))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", "Une phrase.\n\n  Une autre  "),
        ("list", [entry("b", TWO), entry(" a ")]),
        ("choices", {"ticked": {"public": "", "private": "en partie"}, "other": "", "text": "t"}),
        ("choices", {"ticked": {}, "other": "une SCIC", "text": ""}),
        ("table", [row(date="2026-12-31", who="Alice", opinion="public"), row(TWO, who="Bob")]),
        ("budget", budget(line("Études", 1_234_56), line("", 5, TWO))),
        ("budget", budget(line("À chiffrer", None), resources=[line("Région", 0, TWO)])),
        ("mark", True),
    ],
)
def test_what_is_well_formed_is_kept_to_the_letter(kind, value):
    assert clean(kind, value) == value
    assert not is_blank(kind, value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", " \n\t\u00a0"),
        ("choices", {"ticked": {}, "other": " ", "text": "\n"}),
    ],
)
def test_white_space_says_nothing(kind, value):
    assert clean(kind, value) == value
    assert is_blank(kind, value)


def test_empty_rows_are_left_out():
    assert clean("list", [entry(" "), entry("b", TWO)]) == [entry("b", TWO)]
    assert clean("table", [row(), row(TWO, who="b")]) == [row(TWO, who="b")]
    empty_side = [line("  ", ""), line("b", "", TWO)]
    assert clean("budget", budget(*empty_side)) == budget(line("b", None, TWO))


def test_ticked_choices_come_in_the_order_of_the_question():
    value = clean("choices", {"ticked": {"private": "", "public": ""}})
    assert list(value["ticked"]) == ["public", "private"]
    assert value == {"ticked": {"public": "", "private": ""}, "other": "", "text": ""}


def test_cells_that_are_not_sent_are_empty_and_others_are_ignored():
    sent = {"id": ONE, "cells": {"who": "Alice", "elsewhere": "x"}, "signed_by": 3}
    assert clean("table", [sent]) == [row(who="Alice")]


def test_identifiers_are_kept_in_one_form():
    assert clean("list", [entry("a", ONE.upper())]) == [entry("a")]
    assert clean("list", [entry("a", uuid.UUID(ONE).hex)]) == [entry("a")]


def test_dates_are_kept_in_the_form_that_the_page_shows_again():
    assert clean("table", [row(date="20261231")]) == [row(date="2026-12-31")]


@pytest.mark.parametrize(
    ("kind", "raw", "message"),
    [
        ("text", None, "Cette réponse n’est pas un texte."),
        ("text", ["a"], "Cette réponse n’est pas un texte."),
        ("mark", "oui", "Cette réponse est oui ou non."),
        ("list", None, "Cette réponse n’est pas une liste."),
        ("list", "a", "Cette réponse n’est pas une liste."),
        ("list", ["a"], "Cette réponse n’est pas une liste."),
        ("list", [entry(3)], "Cette réponse n’est pas un texte."),
        ("list", [{"text": "a"}], "Une ligne n’a pas d’identifiant valable."),
        ("list", [entry("a", "12")], "Une ligne n’a pas d’identifiant valable."),
        ("list", [entry("a", 12)], "Une ligne n’a pas d’identifiant valable."),
        ("list", [entry("a"), entry("b")], "Deux lignes portent le même identifiant."),
        (
            "list",
            [entry("a", str(uuid.UUID(int=n))) for n in range(MAX_ROWS + 1)],
            "300 lignes au plus sont possibles\u00a0; il y en a 301.",
        ),
        ("choices", None, "Cette réponse n’est pas un choix."),
        ("choices", {"ticked": ["public"]}, "Cette réponse n’est pas un choix."),
        ("choices", {"ticked": {"autre": ""}}, "Un des choix n’est pas dans la question."),
        ("choices", {"ticked": {"public": 1}}, "Cette réponse n’est pas un texte."),
        ("table", [{"id": ONE}], "Une ligne du tableau n’a pas de cellules."),
        (
            "table",
            [row(opinion="enthousiaste")],
            "«\u00a0enthousiaste\u00a0» n’est pas un choix de la colonne «\u00a0Avis\u00a0».",
        ),
        (
            "table",
            [row(date="31/12/2026")],
            "«\u00a031/12/2026\u00a0» n’est pas une date\u00a0: écrivez-la comme 2026-12-31.",
        ),
        (
            "table",
            [row(date="2026-02-30")],
            "«\u00a02026-02-30\u00a0» n’est pas une date\u00a0: écrivez-la comme 2026-12-31.",
        ),
        ("budget", None, "Cette réponse n’est pas un budget."),
        ("budget", {"expenses": None}, "Cette réponse n’est pas une liste."),
        ("budget", budget(line(None, 1)), "Cette réponse n’est pas un texte."),
        ("budget", budget(line("a", 1.5)), "Un montant n’est pas un nombre."),
        ("budget", budget(line("a", True)), "Un montant n’est pas un nombre."),
    ],
)
def test_what_is_malformed_is_refused_in_words(kind, raw, message):
    with pytest.raises(MalformedAnswer) as raised:
        clean(kind, raw)
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("text", "a" * (MAX_LENGTH + 1)),
        ("list", [entry("a" * MAX_LENGTH), entry("b", TWO)]),
        ("choices", {"ticked": {"public": "a" * MAX_LENGTH}, "text": "b"}),
        ("table", [row(who="a" * MAX_LENGTH), row(TWO, who="b")]),
        ("budget", budget(line("a" * MAX_LENGTH, None), line("b", None, TWO))),
    ],
)
def test_a_whole_answer_has_the_length_of_a_text(kind, raw):
    with pytest.raises(TextTooLong, match="compte 100\u202f001 caractères"):
        clean(kind, raw)


def test_the_longest_answer_is_kept():
    longest = "é" * MAX_LENGTH
    assert clean("text", longest) == longest
    assert clean("list", [entry(longest)]) == [entry(longest)]


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        ("text", "a\x00b", "ab"),
        ("list", [entry("a\x00b")], [entry("ab")]),
        (
            "choices",
            {"ticked": {"public": "\ud800"}},
            {"ticked": {"public": "\ufffd"}, "other": "", "text": ""},
        ),
        ("table", [row(who="a\x1b")], [row(who="a")]),
        ("budget", budget(line("a\x0b", 1)), budget(line("a\n", 1))),
    ],
)
def test_a_cleaner_remembers_that_it_normalised(kind, raw, value):
    cleaner = Cleaner(question(kind))
    assert cleaner.clean(raw) == value
    assert cleaner.was_normalised


def test_a_cleaner_that_changed_nothing_says_so():
    cleaner = Cleaner(question("text"))
    cleaner.clean("a\r\nb")
    assert not cleaner.was_normalised


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("", None),
        (" \u202f€ ", None),
        (None, None),
        ("0", 0),
        ("-0", 0),
        ("12500", 1_250_000),
        ("12 500", 1_250_000),
        ("12\u202f500,5 €", 1_250_050),
        ("1\u00a0234,56", 123_456),
        ("1234.56", 123_456),
        ("1234,", 123_400),
        ("0,07", 7),
        ("0,29", 29),  # 28.999… in binary floating point
        ("1000000000000", MAX_CENTS),
        (123, 123),
    ],
)
def test_amounts_are_exact_cents(typed, cents):
    assert cents_of(typed) == cents


NOT_AN_AMOUNT = "n’est pas un montant\u00a0: écrivez par exemple 12 500 ou 1 234,56."
OUT_OF_BOUNDS = "Un montant est entre 0 et mille milliards d’euros."


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("douze", f"«\u00a0douze\u00a0» {NOT_AN_AMOUNT}"),
        ("1,234", f"«\u00a01,234\u00a0» {NOT_AN_AMOUNT}"),
        ("1.234,56", f"«\u00a01.234,56\u00a0» {NOT_AN_AMOUNT}"),
        ("1e3", f"«\u00a01e3\u00a0» {NOT_AN_AMOUNT}"),
        ("NaN", f"«\u00a0NaN\u00a0» {NOT_AN_AMOUNT}"),
        ("١٢", f"«\u00a0١٢\u00a0» {NOT_AN_AMOUNT}"),
        ("x" * 90, f"«\u00a0{'x' * 60}\u00a0» {NOT_AN_AMOUNT}"),
        ("-5", OUT_OF_BOUNDS),
        (-1, OUT_OF_BOUNDS),
        ("1000000000000,01", OUT_OF_BOUNDS),
        ("9" * 30, OUT_OF_BOUNDS),
        ("9" * 2_000_000, OUT_OF_BOUNDS),  # decimal.Overflow, were it read
        ("-" + "9" * 999_000, OUT_OF_BOUNDS),  # a minute, were it read
        (1.5, "Un montant n’est pas un nombre."),
        (False, "Un montant n’est pas un nombre."),
    ],
)
def test_what_is_no_amount_is_refused_in_words(typed, message):
    with pytest.raises(MalformedAnswer) as raised:
        cents_of(typed)
    assert str(raised.value) == message


def test_totals_are_exact_and_unknown_amounts_count_for_nothing():
    value = budget(line("a", 10), line("b", 20), line("c", None), resources=[line("d", MAX_CENTS)])
    assert budget_totals(value) == {
        "expenses": 30,
        "resources": MAX_CENTS,
        "balance": MAX_CENTS - 30,
    }
