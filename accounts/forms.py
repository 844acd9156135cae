"""allauth's forms with our labels: plain words, and what password managers recognise."""

from allauth.account import forms as allauth


def _relabel(form, labels):
    for name, label in labels.items():
        form.fields[name].label = label
    for field in form.fields.values():
        # The label is above the field: a placeholder that repeats it would be read twice.
        field.widget.attrs.pop("placeholder", None)


class SignInForm(allauth.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _relabel(self, {"login": "Adresse électronique", "password": "Mot de passe"})
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "autofocus": True}
        self.fields["password"].help_text = ""  # the link to the reset is in the page


class RequestCodeForm(allauth.RequestLoginCodeForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _relabel(self, {"email": "Adresse électronique"})
        self.fields["email"].widget.attrs["autofocus"] = True


class ConfirmCodeForm(allauth.ConfirmLoginCodeForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _relabel(self, {"code": "Code reçu par courriel"})
        self.fields["code"].widget.attrs |= {"autofocus": True, "autocapitalize": "characters"}


class AskResetForm(allauth.ResetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _relabel(self, {"email": "Adresse électronique"})


class _NewPasswordMixin:
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _relabel(self, {"password1": "Nouveau mot de passe", "password2": "Répétez-le"})
        advice = "Douze caractères au moins. Une phrase de quelques mots convient très bien."
        self.fields["password1"].help_text = advice


class ResetPasswordForm(_NewPasswordMixin, allauth.ResetPasswordKeyForm):
    pass


class SetPasswordForm(_NewPasswordMixin, allauth.SetPasswordForm):
    pass


class ChangePasswordForm(_NewPasswordMixin, allauth.ChangePasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _relabel(self, {"oldpassword": "Mot de passe actuel"})
        self.fields["oldpassword"].help_text = ""
