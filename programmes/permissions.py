"""Who may open and run programmes: their trainers and the platform's staff.
`Programme.objects.visible_to` says who may read one."""

from django.core.exceptions import PermissionDenied

from programmes.models import Member
from territories.enums import Role
from territories.models import ResourceCentre


def user_can_run_programme(user, programme):
    """Its sessions, its deadlines, its territories."""
    return user.is_staff or programme.members.filter(user=user, role=Role.TRAINER).exists()


def check_user_can_run_programme(user, programme):
    if not user_can_run_programme(user, programme):
        raise PermissionDenied("Seuls les formateurs de cette formation peuvent la modifier.")


def centres_open_to(user):
    """The resource centres in whose name `user` may open a programme: those whose programmes
    `user` trains; for the platform's staff, all."""
    if user.is_staff:
        return ResourceCentre.objects.all()
    trained = Member.objects.filter(user=user, role=Role.TRAINER)
    return ResourceCentre.objects.filter(pk__in=trained.values("programme__centre"))


def user_can_open_programme(user):
    return user.is_staff or Member.objects.filter(user=user, role=Role.TRAINER).exists()


def check_user_can_open_programme(user):
    if not user_can_open_programme(user):
        raise PermissionDenied("Seuls les formateurs peuvent ouvrir une formation.")
