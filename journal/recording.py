"""Writing the journal. Callers are inside their own transaction: no entry without its act."""

from datetime import timedelta

from django.utils import timezone

from journal.models import Entry

# Saves less than this apart belong to one sitting: one entry, not one per keystroke pause.
SITTING = timedelta(minutes=30)


def record(*, verb, by, scope, target, **data):
    """Adds one entry. `scope` and `target` are references of the form "kind:ref"."""
    return Entry.objects.create(verb=verb, actor=by, scope=scope, target=target, data=data)


def record_sitting(*, verb, by, scope, target, item):
    """Adds `item` to the entry of the current sitting of `by` on `target`, or begins a new one.

    The entry's data holds `items`, each once, in the order of first touch.
    Costs two queries.
    """
    now = timezone.now()
    entry = (
        Entry.objects.filter(verb=verb, actor=by, target=target, at__gte=now - SITTING)
        .order_by("-at")
        .first()
    )
    if entry is None:
        return record(verb=verb, by=by, scope=scope, target=target, items=[item])
    items = entry.data.get("items", [])
    entry.data["items"] = items if item in items else [*items, item]
    entry.at = now
    entry.save(update_fields=["data", "at"])
    return entry
