"""Writing the journal. Callers are inside their own transaction: no entry without its act."""

from datetime import timedelta

from django.utils import timezone

from journal.models import Entry

# Saves less than this apart belong to one sitting: one entry, not one per keystroke pause.
SITTING = timedelta(minutes=30)


def record(*, verb, by, scope, target, **data):
    """Adds one entry. `scope` and `target` are references of the form "kind:ref"."""
    return Entry.objects.create(verb=verb, actor=by, scope=scope, target=target, data=data)


def record_sitting(*, verb, by, scope, target):
    """Prolongs the entry of the current sitting of `by` on `target`, or begins a new one.

    `at` is the sitting's last instant, `data["began_at"]` its first. One query while the sitting
    lasts, two when it begins.
    """
    now = timezone.now()
    current = Entry.objects.filter(verb=verb, actor=by, target=target, at__gte=now - SITTING)
    if not current.update(at=now):
        record(verb=verb, by=by, scope=scope, target=target, began_at=now.isoformat())
