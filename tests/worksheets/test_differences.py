import time

import pytest

from worksheets.differences import words


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
