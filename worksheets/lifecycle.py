"""brouillon -> transmise -> (à compléter -> transmise)* -> validée.

The table below is the rule; `docs/lifecycle.md` shows the diagram that `diagram()` draws from it.
"""

from dataclasses import dataclass

from django.db import models, transaction
from django.utils import timezone

from accounts import courier
from accounts.wording import check_length, normalise
from journal.recording import record
from programmes.calendar import deadline_of, is_late
from territories.enums import Role
from territories.models import Grant
from worksheets.completeness import missing
from worksheets.content import Content
from worksheets.enums import State
from worksheets.models import Submission, Transition, Worksheet


class Verb(models.TextChoices):
    SUBMIT = "submit", "transmettre"
    WITHDRAW = "withdraw", "retirer"
    RETURN = "return", "demander de compléter"
    VALIDATE = "validate", "valider"
    REOPEN = "reopen", "rouvrir"


JOURNAL_VERBS = {
    Verb.SUBMIT: "worksheet.submitted",
    Verb.WITHDRAW: "worksheet.withdrawn",
    Verb.RETURN: "worksheet.returned",
    Verb.VALIDATE: "worksheet.validated",
    Verb.REOPEN: "worksheet.reopened",
}


@dataclass(frozen=True)
class Move:
    """One allowed change of state: by which verb, from where to where, by whom."""

    verb: Verb
    before: State
    after: State
    role: Role


MOVES = (
    Move(Verb.SUBMIT, State.DRAFT, State.SUBMITTED, Role.LEAD),
    Move(Verb.SUBMIT, State.RETURNED, State.SUBMITTED, Role.LEAD),
    # A withdrawn worksheet goes back to where it was submitted from.
    Move(Verb.WITHDRAW, State.SUBMITTED, State.DRAFT, Role.LEAD),
    Move(Verb.WITHDRAW, State.SUBMITTED, State.RETURNED, Role.LEAD),
    Move(Verb.RETURN, State.SUBMITTED, State.RETURNED, Role.TRAINER),
    Move(Verb.VALIDATE, State.SUBMITTED, State.VALIDATED, Role.TRAINER),
    Move(Verb.REOPEN, State.VALIDATED, State.RETURNED, Role.TRAINER),
)

# Who has the worksheet in hand in each state: whose turn it is.
HOLDERS = {
    State.DRAFT: "l’équipe",
    State.SUBMITTED: "les formateurs",
    State.RETURNED: "l’équipe",
    State.VALIDATED: "personne",
}


class ReasonMissing(Exception):
    """A return that doesn't say what to complete; the message is for its author."""


class NotNow(Exception):
    """The worksheet is no longer in the state that the act needs; the message says so."""


def diagram() -> str:
    """The moves as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", f"    [*] --> {State.DRAFT.value}"]
    lines += [f"    {state.value} : {state.label} ({HOLDERS[state]})" for state in State]
    lines += [
        f"    {m.before.value} --> {m.after.value} : {m.verb.label} ({m.role.label})" for m in MOVES
    ]
    return "\n".join(lines)


def lock(worksheet: Worksheet) -> None:
    """Locks the row until the end of the transaction and rereads what decides about a move."""
    worksheet.refresh_from_db(
        fields=["state", "change_number", "review_started_at", "review_started_by"],
        from_queryset=Worksheet.objects.select_for_update(),
    )


def move(
    *,
    worksheet: Worksheet,
    verb: Verb,
    after: State | None = None,
    by,
    message="",
    submission=None,
):
    """Changes the state of a locked worksheet, leaves the trace, tells the journal.

    `after` is needed where the verb leads to several states. Raises NotNow if the table has no
    such move from the present state.
    """
    allowed = _allowed(worksheet, verb, after)
    Transition.objects.create(
        worksheet=worksheet,
        verb=verb,
        from_state=allowed.before,
        to_state=allowed.after,
        message=message,
        submission=submission,
        by=by,
    )
    worksheet.state = allowed.after
    worksheet.review_started_at = worksheet.review_started_by = None
    worksheet.save(update_fields=["state", "review_started_at", "review_started_by"])
    record(
        verb=JOURNAL_VERBS[verb],
        by=by,
        scope=worksheet.territory.scope,
        target=worksheet.target,
        submission=submission.number if submission else None,
    )


def _allowed(worksheet, verb, after):
    for one in MOVES:
        if (one.verb, one.before) == (verb, worksheet.state) and after in (None, one.after):
            return one
    raise NotNow(
        f"La fiche est maintenant « {worksheet.get_state_display()} » : "
        f"on ne peut plus la {verb.label}."
    )


@transaction.atomic
def submit(*, worksheet: Worksheet, by, seen_change_number: int | None) -> Submission:
    """Freezes the present content as the next numbered version and hands it to the trainers.

    Effects: a submission, a transition, a journal entry, an e-mail to each trainer. An incomplete
    worksheet may be submitted: `seen_change_number` says which state of it the lead agreed to.
    Raises NotNow if it changed since, or is not with the team.
    """
    lock(worksheet)
    if not worksheet.is_with_team:
        raise NotNow("Cette fiche est déjà transmise : rien n’a été envoyé une seconde fois.")
    if worksheet.change_number != seen_change_number:
        raise NotNow(
            "La fiche a changé depuis que vous avez ouvert cette page. "
            "Relisez ce qui manque, puis transmettez à nouveau."
        )
    content = Content.of(worksheet)
    last = worksheet.submissions.order_by("-number").first()
    deadline = deadline_of(worksheet.programme, worksheet.step)
    now = timezone.now()
    submission = Submission.objects.create(
        worksheet=worksheet,
        number=last.number + 1 if last else 1,
        content=content.to_json(),
        missing_count=len(missing(content)),
        is_late=is_late(deadline, now),
        submitted_at=now,
        submitted_by=by,
    )
    move(worksheet=worksheet, verb=Verb.SUBMIT, by=by, submission=submission)
    tell(
        trainers_of(worksheet),
        "worksheet_submitted",
        worksheet,
        by=by,
        submission=submission,
    )
    return submission


@transaction.atomic
def withdraw(*, worksheet: Worksheet, by) -> None:
    """Takes a submitted worksheet back to where it was, as long as nobody began the review.

    The submission stays on record. Raises NotNow once the review has begun or is over.
    """
    lock(worksheet)
    if worksheet.review_started_by:
        raise NotNow(
            f"La relecture a commencé ({worksheet.review_started_by.name}) : la fiche ne peut plus "
            "être retirée. Demandez à la personne de vous la retourner."
        )
    sent = worksheet.transitions.filter(verb=Verb.SUBMIT).order_by("-at", "-pk").first()
    after = State(sent.from_state) if sent else None
    move(worksheet=worksheet, verb=Verb.WITHDRAW, after=after, by=by)


@transaction.atomic
def reopen(*, worksheet: Worksheet, by, message: str) -> None:
    """Gives a validated worksheet back to the team, which is told why.

    Raises ReasonMissing without a message, accounts.wording.TextTooLong, NotNow.
    """
    message, _ = normalise(message)
    check_length(message)
    if not message.strip():
        raise ReasonMissing("Dites à l’équipe pourquoi la fiche est rouverte.")
    lock(worksheet)
    move(worksheet=worksheet, verb=Verb.REOPEN, by=by, message=message)
    tell(team_of(worksheet), "worksheet_reopened", worksheet, by=by, message=message)


def trainers_of(worksheet: Worksheet):
    """Active trainers of the worksheet's programme on its territory."""
    return _people(worksheet, role=Role.TRAINER, programme_ref=worksheet.programme.ref)


def team_of(worksheet: Worksheet):
    """Active leads and contributors of the worksheet's territory."""
    return _people(worksheet, role__in=(Role.LEAD, Role.CONTRIBUTOR))


def _people(worksheet, **filters):
    grants = Grant.objects.current().filter(
        territory=worksheet.territory, user__is_active=True, **filters
    )
    return {grant.user for grant in grants.select_related("user")}


def tell(people, template, worksheet, **context):
    """One e-mail to each, but not to whoever did the act; it leaves after the commit."""
    for person in people - {context["by"]}:
        courier.send(to=person, template=template, context={"worksheet": worksheet, **context})
