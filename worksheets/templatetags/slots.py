"""What stands around one question of a page: its margin, and what became of it when sent."""

from django import template

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
def stale_of(result, slot_name):
    """The editing.Stale of an answer that somebody else changed meanwhile, or None."""
    return result.stale.get(slot_name) if result else None
