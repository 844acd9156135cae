"""Who may do what with a territory's team. `roles_of` says what somebody is to a territory's work;
`worksheets` asks the same of one programme.

Each verb is a pair: `check_user_can_x` raises PermissionDenied with the reason, in French, fit for
the reader; `user_can_x` answers yes or no, for a page that hides what one may not do.
"""

from django.core.exceptions import PermissionDenied

from territories.enums import TEAM_ROLES, Role
from territories.models import Grant


def roles_of(user, territory):
    """The roles that `user` holds today on the work of `territory`, through any programme, in one
    query."""
    grants = Grant.objects.current().filter(user=user, territory=territory)
    return frozenset(Role(role) for role in grants.values_list("role", flat=True))


def user_can_manage_team(user, territory):
    """Change a role, hand over, remove: the leads."""
    return Role.LEAD in roles_of(user, territory)


def check_user_can_manage_team(user, territory):
    if not user_can_manage_team(user, territory):
        raise PermissionDenied("Seul un référent du territoire peut modifier son équipe.")


def invitable_roles(user, territory):
    """The roles into which `user` may invite on `territory`, and whose invitations they see, send
    again and withdraw: all of the team's for a lead; a trainer finds a territory its lead."""
    roles = roles_of(user, territory)
    if Role.LEAD in roles:
        return TEAM_ROLES
    return (Role.LEAD,) if Role.TRAINER in roles else ()


def check_user_can_invite(user, territory):
    if not invitable_roles(user, territory):
        raise PermissionDenied("Seul un référent du territoire peut inviter dans son équipe.")
