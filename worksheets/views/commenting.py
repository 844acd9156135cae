"""Comments on one question, and a reader's signed opinion on a project."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.fields import status_of
from accounts.wording import TextTooLong
from worksheets.document import row_of
from worksheets.editing import Stale
from worksheets.forms import OpinionForm
from worksheets.kinds import MalformedAnswer
from worksheets.lifecycle import NotNow
from worksheets.opinions import QUESTION
from worksheets.reviewing import EmptyComment, comment, resolve, unresolve
from worksheets.sheet import Sheet
from worksheets.signing import sign_opinion
from worksheets.views.opening import open_worksheet, tell_if_normalised


def _slot(sheet, name):
    """The slot of that name among those that the person sees; else 404."""
    for slot in sheet.content.slots():
        if slot.name == name:
            return slot
    raise Http404


def _back(request, sheet, slot):
    """To the question; for htmx, its thread alone, read again."""
    worksheet = sheet.worksheet
    if request.htmx:
        sheet = Sheet.draft(sheet.access)
        context = {
            "page": sheet,
            "slot": slot,
            "around": sheet.surroundings(slot),
            "is_open": True,
        }
        return render(request, "worksheets/commenting/thread.html", context)
    address = reverse("worksheets:worksheet-show", args=[worksheet.territory.ref, worksheet.ref])
    return redirect(f"{address}#{slot.name}")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def comment_add(request, territory_ref, worksheet_ref, slot_name):
    """The thread of one question, and one more comment in it."""
    access = open_worksheet(request, territory_ref, worksheet_ref)
    access.check_can_comment()
    sheet = Sheet.draft(access)
    slot = _slot(sheet, slot_name)
    body, refusal, status = request.POST.get("body", ""), "", 200
    if request.method == "POST":
        try:
            comment(
                worksheet=access.worksheet,
                slot=slot,
                opportunity_id=sheet.opportunity_id(slot),
                body=body,
                by=request.user,
            )
        except EmptyComment as error:
            refusal, status = str(error), 400
        except TextTooLong as error:
            refusal, status = str(error), 413
        else:
            tell_if_normalised(request, body)
            return _back(request, sheet, slot)
    context = {
        "page": sheet,
        "row": row_of(sheet.content, slot),
        "around": sheet.surroundings(slot),
        "body": body,
        "refusal": refusal,
    }
    return render(request, "worksheets/commenting/comment.html", context, status=status)


@require_POST
def comment_resolve(request, territory_ref, worksheet_ref, comment_ref):
    """Marks a comment as dealt with, or (`open=1`) open again."""
    access = open_worksheet(request, territory_ref, worksheet_ref)
    access.check_can_comment()
    sheet = Sheet.draft(access)
    found = get_object_or_404(
        access.worksheet.comments.select_related("opportunity"), ref=comment_ref
    )
    slot = _slot(sheet, found.slot_name)
    if request.POST.get("open") == "1":
        unresolve(comment=found)
    else:
        resolve(comment=found, by=request.user)
    return _back(request, sheet, slot)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def opinion_sign(request, territory_ref, worksheet_ref):
    """A reader of the team gives their own opinion on the project of a step 2 worksheet."""
    access = open_worksheet(request, territory_ref, worksheet_ref)
    access.check_can_sign_opinion()
    question = access.worksheet.grid.by_key.get(QUESTION)
    if question is None:
        raise Http404
    form = OpinionForm(question, request.POST if request.method == "POST" else None)
    sheet, refusal, status = Sheet.draft(access), "", 200
    if request.method == "POST":
        status = status_of(form)
        if form.is_valid():
            try:
                sign_opinion(worksheet=access.worksheet, by=request.user, **form.cleaned_data)
            except TextTooLong as error:
                refusal, status = str(error), 413
            except MalformedAnswer as error:
                refusal, status = str(error), 400
            except Stale:
                refusal, status = "Le tableau vient de changer : signez à nouveau.", 409
            except NotNow as error:
                refusal, status = str(error), 409
            else:
                tell_if_normalised(request, form["remarks"].data)
                messages.success(request, "Votre avis est enregistré et signé de votre nom.")
                return _back(request, sheet, _slot(sheet, QUESTION))
    rows = sheet.content.value(_slot(sheet, QUESTION))
    has_signed = any(row.get("signed_by") == request.user.pk for row in rows)
    context = {"page": sheet, "form": form, "refusal": refusal, "has_signed": has_signed}
    return render(request, "worksheets/commenting/opinion.html", context, status=status)
