"""How often one person may have the server ask a service outside: it has its own limit, for all of
us together. allauth's limits, which guard the sign-in, don't count GET."""

import time

from django.core.cache import cache

SEARCHES = 30  # of addresses, a minute: twice as many as somebody in a hurry types
_MINUTE = 60  # seconds


class TooManySearches(Exception):
    def __init__(self):
        super().__init__(
            "Vous avez cherché beaucoup d’adresses en peu de temps : attendez une minute, "
            "ou cliquez sur la carte."
        )


def count_search(user):
    """Counts one search of `user`, in the minute of the clock. Raises TooManySearches."""
    key = f"address-searches:{user.pk}:{int(time.time()) // _MINUTE}"
    count = cache.get(key, 0) + 1
    cache.set(key, count, timeout=_MINUTE)
    if count > SEARCHES:
        raise TooManySearches
