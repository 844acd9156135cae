from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.forms.models import model_to_dict

from opportunities.enums import Consent, PersonRole
from opportunities.forms.fields import RequestKey, Shown, Version, day_field, written_field
from opportunities.models import Person
from opportunities.people import FACTS, latest_day
from opportunities.writing import differences, fingerprints


class PersonForm(forms.Form):
    """Who somebody is, and why and until when they may be written down. It touches no person:
    `facts` is what `people` takes."""

    role = forms.ChoiceField(
        label="Rôle",
        choices=[("", "Choisir…"), *PersonRole.choices],
        error_messages={"required": "Dites ce que cette personne est pour l’opportunité."},
    )
    name = written_field(
        Person,
        "name",
        label="Nom",
        required=True,
        error_messages={"required": "Écrivez le nom de cette personne."},
    )
    organisation = written_field(Person, "organisation")
    email = forms.EmailField(
        label="Adresse électronique (facultatif)",
        max_length=Person._meta.get_field("email").max_length,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    phone = written_field(Person, "phone")
    note = written_field(
        Person,
        "note",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Ce qui sert à l’opportunité : la personne peut demander à lire cette note.",
    )
    purpose = written_field(
        Person,
        "purpose",
        label="Pourquoi garder ses coordonnées",
        required=True,
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

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(*self.layout())

    def layout(self):
        return (
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
        )

    @property
    def facts(self):
        return {name: self.cleaned_data[name] for name in FACTS}


class NewPersonForm(PersonForm):
    request_key = RequestKey()

    def layout(self):
        return (*super().layout(), "request_key")


class PersonEditForm(PersonForm):
    version = Version()
    shown = Shown()
    differences = staticmethod(differences)

    def __init__(self, *args, person, **kwargs):
        initial = model_to_dict(person, FACTS) | {
            "version": person.version,
            "shown": fingerprints(person, FACTS),
        }
        super().__init__(*args, initial=initial, **kwargs)

    def layout(self):
        return (*super().layout(), "version", "shown")


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
