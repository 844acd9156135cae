"""Writing the journal. Callers are inside their own transaction: no entry without its act."""

from datetime import timedelta

from django.utils import timezone

from journal.models import Entry

# Saves less than this apart belong to one sitting: one entry, not one per keystroke pause.
SITTING = timedelta(minutes=30)
# How exactly an entry says when a sitting ended, in seconds: what is saved at each pause of the
# keyboard needn't be noted each time.
GRAIN = 10


def record(*, verb, by, scope, target, **data):
    """Adds one entry. `scope` and `target` are references of the form "kind:ref"."""
    return Entry.objects.create(verb=verb, actor=by, scope=scope, target=target, data=data)


def record_sitting(*, verb, by, scope, target, noted_at=None):
    """Prolongs the entry of the current sitting of `by` on `target`, or begins a new one.

    `at` is the sitting's last instant, to GRAIN seconds, `data["began_at"]` its first. `noted_at`
    is when `by` last recorded the same, if that is known: then one of several in the same GRAIN is
    enough, and the others cost nothing. Else it is one query while the sitting lasts, two when it
    begins.
    """
    now = timezone.now()
    if noted_at and noted_at.timestamp() // GRAIN == now.timestamp() // GRAIN:
        return
    current = Entry.objects.filter(verb=verb, actor=by, target=target, at__gte=now - SITTING)
    if not current.update(at=now):
        record(verb=verb, by=by, scope=scope, target=target, began_at=now.isoformat())
