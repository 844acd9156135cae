"""Opening a programme, enrolling territories, naming trainers and observers.

The rights that follow are rows of `territories.Grant`: one for each member and each enrolled
territory. Every function here leaves them in step with the programme, within its transaction.
"""

from django.db import transaction

from journal.recording import record
from programmes.models import Programme
from territories.enums import Role
from territories.models import Grant


@transaction.atomic
def open_programme(*, centre, name, horizon, by):
    """A new programme, which `by` trains unless they are of the platform's staff alone."""
    programme = Programme.objects.create(centre=centre, name=name, horizon=horizon)
    if not by.is_staff:
        programme.members.create(user=by, role=Role.TRAINER)
    record(verb="programme.opened", by=by, scope=programme.scope, target=programme.scope)
    return programme


@transaction.atomic
def enrol(*, programme, territory, by):
    """Enrols `territory` (once: a second call changes nothing), opens its work to the trainers
    and observers of `programme`, and writes it in the territory's journal."""
    enrolment, is_new = programme.enrolments.get_or_create(territory=territory)
    if is_new:
        sync_grants(programme=programme, by=by)
        record_enrolment(enrolment=enrolment, by=by)
    return enrolment


def record_enrolment(*, enrolment, by):
    """Writes a new enrolment in the territory's journal."""
    record(
        verb="territory.enrolled",
        by=by,
        scope=enrolment.territory.scope,
        target=enrolment.programme.scope,
        programme=enrolment.programme.name,
    )


@transaction.atomic
def name_member(*, programme, user, role, by):
    """Makes `user` trainer or observer (Role) of `programme`, or changes which of the two, and
    opens or closes the work of its territories accordingly."""
    member, _ = programme.members.update_or_create(user=user, defaults={"role": role})
    sync_grants(programme=programme, by=by)
    record(
        verb="programme.member_named",
        by=by,
        scope=programme.scope,
        target=programme.scope,
        name=user.name,
        role=role,
    )
    return member


@transaction.atomic
def sync_grants(*, programme, by):
    """Writes the grants that the members and enrolments of `programme` call for, ends the others
    that it had given. Idempotent. Returns (number added, number ended)."""
    # Two trainers may enrol at the same moment: one waits for the other.
    Programme.objects.select_for_update().get(pk=programme.pk)
    territories = list(programme.enrolments.values_list("territory", flat=True))
    due = {
        (user, territory, role)
        for user, role in programme.members.values_list("user", "role")
        for territory in territories
    }
    given = {
        (grant.user_id, grant.territory_id, grant.role): grant.pk
        for grant in Grant.objects.filter(programme_ref=programme.ref)
    }
    ended = [pk for key, pk in given.items() if key not in due]
    Grant.objects.filter(pk__in=ended).delete()
    added = Grant.objects.bulk_create(
        Grant(
            user_id=user,
            territory_id=territory,
            role=role,
            programme_ref=programme.ref,
            granted_by=by,
        )
        for user, territory, role in due - given.keys()
    )
    return len(added), len(ended)


@transaction.atomic
def delete_programme(programme):
    """Deletes a programme under which nothing was written (otherwise ProtectedError), with the
    rights it had given."""
    Grant.objects.filter(programme_ref=programme.ref).delete()
    programme.delete()
