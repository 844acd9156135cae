"""Two opportunities that turn out to be one: the duplicate is merged into the one that goes on.

Nothing of either is lost. What the one that goes on didn't say, it takes from the duplicate; where
both said something, it keeps its own, and the text of the duplicate follows. Documents, people and
shares go with it. The duplicate keeps its row, its trace and its journal, which the page of the
other shows; its address leads there.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.templatetags.french import quoted
from accounts.wording import MAX_LENGTH
from opportunities.keeping import is_referred_to
from opportunities.models import Attachment, Opportunity, Person, Share
from opportunities.searching import keep_findable
from opportunities.tracking import FACTS
from opportunities.writing import StaleFacts, record_act, take

# One says nothing without the other.
_TOGETHER = (
    ("longitude", "latitude", "nearness"),
    ("next_action", "next_action_on"),
)
# Always said, by both.
_KEPT = ("kind", "title", "description")


class NotTwo(Exception):
    def __init__(self):
        super().__init__("Choisissez deux opportunités différentes du même territoire.")


class AlreadyMerged(Exception):
    def __init__(self, opportunity):
        super().__init__(f"{quoted(opportunity)} est déjà fusionnée.")


class DuplicateInUse(Exception):
    """A worksheet tells of the duplicate: merged, it would lead nowhere."""

    def __init__(self, duplicate):
        super().__init__(
            f"Une fiche parle de {quoted(duplicate)}. Gardez plutôt celle-ci. Si des fiches "
            "parlent des deux, archivez celle qui ne sert plus."
        )


class SharedOtherwise(Exception):
    """A partner would read more than a lead opened to them."""

    def __init__(self, duplicate):
        super().__init__(
            f"{quoted(duplicate)} est partagée avec un partenaire qui ne voit pas l’autre. Seul un "
            "référent peut les fusionner, ou d’abord partager l’autre avec lui."
        )


@transaction.atomic
def merge(*, duplicate, into, versions, by, may_share):
    """Merges `duplicate` into `into`; `versions` are those of both, (duplicate's, into's), that
    `by` saw; `may_share` is whether `by` may open opportunities to partners. A merge sent twice is
    done once.

    Effects: the facts of `into`, its attachments, people, shares and duplicates; both journals.
    Raises NotTwo, AlreadyMerged, DuplicateInUse, SharedOtherwise, writing.StaleFacts.
    """
    if duplicate.merged_into_id == into.pk:
        return
    _check(duplicate, into)
    if not may_share and _shares_to_hand_over(duplicate, into).exists():
        raise SharedOtherwise(duplicate)
    now = timezone.now()
    seen, seen_of_into = versions
    written = {"updated_at": now, "updated_by": by}
    values = taken_from(duplicate, into) | written
    rows = Opportunity.objects.filter(merged_into=None, deleted_at=None)
    # In one order, whichever way: two who merge each into the other must not lock each other out.
    list(rows.filter(pk__in=(duplicate.pk, into.pk)).select_for_update().order_by("pk"))
    # First: what it was called elsewhere can be another's once it is free.
    if not rows.filter(pk=duplicate.pk, version=seen).update(
        merged_into=into, external_ref="", version=seen + 1, **written
    ):
        raise StaleFacts(duplicate)
    if not rows.filter(pk=into.pk, version=seen_of_into).update(**values, version=seen_of_into + 1):
        raise StaleFacts(into)
    take(into, values | {"version": seen_of_into + 1})
    keep_findable(into)
    _hand_over(duplicate, into)
    record_act("opportunity.merged", into, by, title=duplicate.title, ref=duplicate.ref)
    record_act("opportunity.merged_into", duplicate, by, title=into.title, ref=into.ref)


def taken_from(duplicate, into):
    """The facts that `into` takes from `duplicate`: those that it didn't say, and the description
    after its own."""
    together = {name for names in _TOGETHER for name in names}
    alone = [(name,) for name in FACTS if name not in together and name not in _KEPT]
    values: dict[str, Any] = {}
    for names in (*_TOGETHER, *alone, ("external_ref",)):
        if all(_is_unknown(getattr(into, name)) for name in names):
            values |= {name: getattr(duplicate, name) for name in names}
    return values | {"description": _both_descriptions(duplicate, into)}


def _both_descriptions(duplicate, into):
    texts = [into.description, duplicate.description]
    if not duplicate.description.strip() or duplicate.description == into.description:
        return into.description
    if not into.description.strip():
        return duplicate.description
    both = f"\n\n« {duplicate.title} »\n".join(texts)
    return both if len(both) <= MAX_LENGTH else into.description  # the duplicate keeps its own


def _check(duplicate, into):
    if duplicate.pk == into.pk or duplicate.territory_id != into.territory_id:
        raise NotTwo
    for each in (duplicate, into):
        if each.merged_into_id:
            raise AlreadyMerged(each)
    if is_referred_to(duplicate):
        raise DuplicateInUse(duplicate)


def _hand_over(duplicate, into):
    Attachment.objects.filter(opportunity=duplicate).update(opportunity=into)
    Person.objects.filter(opportunity=duplicate).update(opportunity=into)
    _shares_to_hand_over(duplicate, into).update(opportunity=into)
    Share.objects.filter(opportunity=duplicate).delete()
    Opportunity.objects.filter(merged_into=duplicate).update(merged_into=into)


def _shares_to_hand_over(duplicate, into):
    """With whom the duplicate is shared, and the other isn't."""
    already = Share.objects.filter(opportunity=into).values("user")
    return Share.objects.filter(opportunity=duplicate).exclude(user__in=already)


def _is_unknown(value):
    return value is None or value == ""
