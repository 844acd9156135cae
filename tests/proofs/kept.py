"""What the database keeps of a worksheet at one moment, and what must hold from one to the next."""

import json
from dataclasses import dataclass
from typing import Any, NamedTuple

from tests.proofs.typed import words_of
from worksheets import kinds
from worksheets.models import Answer, Revision, Worksheet


class Kept(NamedTuple):
    """One revision."""

    version: int
    value: Any
    sent: Any
    fingerprint: str
    by: int

    @property
    def texts(self):
        """What it keeps: what it made of the answer, and what its author sent."""
        return [self.value] if self.sent is None else [self.value, self.sent]


class Standing(NamedTuple):
    version: int
    value: Any
    is_blank: bool
    changed_in: int


@dataclass(frozen=True)
class Moment:
    """`answers` and `revisions` are by key of question."""

    change_number: int
    answers: dict[str, Standing]
    revisions: dict[str, list[Kept]]

    @classmethod
    def of(cls, worksheet):
        answers = Answer.objects.filter(worksheet=worksheet).values_list(
            "question", "version", "value", "is_blank", "changed_in"
        )
        revisions: dict[str, list[Kept]] = {}
        for key, *row in (
            Revision.objects.filter(answer__worksheet=worksheet)
            .order_by("answer", "version")
            .values_list("answer__question", "version", "value", "sent", "fingerprint", "saved_by")
        ):
            revisions.setdefault(key, []).append(Kept(*row))
        return cls(
            Worksheet.objects.values_list("change_number", flat=True).get(pk=worksheet.pk),
            {key: Standing(*row) for key, *row in answers},
            revisions,
        )

    @classmethod
    def from_json(cls, text):
        """From that of `dataclasses.asdict`."""
        read = json.loads(text)
        return cls(
            read["change_number"],
            {key: Standing(*row) for key, row in read["answers"].items()},
            {key: [Kept(*row) for row in rows] for key, rows in read["revisions"].items()},
        )

    def version(self, key):
        """0 where nobody answered."""
        return self.answers[key].version if key in self.answers else 0

    def value(self, question):
        found = self.answers.get(question.key)
        return found.value if found else kinds.blank(question.kind)

    def value_at(self, question, version):
        """What the answer was at that version."""
        if version == 0:
            return kinds.blank(question.kind)
        return self.revisions[question.key][version - 1].value

    def history(self, key, since=0):
        """The revisions after the version `since`."""
        return self.revisions.get(key, [])[since:]

    def texts(self, question):
        """All that was ever kept of an answer."""
        kept = [text for revision in self.history(question.key) for text in revision.texts]
        return [kinds.blank(question.kind), *kept]

    def words(self, question):
        return set().union(*map(words_of, self.texts(question)))


def check(before: Moment, after: Moment):
    """What must hold whatever was asked: nothing kept is changed, versions have no gap, the answer
    is its last revision, numbers say what happened."""
    assert after.answers.keys() == after.revisions.keys()
    for key, answer in after.answers.items():
        revisions = after.revisions[key]
        assert [revision.version for revision in revisions] == [*range(1, len(revisions) + 1)], key
        assert (answer.version, answer.value) == (revisions[-1].version, revisions[-1].value), key
        requests = [revision.fingerprint for revision in revisions if revision.fingerprint]
        assert len(set(requests)) == len(requests), f"{key}: one request, two revisions"
        past = before.history(key)
        assert revisions[: len(past)] == past, f"{key}: a revision was changed"
        if len(revisions) == len(past):
            assert answer == before.answers[key], f"{key}: changed without a revision"
        else:
            assert before.change_number < answer.changed_in <= after.change_number, key
    count = sum(len(revisions) for revisions in after.revisions.values())
    grown = count - sum(len(revisions) for revisions in before.revisions.values())
    assert after.change_number - before.change_number == grown
    numbers = [answer.changed_in for answer in after.answers.values()]
    assert len(set(numbers)) == len(numbers), "two answers changed in the same change"
    if grown:
        assert max(numbers) == after.change_number
