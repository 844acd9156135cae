"""The trainers' review: comments in the margin, the decision at the end, sent together."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.wording import TextTooLong, normalise
from worksheets.comparing import since_review
from worksheets.enums import State
from worksheets.lifecycle import NotNow, ReasonMissing, Verb, reopen
from worksheets.reviewing import DECISIONS, decide, start_review
from worksheets.sheet import Sheet
from worksheets.views.opening import open_worksheet, tell_if_normalised
from worksheets.views.refusing import show_refusal


@require_POST
def review_start(request, territory_ref, worksheet_ref):
    """Begins the review, or takes it over from another trainer."""
    access = open_worksheet(request, territory_ref, worksheet_ref)
    access.check_can_review()
    try:
        start_review(worksheet=access.worksheet, by=request.user)
    except NotNow as error:
        return show_refusal(request, access, error)
    return redirect("worksheets:review", territory_ref, worksheet_ref)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def review(request, territory_ref, worksheet_ref):
    access = open_worksheet(request, territory_ref, worksheet_ref)
    access.check_can_review()
    sheet = Sheet.draft(access)
    if not sheet.submissions:  # nothing was ever sent for review
        raise Http404
    if request.method == "POST":
        return _decide(request, sheet)
    # A review is begun by a button, not by a visit: from then on the team can't withdraw.
    if access.worksheet.state != State.SUBMITTED or not access.worksheet.review_started_at:
        return redirect("worksheets:worksheet-show", territory_ref, worksheet_ref)
    return _render(request, sheet)


def _render(request, sheet, *, refusal="", status=200):
    """The review page, with whatever was typed in it still there."""
    since = since_review(sheet)
    context = {
        "page": sheet,
        "refusal": refusal,
        "message": request.POST.get("message", ""),
        "sections": [
            {
                "section": section,
                "parts": [
                    {
                        "group": part.group,
                        "rows": [_row(request, sheet, row, since) for row in part.rows],
                    }
                    for part in section.parts
                ],
            }
            for section in sheet.document.sections
        ],
        "submission": sheet.submissions[-1],
        "since": since,
    }
    return render(request, "worksheets/reviewing/review.html", context, status=status)


def _row(request, sheet, row, since):
    return {
        "difference": since.differences.get(row.slot.name) if since else None,
        "row": row,
        "around": sheet.surroundings(row.slot),
        "comment": request.POST.get(f"comment.{row.slot.name}", ""),
    }


def _decide(request, sheet):
    comments = [
        (slot, sheet.opportunity_id(slot), body)
        for slot in sheet.content.slots()
        if normalise(body := request.POST.get(f"comment.{slot.name}", ""))[0].strip()
    ]
    decision, message = request.POST.get("decision", ""), request.POST.get("message", "")
    if decision not in DECISIONS:
        return _render(request, sheet, refusal="Choisissez : retourner ou valider.", status=400)
    try:
        decide(
            worksheet=sheet.worksheet,
            verb=Verb(decision),
            message=message,
            comments=comments,
            submission_number=request.POST.get("submission_number", ""),
            by=request.user,
        )
    except ReasonMissing as error:
        return _render(request, sheet, refusal=str(error), status=400)
    except TextTooLong as error:
        return _render(request, sheet, refusal=str(error), status=413)
    except NotNow as error:
        return _render(request, sheet, refusal=str(error), status=409)
    said = "retournée à l’équipe" if decision == Verb.RETURN else "validée"
    messages.success(request, f"Fiche {said}. L’équipe est prévenue par courriel.")
    tell_if_normalised(request, message, *(body for _, _, body in comments))
    return redirect("worksheets:board", sheet.worksheet.programme.ref)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def worksheet_reopen(request, territory_ref, worksheet_ref):
    """Gives a validated worksheet back to the team, saying why."""
    access = open_worksheet(request, territory_ref, worksheet_ref)
    access.check_can_review()
    message, refusal, status = request.POST.get("message", ""), "", 200
    if request.method == "POST":
        try:
            reopen(worksheet=access.worksheet, by=request.user, message=message)
        except ReasonMissing as error:
            refusal, status = str(error), 400
        except TextTooLong as error:
            refusal, status = str(error), 413
        except NotNow as error:
            refusal, status = str(error), 409
        else:
            messages.success(request, "Fiche rouverte : l’équipe peut de nouveau l’écrire.")
            tell_if_normalised(request, message)
            return redirect("worksheets:worksheet-show", territory_ref, worksheet_ref)
    context = {"page": Sheet.draft(access), "refusal": refusal, "message": message}
    return render(request, "worksheets/reviewing/reopen.html", context, status=status)
