from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.forms.models import model_to_dict

from accounts.fields import WrittenLine, WrittenText
from opportunities.enums import Consent, PersonRole
from opportunities.forms.fields import RequestKey, Version, day_field
from opportunities.models import Person
from opportunities.people import FACTS, latest_day


def _limit(name):
    return Person._meta.get_field(name).max_length


class PersonForm(forms.Form):
    """Who somebody is, and why and until when they may be written down. It touches no person:
    `facts` is what `people` takes."""

    role = forms.ChoiceField(
        label="Rôle",
        choices=[("", "Choisir…"), *PersonRole.choices],
        error_messages={"required": "Dites ce que cette personne est pour l’opportunité."},
    )
    name = WrittenLine(
        label="Nom",
        max_length=_limit("name"),
        error_messages={"required": "Écrivez le nom de cette personne."},
    )
    organisation = WrittenLine(
        label="Structure (facultatif)", max_length=_limit("organisation"), required=False
    )
    email = forms.EmailField(
        label="Adresse électronique (facultatif)",
        max_length=_limit("email"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    phone = WrittenLine(label="Téléphone (facultatif)", max_length=_limit("phone"), required=False)
    note = WrittenText(
        label="Note (facultatif)",
        max_length=_limit("note"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Ce qui sert à l’opportunité : la personne peut demander à lire cette note.",
    )
    purpose = WrittenLine(
        label="Pourquoi garder ses coordonnées",
        max_length=_limit("purpose"),
        initial="La recontacter au sujet de cette opportunité",
        error_messages={"required": "Dites à quoi serviront ces coordonnées."},
    )
    consent = forms.ChoiceField(
        label="Son accord",
        choices=[("", "Choisir…"), *Consent.choices],
        error_messages={"required": "Dites si cette personne a donné son accord."},
    )
    consent_on = day_field(
        label="Accord donné le",
        required=False,
        help_text="À laisser vide s’il est seulement demandé.",
    )
    kept_until = day_field(
        label="À conserver jusqu’au",
        initial=latest_day,
        help_text="Trois ans au plus après le dernier échange. Elle est ensuite anonymisée.",
    )
    request_key = RequestKey()
    version = Version(initial=1)

    def __init__(self, *args, person=None, **kwargs):
        if person is not None:
            kwargs["initial"] = model_to_dict(person, FACTS) | {"version": person.version}
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Div("role", "name", css_class="field-pair"),
            "organisation",
            Div("email", "phone", css_class="field-pair"),
            "note",
            Fieldset(
                "Avec son accord",
                "purpose",
                Div("consent", "consent_on", css_class="field-pair"),
                "kept_until",
            ),
            "request_key",
            "version",
        )

    @property
    def facts(self):
        return {name: self.cleaned_data[name] for name in FACTS}


class ForgetForm(forms.Form):
    """How somebody is forgotten."""

    ANONYMISE, ERASE = "anonymise", "erase"

    way = forms.ChoiceField(
        label="Comment l’oublier",
        choices=[
            (ANONYMISE, "Anonymiser : garder son rôle et les dates, effacer qui elle est"),
            (ERASE, "Effacer : ne rien garder"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez : anonymiser ou effacer."},
    )
