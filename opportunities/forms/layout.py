"""How crispy lays out the form of an opportunity."""

import json

from crispy_forms.layout import LayoutObject
from crispy_forms.utils import TEMPLATE_PACK
from django.template.loader import render_to_string

from opportunities.placing import beyond_in_words


class Section(LayoutObject):
    """Fields under a title that folds; open where one of them has something to show."""

    template = "opportunities/form_section.html"

    def __init__(self, title, summary, *fields):
        self.title = title
        self.summary = summary
        self.fields = list(fields)

    def render(self, form, context, template_pack=TEMPLATE_PACK, **kwargs):
        names = [pointer.name for pointer in self.get_field_names()]
        section = {
            "title": self.title,
            "summary": self.summary,
            "fields": self.get_rendered_fields(form, context, template_pack, **kwargs),
            "is_open": any(form.has_something_in(name) for name in names),
        }
        return render_to_string(self.template, section)


class KindFacts(LayoutObject):
    """The facts of the chosen kind; `kept` names what was typed for another kind, which stays in
    the page unseen and is saved with the rest."""

    template = "opportunities/kind_facts.html"

    def __init__(self, title, *fields, kept):
        self.title = title
        self.fields = list(fields)
        self.kept = kept

    def render(self, form, context, template_pack=TEMPLATE_PACK, **kwargs):
        facts = {
            "title": self.title,
            "fields": self.get_rendered_fields(form, context, template_pack, **kwargs),
            "kept": [form[name] for name in self.kept],
        }
        return render_to_string(self.template, facts)


class PositionField(LayoutObject):
    """Both coordinates, with the map, the address search and the button that fill them. `frame`
    is what the map shows at first: west, south, east, north. Outside `territory`, a warning."""

    template = "opportunities/position_field.html"

    def __init__(self, frame, territory):
        self.fields = ["longitude", "latitude"]
        self.place = {
            "frame": json.dumps(frame),
            "contract": territory.contract_id,
            "warning": beyond_in_words(territory),
        }

    def render(self, form, context, template_pack=TEMPLATE_PACK, **kwargs):
        fields = {name: form[name] for name in self.fields}
        return render_to_string(self.template, fields | self.place)
