"""The people whom the teams of the story attach to their opportunities, with their consent."""

from config.demo import clock
from opportunities.people import FACTS, add_person, latest_day


def plan_contacts(story, told):
    for contact in told.get("contacts", ()):
        by = story.people[contact["by"]]
        story.plan(contact["when"], _add, story=story, key=told["key"], told=contact, by=by)


def _add(*, story, key, told, by):
    consent_on = told.get("consent_on")
    facts = {name: told.get(name, "") for name in FACTS} | {
        "consent_on": clock.day(consent_on, story.today) if consent_on else None,
        "kept_until": latest_day(),
    }
    add_person(opportunity=story.opportunities[key], by=by, **facts)
