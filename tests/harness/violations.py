"""What the harness found while a test ran.

Findings are kept rather than raised: Django's templates and handlers swallow some exceptions, and
the live server answers in another thread. `tests.harness.plugin` fails the test at its end.
"""

from contextlib import contextmanager

_found: list[str] = []


def add(finding):
    """Notes one finding; the same one said many times (in a loop of a template) counts once."""
    if finding not in _found:
        _found.append(finding)


def take():
    """The findings so far, which are then forgotten."""
    found = _found[:]
    _found.clear()
    return found


@contextmanager
def expected():
    """For the tests of the harness: a list that holds, after the block, what was found in it."""
    outer = take()
    found: list[str] = []
    try:
        yield found
    finally:
        found.extend(take())
        _found.extend(outer)
