"""Saving a whole page of answers at once, as an ordinary form sends it.

Each changed question is saved by itself: what can be kept is kept, and what can't is said question
by question, with the text still in the page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from worksheets.content import Slot
from worksheets.editing import Saved, Stale, UnknownVersion, find_answer, save_answer
from worksheets.forms import WorksheetForm
from worksheets.merging import both
from worksheets.opinions import OpinionNotYours
from worksheets.sheet import Sheet


@dataclass
class PageSaved:
    """What became of each question that the page sent and that its author changed, by name."""

    saved: dict[str, Saved] = field(default_factory=dict)
    stale: dict[str, Stale] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    too_long: bool = False
    was_normalised: bool = False

    @property
    def status(self) -> int:
        """The HTTP status that says the worst of it; 200 when everything is kept."""
        if self.too_long:
            return 413
        if self.refused:
            return 400
        return 409 if self.stale else 200


def save_page(
    *, sheet: Sheet, form: WorksheetForm, base_versions: dict[str, int], by, keep: str = ""
) -> PageSaved:
    """Saves each question of a bound `form` that differs from what stands.

    `base_versions` are the answers' versions on the page; what others saved since is merged, or
    told. `keep` is how the author settles a contradiction that the page showed: "theirs:<name>"
    or "both:<name>"; else their text replaces the other, unless the button that they pressed was
    about something else: the contradiction is told again then. Raises lifecycle.NotNow if the
    worksheet is not with the team (nothing more is saved then).
    """
    form.full_clean()
    page = _Page(sheet, form, base_versions, keep, by)
    for slot in sheet.content.slots():
        if slot.name in form.sent() and keep != f"theirs:{slot.name}":
            page.save(slot)
    return page.result


UNKNOWN_VERSION = -1


@dataclass
class _Page:
    sheet: Sheet
    form: WorksheetForm
    base_versions: dict[str, int]
    keep: str
    by: Any
    result: PageSaved = field(default_factory=PageSaved)

    def save(self, slot: Slot) -> None:
        name, version = slot.name, self.sheet.surroundings(slot).version
        base = self.base_versions.get(name, UNKNOWN_VERSION) if version else 0
        if error := self.form.errors.as_data().get(name):
            self.result.refused[name] = " ".join(error[0].messages)
            self.result.too_long |= error[0].code == "max_length"
            if base < version or self._is_contradicted(name):
                # Both at once: its author mends it in sight of what somebody else wrote.
                self.result.stale[name] = Stale(self._standing(slot))
            return
        value, standing = self.form.cleaned_data[name], self.sheet.content.value(slot)
        if self.keep == f"both:{name}":
            value = both(slot.question, standing, value) or value
        if value != standing and self._is_contradicted(name) and self._is_elsewhere(name):
            self.result.stale[name] = Stale(self._standing(slot), value)
        elif value != standing or 0 <= base < version:
            self._save(slot, value, base)

    def _save(self, slot, value, base_version):
        try:
            saved = save_answer(
                worksheet=self.sheet.worksheet,
                question=slot.question,
                opportunity_id=self.sheet.opportunity_id(slot),
                value=value,
                base_version=base_version,
                may_record_opinions=self.sheet.access.can_record_opinion,
                by=self.by,
            )
        except Stale as stale:
            self.result.stale[slot.name] = stale
        except UnknownVersion:
            self.result.stale[slot.name] = Stale(self._standing(slot), value)
        except OpinionNotYours as error:
            self.result.refused[slot.name] = str(error)
        else:
            if saved.version != base_version:
                self.result.saved[slot.name] = saved
                self.result.was_normalised |= self.form.was_normalised(slot.name)

    def _is_contradicted(self, name):
        """Whether the page showed another text beside this one."""
        return f"{name}.contradicted" in self.form.data

    def _is_elsewhere(self, name):
        """Whether the button that was pressed was about something else than this contradiction."""
        keeps_another = self.keep and self.keep.partition(":")[2] != name
        return keeps_another or "operate" in self.form.data

    def _standing(self, slot):
        key, opportunity_id = slot.question.key, self.sheet.opportunity_id(slot)
        return find_answer(self.sheet.worksheet, key, opportunity_id)
