from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.urls import reverse


class InvitationOnlyAdapter(DefaultAccountAdapter):
    """Accounts come by invitation: nobody signs up alone. Says its refusals in our words."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": (
            "L’adresse ou le mot de passe ne convient pas. Vérifiez-les, ou demandez un code "
            "de connexion par courriel."
        ),
        "too_many_login_attempts": (
            "Trop d’essais sans succès. Attendez cinq minutes, ou demandez un code de connexion "
            "par courriel."
        ),
        "incorrect_code": "Ce code ne convient pas. Recopiez le dernier code reçu.",
        "enter_current_password": "Ce n’est pas votre mot de passe actuel.",
    }

    def is_open_for_signup(self, request):
        return False

    def get_reset_password_from_key_url(self, key):
        """Begins with the public address, like each link in a message: the host that a request
        names is the word of whoever sent it."""
        link = urlsplit(super().get_reset_password_from_key_url(key))
        return f"{settings.SITE_URL}{link.path}"

    def get_password_change_redirect_url(self, request):
        return reverse("home")
