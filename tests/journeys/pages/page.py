from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

VISITOR = ""
TEAM = "CU de Dunkerque"


def _stay(page, cast):
    """Nothing to do: the page is in its state as it comes."""


@dataclass(frozen=True)
class Page:
    who: str
    route: str
    state: Callable
    title: str
    act: Callable = _stay
    query: str = ""

    def __str__(self):
        names = [self.who or "visitor", self.route, self.state.__name__]
        if self.act is not _stay:
            names.append(self.act.__name__)
        return " ".join([*names, self.query]).strip()

    def open(self, cast):
        """Makes the state; returns the address."""
        return reverse(self.route, args=self.state(cast)) + self.query
