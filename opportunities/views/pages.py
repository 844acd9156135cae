"""What the views of opportunities share: the way in, the page of one of them, and the answers."""

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render

from accounts.fields import was_normalised
from accounts.wording import NORMALISED
from opportunities.duplicates import candidates
from opportunities.enums import Stage
from opportunities.forms.following import SharingForm, StageForm
from opportunities.models import DetectionAction, Opportunity, Person, StageChange
from opportunities.permissions import (
    user_can_keep,
    user_can_read_people,
    user_can_share,
    user_can_write,
)
from opportunities.views.attachments import attachments_section
from opportunities.writing import MergedMeanwhile


def visible_or_404(request, territory_ref, ref, *, even_merged=False):
    """The opportunity, if the reader may see it. What was merged into another raises
    MergedMeanwhile, which views/merged.py answers, unless it is wanted `even_merged`."""
    opportunities = Opportunity.objects.visible_to(request.user).select_related(
        "territory", "district", "commune", "created_by", "updated_by"
    )
    opportunity = get_object_or_404(opportunities, territory__ref=territory_ref, ref=ref)
    if opportunity.merged_into_id and not even_merged:
        raise MergedMeanwhile(opportunity)
    return opportunity


def render_detail(request, opportunity, *, status=200, **parts):
    """The page of an opportunity; `parts` are the forms that come back with something to say."""
    parts = {"stage_form": None, "stage_conflict": None, "sharing_form": None} | parts
    can_write = user_can_write(request.user, opportunity)
    if parts["stage_form"] is None and can_write:
        parts["stage_form"] = StageForm(opportunity=opportunity)
    if parts["sharing_form"] is None and user_can_share(request.user, opportunity):
        parts["sharing_form"] = SharingForm(opportunity=opportunity)
    can_keep = user_can_keep(request.user, opportunity)
    context = {
        "opportunity": opportunity,
        "trace": _trace_of(opportunity),
        "can_write": can_write,
        "can_keep": can_keep,
        "alike": _alike(opportunity) if can_keep else [],
        "attachments": attachments_section(opportunity, can_write=can_write),
        "people": _people_of(opportunity, request.user),
        "action": _action_that_revealed(opportunity, request.user),
        **parts,
    }
    return render(request, "opportunities/detail.html", context, status=status)


def _trace_of(opportunity):
    """Its own and that of the duplicates merged into it, the latest first; `is_current` marks the
    line of the stage where it is, which a duplicate noted later doesn't change."""
    its_own = Q(opportunity=opportunity) | Q(opportunity__merged_into=opportunity)
    trace = list(StageChange.objects.filter(its_own).select_related("by", "opportunity"))
    own = (change for change in trace if change.opportunity_id == opportunity.pk)
    current = next(own, None)
    for change in trace:
        change.is_current = change is current
    return trace


def _alike(opportunity):
    """What resembles an opportunity that nobody has qualified yet; whoever qualifies it has seen
    that it is another."""
    if opportunity.stage != Stage.DETECTED or opportunity.archived_at:
        return []
    return candidates(opportunity, opportunity.territory)


def _people_of(opportunity, user):
    """None for who may not know of them."""
    if not user_can_read_people(user, opportunity.territory):
        return None
    return Person.objects.visible_to(user).filter(opportunity=opportunity)


def _action_that_revealed(opportunity, user):
    """None where there is none, or where the reader may not see it."""
    if not opportunity.revealed_by_id:
        return None
    return DetectionAction.objects.visible_to(user).filter(pk=opportunity.revealed_by_id).first()


def to_detail(opportunity):
    return redirect("opportunities:detail", opportunity.territory.ref, opportunity.ref)


def posted(request, **instead):
    """What the form was sent with, some values replaced; None when it is only asked for."""
    if request.method != "POST":
        return None
    data = request.POST.copy()
    for name, value in instead.items():
        data[name] = value
    return data


def said(data, name):
    """What an address or a form (a QueryDict) says under `name`, for the base: PostgreSQL takes no
    NUL."""
    return data.get(name, "").replace("\x00", "")


def acknowledge(request, form, sentence):
    messages.success(request, sentence)
    if was_normalised(form):
        messages.info(request, NORMALISED)
