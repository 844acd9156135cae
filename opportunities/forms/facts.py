import uuid

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout
from django import forms
from django.db.models import Q
from django.forms.models import model_to_dict
from django.utils.text import capfirst

from accounts.fields import WrittenLine, WrittenText
from opportunities.enums import Kind, Stage
from opportunities.models import Opportunity
from opportunities.tracking import FACTS
from territories.models import Commune, District


class KindSelect(forms.RadioSelect):
    """Radio buttons that carry the pictogram and the explanation of their kind."""

    def create_option(self, *args, **kwargs):
        option = super().create_option(*args, **kwargs)
        return option | {"kind": Kind(option["value"])}


def _limit(name):
    return Opportunity._meta.get_field(name).max_length


class OpportunityForm(forms.Form):
    """The facts of an opportunity. It touches no opportunity: `facts` is what `tracking` takes."""

    kind = forms.ChoiceField(
        label="Type d’opportunité",
        choices=Kind.choices,
        widget=KindSelect,
        error_messages={"required": "Choisissez un type d’opportunité."},
    )
    title = WrittenLine(
        label="Intitulé",
        max_length=_limit("title"),
        help_text="Quelques mots par lesquels votre équipe la reconnaîtra.",
        error_messages={"required": "Donnez un intitulé à cette opportunité."},
    )
    district = forms.ModelChoiceField(
        label="Quartier prioritaire (facultatif)",
        queryset=District.objects.none(),
        required=False,
        empty_label="Hors quartier, ou à préciser",
        help_text="Celui où elle se trouve, ou dont elle est voisine.",
    )
    commune = forms.ModelChoiceField(
        label="Commune (facultatif)",
        queryset=Commune.objects.none(),
        required=False,
        empty_label="À préciser",
    )
    place = WrittenLine(
        label="Lieu (facultatif)",
        max_length=_limit("place"),
        required=False,
        help_text="Adresse, nom de rue ou de bâtiment.",
    )
    description = WrittenText(
        label="Description (facultatif)",
        max_length=_limit("description"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Ce que vous avez vu, ce que l’on vous a dit, ce que cela permettrait.",
    )

    def __init__(self, *args, territory, **kwargs):
        super().__init__(*args, **kwargs)
        self._offer_geography(territory.contract_id)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(*self.layout())

    def _offer_geography(self, contract):
        """The contract's districts, its EPCI's communes, and what is written now: a contract can
        change after an opportunity was placed."""
        self.fields["district"].queryset = (
            District.objects.filter(Q(contracts=contract) | Q(pk=self.initial.get("district")))
            .distinct()
            .order_by("name", "code")
        )
        self.fields["commune"].queryset = (
            Commune.objects.filter(Q(epci__contracts=contract) | Q(pk=self.initial.get("commune")))
            .distinct()
            .order_by("name", "code")
        )

    def layout(self):
        return (
            Field("kind", template="opportunities/kind_field.html"),
            "title",
            "district",
            Div("commune", "place", css_class="field-pair"),
            "description",
        )

    @property
    def facts(self):
        """What is now to be written, by the names of FACTS."""
        return {name: self.cleaned_data[name] for name in FACTS}

    @property
    def was_normalised(self):
        return any(getattr(field, "was_normalised", False) for field in self.fields.values())


class NewOpportunityForm(OpportunityForm):
    """Any stage but the abandoned: a team may bring projects that already have a history."""

    stage = forms.ChoiceField(
        label="Étape",
        choices=[(stage.value, stage.label) for stage in Stage if stage != Stage.ABANDONED],
        initial=Stage.DETECTED,
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def layout(self):
        return (*super().layout(), "stage", "request_key")

    @property
    def facts(self):
        return super().facts | {"stage": self.cleaned_data["stage"]}


class OpportunityEditForm(OpportunityForm):
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, opportunity, **kwargs):
        initial = model_to_dict(opportunity, FACTS) | {"version": opportunity.version}
        super().__init__(*args, initial=initial, territory=opportunity.territory, **kwargs)

    def layout(self):
        return (*super().layout(), "version")

    def differences_from(self, opportunity):
        """(label, what is written now, what this form says) for each fact that differs."""
        return [
            (_label(name), _shown(name, getattr(opportunity, name)), _shown(name, value))
            for name, value in self.facts.items()
            if getattr(opportunity, name) != value
        ]


def _label(name):
    return capfirst(Opportunity._meta.get_field(name).verbose_name)


def _shown(name, value):
    return Kind(value).label if name == "kind" else value or ""
