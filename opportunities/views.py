import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.fields import status_of
from accounts.wording import NORMALISED
from opportunities.filters import OpportunityFilter
from opportunities.forms import NewOpportunityForm, OpportunityEditForm, SharingForm, StageForm
from opportunities.models import Opportunity
from opportunities.permissions import (
    check_user_can_create,
    check_user_can_share,
    check_user_can_write,
    user_can_create,
    user_can_share,
    user_can_write,
)
from opportunities.tracking import (
    AlreadyCreated,
    NotAPartner,
    ReasonMissing,
    StaleFacts,
    StaleStage,
    change_opportunity,
    change_sharing,
    create_opportunity,
    move_to_stage,
)
from territories.models import Territory

PAGE_SIZE = 20


@require_safe
def opportunity_list(request, territory_ref):
    territory = get_object_or_404(Territory.objects.visible_to(request.user), ref=territory_ref)
    visible = Opportunity.objects.visible_to(request.user).filter(territory=territory)
    filtered = OpportunityFilter(request.GET, visible)
    rows = filtered.qs.select_related("district", "commune")
    context = {
        "territory": territory,
        "filter": filtered,
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "can_create": user_can_create(request.user, territory),
    }
    if request.htmx and not request.htmx.history_restore_request:
        return render(request, "opportunities/list.html#results", context)
    return render(request, "opportunities/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def opportunity_create(request, territory_ref):
    territory = get_object_or_404(Territory.objects.visible_to(request.user), ref=territory_ref)
    check_user_can_create(request.user, territory)
    form = NewOpportunityForm(_posted(request), territory=territory)
    context = {"territory": territory, "form": form, "conflict": None}
    if not form.is_valid():
        return render(request, "opportunities/create.html", context, status=status_of(form))
    key = form.cleaned_data["request_key"]
    try:
        opportunity = create_opportunity(
            territory=territory, by=request.user, request_key=key, **form.facts
        )
    except AlreadyCreated as conflict:
        form = NewOpportunityForm(_posted(request, request_key=uuid.uuid4()), territory=territory)
        context |= {"form": form, "conflict": conflict}
        return render(request, "opportunities/create.html", context, status=409)
    _acknowledge(request, form, "L’opportunité est enregistrée.")
    return _to_detail(opportunity)


@require_safe
def opportunity_detail(request, territory_ref, ref):
    return _render_detail(request, _visible_or_404(request, territory_ref, ref))


@require_http_methods(["GET", "HEAD", "POST"])
def opportunity_edit(request, territory_ref, ref):
    opportunity = _visible_or_404(request, territory_ref, ref)
    check_user_can_write(request.user, opportunity)
    form = OpportunityEditForm(_posted(request), opportunity=opportunity)
    context = {"opportunity": opportunity, "form": form, "conflict": None}
    if not form.is_valid():
        return render(request, "opportunities/edit.html", context, status=status_of(form))
    version = form.cleaned_data["version"]
    try:
        change_opportunity(opportunity=opportunity, version=version, by=request.user, **form.facts)
    except StaleFacts as conflict:
        # Sent again, the same text is a knowing answer to the version that the page now shows.
        data = _posted(request, version=opportunity.version)
        context |= {
            "form": OpportunityEditForm(data, opportunity=opportunity),
            "conflict": conflict,
            "differences": form.differences_from(opportunity),
        }
        return render(request, "opportunities/edit.html", context, status=409)
    _acknowledge(request, form, "Vos modifications sont enregistrées.")
    return _to_detail(opportunity)


@require_POST
def opportunity_move(request, territory_ref, ref):
    opportunity = _visible_or_404(request, territory_ref, ref)
    check_user_can_write(request.user, opportunity)
    form = StageForm(_posted(request), opportunity=opportunity)
    if not form.is_valid():
        return _render_detail(request, opportunity, status=status_of(form), stage_form=form)
    try:
        move_to_stage(opportunity=opportunity, by=request.user, **form.cleaned_data)
    except ReasonMissing as error:
        form.add_error("reason", str(error))
        return _render_detail(request, opportunity, status=400, stage_form=form)
    except StaleStage as conflict:
        data = _posted(request, from_stage=opportunity.stage)
        form = StageForm(data, opportunity=opportunity)
        return _render_detail(
            request, opportunity, status=409, stage_form=form, stage_conflict=conflict
        )
    _acknowledge(request, form, f"Étape : {opportunity.get_stage_display()}.")
    return _to_detail(opportunity)


@require_POST
def opportunity_share(request, territory_ref, ref):
    opportunity = _visible_or_404(request, territory_ref, ref)
    check_user_can_share(request.user, opportunity)
    form = SharingForm(_posted(request), opportunity=opportunity)
    if not form.is_valid():
        return _render_detail(request, opportunity, status=400, sharing_form=form)
    added, removed = form.changes()
    try:
        change_sharing(opportunity=opportunity, added=added, removed=removed, by=request.user)
    except NotAPartner as error:
        form.add_error("partners", str(error))
        return _render_detail(request, opportunity, status=409, sharing_form=form)
    messages.success(request, "Le partage est enregistré.")
    return _to_detail(opportunity)


def _visible_or_404(request, territory_ref, ref):
    opportunities = Opportunity.objects.visible_to(request.user).select_related(
        "territory", "district", "commune", "created_by", "updated_by"
    )
    return get_object_or_404(opportunities, territory__ref=territory_ref, ref=ref)


def _render_detail(request, opportunity, *, status=200, **parts):
    """The page of an opportunity; `parts` are the forms that come back with something to say."""
    parts = {"stage_form": None, "stage_conflict": None, "sharing_form": None} | parts
    can_write = user_can_write(request.user, opportunity)
    if parts["stage_form"] is None and can_write:
        parts["stage_form"] = StageForm(opportunity=opportunity)
    if parts["sharing_form"] is None and user_can_share(request.user, opportunity):
        parts["sharing_form"] = SharingForm(opportunity=opportunity)
    context = {
        "opportunity": opportunity,
        "trace": opportunity.stage_changes.select_related("by"),
        "can_write": can_write,
        **parts,
    }
    return render(request, "opportunities/detail.html", context, status=status)


def _to_detail(opportunity):
    return redirect("opportunities:detail", opportunity.territory.ref, opportunity.ref)


def _posted(request, **instead):
    """What the form was sent with, some values replaced; None when it is only asked for."""
    if request.method != "POST":
        return None
    data = request.POST.copy()
    for name, value in instead.items():
        data[name] = value
    return data


def _acknowledge(request, form, sentence):
    messages.success(request, sentence)
    if form.was_normalised:
        messages.info(request, NORMALISED)
