"""The detection process: actions de repérage are planned, then held or cancelled, and say what they
revealed.

Each act and its journal entry succeed or fail together (`writing` says how two people on one action
get on). Callers have checked the rights of `by` (`permissions`).
"""

from django.db import transaction
from django.utils import timezone

from opportunities.enums import ActionState
from opportunities.models import DetectionAction
from opportunities.writing import WrongFact, create_once, record_act, write_facts

FACTS = (
    "kind",
    "title",
    "starts_at",
    "ends_at",
    "place",
    "internal_participants",
    "external_participants",
    "report",
)


class EndsTooEarly(WrongFact):
    fact = "ends_at"

    def __init__(self):
        super().__init__("La fin ne peut pas précéder le début.")


class NotYetBegun(WrongFact):
    """It can't have been held."""

    fact = "starts_at"

    def __init__(self):
        super().__init__("Une action qui commence plus tard ne peut pas être déjà tenue.")


def create_action(*, territory, by, request_key=None, **facts):
    """A new action. `facts` are those of FACTS, and `state`: planned unless it says otherwise.

    `request_key` (UUID) makes a repeated request answer with what the first one created; raises
    writing.AlreadyCreated when the facts are not the same. Raises EndsTooEarly, NotYetBegun.
    """
    _check(facts)
    return create_once(
        DetectionAction,
        territory=territory,
        by=by,
        request_key=request_key,
        facts=facts,
        alongside=lambda action: record_act("action.created", action, by),
    )


def change_action(*, action, version, by, **facts):
    """Writes `facts` (some of FACTS) over `version` of the action. Returns whether anything
    differed. Raises writing.StaleFacts, EndsTooEarly, NotYetBegun."""
    return _write("action.changed", action, version, by, facts)


def hold_action(*, action, version, by, **facts):
    """Says that the action was held, with what is known since (some of FACTS): who came, what came
    out. Raises as `change_action`."""
    return _write("action.held", action, version, by, facts | {"state": ActionState.HELD})


def cancel_action(*, action, version, by):
    """Says that the action will not be held. Raises writing.StaleFacts."""
    return _write("action.cancelled", action, version, by, {"state": ActionState.CANCELLED})


def resume_action(*, action, version, by):
    """Plans again an action that was cancelled, or said to be held by mistake: nothing that was
    written of it is lost. Raises writing.StaleFacts."""
    return _write("action.resumed", action, version, by, {"state": ActionState.PLANNED})


@transaction.atomic
def _write(verb, action, version, by, facts):
    _check({name: getattr(action, name) for name in ("state", "starts_at", "ends_at")} | facts)
    changed = write_facts(action, version=version, by=by, facts=facts)
    if changed:
        record_act(verb, action, by, facts=changed)
    return bool(changed)


def _check(facts):
    starts_at, ends_at = facts["starts_at"], facts.get("ends_at")
    if ends_at and ends_at < starts_at:
        raise EndsTooEarly
    if facts.get("state") == ActionState.HELD and starts_at > timezone.now():
        raise NotYetBegun
