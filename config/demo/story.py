from contextlib import nullcontext
from datetime import timedelta
from functools import partial
from operator import itemgetter
from unittest.mock import patch

from accounts import courier
from config.demo import clock

# The messages of the last acts leave, as an example, with the worker's next round. The older ones
# have long been read: sent now, they would be a flood under the wrong date.
MESSAGES_SINCE = "J-4 00:00"


class Story:
    """Acts planned in any order, played in the order of time.

    `people`, `actions` and `opportunities` are those that exist at that point of the story, by the
    key that the content gives them.
    """

    def __init__(self, today):
        self.today = today
        self.people = {}
        self.actions = {}
        self.opportunities = {}
        self._acts = []

    def plan(self, when, act, *, minutes_later=0, **arguments):
        """`act(**arguments)` will happen at `when` ("J-12 14:30"), or some minutes later."""
        instant = clock.moment(when, self.today) + timedelta(minutes=minutes_later)
        self._acts.append((instant, partial(act, **arguments)))

    def play(self):
        messages_since = clock.moment(MESSAGES_SINCE, self.today)
        for instant, act in sorted(self._acts, key=itemgetter(0)):
            is_long_past = instant < messages_since
            with (
                clock.showing(instant),
                patch.object(courier, "send") if is_long_past else nullcontext(),
            ):
                act()
