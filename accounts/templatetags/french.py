"""Dates, hours and quotations as French writes them, with spaces that don't break."""

import re

from django import template
from django.utils import timezone
from django.utils.formats import date_format, number_format

register = template.Library()
NO_BREAK = "\u00a0"


@register.filter
def hour(moment):
    """14 h 32 (Europe/Paris)."""
    local = timezone.localtime(moment)
    return f"{local.hour}{NO_BREAK}h{NO_BREAK}{local:%M}"


@register.filter
def day(value):
    """12 décembre, with the year when it isn't this one; takes a date or a moment."""
    if hasattr(value, "hour"):
        value = timezone.localdate(value)
    is_this_year = value.year == timezone.localdate().year
    text = date_format(value, "j F" if is_this_year else "j F Y")
    text = text.replace("1 ", "1er ", 1) if value.day == 1 else text
    return text.replace(" ", NO_BREAK)


@register.filter
def weekday(value):
    """mardi 24 novembre 2026; takes a date or a moment."""
    if hasattr(value, "hour"):
        value = timezone.localdate(value)
    text = date_format(value, r"l j\e\r F Y" if value.day == 1 else "l j F Y")
    return text.replace(" ", NO_BREAK)


@register.filter
def moment(value):
    """When it happened: "aujourd’hui à 14 h 32", "hier à 9 h 05", "le 3 octobre à 16 h 10"."""
    ago = (timezone.localdate() - timezone.localdate(value)).days
    on = {0: "aujourd’hui", 1: "hier"}.get(ago) or f"le{NO_BREAK}{day(value)}"
    return f"{on} à{NO_BREAK}{hour(value)}"


@register.filter
def due_in(value):
    """How far a due day is: "aujourd’hui", "demain", "dans 20 jours", "en retard de 3 jours"."""
    days = (value - timezone.localdate()).days
    if days < 0:
        return f"en retard de {_days(-days)}"
    return {0: "aujourd’hui", 1: "demain"}.get(days) or f"dans {_days(days)}"


def _days(count):
    return f"{count}{NO_BREAK}jour{plural(count)}"


@register.filter
def quoted(text):
    """« La halle »; what is quoted inside takes the second quotation marks: « La “halle” »."""
    inner = re.sub(r"«\s*", "“", re.sub(r"\s*»", "”", str(text)))
    return f"«{NO_BREAK}{inner}{NO_BREAK}»"


@register.filter
def plural(count, marks="s"):
    """The mark of the plural, which in French begins at two: "0 réponse", "2 réponses". With two,
    `plural:"a,ont"`, the first is the singular's."""
    singular, _, mark = marks.rpartition(",")
    return mark if abs(count) >= 2 else singular


@register.filter
def file_size(octets):
    """How heavy a file is, as Windows counts: "840 octets", "12 ko", "3,4 Mo"."""
    if octets < 1024:
        return f"{octets}{NO_BREAK}octet{plural(octets)}"
    if octets < 1_000_000:
        return f"{round(octets / 1024)}{NO_BREAK}ko"
    return f"{number_format(round(octets / 1024**2, 1), 1)}{NO_BREAK}Mo"
