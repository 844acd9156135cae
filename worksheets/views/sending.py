"""The lead hands a worksheet over to the trainers, or takes it back."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from worksheets.forms import whole_number
from worksheets.lifecycle import NotNow, submit, withdraw
from worksheets.sheet import Sheet
from worksheets.views.opening import open_worksheet
from worksheets.views.refusing import show_refusal


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def worksheet_submit(request, territory_ref, worksheet_ref):
    """Says what is missing, with links; sends, knowingly, all the same."""
    access = open_worksheet(request, territory_ref, worksheet_ref)
    access.check_can_send()
    refusal = ""
    if request.method == "POST":
        seen = whole_number(request.POST.get("change_number", ""))
        try:
            submission = submit(
                worksheet=access.worksheet, by=request.user, seen_change_number=seen
            )
        except NotNow as error:
            refusal = str(error)
        else:
            messages.success(
                request,
                f"Fiche transmise aux formateurs (version {submission.number}). "
                "Vous recevrez un courriel à leur retour.",
            )
            return redirect("worksheets:worksheet-show", territory_ref, worksheet_ref)
    context = {"page": Sheet.draft(access), "refusal": refusal}
    return render(
        request, "worksheets/sending/submit.html", context, status=409 if refusal else 200
    )


@require_POST
def worksheet_withdraw(request, territory_ref, worksheet_ref):
    access = open_worksheet(request, territory_ref, worksheet_ref)
    access.check_can_send()
    try:
        withdraw(worksheet=access.worksheet, by=request.user)
    except NotNow as error:
        return show_refusal(request, access, error)
    messages.success(request, "Fiche retirée : l’équipe peut de nouveau l’écrire.")
    return redirect("worksheets:worksheet-show", territory_ref, worksheet_ref)
