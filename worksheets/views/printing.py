"""The worksheet on paper: addresses that people keep and print, which write nothing."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from worksheets import printing
from worksheets.content import Content
from worksheets.views.opening import open_worksheet


@require_safe
@cache_control(private=True, no_store=True)
def worksheet_pdf(request, territory_ref, worksheet_ref):
    """What is being written."""
    access = open_worksheet(request, territory_ref, worksheet_ref)
    if not access.sees_draft:
        raise Http404
    content = access.draft_part(Content.of(access.worksheet))
    return _pdf(printing.sheet_as_it_is(access.worksheet, content))


@require_safe
@cache_control(private=True, no_store=True)
def blank_pdf(request, territory_ref, worksheet_ref):
    """The grid to fill by hand; it names the opportunities of the draft."""
    access = open_worksheet(request, territory_ref, worksheet_ref)
    if not access.sees_draft:
        raise Http404
    content = access.draft_part(Content.of(access.worksheet))
    return _pdf(printing.blank_sheet(access.worksheet, content))


@require_safe
@cache_control(private=True, no_store=True)
def submission_pdf(request, territory_ref, worksheet_ref, number):
    """One submitted version."""
    access = open_worksheet(request, territory_ref, worksheet_ref)
    submission = get_object_or_404(access.worksheet.submissions, number=number)
    frozen = Content.from_json(access.worksheet.grid, submission.content)
    return _pdf(
        printing.sheet_as_submitted(access.worksheet, submission, access.submitted_part(frozen))
    )


def _pdf(sheet):
    return HttpResponse(
        printing.pdf_of(sheet),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{sheet.file_name}"'},
    )
