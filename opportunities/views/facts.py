from functools import partial

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from opportunities.duplicates import candidates
from opportunities.enums import Kind
from opportunities.forms.facts import CHOOSE, NewOpportunityForm, OpportunityEditForm
from opportunities.models import Opportunity
from opportunities.permissions import check_user_can_create, check_user_can_write
from opportunities.tracking import change_opportunity, create_opportunity
from opportunities.views.pages import acknowledge, render_detail, to_detail, visible_or_404
from opportunities.views.writing import answer_form
from territories.models import Territory


@require_http_methods(["GET", "HEAD", "POST"])
def opportunity_create(request, territory_ref):
    territory = get_object_or_404(Territory.objects.visible_to(request.user), ref=territory_ref)
    check_user_can_create(request.user, territory)
    template = "opportunities/create.html"
    context = {"territory": territory, "conflict": None, "candidates": []}
    form_of = partial(
        NewOpportunityForm,
        territory=territory,
        user=request.user,
        initial=_chosen_by_address(request),
    )
    if CHOOSE in request.POST:
        return render(request, template, context | {"form": form_of(typed=request.POST)})

    def write(form, facts):
        if alike := _unseen_candidates(request, territory, form):
            found = {"form": form, "candidates": alike}
            return render(request, template, context | found, status=409)
        key = form.cleaned_data["request_key"]
        opportunity = create_opportunity(
            territory=territory, by=request.user, request_key=key, **facts
        )
        _acknowledge(request, form, "L’opportunité est enregistrée.")
        return to_detail(opportunity)

    return answer_form(request, template, context, form_of, write)


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
    template = "opportunities/edit.html"
    context = {"opportunity": opportunity, "conflict": None}
    form_of = partial(OpportunityEditForm, opportunity=opportunity, user=request.user)
    if CHOOSE in request.POST:
        return render(request, template, context | {"form": form_of(typed=request.POST)})

    def write(form, facts):
        version = form.cleaned_data["version"]
        change_opportunity(opportunity=opportunity, version=version, by=request.user, **facts)
        _acknowledge(request, form, "Vos modifications sont enregistrées.")
        return to_detail(opportunity)

    return answer_form(request, template, context, form_of, write)


def _acknowledge(request, form, sentence):
    acknowledge(request, form, sentence)
    if form.warning:
        messages.warning(request, form.warning)
