"""What stands around one question of a page: its margin, and what became of it when sent."""

from django import template

from worksheets import conflicts

register = template.Library()


@register.filter
def margin_of(sheet, slot):
    """The sheet.Margin of one slot."""
    return sheet.surroundings(slot)


@register.filter
def refusal_of(result, slot_name):
    """Why the answer was refused, if it was (`result` is a saving.PageSaved, or None)."""
    return result.refused.get(slot_name, "") if result else ""


@register.filter
def conflict_of(result, row):
    """The conflicts.Conflict about the answer of `row`, a document.Row that shows what stands; None
    if there is none."""
    stale = result.stale.get(row.slot.name) if result else None
    return conflicts.conflict_of(row, stale) if stale else None
