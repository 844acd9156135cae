"""People who write in the same worksheet at once, each in a page that shows what it was last given.

A page does what the real one does: it sends the version that it shows, sends again what wasn't
answered, goes on from what it sent (`own`), and asks its author about a conflict.
"""

from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from tests.proofs import typed

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Request:
    """What was sent, to be sent again; `fields` are those that it tells of, as they were then."""

    author: "Writer"
    page: str  # the end of the address: of a question, or "" for the whole page
    body: str
    fields: dict[str, "Field"]

    def send(self):
        return self.author.client.post(
            self.author.address + self.page, self.body, FORM, HTTP_ACCEPT="application/json"
        )


@dataclass
class Field:
    """One question in one page: what stands in it, and what its author knows of the rest."""

    question: Any
    value: Any
    version: int
    is_own: bool = False
    seen: set[str] = field(default_factory=set)
    # What the page showed, or what it sent for `version`: what is added to it is news.
    known: Any = None
    conflict: Any = None  # (version, value) of somebody else, shown beside
    unanswered: Request | None = None

    def copy(self):
        return replace(self, value=deepcopy(self.value), seen=set(self.seen))

    def show(self, version, value):
        """The page takes what stands."""
        self.value, self.known, self.version, self.is_own = deepcopy(value), value, version, False
        self.seen |= typed.words_of(value)
        self.conflict = self.unanswered = None

    def go_on(self, version, sent):
        """It stands merged with what others wrote, which the page doesn't take yet."""
        self.known, self.version, self.is_own = sent, version, True
        self.conflict = self.unanswered = None

    def refuse(self, version, value):
        self.conflict, self.unanswered = (version, value), None
        self.seen |= typed.words_of(value)

    def resolve(self, how):
        """Its author decides: theirs, mine, or both."""
        version, theirs = self.conflict
        mine = self.value
        self.show(version, theirs)
        if how != "theirs":
            self.value = mine if how == "mine" else typed.both(mine, theirs)
            self.value = typed.stored(self.question, self.value)


class Writer:
    """One person in one tab. `typed` are the words that the person typed, in whatever tab."""

    def __init__(self, user, client, address, typed_words):
        self.user, self.client, self.address, self.typed = user, client, address, typed_words
        self.fields: dict[str, Field] = {}

    def open(self, questions, moment):
        """Opens the page, which shows these questions as they stand."""
        for question in questions:
            self.fields[question.key] = Field(question, None, 0)
            self.fields[question.key].show(moment.version(question.key), moment.value(question))

    def edit(self, key, act, place, words):
        written = self.fields[key]
        written.value = typed.edited(written.question, written.value, act, place, words)
        self.typed |= typed.words_of(written.value) - written.seen

    def request(self, key, version=None):
        """What the page sends of one question."""
        return self._request(f"reponses/{key}/", [key], version)

    def whole_page(self):
        """What the ordinary button sends."""
        return self._request("", list(self.fields))

    def _request(self, page, keys, version=None):
        pairs = []
        for key in keys:
            written = self.fields[key]
            pairs.append((f"{key}.version", written.version if version is None else version))
            if written.is_own:
                pairs.append((f"{key}.own", "1"))
            pairs += typed.controls(written.question, written.value)
        fields = {key: self.fields[key].copy() for key in keys}
        return Request(self, page, urlencode(pairs), fields)
