from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils import timezone

from accounts.fields import WrittenLine
from accounts.models import User
from territories.enums import TEAM_ROLES, Role
from territories.models import Invitation


def _explained(roles):
    """Choices that say what each role allows."""
    return [(role.value, f"{role.label.capitalize()} : {role.summary}") for role in roles]


class InvitationForm(forms.Form):
    """An address and one of the `roles` that the reader may offer."""

    email = forms.EmailField(
        label="Adresse électronique",
        max_length=Invitation._meta.get_field("email").max_length,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(label="Rôle", widget=forms.RadioSelect)

    def __init__(self, *args, roles, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = _explained(roles)
        self.fields["role"].initial = Role.CONTRIBUTOR if len(roles) > 1 else Role.LEAD


class RoleForm(forms.Form):
    """A role of a member and the last day of it."""

    role = forms.ChoiceField(label="Rôle", choices=_explained(TEAM_ROLES), widget=forms.RadioSelect)
    until = forms.DateField(
        label="Jusqu’au (facultatif)",
        required=False,
        help_text="Le dernier jour où cette personne a accès au travail du territoire.",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def clean_until(self):
        until = self.cleaned_data["until"]
        if until is not None and until < timezone.localdate():
            raise forms.ValidationError("Ce jour est passé : retirez plutôt cette personne.")
        return until

    def clean(self):
        if self.cleaned_data.get("role") == Role.LEAD and self.cleaned_data.get("until"):
            self.add_error("until", "Le rôle de référent n’a pas de date de fin.")


class AccountForm(forms.Form):
    """The name and password of whoever was invited to `email`."""

    name = WrittenLine(
        label="Prénom et nom",
        max_length=User._meta.get_field("name").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Écrivez votre nom en toutes lettres."},
    )
    password = forms.CharField(
        label="Mot de passe",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="Douze caractères au moins. Une phrase de quelques mots convient très bien.",
    )

    def __init__(self, *args, email, **kwargs):
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())

    def clean(self):
        # The password may not resemble the name nor the address: both must be known.
        password = self.cleaned_data.get("password")
        if password:
            user = User(email=self.email, name=self.cleaned_data.get("name", ""))
            try:
                validate_password(password, user)
            except forms.ValidationError as error:
                self.add_error("password", error)
