"""What became of the answers: the history of one, that of the worksheet, two versions compared."""

from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.templatetags.french import moment
from worksheets.comparing import CannotCompare, Versions, compare
from worksheets.differences import differences_of
from worksheets.document import row_of
from worksheets.forms import whole_number
from worksheets.histories import one_by_one, saves_of, sittings, told
from worksheets.lifecycle import NotNow
from worksheets.models import Revision
from worksheets.opinions import QUESTION, OpinionNotYours, keeping_signed
from worksheets.restoring import AnswerChanged, restore
from worksheets.sheet import Sheet
from worksheets.timeline import events_of
from worksheets.views.opening import open_worksheet, slot_or_404

SITTINGS_A_PAGE = 10
EVENTS_A_PAGE = 30


def _draft(request, territory_ref, worksheet_ref):
    """The sheet being written, for who reads it; else 404."""
    access = open_worksheet(request, territory_ref, worksheet_ref)
    if not access.sees_draft:
        raise Http404
    return Sheet.draft(access)


def _slot(sheet, name):
    """The slot of that name, of those that one answers; else 404."""
    slot = slot_or_404(sheet, name)
    if slot.question.is_derived:
        raise Http404
    return slot


@require_safe
@never_cache
def answer_history(request, territory_ref, worksheet_ref, slot_name):
    """The sittings in which one answer was written; with `?seance=` (the last version of one), the
    saves of that sitting one by one."""
    sheet = _draft(request, territory_ref, worksheet_ref)
    slot = _slot(sheet, slot_name)
    answer = sheet.answers.get(slot.name)
    stretches = sittings(saves_of(answer)) if answer else []
    opened = None
    if wanted := request.GET.get("seance"):
        opened = next((one for one in stretches if str(one.last.version) == wanted), None)
        if opened is None:
            raise Http404
        stretches = one_by_one(opened)
    page = Paginator(stretches, SITTINGS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": sheet,
        "row": row_of(sheet.content, slot),
        "opened": opened,
        "stretches": page,
        "told": told(slot.question, answer, page.object_list) if answer else [],
        "current_version": answer.version if answer else 0,
        "can_restore": sheet.is_writable and sheet.access.can_answer(slot),
    }
    return render(request, "worksheets/history/answer.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def answer_restore(request, territory_ref, worksheet_ref, slot_name, version):
    """What an answer was at one version, whole; and the button that brings it back."""
    sheet = _draft(request, territory_ref, worksheet_ref)
    slot = _slot(sheet, slot_name)
    answer = sheet.answers.get(slot.name)
    revision = get_object_or_404(
        Revision.objects.select_related("saved_by"),
        answer=answer.pk if answer else None,
        version=version,
    )
    refusal, status = "", 200
    if request.method == "POST":
        try:
            _restore(request, sheet, slot, revision)
        except (AnswerChanged, NotNow) as error:
            refusal, status = str(error), 409
        except OpinionNotYours as error:
            refusal, status = str(error), 403
        else:
            text = f"Vous avez rétabli la version écrite {moment(revision.saved_at)}."
            messages.success(request, f"{text} Celle qu’elle remplace reste dans l’historique.")
            return redirect("worksheets:answer-history", territory_ref, worksheet_ref, slot_name)
        sheet = Sheet.draft(sheet.access)
    context = {
        "page": sheet,
        "slot": slot,
        "revision": revision,
        "refusal": refusal,
        "can_restore": sheet.is_writable and sheet.access.can_answer(slot),
        **_side_by_side(sheet, slot, revision),
    }
    return render(request, "worksheets/history/version.html", context, status=status)


def _restore(request, sheet, slot, revision):
    sheet.access.check_can_write()
    if not sheet.access.can_answer(slot):
        raise PermissionDenied("Vous pouvez lire cette réponse, pas la modifier.")
    restore(
        worksheet=sheet.worksheet,
        question=slot.question,
        opportunity_id=sheet.opportunity_id(slot),
        revision=revision,
        seen_version=whole_number(request.POST.get("standing", "")),
        may_record_opinions=sheet.access.can_record_opinion,
        by=request.user,
    )


def _side_by_side(sheet, slot, revision):
    """The answer at that version, and what bringing it back would change in what stands."""
    value, standing = revision.value, sheet.content.value(slot)
    if slot.question.key == QUESTION:
        value = keeping_signed(standing, value)
    then = replace(sheet.content, answers={slot.name: revision.value})
    return {
        "row": row_of(then, slot),
        "difference": differences_of(slot.question, standing, value),
        "standing_version": sheet.surroundings(slot).version,
    }


@require_safe
@never_cache
def worksheet_history(request, territory_ref, worksheet_ref):
    """What happened to the worksheet, by day, newest first."""
    sheet = _draft(request, territory_ref, worksheet_ref)
    events = Paginator(events_of(sheet), EVENTS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "worksheets/history/timeline.html", {"page": sheet, "events": events})


@require_safe
@never_cache
def worksheet_compare(request, territory_ref, worksheet_ref):
    """Two versions side by side: `de` and `a` name them; `tout` shows what is the same too."""
    access = open_worksheet(request, territory_ref, worksheet_ref)
    versions = Versions(access)
    refusal, status = "", 200
    try:
        before, after = versions.asked(request.GET.get("de", ""), request.GET.get("a", ""))
    except CannotCompare as error:
        refusal, status = str(error), 400 if error.is_malformed else 404
        before, after = versions.last_two  # for the form
    shows_all = request.GET.get("tout") == "1"
    sections = []
    if before and after and not refusal:
        contents = [versions.content_of(version) for version in (before, after)]
        sections = compare(*contents, whole=shows_all)
    rows = [one for section in sections for one in section.compared]
    context = {
        "page": _page(access),
        "before": before,
        "after": after,
        "choices": versions.choices(before, after),
        "refusal": refusal,
        "shows_all": shows_all,
        "sections": sections,
        "changed_count": sum(one.has_changed for one in rows),
        "total": len(rows),
    }
    return render(request, "worksheets/history/compare.html", context, status=status)


def _page(access):
    """What stands around the comparison: an observer sees what was submitted."""
    if access.sees_draft:
        return Sheet.draft(access)
    return Sheet.of_submission(access, access.worksheet.submissions.latest("number"))
