"""When somebody last came, and what is therefore new to them.

A visit lasts as long as its pages come less than SITTING apart: what was new when it began stays
marked until it ends. Reading a page writes nothing: the page says itself that it was seen.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Case, F, When
from django.utils import timezone

from accounts.models import User
from journal.models import Visit
from journal.recording import SITTING


def last_visits(user: User, scopes: Iterable[str]) -> dict[str, datetime]:
    """When the visit before the present one ended, by scope: what came later is new. A scope where
    `user` never was before isn't there. One query."""
    going_on = timezone.now() - SITTING
    visits = Visit.objects.filter(user=user, scope__in=scopes)
    ended = {visit.scope: visit.since if visit.at >= going_on else visit.at for visit in visits}
    return {scope: at for scope, at in ended.items() if at}


def last_visit(user: User, scope: str) -> datetime | None:
    """The same of one scope; None before any visit."""
    return last_visits(user, [scope]).get(scope)


def note_visit(*, scope: str, by: User) -> None:
    """Prolongs the visit of `by`, or begins one. One query but for the first time."""
    now = timezone.now()
    has_ended = When(at__lt=now - SITTING, then=F("at"))
    visits = Visit.objects.filter(user=by, scope=scope)
    if not visits.update(since=Case(has_ended, default=F("since")), at=now):
        # Two pages opened at once are one first visit.
        Visit.objects.bulk_create([Visit(user=by, scope=scope, at=now)], ignore_conflicts=True)


def mark_seen(*, scopes: Iterable[str], by: User) -> None:
    """Nothing of `scopes` is new to `by` any more. One query."""
    now = timezone.now()
    Visit.objects.bulk_create(
        [Visit(user=by, scope=scope, since=now, at=now) for scope in scopes],
        update_conflicts=True,
        unique_fields=["user", "scope"],
        update_fields=["since", "at"],
    )
