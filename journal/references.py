"""Public references: what addresses and the journal call a thing by, instead of its row number."""

import secrets

# No 0/o, 1/i/l, u: nothing that is misread on paper or spells a word by accident.
_ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"
_LENGTH = 8


def new_reference():
    """Eight random characters (30^8, about 6.6e11 values), such as "7f3kq2mx". Beside 100,000 rows
    it is taken already once in 6 million: a single row isn't worth a second try."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def free_references(model, count):
    """A set of `count` references that no row of `model` bears. Of 50,000 rows written at once
    beside as many, one would be taken already in 1 case out of 170, and all of them refused."""
    free: set[str] = set()
    while len(free) < count:
        drawn = {new_reference() for _ in range(count - len(free))}
        taken = model.objects.filter(ref__in=drawn).values_list("ref", flat=True)
        free |= drawn.difference(taken)
    return free


def is_reference(text):
    """Whether `text` has the form of a reference, of something or of nothing."""
    return len(text) == _LENGTH and set(text) <= set(_ALPHABET)
