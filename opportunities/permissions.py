"""Who may do what with a territory's opportunities, beyond seeing them: `visible_to` on the
QuerySet decides that.

Each verb is a pair: `check_user_can_x` raises PermissionDenied with the reason, in French, fit for
the reader; `user_can_x` answers yes or no, for a page that hides what one may not do.
"""

from django.core.exceptions import PermissionDenied

from opportunities.models import Share
from opportunities.models.actions import READERS
from territories.enums import Role
from territories.models import Grant, Territory
from territories.permissions import roles_of

_WRITERS = frozenset({Role.LEAD, Role.CONTRIBUTOR})


def _writes_for(user, territory):
    return not _WRITERS.isdisjoint(roles_of(user, territory))


def user_can_create(user, territory):
    """Leads and contributors. A partner writes on what was shared with them and nowhere else: an
    opportunity of their own would have to be shared with them first."""
    return _writes_for(user, territory)


def check_user_can_create(user, territory):
    if not user_can_create(user, territory):
        raise PermissionDenied(
            "Seuls les référents et les contributeurs du territoire ajoutent des opportunités."
        )


def territories_to_create_in(user):
    """Where `user_can_create` says yes, in one query."""
    grants = Grant.objects.current().filter(user=user, role__in=_WRITERS)
    return Territory.objects.filter(pk__in=grants.values("territory"))


def user_can_write(user, opportunity):
    """Change the facts or the stage: leads, contributors, and the partner it is shared with."""
    roles = roles_of(user, opportunity.territory)
    if not _WRITERS.isdisjoint(roles):
        return True
    return Role.PARTNER in roles and opportunity.shares.filter(user=user).exists()


def writable_among(user, opportunities):
    """Keys of those of the list `opportunities`, visible to `user`, for which `user_can_write` says
    yes. Two queries."""
    grants = Grant.objects.current().filter(
        user=user, territory__in={each.territory_id for each in opportunities}
    )
    territories: dict[str, set[int]] = {role: set() for role in Role}
    for territory, role in grants.values_list("territory", "role"):
        territories[role].add(territory)
    shares = Share.objects.filter(user=user, opportunity__in=opportunities)
    shared = set(shares.values_list("opportunity", flat=True))
    written = set().union(*(territories[role] for role in _WRITERS))
    return {
        each.pk
        for each in opportunities
        if each.territory_id in written
        or (each.territory_id in territories[Role.PARTNER] and each.pk in shared)
    }


def check_user_can_write(user, opportunity):
    if not user_can_write(user, opportunity):
        raise PermissionDenied(
            "Vous pouvez lire cette opportunité, mais pas la modifier : "
            "seule l’équipe du territoire le peut."
        )


def refs_shared_with(user, territory):
    """References of the opportunities of `territory` that its lead shared with `user`."""
    shares = Share.objects.filter(user=user, opportunity__territory=territory)
    return frozenset(shares.values_list("opportunity__ref", flat=True))


def user_can_share(user, opportunity):
    """Open it to a partner, or close it: leads."""
    return Role.LEAD in roles_of(user, opportunity.territory)


def check_user_can_share(user, opportunity):
    if not user_can_share(user, opportunity):
        raise PermissionDenied("Seul un référent du territoire partage une opportunité.")


def user_can_keep(user, opportunity):
    """Archive, restore, delete and take back: leads and contributors."""
    return _writes_for(user, opportunity.territory)


def check_user_can_keep(user, opportunity):
    if not user_can_keep(user, opportunity):
        raise PermissionDenied(
            "Seuls les référents et les contributeurs du territoire archivent ou suppriment une "
            "opportunité."
        )


def user_can_read_actions(user, territory):
    """Know of the detection process at all."""
    return not READERS.isdisjoint(roles_of(user, territory))


def user_can_write_actions(user, territory):
    """Plan, change, hold and cancel detection actions: leads and contributors."""
    return _writes_for(user, territory)


def check_user_can_write_actions(user, territory):
    if not user_can_write_actions(user, territory):
        raise PermissionDenied(
            "Vous pouvez lire les actions de repérage ; seuls les référents et les "
            "contributeurs du territoire les écrivent."
        )


def user_can_read_people(user, territory):
    """Read, write and forget the people attached to opportunities: leads and contributors."""
    return _writes_for(user, territory)


def check_user_can_merge(user, territory):
    """Merge two opportunities into one: leads and contributors, who see both."""
    if not _writes_for(user, territory):
        raise PermissionDenied(
            "Seuls les référents et les contributeurs du territoire fusionnent des opportunités."
        )
