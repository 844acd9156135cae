"""Waiting for what a page does where Playwright's own functions can't."""

from time import monotonic

PATIENCE = 10  # seconds


def until(page, predicate, argument=None):
    """Waits for an asynchronous predicate: `wait_for_function` takes its promise for a yes."""
    deadline = monotonic() + PATIENCE
    while not page.evaluate(predicate, argument):
        assert monotonic() < deadline, predicate
        page.wait_for_timeout(50)
