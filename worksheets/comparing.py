"""Two versions of a worksheet side by side: what was submitted, what is written now, and what was
written at any moment before, rebuilt from the revisions."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from accounts.templatetags.french import moment
from journal.models import Entry
from opportunities.models import Opportunity
from worksheets import kinds
from worksheets.access import Access
from worksheets.content import Content, Slot, Subject
from worksheets.differences import Difference, abridged, differences_of, words
from worksheets.document import Row, document_of
from worksheets.histories import sittings_in
from worksheets.models import Revision, Submission, slot_name
from worksheets.reviewing import DECISIONS
from worksheets.sheet import Sheet

NOW = "maintenant"
_SUBMITTED = re.compile(r"version-([1-9][0-9]{0,4})")
MAX_SITTINGS = 100  # offered in the form, the latest; the others are reached from the history


class CannotCompare(Exception):
    """An address that doesn't name two versions of this worksheet; the message says why.
    `is_malformed` tells nonsense from what doesn't exist, or isn't for this person."""

    def __init__(self, message: str, *, is_malformed: bool):
        super().__init__(message)
        self.is_malformed = is_malformed


@dataclass(frozen=True)
class Version:
    """What one can compare: `key` is its name in addresses ("version-2", "maintenant", a moment
    such as "2026-11-23T14:05:06.123456Z"), `label` its name for the reader."""

    key: str
    label: str


def key_of_moment(at: datetime) -> str:
    """What addresses call a moment: in UTC, to the microsecond, as revisions are dated."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def key_of_submission(number: int) -> str:
    return f"version-{number}"


def just_before(at: datetime) -> datetime:
    """The last moment before `at` that a revision can have."""
    return at - timedelta(microseconds=1)


@dataclass(frozen=True)
class Versions:
    """The versions of one worksheet that one person may compare: all of them for who reads the
    draft, else those submitted."""

    access: Access

    @cached_property
    def submitted(self) -> list[Version]:
        """Newest first."""
        submissions = self.access.worksheet.submissions.order_by("-number")
        return [
            Version(key_of_submission(number), f"Version {number}, transmise {moment(at)}")
            for number, at in submissions.values_list("number", "submitted_at")
        ]

    @cached_property
    def of_sittings(self) -> list[Version]:
        """The end of each sitting, newest first."""
        if not self.access.sees_draft:
            return []
        found = sittings_in(self.access.worksheet, self.access.sees_about)[-MAX_SITTINGS:]
        return [
            Version(key_of_moment(sitting.ended_at), f"{moment(sitting.ended_at)}, {sitting.by}")
            for sitting in reversed(found)
        ]

    @property
    def now(self) -> list[Version]:
        return [Version(NOW, "Maintenant")] if self.access.sees_draft else []

    @property
    def last_two(self) -> tuple[Version | None, Version | None]:
        """What one most likely wants to compare: what is newest, with the submission or else the
        sitting before it. The first is None where there is but one version."""
        # What the last sitting left is what stands now.
        before = self.submitted or self.of_sittings[1:]
        if self.now:
            return (before[0] if before else None), self.now[0]
        return (before[1] if len(before) > 1 else None), before[0]

    def choices(self, *chosen: Version | None) -> list[tuple[str, list[Version]]]:
        """All that the form offers, in titled groups; `chosen` are there, whatever moment they
        are of."""
        groups = [
            ("Aujourd’hui", self.now),
            ("Versions transmises", self.submitted),
            ("Fin d’une séance d’écriture", self.of_sittings),
        ]
        offered = [version for _, group in groups for version in group]
        others = [version for version in chosen if version and version not in offered]
        return [(title, group) for title, group in [*groups, ("Autre moment", others)] if group]

    def asked(self, before: str, after: str) -> tuple[Version | None, Version | None]:
        """The versions of these two keys; of two empty ones, the last two. Raises
        CannotCompare."""
        if not before and not after:
            return self.last_two
        if before == after:
            raise CannotCompare("Choisissez deux versions différentes.", is_malformed=True)
        return self._named(before), self._named(after)

    def _named(self, key: str) -> Version:
        for version in [*self.now, *self.submitted, *self.of_sittings]:
            if version.key == key:
                return version
        if key == NOW:
            raise CannotCompare(
                "Vous lisez les versions transmises de cette fiche, pas ce qui s’y écrit.",
                is_malformed=False,
            )
        if number := _SUBMITTED.fullmatch(key):
            raise CannotCompare(f"Cette fiche n’a pas de version {number[1]}.", is_malformed=False)
        at = _moment_of(key)
        worksheet = self.access.worksheet
        is_of_worksheet = just_before(worksheet.created_at) <= at <= timezone.now()
        if not (self.access.sees_draft and is_of_worksheet):
            raise CannotCompare(
                "Cette fiche n’a pas de version de ce moment-là.", is_malformed=False
            )
        return Version(key, moment(at))

    def content_of(self, version: Version) -> Content:
        """What `version` says, narrowed to what the person may see. At most four queries."""
        worksheet = self.access.worksheet
        if version.key == NOW:
            return self.access.draft_part(Content.of(worksheet))
        if number := _SUBMITTED.fullmatch(version.key):
            submission = Submission.objects.get(worksheet=worksheet, number=int(number[1]))
            frozen = Content.from_json(worksheet.grid, submission.content)
            return self.access.submitted_part(frozen)
        return self.access.draft_part(content_at(worksheet, _moment_of(version.key)))


def _moment_of(key):
    try:
        at = datetime.fromisoformat(key)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise CannotCompare(
            "Cette adresse ne désigne aucune version de la fiche : choisissez-en deux ci-dessous.",
            is_malformed=True,
        )
    return at


def content_at(worksheet, at: datetime) -> Content:
    """What the worksheet said at a moment, rebuilt from the revisions. Four queries at most.

    The facts of its opportunities (title, stage…) are those of today: only a submission freezes
    them.
    """
    revisions = Revision.objects.filter(answer=OuterRef("pk"), saved_at__lte=at)
    latest = revisions.order_by("-version").values("value")[:1]
    answers = worksheet.answers.annotate(then=Subquery(latest))
    rows = answers.values_list("question", "opportunity__ref", "then")
    written = {slot_name(key, ref): value for key, ref, value in rows if value is not None}
    content = replace(Content.of(worksheet), answers=written)
    chosen = _chosen_at(worksheet, at)
    return content if chosen is None else replace(content, opportunities=chosen)


def _chosen_at(worksheet, at):
    """The subjects that a step 1 worksheet told of at a moment, as the journal kept them; None
    where it kept no choice at all. What is deleted since is in nobody's sight."""
    entries = Entry.objects.filter(
        target=worksheet.target, verb="worksheet.opportunities_chosen", data__has_key="refs"
    )
    choices = list(entries.order_by("at", "pk").values_list("at", "data"))
    if not choices:
        return None
    before: list[list[str]] = [data["refs"] for chosen_at, data in choices if chosen_at <= at]
    refs = before[-1] if before else []
    kept = Opportunity.objects.filter(ref__in=refs, deleted_at=None)
    found = kept.select_related("district", "commune")
    by_ref = {opportunity.ref: Subject.of(opportunity) for opportunity in found}
    return tuple(by_ref[ref] for ref in refs if ref in by_ref)


@dataclass(frozen=True)
class Compared:
    """One question in both versions; `row` shows the answer of the later one."""

    row: Row
    label: str
    difference: Difference

    @property
    def has_changed(self) -> bool:
        return bool(self.difference.parts)


@dataclass(frozen=True)
class Section:
    """A block of the grid, or its repetition for one opportunity; `note` says whether that
    opportunity is in one version only, `facts` (label, words) what changed in what it is."""

    anchor: str
    title: str
    note: str
    facts: tuple[tuple[str, tuple], ...]
    compared: tuple[Compared, ...]

    @property
    def has_changed(self) -> bool:
        return bool(self.note or self.facts) or any(one.has_changed for one in self.compared)


_FACTS = {
    "title": "Intitulé",
    "kind_in_words": "Type",
    "place": "Lieu",
    "stage": "Étape",
    "description": "Description",
}


def compare(before: Content, after: Content, *, whole=False) -> list[Section]:
    """Every section of the grid, each question with its difference; opportunities of `after`
    first, then those that only `before` told of. Long passages are cut short unless `whole`."""
    known = {subject.ref for subject in after.opportunities}
    gone = tuple(subject for subject in before.opportunities if subject.ref not in known)
    both = replace(after, opportunities=after.opportunities + gone)
    sections = []
    for section in document_of(both).sections:
        compared = []
        for part in section.parts:
            for row in part.rows:
                values = [_value_in(content, row.slot) for content in (before, after)]
                difference = differences_of(row.question, *values, whole=whole)
                label = part.group.name_of(row.question)
                horizon = str(after.horizon)
                compared.append(Compared(row, label.replace("{horizon}", horizon), difference))
        note, facts = _about(before, after, section.subject)
        sections.append(
            Section(
                anchor=section.anchor,
                title=section.subject.title if section.subject else section.title,
                note=note,
                facts=facts,
                compared=tuple(compared),
            )
        )
    return sections


def _value_in(content, slot: Slot) -> Any:
    """Blank where the version doesn't tell of the opportunity, though an answer may be kept."""
    refs = {subject.ref for subject in content.opportunities}
    if slot.subject and slot.subject.ref not in refs:
        return kinds.blank(slot.question.kind)
    return content.value(slot)


def _about(before, after, subject):
    """Whether an opportunity is in both versions, and which of its facts differ."""
    if subject is None:
        was, now = before.about, after.about
    else:
        was, now = (
            next((one for one in content.opportunities if one.ref == subject.ref), None)
            for content in (before, after)
        )
    if was is None and now is None:
        return "", ()
    if was is None:
        return "Opportunité ajoutée à la fiche", ()
    if now is None:
        return "Opportunité retirée de la fiche", ()
    facts = ((name, getattr(was, name), getattr(now, name)) for name in _FACTS)
    return "", tuple(
        (_FACTS[name], tuple(abridged(words(old, new)))) for name, old, new in facts if old != new
    )


@dataclass(frozen=True)
class SinceReview:
    """What the team changed in answer to a review: `differences` are those that differ, by slot
    name; `key` and `key_now` name the version reviewed then and that of now."""

    number: int
    at: datetime
    by: str
    is_own: bool
    differences: dict[str, Difference]
    key_now: str

    @property
    def key(self) -> str:
        return key_of_submission(self.number)

    @property
    def changed_count(self) -> int:
        return len(self.differences)


def since_review(sheet: Sheet) -> SinceReview | None:
    """What changed since the person's own last decision about an earlier version, or else since
    anybody's; None at the first review. Two queries."""
    worksheet, now = sheet.worksheet, sheet.submissions[-1].number
    decisions = worksheet.transitions.filter(verb__in=DECISIONS, submission__number__lt=now)
    rows = decisions.values_list("submission__number", "at", "by", "by__name")
    user = sheet.access.user
    last = max(rows, key=lambda row: (row[2] == user.pk, row[1]), default=None)
    if last is None:
        return None
    number, at, by, name = last
    frozen = worksheet.submissions.values_list("content", flat=True).get(number=number)
    before = Content.from_json(worksheet.grid, frozen)
    return SinceReview(
        number=number,
        at=at,
        by=name,
        is_own=by == user.pk,
        differences={
            one.row.slot.name: one.difference
            for section in compare(before, sheet.content)
            for one in section.compared
            if one.has_changed
        },
        key_now=key_of_submission(now),
    )
