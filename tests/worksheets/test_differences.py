import time

import pytest

from worksheets.differences import Cell, differences_of, words
from worksheets.document import euros
from worksheets.enums import QuestionKind
from worksheets.grids.schema import Choice, Column, Question


def both_texts(pieces):
    """What the pieces say stood before and stands after."""
    return (
        "".join(text for mark, text in pieces if mark != "+"),
        "".join(text for mark, text in pieces if mark != "-"),
    )


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("", "", []),
        ("Rien.", "Rien.", [("=", "Rien.")]),
        ("", "Deux boutiques.", [("+", "Deux boutiques.")]),
        ("Deux boutiques.", "", [("-", "Deux boutiques.")]),
        (
            "La halle ouvre.\nLe marché ferme lundi.\n",
            "La halle ouvre.\nLe marché ferme mardi.\n",
            [
                ("=", "La halle ouvre.\nLe marché ferme "),
                ("-", "lundi"),
                ("+", "mardi"),
                ("=", ".\n"),
            ],
        ),
        (  # What is added begins after the sentence before it.
            "Deux soirées par mois.",
            "Deux soirées par mois.\nLe bar prête sa cuisine.",
            [("=", "Deux soirées par mois."), ("+", "\nLe bar prête sa cuisine.")],
        ),
        (
            "Trois soirées par mois.",
            "Deux soirées par mois.\nLe bar prête sa cuisine.",
            [
                ("-", "Trois"),
                ("+", "Deux"),
                ("=", " soirées par mois."),
                ("+", "\nLe bar prête sa cuisine."),
            ],
        ),
        (  # Another sentence, not an edited one, though both have a word in common.
            "Le chat noir dort.\nFin",
            "Un chien blanc le suit.\nFin",
            [("-", "Le chat noir dort.\n"), ("+", "Un chien blanc le suit.\n"), ("=", "Fin")],
        ),
        (  # The signs of one emoji stay together.
            "Bravo 👩‍💻 !",
            "Bravo 👩‍🔧 !",
            [("=", "Bravo "), ("-", "👩‍💻"), ("+", "👩‍🔧"), ("=", " !")],
        ),
    ],
)
def test_words_tell_what_was_added_and_removed(before, after, pieces):
    assert words(before, after) == pieces
    assert both_texts(pieces) == (before, after)


def _words(count, vocabulary, between=" "):
    """A long text of `vocabulary` in no evident order."""
    chosen = (vocabulary[pow(5, i, 10_007) % len(vocabulary)] for i in range(count))
    return between.join(chosen)[:100_000]


UNIQUE = [f"u{i}" for i in range(14_000)]
SWAPPED = [UNIQUE[i ^ 1] for i in range(14_000)]
HARD = {
    "one paragraph, other words": (
        _words(30_000, [f"a{i}" for i in range(3000)]),
        _words(30_000, [f"a{i}" for i in range(2999)]),
    ),
    "each word changed places": (" ".join(UNIQUE), " ".join(SWAPPED)),
    "each line changed places": ("\n".join(UNIQUE), "\n".join(SWAPPED)),
    "blank lines": ("\n" * 100_000, "x" + "\n" * 99_998 + "y"),
    "few words": (_words(30_000, ["le", "la", "de"]), _words(30_000, ["le", "la", "et"])),
}


@pytest.mark.parametrize("case", HARD)
def test_words_of_very_long_texts_take_a_bounded_time(case):
    before, after = HARD[case]
    began = time.process_time()
    pieces = words(before, after)
    assert time.process_time() - began < 1
    assert both_texts(pieces) == (before, after)


def test_words_find_the_few_that_changed_in_a_long_text():
    before = _words(15_000, ["Le marché ouvre.", "Deux commerces ferment.", "La ville agit."])
    after = before.replace("ouvre", "reprend", 3)
    changed = [piece for piece in words(before, after) if piece[0] != "="]
    assert changed == [("-", "ouvre"), ("+", "reprend")] * 3


CHOICES = (Choice("public", "public"), Choice("mixed", "mixte"), Choice("private", "privé"))
COLUMNS = (
    Column("date", "Date", is_date=True),
    Column("who", "Qui"),
    Column("opinion", "Avis", choices=CHOICES),
)


def parts_of(kind, before, after, **options):
    question = Question("key", QuestionKind(kind), "Libellé", choices=CHOICES, columns=COLUMNS)
    assert differences_of(question, before, before).parts == ()
    return differences_of(question, before, after, **options).parts


def test_entries_are_told_by_their_identity():
    before = [{"id": id_, "text": f"Entrée {id_}"} for id_ in "abcd"]
    after = [before[3], before[0] | {"text": "Entrée z"}, before[1], {"id": "e", "text": "Neuve"}]
    (part,) = parts_of("list", before, after)
    assert [(line.mark, line.said) for line in part.lines] == [
        ("=", "Entrée déplacée de la place 4 à la place 1"),
        ("=", "Entrée modifiée"),
        ("-", "Entrée retirée"),
        ("+", "Entrée ajoutée"),
    ]
    assert part.lines[1].cells == (Cell("", [("=", "Entrée "), ("-", "a"), ("+", "z")]),)
    assert part.lines[3].cells == (Cell("", [("+", "Neuve")]),)
    assert part.unchanged == 1


def test_many_entries_take_no_longer_than_one_text():
    before, after = (
        [{"id": str(place), "text": f"{place} {_words(100, words)}"} for place in range(300)]
        for words in ("ab", "baa")
    )
    began = time.process_time()
    parts = parts_of("list", before, after)
    assert time.process_time() - began < 1
    assert len(parts[0].lines) == 300


def test_a_table_tells_each_cell_and_who_signed():
    row = {"id": "a", "cells": {"date": "2026-10-01", "who": "Le maire", "opinion": "public"}}
    after = row | {
        "cells": row["cells"] | {"date": "2026-11-02", "opinion": "mixed"},
        "signed_name": "Élodie Petit",
    }
    (part,) = parts_of("table", [row], [after])
    (line,) = part.lines
    assert (line.mark, line.said) == ("=", "Ligne modifiée")
    assert line.cells == (
        Cell("Date", [("-", "1er octobre 2026"), ("+", "2 novembre 2026")]),
        Cell("Qui", [("=", "Le maire")]),
        Cell("Avis", [("-", "public"), ("+", "mixte")]),
        Cell("Avis signé par", [("+", "Élodie Petit")]),
    )


def test_a_budget_tells_lines_totals_and_balance():
    line = {"id": "a", "label": "Travaux", "cents": 1_000_00}
    before = {"expenses": [line], "resources": []}
    parts = parts_of("budget", before, {"expenses": [line | {"cents": None}], "resources": []})
    assert [part.title for part in parts] == [
        "Dépenses",
        "Total des dépenses",
        "Solde (ressources − dépenses)",
    ]
    assert parts[0].lines[0].cells == (
        Cell("Poste", [("=", "Travaux")]),
        Cell("Montant", [("-", euros(1_000_00))]),
    )
    assert parts[2].words == (("-", euros(-1_000_00)), ("+", euros(0)))


def test_choices_tell_what_is_ticked_and_what_is_said_of_it():
    before = {"ticked": {"public": "", "mixed": "une SCIC"}, "other": "", "text": "Peut-être."}
    after = {"ticked": {"mixed": "une SCOP", "private": ""}, "other": "associatif", "text": ""}
    choices, other, text = parts_of("choices", before, after)
    assert [(line.said, line.cells[0].words) for line in choices.lines] == [
        ("Décoché", [("-", "public")]),
        ("Précision modifiée", [("=", "mixte")]),
        ("Coché", [("+", "privé")]),
    ]
    assert choices.lines[1].cells[1] == Cell(
        "Précision", [("=", "une "), ("-", "SCIC"), ("+", "SCOP")]
    )
    assert (other.title, other.words) == ("Autre", (("+", "associatif"),))
    assert (text.title, text.words) == ("Texte", (("-", "Peut-être."),))


def test_a_mark_is_replaced_whole():
    (part,) = parts_of("mark", False, True)
    assert part.words == (("-", "Pas encore fait"), ("+", "Fait"))


def test_long_passages_are_cut_unless_all_is_wanted():
    before = "Un mot. " * 1000
    after = f"{before}Nouveau. {'Suite. ' * 1000}"
    whole = (("=", before), ("+", after[len(before) :]))
    assert parts_of("text", before, after, whole=True)[0].words == whole
    cut, beside, added, more = parts_of("text", before, after)[0].words
    assert cut == ("…", "7\u202f843 caractères inchangés")
    assert (beside[0], added[0]) == ("=", "+")
    assert before.endswith(beside[1])
    assert after[len(before) :].startswith(added[1])
    assert more == ("…", "4\u202f012 caractères ajoutés de plus")
