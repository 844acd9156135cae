"""Before signing in, and the account."""

from uuid import uuid4

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from accounts import demo
from territories.enums import Role
from territories.invitations import link_token
from territories.models import Invitation
from tests.journeys.states.words import ENDLESS_WORD, MAIL


def nothing(cast):
    return ()


def create_invitation(cast, email=None, **fields):
    return Invitation.objects.create(
        territory=cast.territory,
        email=email or f"{uuid4().hex}@tests.example",
        role=Role.CONTRIBUTOR,
        invited_by=cast.lead,
        **fields,
    )


def invitation(cast):
    return (link_token(create_invitation(cast)),)


def invitation_of_somebody(cast):
    return (link_token(create_invitation(cast, email=cast.outsider.email)),)


def expired_invitation(cast):
    long_ago = timezone.now() - 2 * Invitation.LIFETIME
    with cast.monkeypatch.context() as patch:
        patch.setattr(signing.time, "time", long_ago.timestamp)
        return (link_token(create_invitation(cast)),)


def used_invitation(cast):
    return (link_token(create_invitation(cast, accepted_at=timezone.now(), accepted_by=cast.lead)),)


def unknown_link(cast):
    return ("rien.rien.rien",)


def password_link(cast):
    return (user_pk_to_url_str(cast.lead), default_token_generator.make_token(cast.lead))


def dead_password_link(cast):
    return (user_pk_to_url_str(cast.lead), "1-1")


def no_password(cast):
    cast.lead.set_unusable_password()
    cast.lead.save()
    return ()


def demonstration(cast):
    """The pages of a demonstration, which shows the messages that it would have sent."""
    cast.settings.DEMO = True
    cast.settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    cast.settings.EMAIL_FILE_PATH = cast.folder / "courriels"
    return ()


def sent_mail(cast):
    demonstration(cast)
    message = EmailMultiAlternatives(MAIL, f"Voir {ENDLESS_WORD}", to=["a@tests.example"])
    message.attach_alternative("<html lang=fr><title>Un message</title><h1>Voir", "text/html")
    message.send()
    return (demo.sent_mails()[0].name,)


def sent_mails(cast):
    sent_mail(cast)
    return ()
