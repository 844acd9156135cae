"""The trainers' side: a review, and its decision with its comments, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from accounts.wording import check_length, normalise
from journal.recording import record
from worksheets.content import Slot
from worksheets.discussing import comment
from worksheets.enums import State
from worksheets.lifecycle import NotNow, ReasonMissing, Verb, lock, move, team_of, tell
from worksheets.models import Worksheet

DECISIONS = (Verb.RETURN, Verb.VALIDATE)


@transaction.atomic
def start_review(*, worksheet: Worksheet, by) -> None:
    """Marks the review of a submitted worksheet as begun by `by`, taking it over from another
    trainer if need be. From then on the lead can't withdraw. Raises NotNow in another state."""
    lock(worksheet)
    if worksheet.state != State.SUBMITTED:
        raise NotNow(
            f"La fiche est maintenant « {worksheet.get_state_display()} » : il n’y a rien à relire."
        )
    if worksheet.review_started_by == by:
        return
    worksheet.review_started_at, worksheet.review_started_by = timezone.now(), by
    worksheet.save(update_fields=["review_started_at", "review_started_by"])
    record(
        verb="worksheet.review_started",
        by=by,
        scope=worksheet.territory.scope,
        target=worksheet.target,
    )


@transaction.atomic
def decide(
    *,
    worksheet: Worksheet,
    verb: Verb,
    message: str,
    comments: Sequence[tuple[Slot, int | None, str]],
    submission_number: str,
    by,
) -> None:
    """Writes the comments (slot, opportunity id, body), then returns or validates the worksheet.

    All or nothing. Effects: comments, transition, journal, an e-mail to the team. Raises NotNow
    if another trainer decided first, if the team withdrew, or if `submission_number` (as the page
    sent it) is no longer the last one; ReasonMissing for a return without message or comment.
    """
    lock(worksheet)
    last = worksheet.submissions.order_by("-number").first()
    if worksheet.state != State.SUBMITTED or last is None or str(last.number) != submission_number:
        raise NotNow(_decided_already(worksheet))
    message, _ = normalise(message)
    check_length(message)
    if verb == Verb.RETURN and not (message.strip() or comments):
        raise ReasonMissing(
            "Dites à l’équipe ce qui est à compléter : un message ou un commentaire."
        )
    for slot, opportunity_id, body in comments:
        comment(
            worksheet=worksheet,
            slot=slot,
            opportunity_id=opportunity_id,
            body=body,
            by=by,
        )
    move(worksheet=worksheet, verb=verb, by=by, message=message, submission=last)
    template = "worksheet_returned" if verb == Verb.RETURN else "worksheet_validated"
    tell(
        team_of(worksheet),
        template,
        worksheet,
        by=by,
        message=message,
        comment_count=len(comments),
    )


def _decided_already(worksheet):
    trace = worksheet.transitions.select_related("by").order_by("-at", "-pk").first()
    what = f" ({trace.by.name} : {Verb(trace.verb).label})" if trace else ""
    return (
        f"La fiche est maintenant « {worksheet.get_state_display()} »{what}. "
        "Votre décision n’a pas été enregistrée ; vos textes restent dans cette page."
    )
