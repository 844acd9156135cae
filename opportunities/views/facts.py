import uuid

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.fields import status_of
from opportunities.duplicates import candidates
from opportunities.enums import Kind
from opportunities.forms.facts import CHOOSE, NewOpportunityForm, OpportunityEditForm
from opportunities.models import Opportunity
from opportunities.permissions import check_user_can_create, check_user_can_write
from opportunities.tracking import change_opportunity, create_opportunity
from opportunities.views.pages import (
    acknowledge,
    posted,
    render_detail,
    to_detail,
    visible_or_404,
)
from opportunities.writing import AlreadyCreated, StaleFacts
from territories.models import Territory


@require_http_methods(["GET", "HEAD", "POST"])
def opportunity_create(request, territory_ref):
    territory = get_object_or_404(Territory.objects.visible_to(request.user), ref=territory_ref)
    check_user_can_create(request.user, territory)
    context = {"territory": territory, "conflict": None, "candidates": []}
    if CHOOSE in request.POST:
        form = NewOpportunityForm(territory=territory, user=request.user, typed=request.POST)
        return render(request, "opportunities/create.html", context | {"form": form})
    form = NewOpportunityForm(
        posted(request), territory=territory, user=request.user, initial=_chosen_by_address(request)
    )
    if not form.is_valid():
        context |= {"form": form}
        return render(request, "opportunities/create.html", context, status=status_of(form))
    key = form.cleaned_data["request_key"]
    if alike := _unseen_candidates(request, territory, form):
        context |= {"form": form, "candidates": alike}
        return render(request, "opportunities/create.html", context, status=409)
    try:
        opportunity = create_opportunity(
            territory=territory, by=request.user, request_key=key, **form.facts
        )
    except AlreadyCreated as conflict:
        data = posted(request, request_key=uuid.uuid4())
        form = NewOpportunityForm(data, territory=territory, user=request.user)
        context |= {"form": form, "conflict": conflict}
        return render(request, "opportunities/create.html", context, status=409)
    _acknowledge(request, form, "L’opportunité est enregistrée.")
    return to_detail(opportunity)


def _unseen_candidates(request, territory, form):
    """What resembles the opportunity that is about to be created, unless its author has seen all of
    it already, or this very form has created it."""
    alike = candidates(Opportunity(territory=territory, **form.facts), territory)
    seen = set(request.POST.getlist("seen"))
    if all(each.opportunity.ref in seen for each in alike):
        return []
    first = Opportunity.objects.filter(
        territory=territory,
        created_by=request.user,
        request_key=form.cleaned_data["request_key"],
    )
    return [] if first.exists() else alike


def _chosen_by_address(request):
    """`?type=friche&action=7f3kq2mx`: a link may choose the kind, and the action that revealed it.
    An action that the form doesn't offer chooses nothing."""
    kind = request.GET.get("type")
    chosen = {"kind": kind} if kind in Kind.values else {}
    return chosen | {"revealed_by": request.GET.get("action", "")}


@require_safe
def opportunity_detail(request, territory_ref, ref):
    return render_detail(request, visible_or_404(request, territory_ref, ref))


@require_http_methods(["GET", "HEAD", "POST"])
def opportunity_edit(request, territory_ref, ref):
    opportunity = visible_or_404(request, territory_ref, ref)
    check_user_can_write(request.user, opportunity)
    whose = {"opportunity": opportunity, "user": request.user}
    context = {"opportunity": opportunity, "conflict": None}
    if CHOOSE in request.POST:
        form = OpportunityEditForm(typed=request.POST, **whose)
        return render(request, "opportunities/edit.html", context | {"form": form})
    form = OpportunityEditForm(posted(request), **whose)
    if not form.is_valid():
        context |= {"form": form}
        return render(request, "opportunities/edit.html", context, status=status_of(form))
    version = form.cleaned_data["version"]
    try:
        change_opportunity(opportunity=opportunity, version=version, by=request.user, **form.facts)
    except StaleFacts as conflict:
        # Sent again, the same text is a knowing answer to the version that the page now shows.
        data = posted(request, version=opportunity.version)
        context |= {
            "form": OpportunityEditForm(data, **whose),
            "conflict": conflict,
            "differences": form.differences_from(opportunity),
        }
        return render(request, "opportunities/edit.html", context, status=409)
    _acknowledge(request, form, "Vos modifications sont enregistrées.")
    return to_detail(opportunity)


def _acknowledge(request, form, sentence):
    acknowledge(request, form, sentence)
    if form.warning:
        messages.warning(request, form.warning)
