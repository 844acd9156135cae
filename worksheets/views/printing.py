"""The worksheet on paper: addresses that people keep and print, which write nothing."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from worksheets import printing
from worksheets.content import Content
from worksheets.typesetting import Busy
from worksheets.views.opening import open_worksheet


@require_safe
@cache_control(private=True, no_store=True)
def worksheet_pdf(request, territory_ref, worksheet_ref):
    """What is being written."""
    access = open_worksheet(request, territory_ref, worksheet_ref)
    content = _draft_or_404(access)
    return _pdf(request, printing.sheet_as_it_is(access.worksheet, content))


@require_safe
@cache_control(private=True, no_store=True)
def blank_pdf(request, territory_ref, worksheet_ref):
    """The grid to fill by hand; it names the opportunities of the draft."""
    access = open_worksheet(request, territory_ref, worksheet_ref)
    content = _draft_or_404(access)
    return _pdf(request, printing.blank_sheet(access.worksheet, content))


@require_safe
@cache_control(private=True, no_store=True)
def submission_pdf(request, territory_ref, worksheet_ref, number):
    """One submitted version."""
    access = open_worksheet(request, territory_ref, worksheet_ref)
    submission = get_object_or_404(access.worksheet.submissions, number=number)
    frozen = Content.from_json(access.worksheet.grid, submission.content)
    content = access.submitted_part(frozen)
    return _pdf(request, printing.sheet_as_submitted(access.worksheet, submission, content))


def _draft_or_404(access):
    """What the person may see of what is being written."""
    if not access.sees_draft:
        raise Http404
    return access.draft_part(Content.of(access.worksheet))


def _pdf(request, sheet):
    try:
        pdf = printing.pdf_of(sheet)
    except Busy:
        answer = render(request, "worksheets/pdf/busy.html", status=503)
        answer["Retry-After"] = "10"  # seconds
        return answer
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{sheet.file_name}"'},
    )
