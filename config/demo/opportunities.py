"""The opportunities of the story: detected, shared, moved from stage to stage."""

from opportunities.enums import Kind, Stage
from opportunities.permissions import (
    check_user_can_create,
    check_user_can_share,
    check_user_can_write,
)
from opportunities.tracking import create_opportunity, move_to_stage, share
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


def _create(*, story, territory, told):
    by = story.people[told["by"]]
    check_user_can_create(by, territory)
    story.opportunities[told["key"]] = create_opportunity(
        territory=territory,
        by=by,
        kind=Kind(told["kind"]),
        title=told["title"],
        description=told.get("description", ""),
        district=District.objects.get(code=told["district"]),
        commune=Commune.objects.get(code=told["commune"]),
        place=told.get("place", ""),
    )


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
