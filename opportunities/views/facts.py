import uuid

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.fields import status_of
from opportunities.forms.facts import NewOpportunityForm, OpportunityEditForm
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
    form = NewOpportunityForm(posted(request), territory=territory)
    context = {"territory": territory, "form": form, "conflict": None}
    if not form.is_valid():
        return render(request, "opportunities/create.html", context, status=status_of(form))
    key = form.cleaned_data["request_key"]
    try:
        opportunity = create_opportunity(
            territory=territory, by=request.user, request_key=key, **form.facts
        )
    except AlreadyCreated as conflict:
        form = NewOpportunityForm(posted(request, request_key=uuid.uuid4()), territory=territory)
        context |= {"form": form, "conflict": conflict}
        return render(request, "opportunities/create.html", context, status=409)
    acknowledge(request, form, "L’opportunité est enregistrée.")
    return to_detail(opportunity)


@require_safe
def opportunity_detail(request, territory_ref, ref):
    return render_detail(request, visible_or_404(request, territory_ref, ref))


@require_http_methods(["GET", "HEAD", "POST"])
def opportunity_edit(request, territory_ref, ref):
    opportunity = visible_or_404(request, territory_ref, ref)
    check_user_can_write(request.user, opportunity)
    form = OpportunityEditForm(posted(request), opportunity=opportunity)
    context = {"opportunity": opportunity, "form": form, "conflict": None}
    if not form.is_valid():
        return render(request, "opportunities/edit.html", context, status=status_of(form))
    version = form.cleaned_data["version"]
    try:
        change_opportunity(opportunity=opportunity, version=version, by=request.user, **form.facts)
    except StaleFacts as conflict:
        # Sent again, the same text is a knowing answer to the version that the page now shows.
        data = posted(request, version=opportunity.version)
        context |= {
            "form": OpportunityEditForm(data, opportunity=opportunity),
            "conflict": conflict,
            "differences": form.differences_from(opportunity),
        }
        return render(request, "opportunities/edit.html", context, status=409)
    acknowledge(request, form, "Vos modifications sont enregistrées.")
    return to_detail(opportunity)
