"""When things happen in the story.

"J-12 14:30" is the twelfth working day (Monday to Friday) before the day of loading, at 14:30 in
Paris; "J+4" is the fourth after it. So something is always due soon, and nobody works on a Sunday.

The story is played with Django's clock set to each moment. Correcting the dates by
`QuerySet.update` afterwards would have to name every column of every table, and could not correct
what the domain functions conclude from the time: that a submission is late, that two saves belong
to one sitting.
"""

import re
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from unittest.mock import patch

from django.utils import timezone

_NOTATION = re.compile(r"J([+-]\d+)(?: (\d\d:\d\d))?")


def day(notation, today):
    """The date that "J-12" means when the story is loaded on the date `today`."""
    count = int(_NOTATION.fullmatch(notation)[1])
    step = timedelta(days=1 if count > 0 else -1)
    found = today
    while count:
        found += step
        if found.weekday() < 5:
            count -= step.days
    return found


def moment(notation, today):
    """The instant that "J-12 14:30" means."""
    at = time.fromisoformat(_NOTATION.fullmatch(notation)[2])
    return timezone.make_aware(datetime.combine(day(notation, today), at))


@contextmanager
def showing(instant):
    """Within the block, `timezone.now()` is `instant`, also for the models whose default it is:
    they hold the function, hence what is replaced is the `datetime` that it asks."""

    class Clock(type):
        def __instancecheck__(cls, value):  # Django's templates ask it of each value they print
            return isinstance(value, datetime)

    class Stopped(datetime, metaclass=Clock):
        @classmethod
        def now(cls, tz=None):
            return instant.astimezone(tz)

    with patch.object(timezone, "datetime", Stopped):
        yield
