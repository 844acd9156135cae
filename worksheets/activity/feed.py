"""One page of the feed of a territory, as its address asks for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date

from accounts.models import User
from accounts.templatetags.french import weekday
from journal.models import Entry
from territories.enums import Role
from territories.models import Grant
from worksheets.activity.reading import Part, entries_for
from worksheets.activity.telling import Happening, tell
from worksheets.standing import Standing

PAGE_SIZE = 40
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Asked:
    """What the address narrows the feed to; what it says amiss counts for nothing. `grant` is of
    the person who acted; `is_news`, whether only what the reader hasn't seen; `before`, where a
    page goes on."""

    part: Part | None
    grant: Grant | None
    since: date | None
    is_news: bool
    before: datetime | None

    @classmethod
    def of(cls, query: QueryDict, people: list[Grant], last_visit: datetime | None) -> Asked:
        part = query.get("quoi")
        return cls(
            part=Part(part) if part in Part.values else None,
            grant=next((grant for grant in people if grant.ref == query.get("qui")), None),
            since=_day(query.get("depuis", "")),
            is_news="nouveau" in query and last_visit is not None,
            before=_moment(query.get("avant", "")),
        )

    @property
    def narrows(self) -> bool:
        return bool(self.part or self.grant or self.since or self.is_news)

    def among(
        self, entries: QuerySet[Entry], user: User, last_visit: datetime | None
    ) -> QuerySet[Entry]:
        """Those of `entries` that are asked for."""
        wanted = Q()
        if self.part:
            wanted &= self.part.entries
        if self.grant:
            wanted &= Q(actor=self.grant.user)
        if self.since:
            wanted &= Q(at__gte=timezone.make_aware(datetime.combine(self.since, time.min)))
        if self.is_news:
            wanted &= Q(at__gt=last_visit) & ~Q(actor=user)
        if self.before:
            wanted &= Q(at__lte=self.before)
        return entries.filter(wanted)


@dataclass(frozen=True)
class Feed:
    """`days` are (title, sentences), newest first; `older` is what `avant` is to be for the next
    page, empty at the end."""

    days: list[tuple[str, list[Happening]]]
    older: str


def feed_of(standing: Standing, asked: Asked, last_visit: datetime | None) -> Feed:
    """Five queries at most, however long the journal is: a page goes on from where the former one
    ended, and nothing is counted."""
    entries = asked.among(entries_for(standing), standing.user, last_visit)
    page = list(entries[: PAGE_SIZE + 1])
    # From the first entry that isn't shown on: of two of the same instant none is lost.
    older = str((page[PAGE_SIZE].at - _EPOCH) // _MICROSECOND) if len(page) > PAGE_SIZE else ""
    told = tell(page[:PAGE_SIZE], standing.user, standing.territory, since=last_visit)
    days = groupby(told, key=lambda happening: happening.on)
    return Feed([(_title(day), list(happenings)) for day, happenings in days], older)


def people_of(standing: Standing) -> list[Grant]:
    """One grant for each person who works on the territory today, by name. One query."""
    grants = (
        Grant.objects.current()
        .filter(territory=standing.territory, user__is_active=True)
        .exclude(role=Role.OBSERVER)  # they do nothing that the journal tells
        .select_related("user")
        .order_by("user__name", "user", "pk")
    )
    return [next(own) for _, own in groupby(grants, key=lambda grant: grant.user_id)]


def _title(day: date) -> str:
    ago = (timezone.localdate() - day).days
    named = {0: "Aujourd’hui, ", 1: "Hier, "}.get(ago, "")
    return named + weekday(day)


def _day(text: str) -> date | None:
    """A day of this century, "2026-11-17"."""
    try:
        return parse_date(text) if re.fullmatch(r"20\d\d-\d\d-\d\d", text, re.ASCII) else None
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    """Microseconds since 1970, up to the year 2286."""
    is_number = re.fullmatch("[0-9]{1,16}", text, re.ASCII)
    return _EPOCH + int(text) * _MICROSECOND if is_number else None
