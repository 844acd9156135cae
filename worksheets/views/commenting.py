"""Comments on one question, and a reader's signed opinion on a project."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponseBadRequest, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.fields import status_of
from accounts.wording import NORMALISED, TextTooLong, normalise
from worksheets.discussing import EmptyComment, comment, reopen_thread, resolve_thread
from worksheets.document import row_of
from worksheets.forms import OpinionForm
from worksheets.kinds import MalformedAnswer
from worksheets.lifecycle import NotNow
from worksheets.mentioning import roles_of_readers
from worksheets.opinions import QUESTION
from worksheets.sheet import Sheet
from worksheets.signing import sign_opinion
from worksheets.views.opening import open_worksheet, slot_or_404, tell_if_normalised

# A comment is dated a little before others can read it.
SLACK = timedelta(seconds=10)
REOPENED = "Cet échange était traité : il est de nouveau à traiter."


@dataclass(frozen=True)
class Outcome:
    """What became of a comment just sent: `refusal`, with the `body` that stays where it was typed
    (in the answer to `thread_ref`, or where a thread is opened), or else what is to be `said`, and
    the reference of what was `written`."""

    thread_ref: str = ""
    body: str = ""
    refusal: str = ""
    said: str = ""
    written: str = ""


def _thread(sheet, slot, ref):
    """The comment that opened the thread `ref`; 404 unless that is about `slot`."""
    for thread in sheet.surroundings(slot).threads:
        if thread.head.ref == ref:
            return thread.head
    raise Http404


def _beside(request, sheet, slot, outcome=None):
    """What the template of a thread needs."""
    sent = request.POST if request.method == "POST" else request.GET
    return {
        "page": sheet,
        "slot": slot,
        "around": sheet.surroundings(slot),
        "is_open": True,
        "is_review": sent.get("from") == "review",
        "outcome": outcome,
    }


def _back(request, sheet, slot, anchor, outcome=None):
    """To the comment; for htmx, to the threads of its question, read again."""
    if request.htmx:
        context = _beside(request, Sheet.draft(sheet.access), slot, outcome)
        return render(request, "worksheets/commenting/thread.html", context)
    if outcome and outcome.said:
        messages.success(request, outcome.said)
    worksheet = sheet.worksheet
    is_review = request.POST.get("from") == "review"
    route = "worksheets:review" if is_review else "worksheets:worksheet-show"
    address = reverse(route, args=[worksheet.territory.ref, worksheet.ref])
    return redirect(f"{address}#{anchor}")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def comment_add(request, territory_ref, worksheet_ref, slot_name):
    """The threads of one question, and one more comment: `body` opens another thread, `body.<ref>`
    answers in the `thread` of that reference."""
    access = open_worksheet(request, territory_ref, worksheet_ref)
    access.check_can_comment()
    sheet = Sheet.draft(access)
    slot = slot_or_404(sheet, slot_name)
    if request.method == "POST":
        return _comment(request, sheet, slot)
    return _show(request, sheet, slot)


def _show(request, sheet, slot, outcome=None, *, status=200):
    context = _beside(request, sheet, slot, outcome)
    if request.htmx:
        return render(request, "worksheets/commenting/thread.html", context, status=status)
    context["row"] = row_of(sheet.content, slot)
    return render(request, "worksheets/commenting/comment.html", context, status=status)


def _comment(request, sheet, slot):
    ref = request.POST.get("thread", "")
    thread = _thread(sheet, slot, ref) if ref else None
    body = request.POST.get(f"body.{ref}" if ref else "body", "")
    try:
        written = comment(
            worksheet=sheet.worksheet,
            slot=slot,
            opportunity_id=sheet.opportunity_id(slot),
            body=body,
            by=request.user,
            thread=thread,
            request_key=request.POST.get("key", ""),
        )
    except EmptyComment as error:
        return _show(request, sheet, slot, Outcome(ref, body, str(error)), status=400)
    except TextTooLong as error:
        return _show(request, sheet, slot, Outcome(ref, body, str(error)), status=413)
    said = [REOPENED] if thread and thread.resolved_at else []
    said += [NORMALISED] if normalise(body)[1] else []
    outcome = Outcome(ref, said=" ".join(said), written=written.ref)
    return _back(request, sheet, slot, f"echange-{written.ref}", outcome)


@require_POST
def comment_resolve(request, territory_ref, worksheet_ref, comment_ref):
    """Marks a thread as dealt with, or (`open=1`) open again."""
    access = open_worksheet(request, territory_ref, worksheet_ref)
    access.check_can_comment()
    sheet = Sheet.draft(access)
    heads = access.worksheet.comments.filter(thread=None).select_related("opportunity")
    thread = get_object_or_404(heads, ref=comment_ref)
    slot = slot_or_404(sheet, thread.slot_name)
    change = reopen_thread if request.POST.get("open") == "1" else resolve_thread
    change(thread=thread, slot=slot, by=request.user)
    return _back(request, sheet, slot, f"echange-{thread.ref}")


@require_safe
@never_cache
def discussion_show(request, territory_ref, worksheet_ref):
    """What changed in the discussion since `depuis` (ISO 8601; else 400), for a page that is open:
    {"at": from when to ask next, "threads": {slot name: html}}."""
    access = open_worksheet(request, territory_ref, worksheet_ref)
    access.check_can_comment()
    since = _instant(request.GET.get("depuis", ""))
    if since is None:
        return HttpResponseBadRequest("« depuis » est un instant, comme 2026-11-23T14:30:00+01:00.")
    sheet = Sheet.draft(access)
    threads = {}
    for slot in sheet.slots:
        context = _beside(request, sheet, slot)
        if any(thread.changed_at + SLACK > since for thread in context["around"].threads):
            html = render_to_string("worksheets/commenting/thread.html", context, request)
            threads[slot.name] = html
    return JsonResponse({"at": sheet.read_at.isoformat(), "threads": threads})


def _instant(text):
    """The instant that `text` names, with its time zone; None for what names none."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found and is_aware(found) else None


@require_safe
@never_cache
def mention_list(request, territory_ref, worksheet_ref, slot_name):
    """Whom a comment on this question may mention: {"people": [{"name", "role"}]}, in the order of
    the alphabet. Those of the same name are one line: a comment that says it mentions all."""
    access = open_worksheet(request, territory_ref, worksheet_ref)
    access.check_can_comment()
    sheet = Sheet.draft(access)
    roles = roles_of_readers(access.worksheet, sheet.opportunity_id(slot_or_404(sheet, slot_name)))
    by_name = defaultdict(lambda: defaultdict(list))
    for role in roles.exclude(user=request.user):
        by_name[role.user.name][role.user_id].append(role.get_role_display())
    people = [
        {
            "name": name,
            "role": f"{len(of_name)} personnes de ce nom"
            if len(of_name) > 1
            else ", ".join(next(iter(of_name.values()))),
        }
        for name, of_name in by_name.items()
    ]
    return JsonResponse({"people": people})


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
    slot = slot_or_404(sheet, QUESTION)
    if request.method == "POST":
        refusal, status = _sign(request, access.worksheet, form)
        if status == 200:
            tell_if_normalised(request, form["remarks"].data)
            messages.success(request, "Votre avis est enregistré et signé de votre nom.")
            return _back(request, sheet, slot, QUESTION)
    rows = sheet.content.value(slot)
    has_signed = any(row.get("signed_by") == request.user.pk for row in rows)
    context = {"page": sheet, "form": form, "refusal": refusal, "has_signed": has_signed}
    return render(request, "worksheets/commenting/opinion.html", context, status=status)


def _sign(request, worksheet, form):
    """(why the opinion isn't signed, the status that says so); ("", 200) once it is."""
    if not form.is_valid():
        return "", status_of(form)
    try:
        sign_opinion(worksheet=worksheet, by=request.user, **form.cleaned_data)
    except TextTooLong as error:
        return str(error), 413
    except MalformedAnswer as error:
        return str(error), 400
    except NotNow as error:
        return str(error), 409
    return "", 200
