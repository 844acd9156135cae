"""An opportunity's life: created, changed, moved from stage to stage, shared with partners.

Each act and its journal entry succeed or fail together. Nothing is overwritten unseen: a change
says which version it was written on, a move says which stage it starts from.
"""

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from opportunities import kinds
from opportunities.enums import Stage
from opportunities.models import Opportunity, Share, StageChange
from opportunities.searching import keep_findable
from opportunities.writing import create_once, record_act, take, write_facts
from territories.enums import Role
from territories.models import Grant

FACTS = (
    "kind",
    "title",
    "description",
    "theme",
    "district",
    "commune",
    "place",
    "longitude",
    "latitude",
    "nearness",
    "next_action",
    "next_action_on",
    "source",
    "revealed_by",
    *kinds.ALL,
)


class StaleStage(Exception):
    """Somebody moved it to another stage since it was read."""

    def __init__(self, change):
        self.what_happened = (
            f"Entre-temps, {change.by.name} l’a passée à l’étape "
            f"« {change.get_to_stage_display()} »."
        )
        super().__init__(
            f"{self.what_happened} Votre choix n’a pas été enregistré ; il est encore dans la page."
        )


class ReasonMissing(Exception):
    def __init__(self):
        super().__init__("Dites pourquoi cette opportunité est abandonnée.")


class NotAPartner(Exception):
    def __init__(self, user):
        super().__init__(f"{user.name} n’est pas partenaire de ce territoire.")


def partners_of(territory):
    """The people with whom the lead may share: partners today, by name."""
    grants = Grant.objects.current().filter(territory=territory, role=Role.PARTNER)
    return get_user_model().objects.filter(is_active=True, pk__in=grants.values("user"))


def create_opportunity(*, territory, by, kind, title, request_key=None, **facts):
    """A new opportunity with the first line of its trace.

    `facts` are those of FACTS, and `stage`. `request_key` (UUID) makes a repeated request answer
    with what the first one created; raises AlreadyCreated when the facts are not the same.
    """

    def alongside(opportunity):
        StageChange.objects.create(
            opportunity=opportunity,
            to_stage=opportunity.stage,
            by=by,
            at=opportunity.created_at,
        )
        keep_findable(opportunity)
        record_act("opportunity.created", opportunity, by)

    return create_once(
        Opportunity,
        territory=territory,
        by=by,
        request_key=request_key,
        facts=facts | {"kind": kind, "title": title},
        alongside=alongside,
    )


@transaction.atomic
def change_opportunity(*, opportunity, version, by, **facts):
    """Writes `facts` (some of FACTS) over `version` of the opportunity.

    Returns whether anything differed. Raises StaleFacts when the opportunity is no longer at
    `version`, unless it already says the same: a form sent twice is no conflict. `opportunity`
    then holds what the other wrote.
    """
    changed = write_facts(opportunity, version=version, by=by, facts=facts)
    if changed:
        keep_findable(opportunity)
        record_act("opportunity.changed", opportunity, by, facts=changed)
    return bool(changed)


@transaction.atomic
def move_to_stage(*, opportunity, stage, by, reason="", from_stage=None):
    """Moves the opportunity to `stage` and keeps the trace; abandoning asks for a reason.

    `from_stage` is the stage its author saw, by default that of `opportunity`. Returns whether it
    moved: the same move sent twice is done once. Raises ReasonMissing, or StaleStage when somebody
    else moved it first; `opportunity` then is at the stage where the other left it.
    """
    seen = from_stage or opportunity.stage
    if stage == seen:
        return False
    if stage == Stage.ABANDONED and not reason.strip():
        raise ReasonMissing
    now = timezone.now()
    values = {"stage": stage, "updated_at": now, "updated_by": by}
    if not Opportunity.objects.filter(pk=opportunity.pk, stage=seen).update(**values):
        opportunity.refresh_from_db()
        last = opportunity.stage_changes.select_related("by").first()
        if (last.to_stage, last.reason, last.by) == (stage, reason, by):
            return False
        raise StaleStage(last)
    take(opportunity, values)
    StageChange.objects.create(
        opportunity=opportunity, from_stage=seen, to_stage=stage, reason=reason, by=by, at=now
    )
    record_act("opportunity.moved", opportunity, by, from_stage=seen, to_stage=stage)
    return True


@transaction.atomic
def share(*, opportunity, partner, by):
    """Opens the opportunity, its part of the step 1 worksheet and its step 2 worksheet to
    `partner`. Sharing twice is sharing once. Raises NotAPartner."""
    if not partners_of(opportunity.territory).filter(pk=partner.pk).exists():
        raise NotAPartner(partner)
    _, is_new = Share.objects.get_or_create(
        opportunity=opportunity, user=partner, defaults={"shared_by": by}
    )
    if is_new:
        record_act("opportunity.shared", opportunity, by, partner=partner.name)


@transaction.atomic
def unshare(*, opportunity, partner, by):
    """Closes it again to `partner`; what they wrote stays."""
    deleted, _ = Share.objects.filter(opportunity=opportunity, user=partner).delete()
    if deleted:
        record_act("opportunity.unshared", opportunity, by, partner=partner.name)


@transaction.atomic
def change_sharing(*, opportunity, added, removed, by):
    """Shares with each of `added`, unshares with each of `removed`."""
    for partner in added:
        share(opportunity=opportunity, partner=partner, by=by)
    for partner in removed:
        unshare(opportunity=opportunity, partner=partner, by=by)
