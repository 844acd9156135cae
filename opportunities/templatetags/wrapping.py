"""Where a line may be cut."""

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe

register = template.Library()


@register.filter
def breakable(text):
    """A line may end after a slash: « Créateur/développeur » in a narrow tile."""
    return mark_safe(conditional_escape(text).replace("/", "/<wbr>"))  # noqa: S308  escaped first
