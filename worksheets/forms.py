"""The worksheet as a form. Its fields and its crispy layout are derived from the document, which
is derived from the grid: nothing here names a question."""

import re
from collections.abc import Container, Mapping

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout, LayoutObject
from crispy_forms.utils import TEMPLATE_PACK
from django import forms
from django.template.loader import render_to_string

from accounts.fields import WrittenText
from accounts.wording import MAX_LENGTH, TextTooLong
from programmes.enums import Step
from worksheets import kinds
from worksheets.document import Part, Row, Section
from worksheets.sheet import Sheet
from worksheets.widgets import WIDGETS


class AnswerField(forms.Field):
    """One answer of any kind; cleans to the stored value (`kinds`).

    A refusal carries the code "malformed" or "max_length". `was_normalised` says, after cleaning,
    whether characters that can't be stored had to go.
    """

    def __init__(self, question, label, *, extra=0):
        widget = WIDGETS[question.kind](question, label, extra)
        super().__init__(required=False, label=label, widget=widget)
        self.question = question
        self.was_normalised = False

    def clean(self, value):
        cleaner = kinds.Cleaner(self.question)
        try:
            cleaned = cleaner.clean(value)
        except kinds.MalformedAnswer as error:
            raise forms.ValidationError(str(error), code="malformed") from error
        except TextTooLong as error:
            raise forms.ValidationError(str(error), code="max_length") from error
        self.was_normalised = cleaner.was_normalised
        return cleaned

    def bound_data(self, data, initial):
        # Rows that don't fit together can't be shown again as they came.
        return initial if data is None else super().bound_data(data, initial)


def widget_of(row: Row, value) -> str:
    """The control where `row` is answered, holding `value`: what a page has in `[data-widget]`."""
    form = forms.Form(initial={row.slot.name: value})
    form.fields[row.slot.name] = AnswerField(row.question, row.label)
    return str(form[row.slot.name])


def whole_number(text: str) -> int | None:
    """The number that a page was given and sends back; None for what it was never given."""
    return int(text) if re.fullmatch("[0-9]{1,18}", text) else None


def version_of(data: Mapping[str, str], name: str) -> int | None:
    """The version of the answer that the page showed, as it sends it; None if that is no number."""
    return whole_number(data.get(f"{name}.version", ""))


class WorksheetForm(forms.Form):
    """Every question of `sheet` that its reader may answer, between those that they only read. A
    question that the data doesn't bring keeps its answer. `extra_rows` gives the name of a field
    that should offer one more row."""

    def __init__(self, sheet: Sheet, data=None, *, extra_rows=""):
        super().__init__(data, initial={}, prefix=None)
        document = sheet.document
        for section in document.sections:
            for row in section.rows:
                if sheet.access.can_answer(row.slot):
                    self._add(document, row, extra=int(row.slot.name == extra_rows))
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True  # the page's own <form> carries it
        self.helper.layout = Layout(
            *(GridSection(section, self.fields) for section in document.sections)
        )

    def _add(self, document, row, extra):
        name = row.slot.name
        field = AnswerField(row.question, row.label, extra=extra)
        self.fields[name] = field
        self.initial[name] = document.content.value(row.slot)
        if self.is_bound and field.widget.value_omitted_from_data(self.data, self.files, name):
            field.disabled = True

    def was_normalised(self, name):
        """Whether the answer to that question lost characters that can't be stored."""
        return self.fields[name].was_normalised

    def sent(self):
        """Names of the questions that the data brings, in the order of the grid."""
        return [name for name, field in self.fields.items() if not field.disabled]


class GridSection(LayoutObject):
    """A block of the grid: heading, then its parts as rows of the paper."""

    template = "worksheets/writing/section.html"

    def __init__(self, section: Section, written: Container[str]):
        self.section = section
        self.fields = [GridPart(part, written) for part in section.parts]

    def render(self, form, context, template_pack=TEMPLATE_PACK, **kwargs):
        rows = self.get_rendered_fields(form, context, template_pack, **kwargs)
        return render_to_string(
            self.template, {"section": self.section, "rows": rows, "page": context["page"]}
        )


class GridPart(LayoutObject):
    """Questions under one heading of the paper, or a single question without one."""

    template = "worksheets/writing/part.html"

    def __init__(self, part: Part, written: Container[str]):
        self.part = part
        self.fields = [
            GridRow(row) if row.slot.name in written else ReadRow(row) for row in part.rows
        ]

    def render(self, form, context, template_pack=TEMPLATE_PACK, **kwargs):
        rows = self.get_rendered_fields(form, context, template_pack, **kwargs)
        return render_to_string(self.template, {"group": self.part.group, "rows": rows})


class GridRow(Field):
    """The question on the left as the paper prints it, the writing surface on the right."""

    template = "worksheets/writing/question.html"

    def __init__(self, row: Row):
        super().__init__(row.slot.name)
        self.row = row

    def render(self, form, context, template_pack=TEMPLATE_PACK, extra_context=None, **kwargs):
        page = context["page"]
        beside = {
            "row": self.row,
            "around": page.surroundings(self.row.slot),
            "passages": page.passages(self.row.slot),
        }
        return super().render(form, context, template_pack, extra_context=beside, **kwargs)


class ReadRow(LayoutObject):
    """A question that is read, not written: its answer follows from the rest, or is not for this
    person to write."""

    def __init__(self, row: Row):
        self.row = row
        self.fields = []

    def render(self, form, context, template_pack=TEMPLATE_PACK, **kwargs):
        shown = {"row": self.row, "page": context["page"], "request": context["request"]}
        margins = not self.row.question.is_derived
        return render_to_string("worksheets/reading/row.html", shown | {"margins": margins})


class OpinionForm(forms.Form):
    """A reader's own opinion on a project."""

    opinion = forms.ChoiceField(label="Votre avis", widget=forms.RadioSelect)
    remarks = WrittenText(label="Remarques (facultatif)", max_length=MAX_LENGTH, required=False)

    def __init__(self, question, data=None):
        super().__init__(data)
        column = next(column for column in question.columns if column.key == "opinion")
        self.fields["opinion"].choices = [(c.key, c.label) for c in column.choices]


class StartForm(forms.Form):
    """Which worksheet to begin, as the button that begins it says."""

    programme = forms.ModelChoiceField(
        None, to_field_name="ref", error_messages={"required": "Dites dans quelle formation."}
    )
    step = forms.ChoiceField(
        choices=Step,
        error_messages={
            "required": "Dites quelle fiche commencer.",
            "invalid_choice": "Cette étape n’existe pas.",
        },
    )
    opportunity = forms.ModelChoiceField(None, to_field_name="ref", required=False)

    def __init__(self, data, *, programmes, opportunities):
        super().__init__(data)
        self.fields["programme"].queryset = programmes
        self.fields["opportunity"].queryset = opportunities

    def names_unknown(self):
        """Whether the programme or the opportunity named isn't one of those that may be."""
        return any(
            error.code == "invalid_choice"
            for field in ("programme", "opportunity")
            for error in self.errors.as_data().get(field, [])
        )


class OpportunitiesForm(forms.Form):
    """The one, two or three opportunities of a step 1 worksheet, each place a list of those of
    the territory. `seen` keeps which were chosen when the page was shown."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    first = forms.ChoiceField(
        label="Première opportunité",
        error_messages={"required": "Choisissez au moins une opportunité."},
    )
    second = forms.ChoiceField(label="Deuxième opportunité (facultatif)", required=False)
    third = forms.ChoiceField(label="Troisième opportunité (facultatif)", required=False)
    PLACES = ("first", "second", "third")

    def __init__(self, data=None, *, opportunities, chosen, wanted):
        """`opportunities` are those of the territory, `chosen` the references of those that the
        worksheet tells of, `wanted` those that the page proposes."""
        proposed = dict(zip(self.PLACES, wanted, strict=False))
        super().__init__(data, initial={**proposed, "seen": " ".join(chosen)})
        self.by_ref = {opportunity.ref: opportunity for opportunity in opportunities}
        choices = [
            (o.ref, " – ".join(filter(None, [o.title, o.get_kind_display(), o.place_in_words])))
            for o in opportunities
        ]
        for name in self.PLACES:
            field = self.fields[name]
            field.choices = [("", "Aucune" if name != "first" else "À choisir"), *choices]
            field.error_messages["invalid_choice"] = (
                "Cette opportunité n’existe pas, ou n’est pas de ce territoire."
            )

    def clean(self):
        refs = [self.cleaned_data.get(name) for name in self.PLACES]
        for position, name in enumerate(self.PLACES):
            if refs[position] and refs[position] in refs[:position]:
                self.add_error(name, "Cette opportunité est déjà choisie ci-dessus.")

    @property
    def opportunities(self):
        """What was chosen, in order, once the form is valid."""
        refs = [self.cleaned_data[name] for name in self.PLACES]
        return [self.by_ref[ref] for ref in refs if ref]

    @property
    def seen_refs(self):
        return self.cleaned_data["seen"].split()
