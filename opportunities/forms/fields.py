"""Form fields for the facts of opportunities, made from the columns that hold them: a label, a
limit or a choice is said once, by the model."""

import json
import re
import uuid
from datetime import date

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.text import capfirst

from accounts.fields import WrittenLine, WrittenText
from opportunities.attachments import MAX_AT_ONCE
from opportunities.models import Opportunity
from opportunities.models.facts import YEARS
from opportunities.wording import label_of

BLANK = ("", "À préciser")
# As French separates thousands, and as spreadsheets and telephones do.
_SPACES = re.compile("[\\s\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}'’]")
# Written after a number out of habit, though the label says it already.
_UNIT = re.compile(r"(?:m²|m2|€|euros?)$", re.IGNORECASE)
TOO_LARGE = "Ce nombre est trop grand."
_LARGEST_INTEGER = 2_147_483_647  # of PostgreSQL
_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)


class _FrenchNumber:
    """Mixed into a number's field: "1 200,50", "1200.5" and "1 200,50 €" are one number, shown the
    first way."""

    widget = forms.TextInput

    def __init__(self, **kwargs):
        super().__init__(localize=True, **kwargs)

    def to_python(self, value):
        if isinstance(value, str):
            value = _UNIT.sub("", _SPACES.sub("", value))
        return super().to_python(value)


class FrenchInteger(_FrenchNumber, forms.IntegerField):
    default_error_messages = {"invalid": "Écrivez un nombre entier, par exemple 1 200."}

    def widget_attrs(self, widget):
        return {"inputmode": "numeric", "autocomplete": "off"}


class FrenchDecimal(_FrenchNumber, forms.DecimalField):
    default_error_messages = {
        "invalid": "Écrivez un montant, par exemple 1 200,50.",
        "max_decimal_places": "Deux chiffres au plus après la virgule.",
        "max_digits": TOO_LARGE,
        "max_whole_digits": TOO_LARGE,
    }

    def widget_attrs(self, widget):
        return {"inputmode": "decimal", "autocomplete": "off"}


class Degrees(_FrenchNumber, forms.FloatField):
    """A longitude or a latitude, WGS 84 degrees, from -`limit` to `limit`."""

    default_error_messages = {
        "invalid": "Écrivez des degrés en nombre décimal, par exemple 50,36284."
    }

    def __init__(self, *, limit, **kwargs):
        message = f"Cette valeur est comprise entre -{limit} et {limit} degrés."
        validators = [MinValueValidator(-limit, message), MaxValueValidator(limit, message)]
        super().__init__(validators=validators, **kwargs)

    def widget_attrs(self, widget):
        return {"inputmode": "decimal", "autocomplete": "off"}


class Version(forms.IntegerField):
    """The version of a row that the page showed, sent back with what is written over it."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs):
        super().__init__(min_value=1, max_value=_LARGEST_INTEGER, **kwargs)


class Shown(forms.CharField):
    """What the page showed of each fact, as `writing.fingerprints`. Nothing in it is trusted: what
    it says wrongly is compared in sight of its author."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs):
        super().__init__(required=False, **kwargs)

    def prepare_value(self, value):
        return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))

    def to_python(self, value):
        try:
            shown = json.loads(super().to_python(value))
        except (ValueError, RecursionError):
            return {}
        return shown if isinstance(shown, dict) else {}


class RequestKey(forms.UUIDField):
    """Drawn with the page: what is sent twice from one page is created once."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs):
        super().__init__(initial=uuid.uuid4, **kwargs)


class SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFiles(forms.FileField):
    """At most MAX_AT_ONCE files, as a list. What each of them is, `attachments` judges, empty ones
    and names of any length too."""

    widget = SeveralFilesInput
    default_error_messages = {
        "too_many": (
            f"C’est trop à la fois : {MAX_AT_ONCE} fichiers au plus. Envoyez-les en plusieurs fois."
        )
    }

    def clean(self, data, initial=None):
        if self.required and not data:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if data and len(data) > MAX_AT_ONCE:
            raise forms.ValidationError(self.error_messages["too_many"], code="too_many")
        return data or []


def fact_field(name, **options):
    """The field that asks for the fact `name`, not required unless `options`, those of the form
    field, say so."""
    column = Opportunity._meta.get_field(name)
    options = {"label": label_of(name), "required": False} | options
    if column.choices:
        return forms.ChoiceField(choices=[BLANK, *column.flatchoices], **options)
    if isinstance(column, models.DateField):
        return day_field(**options)
    if isinstance(column, models.DecimalField):
        limits = {"max_digits": column.max_digits, "decimal_places": column.decimal_places}
        return FrenchDecimal(validators=[_not_negative()], **limits, **options)
    if isinstance(column, models.IntegerField):
        is_year = all(limit in column.validators for limit in YEARS)
        return _year(options) if is_year else _count(options)
    return written_field(Opportunity, name, **options)


def written_field(model, name, **options):
    """The field that asks for a text that `model` keeps: optional, and said to be, where it may be
    blank, unless `options` say otherwise."""
    column = model._meta.get_field(name)
    label = capfirst(column.verbose_name)
    options = {
        "label": f"{label} (facultatif)" if column.blank else label,
        "required": not column.blank,
    } | options
    written = WrittenText if isinstance(column, models.TextField) else WrittenLine
    return written(max_length=column.max_length, **options)


def day_field(**options):
    """A day that a spreadsheet and both databases can hold."""
    outside = f"Cette date doit se situer entre {_FIRST_DAY.year} et {_LAST_DAY.year}."
    return forms.DateField(
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        validators=[MinValueValidator(_FIRST_DAY, outside), MaxValueValidator(_LAST_DAY, outside)],
        error_messages={
            "required": "Choisissez une date.",
            "invalid": "Cette date n’existe pas. Écrivez-la ainsi : 31/12/2026.",
        },
        **options,
    )


def _year(options):
    first, last = (validator.limit_value for validator in YEARS)
    outside = f"Cette année doit se situer entre {first} et {last}."
    return forms.IntegerField(
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        validators=[MinValueValidator(first, outside), MaxValueValidator(last, outside)],
        error_messages={"invalid": "Écrivez une année en quatre chiffres, par exemple 1998."},
        **options,
    )


def _count(options):
    validators = [_not_negative(), MaxValueValidator(_LARGEST_INTEGER, TOO_LARGE)]
    return FrenchInteger(validators=validators, **options)


def _not_negative():
    return MinValueValidator(0, "Ce nombre ne peut pas être négatif.")
