"""The detection actions of the story: planned, held, cancelled."""

from config.demo import clock
from config.demo.files import plan_files
from opportunities.detecting import cancel_action, create_action, hold_action
from opportunities.enums import ActionKind
from opportunities.permissions import check_user_can_write_actions


def plan_action(story, territory, told):
    key = told["key"]
    story.plan(told["when"], _create, story=story, territory=territory, told=told)
    for verb, turn in (("held", hold_action), ("cancelled", cancel_action)):
        if act := told.get(verb):
            by, facts = story.people[act["by"]], {n: act[n] for n in ("report",) if n in act}
            story.plan(act["when"], _turn, story=story, key=key, turn=turn, by=by, **facts)
    plan_files(story, told, story.actions)


def _create(*, story, territory, told):
    by = story.people[told["by"]]
    check_user_can_write_actions(by, territory)
    ends = told.get("ends")
    story.actions[told["key"]] = create_action(
        territory=territory,
        by=by,
        kind=ActionKind(told["kind"]),
        title=told["title"],
        starts_at=clock.moment(told["starts"], story.today),
        ends_at=clock.moment(ends, story.today) if ends else None,
        place=told.get("place", ""),
        internal_participants="\n".join(told.get("internal", ())),
        external_participants="\n".join(told.get("external", ())),
    )


def _turn(*, story, key, turn, by, **facts):
    action = story.actions[key]
    check_user_can_write_actions(by, action.territory)
    turn(action=action, version=action.version, by=by, **facts)
