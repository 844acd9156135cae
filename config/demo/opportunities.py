"""The opportunities of the story: detected, documented, shared, moved from stage to stage."""

from config.demo import clock
from config.demo.contacts import plan_contacts
from config.demo.files import plan_files
from opportunities.enums import Stage
from opportunities.permissions import (
    check_user_can_create,
    check_user_can_share,
    check_user_can_write,
)
from opportunities.placing import facts_of_position
from opportunities.tracking import FACTS, create_opportunity, move_to_stage, share
from territories.enums import Role
from territories.models import Commune, District, Grant


def plan_opportunity(story, territory, told):
    key = told["key"]
    story.plan(told["when"], _create, story=story, territory=territory, told=told)
    for sharing in told.get("shared", ()):
        partner = story.people[sharing["with"]]
        story.plan(sharing["when"], _share, story=story, key=key, partner=partner)
    for move in told.get("moves", ()):
        story.plan(
            move["when"],
            _move,
            story=story,
            key=key,
            stage=Stage(move["to"]),
            reason=move.get("reason", ""),
            by=story.people[move["by"]],
        )
    plan_files(story, told, story.opportunities)
    plan_contacts(story, told)


def _create(*, story, territory, told):
    by = story.people[told["by"]]
    check_user_can_create(by, territory)
    story.opportunities[told["key"]] = create_opportunity(
        territory=territory,
        by=by,
        **_facts(told, story) | _place(told),
    )


def _facts(told, story):
    """Those that `told` says under the names of the columns; days as in `config.demo.clock`, the
    action that revealed it by its key."""
    facts = {name: told[name] for name in FACTS if name in told}
    days = [name for name in facts if name.endswith("_on")]
    facts |= {name: clock.day(facts[name], story.today) for name in days}
    if "revealed_by" in facts:
        facts["revealed_by"] = story.actions[facts["revealed_by"]]
    return facts


def _place(told):
    """The district and the commune that somebody chose; on the map, the point that stands for the
    district, unless `placed` is false. Where somebody was `located` by their telephone, what the
    position says of the district."""
    district = District.objects.get(code=told["district"])
    place = {"district": district, "commune": Commune.objects.get(code=told["commune"])}
    if not told.get("placed", True):
        return place
    longitude, latitude = district.longitude, district.latitude
    if told.get("located", False):
        place["nearness"] = facts_of_position(longitude, latitude)["nearness"]
    return place | {"longitude": longitude, "latitude": latitude}


def _share(*, story, key, partner):
    opportunity = story.opportunities[key]
    leads = Grant.objects.current().filter(territory=opportunity.territory, role=Role.LEAD)
    by = leads.select_related("user").get().user
    check_user_can_share(by, opportunity)
    share(opportunity=opportunity, partner=partner, by=by)


def _move(*, story, key, stage, reason, by):
    opportunity = story.opportunities[key]
    check_user_can_write(by, opportunity)
    move_to_stage(opportunity=opportunity, stage=stage, reason=reason, by=by)
