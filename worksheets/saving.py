"""Saving a whole page of answers at once, as an ordinary form sends it.

Each changed question is saved by itself: what can be kept is kept, and what can't is said question
by question, with the text still in the page.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Q

from worksheets import kinds
from worksheets.editing import Saved, Stale, find_answer, save_answer
from worksheets.forms import WorksheetForm
from worksheets.models import Revision
from worksheets.opinions import QUESTION, OpinionNotYours, with_signatures
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


def save_page(*, sheet: Sheet, form: WorksheetForm, base_versions: dict[str, int], by) -> PageSaved:
    """Saves each question of a bound `form` that differs from what its author was shown.

    `base_versions` are the answers' versions on the page. An answer that somebody else changed
    meanwhile and that the author left alone stays as it is. Raises lifecycle.NotNow if the
    worksheet is not with the team (nothing more is saved then).
    """
    result = PageSaved()
    form.full_clean()
    shown = _shown(sheet, form, base_versions)
    for slot in sheet.content.slots():
        name = slot.name
        if name not in form.sent():
            continue
        if error := form.errors.as_data().get(name):
            result.refused[name] = " ".join(error[0].messages)
            result.too_long |= error[0].code == "max_length"
            if base_versions.get(name, 0) < sheet.surroundings(slot).version:
                # Both at once: its author mends it in sight of what somebody else wrote.
                result.stale[name] = Stale(_standing(sheet, slot), by)
            continue
        value = form.cleaned_data[name]
        standing = sheet.content.value(slot)
        if slot.question.key == QUESTION:
            value = with_signatures(standing, value)
        if value in (standing, shown.get(name)):
            continue
        try:
            result.saved[name] = save_answer(
                worksheet=sheet.worksheet,
                question=slot.question,
                opportunity_id=sheet.opportunity_id(slot),
                value=value,
                base_version=base_versions.get(name, 0),
                may_record_opinions=sheet.access.can_record_opinion,
                by=by,
            )
        except Stale as stale:
            result.stale[name] = stale
        except OpinionNotYours as error:
            result.refused[name] = str(error)
        else:
            result.was_normalised |= form.was_normalised(name)
    return result


def _standing(sheet, slot):
    return find_answer(sheet.worksheet, slot.question.key, sheet.opportunity_id(slot))


def _shown(sheet, form, base_versions):
    """What the page showed its author, by slot name, where something else stands now: the history
    tells an answer left alone from an answer changed."""
    shown = {}
    behind = Q(pk=None)
    names = {}
    for slot in sheet.content.slots():
        margin = sheet.surroundings(slot)
        base = base_versions.get(slot.name, 0)
        if slot.name in form.sent() and base < margin.version:
            shown[slot.name] = kinds.blank(slot.question.kind)  # unless the page showed an answer
            names[margin.answer_id] = slot.name
            behind |= Q(answer=margin.answer_id, version=base)
    if names:
        revisions = Revision.objects.filter(behind).values_list("answer", "value")
        shown |= {names[answer_id]: value for answer_id, value in revisions}
    return shown
