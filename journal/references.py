"""Public references: what addresses and the journal call a thing by, instead of its row number."""

import secrets

# No 0/o, 1/i/l, u: nothing that is misread on paper or spells a word by accident.
_ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"
_LENGTH = 8


def new_reference():
    """Eight random characters (30^8, about 6.6e11 values), such as "7f3kq2mx"."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def is_reference(text):
    """Whether `text` has the form of a reference, of something or of nothing."""
    return len(text) == _LENGTH and set(text) <= set(_ALPHABET)
