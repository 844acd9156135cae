"""Archiving, deleting, and taking back."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.templatetags.french import quoted
from opportunities import keeping
from opportunities.models import Opportunity
from opportunities.permissions import check_user_can_create, check_user_can_keep
from opportunities.views.pages import to_detail, visible_or_404
from territories.models import Territory


@require_POST
def opportunity_archive(request, territory_ref, ref):
    opportunity = visible_or_404(request, territory_ref, ref)
    check_user_can_keep(request.user, opportunity)
    keeping.archive(opportunity=opportunity, by=request.user)
    messages.success(request, "L’opportunité est archivée : elle a quitté les listes.")
    return to_detail(opportunity)


@require_POST
def opportunity_restore(request, territory_ref, ref):
    opportunity = visible_or_404(request, territory_ref, ref)
    check_user_can_keep(request.user, opportunity)
    keeping.restore(opportunity=opportunity, by=request.user)
    messages.success(request, "L’opportunité est de retour dans les listes.")
    return to_detail(opportunity)


@require_http_methods(["GET", "HEAD", "POST"])
def opportunity_delete(request, territory_ref, ref):
    """Asks, then deletes."""
    opportunity = visible_or_404(request, territory_ref, ref)
    check_user_can_keep(request.user, opportunity)
    if request.method == "POST":
        try:
            keeping.delete(opportunity=opportunity, by=request.user)
        except keeping.StillReferredTo as refusal:
            return _ask_to_delete(request, opportunity, refusal, status=409)
        messages.success(request, f"{quoted(opportunity.title)} est dans la corbeille.")
        return redirect("opportunities:list", territory_ref)
    refusal = keeping.StillReferredTo() if keeping.is_referred_to(opportunity) else None
    return _ask_to_delete(request, opportunity, refusal)


def _ask_to_delete(request, opportunity, refusal, *, status=200):
    context = {"opportunity": opportunity, "refusal": refusal, "days": keeping.KEPT_FOR.days}
    return render(request, "opportunities/delete.html", context, status=status)


@require_safe
def bin_show(request, territory_ref):
    """What was deleted in a territory and can be taken back, to those who may."""
    territory = get_object_or_404(Territory.objects.visible_to(request.user), ref=territory_ref)
    check_user_can_create(request.user, territory)
    deleted = Opportunity.objects.deleted_for(request.user).filter(territory=territory)
    context = {
        "territory": territory,
        "days": keeping.KEPT_FOR.days,
        "deleted": deleted.select_related("deleted_by", "district", "commune").order_by(
            "-deleted_at", "-pk"
        ),
    }
    return render(request, "opportunities/bin.html", context)


@require_POST
def opportunity_undelete(request, territory_ref, ref):
    deleted = Opportunity.objects.deleted_for(request.user).select_related("territory")
    opportunity = get_object_or_404(deleted, territory__ref=territory_ref, ref=ref)
    keeping.undelete(opportunity=opportunity, by=request.user)
    messages.success(request, f"{quoted(opportunity.title)} est de retour.")
    return to_detail(opportunity)
