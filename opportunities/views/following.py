from django.contrib import messages
from django.views.decorators.http import require_POST

from accounts.fields import status_of
from opportunities.forms.following import SharingForm, StageForm
from opportunities.permissions import check_user_can_share, check_user_can_write
from opportunities.tracking import (
    NotAPartner,
    ReasonMissing,
    StaleStage,
    change_sharing,
    move_to_stage,
)
from opportunities.views.board import card_answer
from opportunities.views.pages import (
    acknowledge,
    posted,
    render_detail,
    to_detail,
    visible_or_404,
)


@require_POST
def opportunity_move(request, territory_ref, ref):
    opportunity = visible_or_404(request, territory_ref, ref)
    check_user_can_write(request.user, opportunity)
    form = StageForm(posted(request), opportunity=opportunity)
    status, conflict = _move(form, opportunity, by=request.user)
    if request.headers.get("Accept") == "application/json":
        return card_answer(opportunity, form, conflict, status=status)
    if status == 200:
        acknowledge(request, form, f"Étape : {opportunity.get_stage_display()}.")
        return to_detail(opportunity)
    if conflict:
        data = posted(request, from_stage=opportunity.stage)
        form = StageForm(data, opportunity=opportunity)
    return render_detail(
        request, opportunity, status=status, stage_form=form, stage_conflict=conflict
    )


def _move(form, opportunity, *, by):
    """(status of the answer, what somebody else did meanwhile or None); the form then holds what is
    to be mended."""
    if not form.is_valid():
        return status_of(form), None
    try:
        move_to_stage(opportunity=opportunity, by=by, **form.cleaned_data)
    except ReasonMissing as error:
        form.add_error("reason", str(error))
        return 400, None
    except StaleStage as conflict:
        return 409, conflict
    return 200, None


@require_POST
def opportunity_share(request, territory_ref, ref):
    opportunity = visible_or_404(request, territory_ref, ref)
    check_user_can_share(request.user, opportunity)
    form = SharingForm(posted(request), opportunity=opportunity)
    if not form.is_valid():
        return render_detail(request, opportunity, status=400, sharing_form=form)
    added, removed = form.changes()
    try:
        change_sharing(opportunity=opportunity, added=added, removed=removed, by=request.user)
    except NotAPartner as error:
        form.add_error("partners", str(error))
        return render_detail(request, opportunity, status=409, sharing_form=form)
    messages.success(request, "Le partage est enregistré.")
    return to_detail(opportunity)
