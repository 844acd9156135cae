"""Who may do what with a territory's opportunities, beyond seeing them: `visible_to` on the
QuerySet decides that.

Each verb is a pair: `check_user_can_x` raises PermissionDenied with the reason, in French, fit for
the reader; `user_can_x` answers yes or no, for a page that hides what one may not do.
"""

from django.core.exceptions import PermissionDenied

from opportunities.models import Share
from territories.enums import Role
from territories.permissions import roles_of

_WRITERS = frozenset({Role.LEAD, Role.CONTRIBUTOR})


def user_can_create(user, territory):
    """Leads and contributors. A partner writes on what was shared with them and nowhere else: an
    opportunity of their own would have to be shared with them first."""
    return not _WRITERS.isdisjoint(roles_of(user, territory))


def check_user_can_create(user, territory):
    if not user_can_create(user, territory):
        raise PermissionDenied(
            "Seuls les référents et les contributeurs du territoire ajoutent des opportunités."
        )


def user_can_write(user, opportunity):
    """Change the facts or the stage: leads, contributors, and the partner it is shared with."""
    roles = roles_of(user, opportunity.territory)
    if not _WRITERS.isdisjoint(roles):
        return True
    return Role.PARTNER in roles and opportunity.shares.filter(user=user).exists()


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
