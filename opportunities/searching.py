"""Finding an opportunity by its words, whatever their accents, their case and their number; on
PostgreSQL also by words that resemble them.

Each opportunity keeps in `search_text` the plain words of what it says, written whenever what it
says changes; a search looks there for the plain words of the query.
"""

import re
import unicodedata
from functools import lru_cache, reduce
from operator import add
from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connection, models
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from opportunities.kinds import fields_of
from opportunities.models import Opportunity

_CORE = ("ref", "external_ref", "title", "description", "place", "next_action", "source")
_WRITTEN = (models.CharField, models.TextField)
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})
# Plurals in -aux of which the singular isn't in -al, among the words of the trade.
_SINGULARS = {
    "baux": "bail",
    "emaux": "email",
    "joyaux": "joyau",
    "noyaux": "noyau",
    "travaux": "travail",
    "tuyaux": "tuyau",
    "vitraux": "vitrail",
}
_BATCH = 500
_LONGEST_KEPT = 40  # characters: a pasted address is met once


def plain_words(text: str) -> list[str]:
    """The words of `text` in lower case, without accents: "L’Œuvre d’Éloïse" gives l, oeuvre, d,
    eloise. They hold letters and digits alone."""
    words: list[str] = []
    for chunk in text.split():
        words += _words_of(chunk) if len(chunk) <= _LONGEST_KEPT else _found_in(chunk)
    return words


def _found_in(chunk: str) -> tuple[str, ...]:
    decomposed = unicodedata.normalize("NFKD", chunk.lower().translate(_LIGATURES))
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return tuple(re.findall(r"[^\W_]+", bare))


# A language has few words: an import of thousands of rows meets the same ones again and again.
_words_of = lru_cache(maxsize=20_000)(_found_in)


def singular(word: str) -> str:
    """The singular of a plain word, as far as its ending tells: halles, bureaux, locaux. What is
    wrongly shortened, as "prix", is still found: "pri" is a part of it."""
    if word in _SINGULARS:
        return _SINGULARS[word]
    if word.endswith("aux") and len(word) > 4 and not word.endswith("eaux"):
        return f"{word[:-3]}al"
    if word.endswith(("s", "x")) and len(word) > 3:
        return word[:-1]
    return word


def findable(texts) -> str:
    """What `search_text` keeps of `texts`: their plain words, and the singulars that aren't the
    beginning of their plural. "Locaux vacants" gives "locaux local vacants"."""
    found: dict[str, None] = {}
    for word in plain_words(" ".join(texts)):
        found[word] = None
        if not word.startswith(singular(word)):
            found[singular(word)] = None
    return " ".join(found)


def text_of(opportunity) -> str:
    """The words by which `opportunity` is found: those of its core, of its district and commune,
    and of the facts that its kind shows. It needs no row in the base yet."""
    written = [
        name
        for name in fields_of(opportunity.kind)
        if isinstance(field := Opportunity._meta.get_field(name), _WRITTEN) and not field.choices
    ]
    texts = [getattr(opportunity, name) for name in (*_CORE, *written)]
    places = [place for place in (opportunity.district, opportunity.commune) if place]
    return findable([*texts, *(f"{place.name} {place.code}" for place in places)])


def keep_findable(opportunity) -> None:
    """Writes anew the words by which `opportunity`, as it stands in memory, is found."""
    opportunity.search_text = text_of(opportunity)
    Opportunity.objects.filter(pk=opportunity.pk).update(search_text=opportunity.search_text)


def keep_all_findable() -> int:
    """Writes anew the words of all the opportunities, which an import of districts or communes may
    have renamed; returns of how many they changed. A row that somebody changes meanwhile keeps the
    words of that change."""
    changed, last = 0, 0
    rows = Opportunity.objects.order_by("pk").select_related("district", "commune")
    while some := list(rows.filter(pk__gt=last)[:_BATCH]):
        for opportunity in some:
            text = text_of(opportunity)
            if text != opportunity.search_text:
                same = Opportunity.objects.filter(pk=opportunity.pk, version=opportunity.version)
                changed += same.update(search_text=text)
        last = some[-1].pk
    return changed


def matching(queryset: models.QuerySet, query: str, *, reads_each: bool = False) -> models.QuerySet:
    """Those of `queryset` where each word of `query` is found, be it as a part of a word; none
    where the query has no word.

    `reads_each` reads each row of a small queryset: the index, which PostgreSQL would take, knows
    the words of the whole base, and takes longer as it grows.
    """
    words = plain_words(query)
    if not words:
        return queryset.none()
    for word in words:
        part = singular(word)
        if reads_each:
            found = GreaterThan(StrIndex("search_text", models.Value(part)), 0)
            queryset = queryset.filter(found)
        else:
            queryset = queryset.filter(search_text__contains=part)
    return queryset


def tolerates_slips() -> bool:
    """Whether the base can find words that resemble those of a query."""
    return connection.vendor == "postgresql"


def resembling(queryset: models.QuerySet, query: str) -> models.QuerySet:
    """Those of `queryset` that have, for each word of `query`, a word that resembles it, the most
    alike first. On PostgreSQL alone; DATABASES in the settings says how alike is enough."""
    words = [singular(word) for word in plain_words(query)]
    if not words:
        return queryset.none()
    for word in words:
        queryset = queryset.filter(search_text__trigram_word_similar=word)
    likeness: Any = reduce(add, (TrigramWordSimilarity(word, "search_text") for word in words))
    return queryset.order_by(likeness.desc(), "-updated_at", "-pk")
