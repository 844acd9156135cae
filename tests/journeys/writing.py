"""What the journeys about writing a worksheet share."""

import re
from datetime import timedelta

from django.utils import timezone

from worksheets.models import Answer

SAVED = re.compile(r"Enregistré à \d+\sh\s\d\d")
PAUSE = 900  # ms without typing before a save (static/js/worksheet-saving.js)


def open_worksheet(page, worksheet):
    page.goto(f"/territoires/{worksheet.territory.ref}/fiches/{worksheet.ref}/")
    return page


def status(page):
    return page.locator("#save-status")


def stop_clock(page):
    """From now on no timer of the page fires but by `page.clock.run_for`."""
    page.clock.install()
    page.clock.pause_at(timezone.now() + timedelta(hours=1))


def hold_next_save(page):
    """A list that will hold the route of the next save, to be let go on."""
    held = []

    def hold(route):
        held.append(route)

    page.route("**/reponses/**", hold, times=1)
    return held


def answers_of(worksheet):
    return {answer.question: answer.value for answer in Answer.objects.filter(worksheet=worksheet)}


def news(page):
    return page.locator("[data-news] p")
