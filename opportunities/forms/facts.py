from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout
from django import forms
from django.db.models import Max, Min, Q
from django.forms.models import model_to_dict
from django.utils.functional import cached_property

from opportunities import kinds
from opportunities.enums import Kind, Nearness, Stage
from opportunities.forms.fields import BLANK, Degrees, RequestKey, Shown, Version, fact_field
from opportunities.forms.layout import KindFacts, PositionField, Section
from opportunities.models import DetectionAction, Opportunity
from opportunities.placing import MAINLAND, are_swapped, beyond_in_words, facts_of_position
from opportunities.tracking import FACTS
from opportunities.wording import in_words, label_of
from opportunities.writing import differing, fingerprints
from territories.models import Commune, District
from territories.situating import is_beyond

# Sent by the button, or by htmx, that only asks for the fields of the chosen kind.
CHOOSE = "choose"


class KindSelect(forms.RadioSelect):
    """Radio buttons that carry the pictogram and the explanation of their kind."""

    def create_option(self, *args, **kwargs):
        option = super().create_option(*args, **kwargs)
        return option | {"kind": Kind(option["value"])}


class OpportunityForm(forms.Form):
    """The facts of an opportunity, those of the chosen kind shown. It touches no opportunity:
    `facts` is what `tracking` takes.

    `opportunity` is the one that is changed, None for a new one. `typed` is what was in the page
    when another kind was chosen: it is shown again, nothing of it is judged. `warning`, once it is
    valid, is what nothing is refused for.
    """

    kind = forms.ChoiceField(
        label="Type d’opportunité",
        choices=Kind.choices,
        widget=KindSelect,
        error_messages={"required": "Choisissez un type d’opportunité."},
    )
    title = fact_field(
        "title",
        required=True,
        help_text="Quelques mots par lesquels votre équipe la reconnaîtra.",
        error_messages={"required": "Donnez un intitulé à cette opportunité."},
    )
    description = fact_field(
        "description",
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Ce que vous avez vu, ce que l’on vous a dit, ce que cela permettrait.",
    )
    theme = fact_field("theme")
    district = forms.ModelChoiceField(
        label="Quartier prioritaire",
        queryset=District.objects.none(),
        required=False,
        empty_label="Hors quartier, ou à préciser",
        help_text="Celui où elle se trouve, ou dont elle est voisine. La position le trouve seule.",
    )
    is_district_confirmed = forms.BooleanField(
        label="Je confirme ce quartier",
        required=False,
        help_text="La plateforme n’en a pas le périmètre : il est proposé par la distance.",
    )
    commune = forms.ModelChoiceField(
        label="Commune", queryset=Commune.objects.none(), required=False, empty_label=BLANK[1]
    )
    place = fact_field("place", help_text="Adresse, nom de rue ou de bâtiment.")
    longitude = Degrees(label="Longitude", limit=180, required=False)
    latitude = Degrees(label="Latitude", limit=90, required=False)
    next_action = fact_field(
        "next_action", help_text="Un verbe et qui : « Appeler le bailleur (Nadia) »."
    )
    next_action_on = fact_field("next_action_on", label="Pour le")
    source = fact_field("source", help_text="Qui l’a signalée, ou le document qui en parle.")
    revealed_by = forms.ModelChoiceField(
        label="Révélée par l’action de repérage",
        queryset=DetectionAction.objects.none(),
        to_field_name="ref",
        required=False,
        empty_label="Aucune, ou à préciser",
    )

    def __init__(self, data=None, *, territory, user, opportunity=None, typed=None, initial=None):
        self.opportunity = opportunity
        self.territory = territory
        self.warning = ""
        self._sent = data if data is not None else (typed or {})
        typed = {name: typed[name] for name in typed} if typed else {}
        super().__init__(data, initial=(initial or {}) | typed)
        self.fields |= {name: fact_field(name) for name in kinds.ALL}
        if opportunity is None or opportunity.nearness != Nearness.LIKELY:
            del self.fields["is_district_confirmed"]
        self._offer_geography(territory.contract_id)
        self._offer_actions(territory, user)

    def _offer_geography(self, contract):
        """The contract's districts, its EPCI's communes, and what is written now: a contract can
        change after an opportunity was placed."""
        written = self.opportunity or Opportunity()
        self.fields["district"].queryset = (
            District.objects.filter(Q(contracts=contract) | Q(pk=written.district_id))
            .distinct()
            .order_by("name", "code")
        )
        self.fields["commune"].queryset = (
            Commune.objects.filter(Q(epci__contracts=contract) | Q(pk=written.commune_id))
            .distinct()
            .order_by("name", "code")
        )

    def _offer_actions(self, territory, user):
        """The territory's actions that `user` may see; no question where there is none."""
        actions = DetectionAction.objects.visible_to(user).filter(territory=territory)
        if actions.exists():
            self.fields["revealed_by"].queryset = actions
        else:
            del self.fields["revealed_by"]

    # What is shown

    @cached_property
    def helper(self):
        """Made when the form is shown: what was refused has a say in it."""
        helper = FormHelper()
        helper.form_tag = False
        helper.layout = Layout(*self.layout())
        return helper

    def layout(self):
        shown = self._shown_facts()
        kept = [name for name in kinds.ALL if name in self._sent and name not in shown]
        return (
            Field("kind", template="opportunities/kind_field.html"),
            "title",
            "description",
            "theme",
            KindFacts(kinds.TITLES.get(self._kind, ""), *shown, kept=kept),
            Section(
                "Le lieu",
                "Quartier, commune, adresse, position",
                "place",
                PositionField(self._frame(), self.territory),
                Div("district", "commune", css_class="field-pair"),
                *self._offered("is_district_confirmed"),
            ),
            Section(
                "La suite",
                "Prochaine action, source",
                Div("next_action", "next_action_on", css_class="field-pair field-pair-date"),
                "source",
                *self._offered("revealed_by"),
                *self.following(),
            ),
        )

    def following(self):
        """What a kind of form adds to its last section."""
        return ()

    def _offered(self, name):
        return [name] if name in self.fields else []

    @property
    def _kind(self):
        return self["kind"].value()

    def _shown_facts(self):
        """Those of the kind, and what was refused of another kind, so that it can be mended."""
        of_kind = kinds.fields_of(self._kind)
        refused = self.errors if self.is_bound else ()
        return [
            *of_kind,
            *[name for name in kinds.ALL if name in refused and name not in of_kind],
        ]

    def _frame(self):
        """Around the districts that are offered."""
        corners = (
            self.fields["district"]
            .queryset.order_by()
            .aggregate(
                west=Min("longitude"),
                south=Min("latitude"),
                east=Max("longitude"),
                north=Max("latitude"),
            )
        )
        frame = [corners[side] for side in ("west", "south", "east", "north")]
        return list(MAINLAND) if None in frame else frame

    def has_something_in(self, name):
        field = self[name]
        return bool(field.errors) or field.value() not in {None, "", field.field.initial}

    # What is to be written

    def clean(self):
        super().clean()
        if {"longitude", "latitude"} <= self.data.keys():
            self._place()

    def _place(self):
        """Judges the position, and finds the district and the commune in which it is."""
        if {"longitude", "latitude"} & self.errors.keys():
            return
        position = self.cleaned_data["longitude"], self.cleaned_data["latitude"]
        if position == (None, None):
            self.cleaned_data["nearness"] = ""
        elif None in position:
            lacking = "longitude" if position[0] is None else "latitude"
            self.add_error(lacking, "Une position a une longitude et une latitude.")
        elif are_swapped(*position):
            self.add_error("longitude", "Elle semble échangée avec la latitude.")
        else:
            self._find_district(*position)

    def _find_district(self, longitude, latitude):
        """What somebody chose or confirmed by hand in this page stays, and so does what stood there
        when the position doesn't move or says nothing."""
        written = self.opportunity or Opportunity()
        is_moved = (longitude, latitude) != (written.longitude, written.latitude)
        if is_moved and is_beyond(self.territory.contract, longitude, latitude):
            self.warning = beyond_in_words(self.territory)
        found = facts_of_position(longitude, latitude)
        is_confirmed = self.cleaned_data.get("is_district_confirmed", False)
        for name in ("district", "commune"):
            before = getattr(written, name)
            chosen = self.cleaned_data.get(name) if name in self.data else before
            is_by_hand = chosen != before or (name == "district" and is_confirmed)
            is_proposed = is_moved and not is_by_hand and found[name] is not None
            self.cleaned_data[name] = found[name] if is_proposed else chosen
        district = self.cleaned_data["district"]
        if not is_moved and not is_confirmed and district == written.district:
            self.cleaned_data["nearness"] = written.nearness
        else:
            is_found = not is_confirmed and district == found["district"]
            self.cleaned_data["nearness"] = found["nearness"] if is_found else ""

    @property
    def facts(self):
        """What is now to be written, by the names of FACTS: what was in the page that was sent, and
        what its position says. The facts of other kinds, which the page didn't show, stay."""
        sent = {name for name in FACTS if name in self.data and name in self.fields}
        if {"longitude", "latitude"} <= sent:
            sent |= {"district", "commune", "nearness"}
        return {name: self.cleaned_data[name] for name in FACTS if name in sent}


class NewOpportunityForm(OpportunityForm):
    """Any stage but the abandoned: a team may bring projects that already have a history."""

    stage = forms.ChoiceField(
        label="Étape",
        choices=[(stage.value, stage.label) for stage in Stage if stage != Stage.ABANDONED],
        initial=Stage.DETECTED,
    )
    request_key = RequestKey()

    def layout(self):
        return (*super().layout(), "request_key")

    def following(self):
        return ("stage",)

    @property
    def facts(self):
        return super().facts | {"stage": self.cleaned_data["stage"]}


class OpportunityEditForm(OpportunityForm):
    version = Version()
    shown = Shown()

    def __init__(self, data=None, *, opportunity, user, typed=None):
        written = model_to_dict(opportunity, FACTS) | {
            "revealed_by": opportunity.revealed_by,
            "version": opportunity.version,
            "shown": fingerprints(opportunity, FACTS),
        }
        super().__init__(
            data,
            territory=opportunity.territory,
            user=user,
            opportunity=opportunity,
            typed=typed,
            initial=written,
        )

    def layout(self):
        return (*super().layout(), "version", "shown")

    @staticmethod
    def differences(opportunity, facts):
        """(label, what is written now, what the form says) for each of the `facts` that differs."""
        return [
            (
                label_of(name),
                *(in_words(name, value) for value in (getattr(opportunity, name), facts[name])),
            )
            for name in differing(opportunity, facts)
        ]
