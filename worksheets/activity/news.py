"""What changed since somebody's last visit: to a territory, or to a worksheet. One's own acts are
no news."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count, Q

from accounts.models import User
from journal.models import Entry
from journal.visits import last_visit, last_visits
from worksheets.activity.reading import Part, entries_for, entries_open_to, held_by
from worksheets.activity.telling import Happening, tell
from worksheets.models import Answer, Worksheet, slot_name
from worksheets.overview import Line, count_seen
from worksheets.standing import Standing

MOST_COUNTED = 100


@dataclass(frozen=True)
class Recently:
    """What a home says of the journal of its territory. `since` is the end of the reader's last
    visit, None for who never came; `news` is what others did since, `count` how many entries it
    tells of, by `parts`: at most MOST_COUNTED, there are more if `has_more`. `rest` is what came
    before, and what the reader did."""

    since: datetime | None
    news: list[Happening]
    count: int
    has_more: bool
    parts: list[tuple[Part, int]]
    rest: list[Happening]


def recently(standing: Standing, *, shown: int) -> Recently:
    """At most `shown` sentences of news, and as many of the rest. Seven queries at most."""
    user, territory = standing.user, standing.territory
    since = last_visit(user, territory.scope)
    entries = entries_for(standing)
    new: list[Entry] = []
    if since:
        is_new = Q(at__gt=since) & ~Q(actor=user)
        new = list(entries.filter(is_new)[: MOST_COUNTED + 1])
        entries = entries.filter(~Q(at__gt=since) | Q(actor=user))
    # Entries that are told together are one sentence: some more are read than are shown.
    rest = list(entries[: shown * 3])
    told = tell([*new, *rest], user, territory, since=since)
    counts = Counter(Part.of(entry) for entry in new[:MOST_COUNTED])
    return Recently(
        since=since,
        news=[one for one in told if one.is_new][:shown],
        count=min(len(new), MOST_COUNTED),
        has_more=len(new) > MOST_COUNTED,
        parts=[(part, counts[part]) for part in Part if counts[part]],
        rest=[one for one in told if not one.is_new][:shown],
    )


def news_counts(user: User) -> dict[str, int]:
    """How many entries of others `user` hasn't seen, by scope of the territories where they have
    been before and hold a role today. Three queries, however many territories there are."""
    held = held_by(user)
    visits = last_visits(user, {f"territory:{each.territory_ref}" for each in held})
    unseen = Q()
    for scope, since in visits.items():
        unseen |= Q(scope=scope, at__gt=since)
    if not visits:
        return {}
    entries = entries_open_to(user, held).filter(unseen, ~Q(actor=user))
    counts = entries.order_by().values_list("scope").annotate(count=Count("pk"))
    return dict(counts)


def changed_slots(user: User, worksheets: Iterable[Worksheet]) -> dict[int, list[str]]:
    """The names of the slots that others have changed since `user` last opened each of
    `worksheets`, by its row number. Two queries."""
    targets = {worksheet.pk: worksheet.target for worksheet in worksheets}
    visits = last_visits(user, targets.values())
    seen = {pk: visits[target] for pk, target in targets.items() if target in visits}
    changed: dict[int, list[str]] = defaultdict(list)
    if seen:
        answers = Answer.objects.filter(worksheet__in=seen, saved_at__gt=min(seen.values()))
        rows = answers.exclude(saved_by=user).values_list(
            "worksheet", "question", "opportunity__ref", "saved_at"
        )
        for pk, question, ref, saved_at in rows:
            if saved_at > seen[pk]:
                changed[pk].append(slot_name(question, ref))
    return changed


def changed_lines(user: User, lines: Iterable[Line]) -> list[Line]:
    """`lines` with how many answers, of those that `user` sees, others have changed since they last
    opened each worksheet. Two queries."""
    lines = list(lines)
    changed = changed_slots(user, [line.worksheet for line in lines if line.worksheet])
    return [
        replace(line, changed_count=count_seen(changed[line.worksheet.pk], line.sketch))
        if line.worksheet
        else line
        for line in lines
    ]
