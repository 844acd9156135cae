"""What people type, as it is kept: to the letter, save what no screen can show.

The lowest app holds this rule so that every app above keeps texts the same way.
"""

import re

MAX_LENGTH = 100_000  # characters (code points) of one answer or text
NORMALISED = (
    "Des caractères invisibles ou illisibles ont été retirés de votre texte, ou remplacés par "
    "« \N{REPLACEMENT CHARACTER} » ; le reste est intact."
)

_LINE_BREAKS = re.compile("\r\n|\r")
# Vertical tab and form feed are Word's line and page breaks; U+0085 is the mainframe's.
_ODD_BREAKS = re.compile("[\x0b\x0c\x85]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
# Embeddings, overrides and isolates turn around what the page says after the text too. The marks
# that Arabic and Hebrew need (U+200E, U+200F) turn nothing but themselves.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")


class TextTooLong(Exception):
    """A text of more than `limit` characters; the message is for its author."""

    def __init__(self, length, limit=MAX_LENGTH):
        numbers = f"Ce texte compte {length:,} caractères ; {limit:,} au plus sont possibles."
        numbers = numbers.replace(",", "\N{NARROW NO-BREAK SPACE}")
        super().__init__(f"{numbers} Il reste dans la page : raccourcissez-le.")


def normalise(text):
    """`text` with line ends as "\\n" and without what can be neither stored nor shown.

    Returns (text, changed). NUL and other control characters go; those of the range 80-9F, which
    come from Windows-1252 read as Latin-1, become the character that was meant; what turns the
    direction of writing around goes; a lone surrogate becomes U+FFFD. Line ends don't count as a
    change: browsers send them as they like. U+FFFD does: it is what a browser, or Django, already
    made of something that is no character.
    """
    text = _LINE_BREAKS.sub("\n", text)
    kept = _ODD_BREAKS.sub("\n", text)
    kept = _CONTROLS.sub(_meant, kept)
    kept = _TURNS.sub("", kept)
    kept = _LONE_SURROGATES.sub("\N{REPLACEMENT CHARACTER}", kept)
    return kept, kept != text or "\N{REPLACEMENT CHARACTER}" in text


def _meant(match):
    return (
        match.group().encode("latin-1").decode("cp1252", "ignore") if match.group() > "\x7f" else ""
    )


def check_length(text):
    """Raises TextTooLong beyond MAX_LENGTH characters."""
    if len(text) > MAX_LENGTH:
        raise TextTooLong(len(text))
