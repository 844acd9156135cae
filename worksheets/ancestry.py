"""What came before a save that is late: the version that it was written on, what was saved since
and by whom, and whether this very request was answered already."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from accounts.templatetags.french import moment
from worksheets import kinds
from worksheets.grids.schema import Question
from worksheets.merging import Merged, merge
from worksheets.models import Answer, Revision


@dataclass(frozen=True)
class Sent:
    """A request to save: `value`, written by `by` on version `base_version` of the answer. Where
    that version is a merge, and `is_own`, its author hasn't taken it up: the text goes on from what
    they sent themselves."""

    question: Question
    value: Any
    base_version: int
    is_own: bool
    by: Any

    @cached_property
    def fingerprint(self) -> str:
        """By which the same request is known again."""
        parts = [self.by.pk, self.base_version, self.is_own, self.value]
        return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]


class Ancestry:
    """The history of `answer` as far as a late request is concerned. Reads it in two queries."""

    def __init__(self, answer: Answer, sent: Sent):
        self.answer, self.sent = answer, sent
        self.base = self._revision(sent.base_version)
        since = answer.revisions.filter(version__gt=sent.base_version)
        self.since = list(since.select_related("saved_by").defer("value", "sent"))

    def _revision(self, version):
        return self.answer.revisions.filter(version=version).first()

    @property
    def receipt(self) -> Revision | None:
        """The revision that this very request made; None if it is new."""
        made = (r.version for r in self.since if r.fingerprint == self.sent.fingerprint)
        version = next(made, None)
        return self._revision(version) if version else None

    @property
    def ancestor(self) -> Any:
        """What the text goes on from."""
        if self.base is None:
            return kinds.blank(self.sent.question.kind)
        return _written(self.base) if self.sent.is_own else self.base.value

    def merge(self, value: Any) -> tuple[Merged, bool]:
        """`value` merged with what stands, and whether that may be saved. It may if it is clean;
        or if what it contradicts comes from its own author, who knows: from another tab, or sent
        before and answered into the void."""
        standing = self.answer.value
        merged = merge(self.sent.question, self.ancestor, standing, value)
        if merged.is_clean or not self.unseen:
            return merged, True
        # What the page sent before, on the same version, it goes on from, answered or not.
        before = [r.version for r in self._mine if r.base_version == self.sent.base_version]
        if before:
            again = merge(self.sent.question, _written(self._revision(before[-1])), standing, value)
            if again.is_clean:
                return again, True
        return merged, False

    @property
    def _mine(self):
        return [r for r in self.since if r.saved_by_id == self.sent.by.pk]

    @cached_property
    def unseen(self) -> list[Revision]:
        """What others wrote and the author of the request hasn't seen: the last revision of each,
        the latest last."""
        if self.others or not self.sent.is_own:
            return self.others
        # Back through the merges that the page may not have taken up either.
        merges = self.answer.revisions.filter(saved_by=self.sent.by, sent__isnull=False)
        steps = dict(merges.values_list("version", "base_version"))
        start: int | None = self.sent.base_version
        while start in steps:
            start = steps[start]
        since = self.answer.revisions.filter(version__gt=start)
        return self._others_in(since.select_related("saved_by").defer("value", "sent"))

    @cached_property
    def others(self) -> list[Revision]:
        """The last revision of each other person who wrote since, the latest last."""
        return self._others_in(self.since)

    def _others_in(self, revisions: Iterable[Revision]) -> list[Revision]:
        last = {r.saved_by_id: r for r in revisions if r.saved_by_id != self.sent.by.pk}
        return sorted(last.values(), key=lambda revision: revision.version)

    def in_words(self, *, is_clean: bool) -> str:
        """A sentence for the author: what their text was merged with; empty if with nothing new."""
        if not self.since:
            return ""
        if others := self.others:
            names = ", ".join(revision.saved_by.name for revision in others[:-1])
            names += f"{' et ' if names else ''}{others[-1].saved_by.name}"
            wrote = "qu’ont écrit" if len(others) > 1 else "qu’a écrit"
            told = f"Fusionné avec ce {wrote} {names}, {moment(others[-1].saved_at)}."
        else:
            told = (
                f"Fusionné avec ce que vous aviez enregistré {moment(self.since[-1].saved_at)}, "
                "ici, dans un autre onglet ou sur un autre appareil."
            )
        if is_clean:
            return told
        return (
            f"{told} Là où les deux se contredisaient, le dernier envoyé est gardé ; l’autre "
            "est dans l’historique."
        )


def _written(revision):
    """What the author of a revision had before them: not the merge that the server made of it."""
    return revision.value if revision.sent is None else revision.sent
