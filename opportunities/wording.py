"""The facts of an opportunity in words: what pages, cards and comparisons say of them."""

import re
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.text import capfirst

from accounts.templatetags.french import day, due_in, moment, plural
from opportunities import kinds
from opportunities.enums import Stage
from opportunities.models import Opportunity

NO_BREAK = "\N{NO-BREAK SPACE}"
_UNIT = re.compile(r" \((?P<unit>.+)\)$")
# Where the unit is not all there is to say.
_FIGURES = {
    "area_sought": "cherche {words}",
    "jobs": "{words} emploi{plural}",
    "members": "{words} membre{plural}",
}
# Days without a change after which an opportunity is asleep.
QUIET_DAYS = 30
_OVER = {Stage.LAUNCHED, Stage.ABANDONED}


@dataclass(frozen=True)
class Freshness:
    """What is next for an opportunity, or since when nothing is; `icon` is a bootstrap icon."""

    icon: str
    words: str
    is_late: bool = False


def label_of(name):
    """As a form asks for it, unit included: "Surface du terrain (m²)"."""
    return capfirst(_column(name).verbose_name)


def in_words(name, value):
    """The value of a fact as one reads it ("3 200 m²", "12 décembre 2026", the label of a
    choice); empty for what isn't known."""
    if value is None or value == "":
        return ""
    field = _column(name)
    if field.choices:
        return dict(field.flatchoices).get(value, value)
    if isinstance(field, models.DateField):
        return day(value)
    if isinstance(field, models.IntegerField | models.DecimalField | models.FloatField):
        return _measured(field, value)
    return str(value)


def known_facts(opportunity):
    """(label, words) of each fact of its kind that is known."""
    facts = ((name, getattr(opportunity, name)) for name in kinds.fields_of(opportunity.kind))
    return [(_bare_label(name), in_words(name, value)) for name, value in facts if _is_known(value)]


def unknown_facts(opportunity):
    """Labels of the facts of its kind that nobody has written yet."""
    names = kinds.fields_of(opportunity.kind)
    return [_bare_label(name) for name in names if not _is_known(getattr(opportunity, name))]


def main_figure(opportunity):
    """The figure that tells most of it: "3 200 m²", "45 emplois"; empty if not known."""
    for name in kinds.FIGURES[opportunity.kind]:
        value = getattr(opportunity, name)
        if _is_known(value):
            sentence = _FIGURES.get(name, "{words}")
            return sentence.format(words=in_words(name, value), plural=plural(value)).replace(
                " ", NO_BREAK
            )
    return ""


def freshness(opportunity):
    """The next action, late or to come; without a day for it, how long ago something was done."""
    action = opportunity.next_action or "Prochaine action"
    due_on = opportunity.next_action_on
    today, is_over = timezone.localdate(), opportunity.stage in _OVER
    if due_on and due_on >= today:
        return Freshness("calendar-event", f"{action}, le{NO_BREAK}{day(due_on)}")
    if due_on and not is_over:
        return Freshness("exclamation-circle", f"{action}, {due_in(due_on)}", is_late=True)
    days = (today - timezone.localdate(opportunity.updated_at)).days
    if days >= QUIET_DAYS and not is_over:
        words = f"Aucune action depuis {days}{NO_BREAK}jours"
        return Freshness("hourglass-split", words, is_late=True)
    if opportunity.next_action:
        return Freshness("arrow-right-circle", action)
    return Freshness("clock-history", f"Mise à jour {moment(opportunity.updated_at)}")


def _column(name) -> Any:  # a relation from elsewhere, for mypy, which none of FACTS is
    return Opportunity._meta.get_field(name)


def _is_known(value):
    return value is not None and value != ""


def _bare_label(name):
    return _UNIT.sub("", label_of(name))


def _measured(field, value):
    is_year = field.name.endswith("_year")  # 1 987 is no year
    is_whole = isinstance(field, models.DecimalField) and value == int(value)
    number = str(value) if is_year else number_format(value, 0 if is_whole else None)
    unit = _UNIT.search(field.verbose_name)
    return f"{number}{NO_BREAK}{unit['unit']}" if unit else number
