"""Three-way merges: what two people wrote apart is all there, what contradicts itself is told."""

import random
import time
import uuid

import pytest

from accounts.wording import MAX_LENGTH
from worksheets.enums import QuestionKind
from worksheets.grids.schema import Choice, Column, Question
from worksheets.kinds import MAX_ROWS
from worksheets.merging import Merged, both, merge
from worksheets.opinions import QUESTION

IDS = [str(uuid.UUID(int=n)) for n in range(MAX_ROWS + 2)]
TEXT = Question("text", QuestionKind.TEXT, "Texte")
LIST = Question("list", QuestionKind.LIST, "Liste")
MARK = Question("mark", QuestionKind.MARK, "Fait")
BUDGET = Question("budget", QuestionKind.BUDGET, "Budget")
CHOICES = Question(
    "choices", QuestionKind.CHOICES, "Choix", choices=(Choice("a", "A"), Choice("b", "B"))
)
TABLE = Question(
    QUESTION,
    QuestionKind.TABLE,
    "Tableau",
    columns=(
        Column("date", "Date", is_date=True),
        Column("opinion", "Avis", choices=(Choice("for", "Pour"), Choice("against", "Contre"))),
        Column("remarks", "Remarques"),
    ),
)


@pytest.mark.parametrize(
    ("ancestor", "standing", "mine", "merged"),
    [
        ("b", "a b", "b c", "a b c"),
        ("un deux trois", "un 2 trois", "un deux 3", "un 2 3"),
        ("un deux trois", "deux trois", "un deux", "deux"),
        ("Ici. Là.", "Ici-même. Là.", "Ici. Là-bas.", "Ici-même. Là-bas."),
        ("un\ndeux\ntrois", "un\n2\ntrois", "un\ndeux\n3", "un\n2\n3"),
        ("un\n\ndeux", "un\n\nmilieu\n\ndeux", "un\n\n2", "un\n\nmilieu\n\n2"),
        ("fin", "fin, et plus", "fin\n\nsuite", "fin, et plus\n\nsuite"),
        ("un", "un ", "un deux", "un deux"),
        ("un deux", "un  deux", "un\ndeux", "un\ndeux"),
    ],
)
def test_what_two_people_write_in_different_places_is_all_there(ancestor, standing, mine, merged):
    assert merge(TEXT, ancestor, standing, mine) == Merged(merged, is_clean=True)


@pytest.mark.parametrize(
    ("ancestor", "standing", "mine", "preferred"),
    [
        ("", "x", "y", "y"),
        ("un", "un deux", "un trois", "un trois"),
        ("un deux", "un 2", "un", "un"),
        ("a x c", "A x 3", "a y C", "A y C"),
        (" a", "x", "y a", "y a"),  # put side by side, they would make one word
    ],
)
def test_what_contradicts_itself_is_mine_there_and_not_clean(ancestor, standing, mine, preferred):
    assert merge(TEXT, ancestor, standing, mine) == Merged(preferred, is_clean=False)


@pytest.mark.parametrize("seed", range(4))
def test_no_new_word_is_missing_from_a_clean_merge(seed):
    chance = random.Random(seed)
    pieces = ["un", "deux", "trois.", "quatre", " ", " ", "\n", "\n\n"]
    count = 0
    for _ in range(500):
        ancestor, standing, mine = (
            "".join(chance.choices(pieces, k=chance.randrange(12))) for _ in range(3)
        )
        merged = merge(TEXT, ancestor, standing, mine)
        old, theirs, ours = (set(side.split()) for side in (ancestor, standing, mine))
        result = set(merged.value.split())
        assert result <= old | theirs | ours
        assert result >= (theirs | ours if merged.is_clean else ours) - old
        count += merged.is_clean
    assert 50 < count < 450


def entry(n, text):
    return {"id": IDS[n], "text": text}


def line(n, label, cents):
    return {"id": IDS[n], "label": label, "cents": cents}


def row(n, date="", opinion="", remarks="", **marks):
    return {
        "id": IDS[n],
        "cells": {"date": date, "opinion": opinion, "remarks": remarks},
        **marks,
    }


def choices(other="", text="", **ticked):
    return {"ticked": ticked, "other": other, "text": text}


A, B, C, D, E = (entry(n, text) for n, text in enumerate(["a", "b", "c", "d", "e"]))
SIGNED = row(9, "2026-10-01", "for", signed_by=7, signed_name="Denis", signed_at="x")


@pytest.mark.parametrize(
    ("question", "ancestor", "standing", "mine", "merged"),
    [
        (LIST, [A], [A, B], [A, C], [A, B, C]),
        (LIST, [A], [B, A], [C, A], [B, C, A]),
        (LIST, [A, B, C], [A, C], [A, B, C, D], [A, C, D]),
        (LIST, [A, B, C], [A, D, B, C], [C, A, B], [C, A, D, B]),
        (LIST, [A, B, C, D, E], [B, A, C, D, E], [A, B, C, E, D], [B, A, C, E, D]),
        (LIST, [A, B], [A | {"text": "a 2"}, B], [B, A], [B, A | {"text": "a 2"}]),
        (LIST, [A], [], [], []),
        (MARK, False, True, False, True),
        (
            CHOICES,
            choices(a="", other="x"),
            choices(a="oui", other="x y"),
            choices(b="non", a="", other="z x"),
            choices(a="oui", b="non", other="z x y"),
        ),
        (
            TABLE,
            [row(0, "2026-10-01", "", "un deux")],
            [row(0, "2026-10-01", "for", "un 2")],
            [row(0, "2026-10-02", "", "1 deux"), row(1, remarks="trois")],
            [row(0, "2026-10-02", "for", "1 2"), row(1, remarks="trois")],
        ),
        (TABLE, [row(0, "2026-10-01", "for")], [row(0, opinion="for")], [row(0, "2026-10-01")], []),
        (TABLE, [row(0, remarks="a")], [row(0, remarks="a"), SIGNED], [row(0)], [SIGNED]),
        (
            BUDGET,
            {"expenses": [line(0, "Études", 100)], "resources": []},
            {"expenses": [line(0, "Études", 200)], "resources": [line(1, "État", None)]},
            {"expenses": [line(0, "Études de sol", 100)], "resources": []},
            {"expenses": [line(0, "Études de sol", 200)], "resources": [line(1, "État", None)]},
        ),
    ],
)
def test_rows_cells_and_choices_are_merged_by_identity(question, ancestor, standing, mine, merged):
    assert merge(question, ancestor, standing, mine) == Merged(merged, is_clean=True)


@pytest.mark.parametrize(
    ("question", "ancestor", "standing", "mine"),
    [
        (LIST, [A, B], [B], [A | {"text": "a 2"}, B]),  # removed by them, changed by me
        (LIST, [A, B], [A | {"text": "a 2"}, B], [B]),
        (LIST, [A, B, C], [B, A, C], [C, A, B]),
        (CHOICES, choices(a=""), choices(), choices(a="oui")),
        (TABLE, [row(0, "2026-10-01")], [row(0, "2026-10-02")], [row(0, "2026-10-03")]),
        (
            BUDGET,
            {"expenses": [line(0, "Études", 100)], "resources": []},
            {"expenses": [line(0, "Études", 200)], "resources": []},
            {"expenses": [line(0, "Études", None)], "resources": []},
        ),
    ],
)
def test_rows_cells_and_choices_that_contradict_each_other(question, ancestor, standing, mine):
    assert merge(question, ancestor, standing, mine) == Merged(mine, is_clean=False)


def test_what_together_is_too_much_is_not_clean():
    halves = "a" * (MAX_LENGTH - 10), "b" * (MAX_LENGTH - 10)
    texts = halves[0] + "\n\nfin", "fin\n\n" + halves[1]
    assert merge(TEXT, "fin", *texts) == Merged(texts[1], is_clean=False)
    rows = [entry(n, "x") for n in range(MAX_ROWS + 1)]
    assert merge(LIST, [], rows[:-1], rows[1:]) == Merged(rows[1:], is_clean=False)


@pytest.mark.parametrize(
    "pieces",
    [("x{n} ", "x{n} y ", "z x{n} "), ("a\n", "a\nb\n", "c\na\n"), ("a b. ", "b a. ", "b. a ")],
    ids=["words", "paragraphs", "sentences"],
)
def test_the_longest_texts_answer_in_bounded_time(pieces):
    """Beyond what may be compared both are kept. The bound is for a slow machine under load."""
    texts = ("".join(piece.format(n=n) for n in range(50_000))[:MAX_LENGTH] for piece in pieces)
    ancestor, standing, mine = texts
    began = time.process_time()
    merged = merge(TEXT, ancestor, standing, mine)
    assert time.process_time() - began < 10
    assert merged == Merged(mine, is_clean=False)


def test_a_long_text_changed_here_and_there_is_merged():
    sentences = [f"La phrase {n} dit ce qu’elle dit." for n in range(2_000)]
    standing = ["Avant.", *sentences[:900], *sentences[905:]]
    mine = [*sentences[:1500], "Au milieu.", *sentences[1501:]]
    expected = ["Avant.", *sentences[:900], *sentences[905:1500], "Au milieu.", *sentences[1501:]]
    merged = merge(TEXT, *(" ".join(side) for side in (sentences, standing, mine)))
    assert merged == Merged(" ".join(expected), is_clean=True)


@pytest.mark.parametrize(
    ("question", "standing", "mine", "kept"),
    [
        (TEXT, "a", "b", "a\n\nb"),
        (TEXT, "a", " ", "a"),
        (TEXT, "a\n\nb", "a\n\nc", "a\n\nb\n\nc"),
        (TEXT, "a\nb", "a", "a\nb"),
        (TEXT, "a\nb\n\nc", "x\nb\n\ny", "a\n\nx\nb\n\nc\n\ny"),
        (TEXT, "a\n\nb", "c\n\nd", "a\n\nb\n\nc\n\nd"),
        (TEXT, "a" * MAX_LENGTH, "b", None),
        (LIST, [A, B], [B, C], [A, B, C]),
        (TABLE, [SIGNED], [row(9, "2026-10-01", "for"), row(1, remarks="x")], None),
        (CHOICES, choices(a="x", other="o"), choices(a="y", b=""), None),
        (MARK, True, False, None),
    ],
)
def test_keeping_both(question, standing, mine, kept):
    if question is CHOICES:
        kept = choices(a="x\n\ny", b="", other="o")
    if question is TABLE:
        mine, kept = [SIGNED, mine[1]], [SIGNED, mine[1]]
    assert both(question, standing, mine) == kept


def test_two_rows_kept_for_one_get_an_identity_each():
    first, second = both(LIST, [A], [A | {"text": "b"}])
    assert (first, second["text"]) == (A, "b")
    assert second["id"] not in IDS
