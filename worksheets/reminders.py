"""What the team already wrote of its detection actions, offered beside the questions of step 1 that
ask for it: to be read, and taken up into the answer instead of typed again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from django.utils.text import Truncator

from accounts.models import User
from opportunities.enums import ActionKind, ActionState
from opportunities.models import DetectionAction
from programmes.enums import Step
from territories.models import Territory

LATEST = 20  # a reminder, not a register: the actions have a page of their own
REPORT_LENGTH = 600  # characters of a report
_COLON = "\N{NO-BREAK SPACE}: "


@dataclass(frozen=True)
class Passage:
    """A text about one action, and the name of the form's box that takes it up; `ticks` is the
    choice to tick with it, empty where the question has none."""

    text: str
    into: str
    ticks: str = ""


def reminders_for(user: User, territory: Territory, step: str) -> dict[str, list[Passage]]:
    """Passages by key of question, from the first action to the last, of those that `user` may see.
    One query, none but at step 1."""
    if step != Step.STEP_1:
        return {}
    visible = DetectionAction.objects.visible_to(user).filter(territory=territory)
    latest = visible.exclude(state=ActionState.CANCELLED).order_by("-starts_at", "-pk")[:LATEST]
    actions = list(reversed(latest))
    found = {key: passages(actions) for key, passages in _PASSAGES.items()}
    return {key: passages for key, passages in found.items() if passages}


def _of_process(actions: Sequence[DetectionAction]) -> list[Passage]:
    """The choices of the grid are the kinds of actions."""
    return [
        Passage(
            _with_state(action, f"{action.title}, {action.when_in_words}"),
            f"process.comment.{action.kind}",
            ticks=action.kind,
        )
        for action in actions
    ]


def _of_participants(side: str, key: str, actions: Sequence[DetectionAction]) -> list[Passage]:
    return [
        Passage(f"{action.title}{_COLON}{_in_a_line(names)}", key)
        for action in actions
        if (names := getattr(action, f"{side}_participants").strip())
    ]


def _of_strategy(actions: Sequence[DetectionAction]) -> list[Passage]:
    return [Passage(_whole(action), "strategy") for action in actions]


def _whole(action: DetectionAction) -> str:
    kind = ActionKind(action.kind).label
    what = [f"{kind}{_COLON}{action.title}", action.when_in_words, action.place]
    lines = [f"{_with_state(action, ', '.join(filter(None, what)))}."]
    for label, names in (
        ("En interne", action.internal_participants),
        ("En externe", action.external_participants),
    ):
        if names.strip():
            lines.append(f"{label}{_COLON}{_in_a_line(names)}.")
    if report := action.report.strip():
        lines.append(Truncator(report).chars(REPORT_LENGTH))
    return "\n".join(lines)


def _with_state(action: DetectionAction, text: str) -> str:
    return f"{text} (prévue)" if action.state == ActionState.PLANNED else text


def _in_a_line(names: str) -> str:
    """What was written one a line."""
    return ", ".join(line.strip() for line in names.splitlines() if line.strip())


_PASSAGES: dict[str, Callable[[Sequence[DetectionAction]], list[Passage]]] = {
    "process": _of_process,
    "process-internal": partial(_of_participants, "internal", "process-internal"),
    "process-external": partial(_of_participants, "external", "process-external"),
    "strategy": _of_strategy,
}
