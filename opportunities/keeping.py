"""What becomes of an opportunity that isn't worked on any more: archived, it is read but leaves the
lists; deleted, it is in nobody's sight, can be taken back for a time, then is gone for good.

Each act and its journal entry succeed or fail together. An act done twice is done once.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import ProtectedError
from django.db.models.deletion import Collector
from django.utils import timezone

from opportunities.attachments import forget_files_of
from opportunities.models import Attachment, Opportunity
from opportunities.writing import MergedMeanwhile, record_act

# How long what is deleted can be taken back.
KEPT_FOR = timedelta(days=30)


class StillReferredTo(Exception):
    """A worksheet, or other work of the team, tells of it."""

    def __init__(self):
        super().__init__(
            "Une fiche parle de cette opportunité : la supprimer trouerait la fiche. "
            "Archivez-la, elle quittera les listes et rien ne sera perdu."
        )


@transaction.atomic
def archive(*, opportunity, by):
    """Takes the opportunity out of the lists; everything of it stays, and stays readable. Raises
    writing.MergedMeanwhile."""
    rows = Opportunity.objects.filter(archived_at=None)
    values = {"archived_at": timezone.now(), "archived_by": by}
    _write("opportunity.archived", opportunity, rows, values, by)


@transaction.atomic
def restore(*, opportunity, by):
    """Puts what was archived back in the lists. Raises writing.MergedMeanwhile."""
    rows = Opportunity.objects.exclude(archived_at=None)
    values = {"archived_at": None, "archived_by": None}
    _write("opportunity.restored", opportunity, rows, values, by)


@transaction.atomic
def delete(*, opportunity, by):
    """Takes the opportunity out of everybody's sight; `undelete` gives it back for KEPT_FOR.
    Raises StillReferredTo, writing.MergedMeanwhile."""
    if is_referred_to(opportunity):
        raise StillReferredTo
    rows = Opportunity.objects.filter(deleted_at=None)
    values = {"deleted_at": timezone.now(), "deleted_by": by}
    _write("opportunity.deleted", opportunity, rows, values, by)


@transaction.atomic
def undelete(*, opportunity, by):
    """Gives back what was deleted, as it was."""
    rows = Opportunity.objects.exclude(deleted_at=None)
    values = {"deleted_at": None, "deleted_by": None}
    _write("opportunity.undeleted", opportunity, rows, values, by)


def _write(verb, opportunity, rows, values, by):
    """Writes `values` if the opportunity still is one of `rows`: somebody may have done the same
    since it was read, which is well, or have merged it."""
    if rows.filter(pk=opportunity.pk, merged_into=None).update(**values):
        record_act(verb, opportunity, by)
        return
    merged = Opportunity.objects.filter(pk=opportunity.pk).exclude(merged_into=None)
    if duplicate := merged.select_related("territory").first():
        raise MergedMeanwhile(duplicate)


def is_referred_to(opportunity):
    """Whether something that isn't its own holds on to the opportunity. The apps above know what;
    what they protect says so. The duplicates merged into it are its own."""
    try:
        Collector(using=opportunity._state.db, origin=opportunity).collect([opportunity])
    except ProtectedError as error:
        return any(not isinstance(each, Opportunity) for each in error.protected_objects)
    return False


def to_purge():
    """What was deleted longer ago than KEPT_FOR, the oldest first."""
    until = timezone.now() - KEPT_FOR
    return Opportunity.objects.filter(deleted_at__lt=until).order_by("deleted_at", "pk")


@transaction.atomic
def purge(opportunity):
    """Removes one of `to_purge` for good, with its duplicates, its people, its documents and their
    files; the journal keeps that it existed. Raises StillReferredTo, and then removes nothing."""
    if to_purge().select_for_update().filter(pk=opportunity.pk).exists():  # nobody took it back
        _remove(opportunity)


def _remove(opportunity):
    for duplicate in opportunity.merged.all():
        _remove(duplicate)
    forget_files_of(Attachment.objects.filter(opportunity=opportunity))
    try:
        opportunity.delete()
    except ProtectedError:
        raise StillReferredTo from None
    record_act("opportunity.purged", opportunity, None)
