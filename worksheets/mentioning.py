"""Whom a comment mentions: "@Prénom Nom", of those who read the answer that it is about."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import Coalesce

from accounts.models import User
from opportunities.models import Share
from territories.enums import Role
from territories.models import Grant, Territory
from worksheets.models import READS_EVERYTHING, Comment, Worksheet

_BETWEEN_WORDS = re.compile(r"[\s-]+")


def roles_of_readers(worksheet: Worksheet, opportunity_id: int | None) -> QuerySet[Grant]:
    """The roles that let somebody read what is being written there: of `worksheet`, and of its
    block about one opportunity if it has such blocks. Observers read no drafts; partners those
    about what is shared with them."""
    about = opportunity_id or worksheet.opportunity_id
    shared = Share.objects.filter(opportunity=about).values("user")
    return (
        Grant.objects.current()
        .filter(
            Q(programme_ref="") | Q(programme_ref=worksheet.programme.ref),
            Q(role__in=READS_EVERYTHING) | Q(role=Role.PARTNER, user__in=shared),
            territory=worksheet.territory,
            user__is_active=True,
        )
        .select_related("user")
        .order_by("user__name", "user")
    )


def mentioned_in(text: str, people: Iterable[User]) -> list[User]:
    """Those of `people` whom `text` mentions, in its order, each once. Of the same name, all."""
    return list(dict.fromkeys(user for _, _, users in _mentions(text, people) for user in users))


def pieces_of(text: str, people: Iterable[User]) -> Iterator[tuple[str, list[User]]]:
    """`text` cut where it mentions some of `people`: each piece, and whom it names, if any."""
    done = 0
    for start, end, users in _mentions(text, people):
        yield text[done:start], []
        yield text[start:end], users
        done = end
    yield text[done:], []


def _mentions(text, people):
    """(start, end, users) of each mention: the longest name that stands there, whatever its
    capitals, accents, hyphens and spaces."""
    by_name: dict[str, list[User]] = {}
    for user in people:
        by_name.setdefault(_key(_folded(user.name)[0]), []).append(user)
    by_name.pop("", None)
    if not by_name or "@" not in text:
        return
    names = (
        r"[\s-]+".join(re.escape(word) for word in name.split(" "))
        for name in sorted(by_name, key=len, reverse=True)
    )
    folded, places = _folded(text)
    for found in re.finditer(rf"(?<!\w)@({'|'.join(names)})(?!\w)", folded):
        start, end = places[found.start()], places[found.end() - 1] + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1  # the accent of the last letter, where it is a character of its own
        yield start, end, by_name[_key(found[1])]


def _folded(text):
    """`text` without capitals and accents, and which character each of it comes from."""
    characters, places = [], []
    for place, character in enumerate(text):
        plain = "'" if character == "’" else unicodedata.normalize("NFKD", character).casefold()
        for letter in plain:
            if not unicodedata.combining(letter):
                characters.append(letter)
                places.append(place)
    return "".join(characters), places


def _key(folded_name):
    return _BETWEEN_WORDS.sub(" ", folded_name).strip()


def mentions_of(user: User, territory: Territory) -> QuerySet[Comment]:
    """The comments that wait for an answer of `user`: of each open thread of `territory` that
    mentions them, the last one that does, unless they wrote in it since. The newest first, each
    says `how_many` they are in all."""
    thread = Coalesce("thread", "pk")
    of_same_thread = (
        Comment.objects.annotate(of_thread=thread)
        .filter(of_thread=OuterRef("of_thread"), pk__gt=OuterRef("pk"))
        .filter(Q(written_by=user) | Q(mentioned=user))
    )
    return (
        Comment.objects.visible_to(user)
        .annotate(of_thread=thread)
        .filter(~Exists(of_same_thread), mentioned=user, worksheet__territory=territory)
        .filter(Q(thread=None) | Q(thread__resolved_at=None), resolved_at=None)
        .annotate(how_many=Window(Count("pk")))
        .select_related(
            "written_by", "opportunity", "worksheet__opportunity", "worksheet__grid_version"
        )
        .order_by(F("written_at").desc(), "-pk")
    )
