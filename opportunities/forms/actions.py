from datetime import UTC, datetime

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms.models import model_to_dict
from django.utils import timezone

from opportunities.detecting import FACTS
from opportunities.enums import ActionKind, ActionState
from opportunities.forms.fields import RequestKey, Shown, Version, written_field
from opportunities.models import DetectionAction
from opportunities.writing import differences, fingerprints

# Beyond, a year was mistyped; far enough, some dates have no hour in Paris that can be stored.
_FIRST, _LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


class MomentField(forms.DateTimeField):
    """A day and an hour in Paris, which must have come once, and once only, on that day."""

    default_error_messages = {
        "imaginary": "Cette heure n’existe pas : ce jour-là, les horloges passent de 2 h à 3 h.",
        "ambiguous": (
            "Cette heure a lieu deux fois : ce jour-là, à 3 h, les horloges reviennent à 2 h. "
            "Choisissez-en une autre."
        ),
    }

    def to_python(self, value):
        try:
            return super().to_python(value)
        except forms.ValidationError as error:
            if error.code != "ambiguous_timezone":
                raise
            code = "imaginary" if _is_skipped(error.params["datetime"]) else "ambiguous"
            raise forms.ValidationError(self.error_messages[code], code=code) from error


def _is_skipped(moment):
    """Whether the clocks of Paris jump over a naive `moment`, which then comes back otherwise."""
    there = moment.replace(tzinfo=timezone.get_current_timezone())
    return there.astimezone(UTC).astimezone(there.tzinfo).replace(tzinfo=None) != moment


def _moment(label, *, required=True):
    refusal = "Vérifiez l’année de cette date."
    return MomentField(
        label=label,
        required=required,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        validators=[MinValueValidator(_FIRST, refusal), MaxValueValidator(_LAST, refusal)],
        error_messages={
            "required": "Dites quand elle commence.",
            "invalid": "Écrivez cette date et cette heure ainsi : 31/12/2026 14:30.",
        },
    )


class ActionForm(forms.Form):
    """The facts of a detection action. It touches no action: `facts` is what `detecting` takes."""

    kind = forms.ChoiceField(
        label="Type d’action",
        choices=[("", "Choisir…"), *ActionKind.choices],
        error_messages={"required": "Choisissez un type d’action."},
    )
    title = written_field(
        DetectionAction,
        "title",
        help_text="Ce que l’on en dira dans votre agenda.",
        error_messages={"required": "Donnez un intitulé à cette action."},
    )
    starts_at = _moment("Début")
    ends_at = _moment("Fin (facultatif)", required=False)
    place = written_field(
        DetectionAction,
        "place",
        help_text="Le rendez-vous : adresse, nom de rue ou de bâtiment.",
    )
    internal_participants = written_field(
        DetectionAction,
        "internal_participants",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="De votre collectivité : une personne ou un service par ligne.",
    )
    external_participants = written_field(
        DetectionAction,
        "external_participants",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Autre collectivité, association, club d’entreprises, habitants : un par ligne.",
    )
    report = written_field(
        DetectionAction,
        "report",
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=(
            "Ce que vous avez vu et entendu, ce que vous en retenez. Il se remplit quand l’action "
            "a eu lieu."
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(*self.layout())

    def layout(self):
        return (
            "kind",
            "title",
            Div("starts_at", "ends_at", css_class="field-pair"),
            "place",
            Div("internal_participants", "external_participants", css_class="field-pair"),
            "report",
        )

    @property
    def facts(self):
        """What is now to be written, by the names of FACTS."""
        return {name: self.cleaned_data[name] for name in FACTS if name in self.fields}


class NewActionForm(ActionForm):
    """Planned, or already held: a team may write down what it did before."""

    state = forms.ChoiceField(
        label="État",
        choices=[
            (ActionState.PLANNED, "Prévue"),
            (ActionState.HELD, "Tenue : elle a déjà eu lieu"),
        ],
        initial=ActionState.PLANNED,
    )
    request_key = RequestKey()

    def layout(self):
        kind, *others = super().layout()
        return (Div(kind, "state", css_class="field-pair"), *others, "request_key")

    @property
    def facts(self):
        return super().facts | {"state": self.cleaned_data["state"]}


class ActionEditForm(ActionForm):
    version = Version()
    shown = Shown()
    differences = staticmethod(differences)

    def __init__(self, *args, action, **kwargs):
        initial = model_to_dict(action, FACTS) | {
            "version": action.version,
            "shown": fingerprints(action, (*FACTS, "state")),
        }
        super().__init__(*args, initial=initial, **kwargs)

    def layout(self):
        return (*super().layout(), "version", "shown")


class HoldForm(ActionEditForm):
    """What is known once an action was held: who came, what came out."""

    kind = title = starts_at = ends_at = place = None

    def layout(self):
        return (
            "report",
            Div("internal_participants", "external_participants", css_class="field-pair"),
            "version",
            "shown",
        )

    @property
    def facts(self):
        return super().facts | {"state": ActionState.HELD}


class ActionVersionForm(forms.Form):
    """Which version of the action its author saw."""

    version = Version()
