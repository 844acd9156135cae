"""Inviting somebody into a team, by a link sent to their address.

The link carries the invitation's reference, the moment it left and a signature: nothing in the
database opens an account, a link that left earlier still works after another was sent, and one
that has expired can still say whom it was for. Reading a link changes nothing: mail scanners do.
Callers have checked the rights of `by` (`territories.permissions`).
"""

from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts import courier
from accounts.models import User
from journal.recording import record
from territories.models import Grant, Invitation
from territories.teams import join

RESEND_AFTER = timedelta(hours=1)


class InvitationRefused(Exception):
    """The invitation can't be sent or accepted; the message says why and what to do."""


class AlreadyInvited(InvitationRefused):
    """The same invitation is pending: nothing was sent."""


class UnknownLink(Exception):
    """The link is truncated or forged, or its invitation was withdrawn."""


@transaction.atomic
def invite(*, territory, email, role, by):
    """Offers the team role `role` on `territory` to whoever reads `email`; the link leaves once
    that is committed.

    Raises InvitationRefused if they are in the team already, whatever their role, AlreadyInvited
    if they were offered it.
    """
    email = email.strip().lower()
    members = Grant.objects.current().of_team().filter(territory=territory)
    if members.filter(user__email=email).exists():
        raise InvitationRefused("Cette personne est déjà dans l’équipe : changez plutôt son rôle.")
    invitation, is_new = Invitation.objects.pending().get_or_create(
        territory=territory, email=email, role=role, defaults={"invited_by": by}
    )
    if not is_new:
        raise AlreadyInvited(
            f"Une invitation attend déjà {email} : vous pouvez la renvoyer depuis la liste."
        )
    _send(invitation)
    _record("invitation.sent", invitation, by)
    return invitation


@transaction.atomic
def invite_again(*, invitation, by):
    """Sends a fresh link to the same address; `by` is None when the holder of an expired link
    asks for it. Raises InvitationRefused within an hour of the last one, or once accepted."""
    invitation = _locked(invitation)
    if invitation.accepted_at is not None:
        raise InvitationRefused("Cette invitation a déjà été acceptée.")
    if timezone.now() - invitation.sent_at < RESEND_AFTER:
        raise InvitationRefused(
            f"Une invitation est partie à l’adresse {invitation.email} il y a moins d’une heure : "
            "regardez aussi dans les courriers indésirables, ou réessayez plus tard."
        )
    invitation.sent_at = timezone.now()
    invitation.save(update_fields=["sent_at"])
    _send(invitation)
    _record("invitation.sent", invitation, by)
    return invitation


@transaction.atomic
def withdraw_invitation(*, invitation, by):
    """Forgets a pending invitation: its links lead nowhere. Raises InvitationRefused if it was
    accepted in the meantime."""
    invitation = _locked(invitation)
    if invitation.accepted_at is not None:
        raise InvitationRefused("Cette invitation a déjà été acceptée.")
    _record("invitation.withdrawn", invitation, by)
    invitation.delete()


@transaction.atomic
def accept_invitation(*, invitation, by):
    """Gives `by`, whose address was invited, the role that was offered; a second call changes
    nothing. Raises InvitationRefused for anybody else."""
    if not is_for(invitation, by):
        raise InvitationRefused("Cette invitation est adressée à une autre personne.")
    invitation = _locked(invitation)
    if invitation.accepted_at is None:
        invitation.accepted_at, invitation.accepted_by = timezone.now(), by
        invitation.save(update_fields=["accepted_at", "accepted_by"])
        join(
            territory=invitation.territory,
            role=invitation.role,
            granted_by=invitation.invited_by,
            by=by,
        )
    return invitation


@transaction.atomic
def open_account(*, invitation, name, password):
    """Creates the account of the invited address, which the link has verified, and accepts for
    it. Returns the User. Raises InvitationRefused if the address has an account."""
    invitation = _locked(invitation)
    if account_of(invitation) is not None:
        raise InvitationRefused("Un compte existe déjà pour cette adresse : connectez-vous.")
    user = User.objects.create_user(invitation.email, name, password)
    accept_invitation(invitation=invitation, by=user)
    return user


def is_for(invitation, user):
    """Whether `user` has the address that was invited."""
    return user.email.lower() == invitation.email


def account_of(invitation):
    """The User who has the invited address, or None."""
    return User.objects.filter(email__iexact=invitation.email).first()


def link_token(invitation):
    """What a link that leaves now carries in its path."""
    return _signer().sign(invitation.ref)


def read_token(token):
    """(the Invitation, whether the link has expired). Raises UnknownLink."""
    signer = _signer()
    has_expired = False
    try:
        try:
            ref = signer.unsign(token, max_age=Invitation.LIFETIME)
        except SignatureExpired:
            has_expired = True
            ref = signer.unsign(token)
        invitation = Invitation.objects.select_related("territory", "invited_by").get(ref=ref)
    except (BadSignature, Invitation.DoesNotExist):
        raise UnknownLink from None
    return invitation, has_expired


def _signer():
    return TimestampSigner(salt="territories.invitation", sep=".")


def _locked(invitation):
    """`invitation` as it is now, after waiting for whoever else is changing it."""
    try:
        return (
            Invitation.objects.select_for_update(of=["self"])
            .select_related("territory", "invited_by")
            .get(pk=invitation.pk)
        )
    except Invitation.DoesNotExist:
        raise InvitationRefused("Cette invitation a été retirée.") from None


def _send(invitation):
    path = reverse("territories:invitation", args=[link_token(invitation)])
    courier.send(
        to=invitation.email,
        template="invitation",
        context={"invitation": invitation, "link": f"{settings.SITE_URL}{path}"},
    )


def _record(verb, invitation, by):
    record(
        verb=verb,
        by=by,
        scope=invitation.territory.scope,
        target=invitation.territory.scope,
        email=invitation.email,
        role=invitation.role,
    )
