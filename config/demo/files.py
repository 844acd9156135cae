"""The photos and documents of the story, attached to its opportunities and actions."""

from config.demo.drawings import draw
from opportunities.attachments import attach
from opportunities.models import DetectionAction
from opportunities.permissions import check_user_can_write, check_user_can_write_actions


def plan_files(story, told, owners):
    """The files of `told`, whose owner is one of `owners` by its key when the time has come."""
    for file in told.get("files", ()):
        by = story.people[file["by"]]
        story.plan(file["when"], _attach, owners=owners, key=told["key"], file=file, by=by)


def _attach(*, owners, key, file, by):
    owner = owners[key]
    upload = draw(file["scene"])
    upload.name = file["name"]
    if isinstance(owner, DetectionAction):
        check_user_can_write_actions(by, owner.territory)
        attach(upload=upload, by=by, action=owner)
    else:
        check_user_can_write(by, owner)
        attach(upload=upload, by=by, opportunity=owner)
