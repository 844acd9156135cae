"""The team of a territory: opening its workspace, joining it with a role, changing that role,
ending it, handing over the lead.

A territory keeps at least one lead: whoever is the last one hands over before leaving. Callers
have checked the rights of `by` (`territories.permissions`). Each act is an entry of the
territory's journal.
"""

from django.db import transaction
from django.utils import timezone

from journal.recording import record
from territories.enums import Role
from territories.models import Grant, Territory


class TeamChangeRefused(Exception):
    """The team can't change so; the message says why and what to do."""


@transaction.atomic
def open_territory(*, territory, by):
    """Saves `territory`, new, and begins its journal."""
    territory.save()
    record(verb="territory.opened", by=by, scope=territory.scope, target=territory.scope)
    return territory


@transaction.atomic
def join(*, territory, role, granted_by, by):
    """Gives `by` the team role `role`, without end, that `granted_by` offered; one grant is in
    force also after a second call, or when the role had ended. Returns the Grant."""
    grant, _ = Grant.objects.update_or_create(
        user=by,
        territory=territory,
        role=role,
        programme_ref="",
        defaults={"until": None, "granted_at": timezone.now(), "granted_by": granted_by},
    )
    _record("team.member_joined", grant, by)
    return grant


@transaction.atomic
def change_role(*, grant, role, until, by):
    """Makes `grant` one of `role`, until the end of the day `until` (None: without end).

    Raises TeamChangeRefused if the territory would have no lead left.
    """
    grant = _locked(grant)
    if role != Role.LEAD:
        _check_not_last_lead(grant)
    former_role = grant.role
    _set_role(grant, role, until, by)
    _record("team.role_changed", grant, by, former_role=former_role)
    return grant


@transaction.atomic
def remove_member(*, grant, by):
    """Ends `grant` at once. What its holder wrote stays, under their name: only the journal
    remembers the role. Raises TeamChangeRefused for the last lead."""
    grant = _locked(grant)
    _check_not_last_lead(grant)
    _record("team.member_removed", grant, by)
    grant.delete()


@transaction.atomic
def hand_over(*, to, by):
    """Makes the holder of the Grant `to` lead in the place of `by`, who stays as contributor.

    Raises TeamChangeRefused if that person is lead already, or `by` no longer is.
    """
    to = _locked(to)
    leads = Grant.objects.current().filter(territory=to.territory, role=Role.LEAD)
    if leads.filter(user=to.user).exists():
        raise TeamChangeRefused(f"{to.user} est déjà référent de ce territoire.")
    lead = leads.filter(user=by).first()
    if lead is None:
        raise TeamChangeRefused("Vous n’êtes plus référent de ce territoire.")
    _set_role(to, Role.LEAD, None, by)
    _set_role(lead, Role.CONTRIBUTOR, None, by)
    _record("team.lead_handed_over", to, by)
    return to


def _locked(grant):
    """`grant` as it is now, after waiting for whoever else is changing this team."""
    Territory.objects.select_for_update().get(pk=grant.territory_id)
    try:
        return Grant.objects.select_related("user", "territory").get(pk=grant.pk)
    except Grant.DoesNotExist:
        raise TeamChangeRefused("Cette personne n’a plus ce rôle dans l’équipe.") from None


def _check_not_last_lead(grant):
    others = Grant.objects.current().filter(
        territory=grant.territory, role=Role.LEAD, user__is_active=True
    )
    if grant.role == Role.LEAD and not others.exclude(user=grant.user).exists():
        raise TeamChangeRefused(
            "Ce territoire n’aurait plus de référent : passez d’abord la main à un autre membre."
        )


def _set_role(grant, role, until, by):
    # Somebody who had both roles keeps one grant of the role that remains.
    Grant.objects.filter(
        user=grant.user, territory=grant.territory, role=role, programme_ref=""
    ).exclude(pk=grant.pk).delete()
    grant.role, grant.until = role, until
    grant.granted_at, grant.granted_by = timezone.now(), by
    grant.save(update_fields=["role", "until", "granted_at", "granted_by"])


def _record(verb, grant, by, **data):
    record(
        verb=verb,
        by=by,
        scope=grant.territory.scope,
        target=grant.territory.scope,
        name=grant.user.name,
        role=grant.role,
        **data,
    )
