"""The page of a worksheet: written by those who may while the team has it, else read."""

from dataclasses import replace

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.templatetags.french import hour, quoted
from accounts.wording import NORMALISED
from worksheets.document import row_of
from worksheets.forms import WorksheetForm, version_of
from worksheets.lifecycle import NotNow
from worksheets.rows import UnknownOperation, operate
from worksheets.saving import save_page
from worksheets.sheet import Sheet
from worksheets.views.opening import open_worksheet


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def worksheet_show(request, territory_ref, worksheet_ref):
    access = open_worksheet(request, territory_ref, worksheet_ref)
    if not access.sees_draft:  # an observer, who sees what was submitted
        last = access.worksheet.submissions.order_by("-number").first()
        return redirect("worksheets:submission-show", territory_ref, worksheet_ref, last.number)
    sheet = Sheet.draft(access)
    if request.method == "POST":
        access.check_can_write()
        return _save(request, sheet)
    if not sheet.is_writable:
        return render(request, "worksheets/reading/worksheet.html", {"page": sheet})
    form = WorksheetForm(sheet, extra_rows=request.GET.get("ajouter", ""))
    return _write(request, sheet, form)


def _write(request, sheet, form, *, result=None, status=200):
    context = {"page": sheet, "form": form, "result": result}
    return render(request, "worksheets/writing/worksheet.html", context, status=status)


def _save(request, sheet):
    """The whole page, as the ordinary button sends it."""
    data, error = request.POST, ""
    verb = data.get("operate", "").partition(":")[0]
    if verb and verb != "add":
        try:
            data = operate(data, data["operate"])
        except UnknownOperation as unknown:
            error = str(unknown)
    form = WorksheetForm(sheet, data)
    if not sheet.is_writable:
        return _closed(request, sheet, form)
    try:
        result = save_page(
            sheet=sheet,
            form=form,
            base_versions=_versions(data, form),
            by=request.user,
            keep=data.get("keep", ""),
        )
    except NotNow:
        sheet.worksheet.refresh_from_db(fields=["state"])
        return _closed(request, sheet, form)
    _tell_merges(request, form, result)
    if result.status != 200 or error:
        fresh = Sheet.draft(sheet.access)
        if error:
            messages.error(request, error)
        bound = WorksheetForm(fresh, _still_to_mend(data, form, result))
        bound.full_clean()
        return _write(
            request, fresh, bound, result=result, status=result.status if not error else 400
        )
    messages.success(request, f"Enregistré à {hour(timezone.now())}.")
    if result.was_normalised:
        messages.warning(request, NORMALISED)
    return redirect(_address_after(data, sheet.worksheet, form))


def _address_after(data, worksheet, form):
    """Where the page opens again: at the question whose button was pressed, with one more row if
    that is what it asks for."""
    verb, _, target = data.get("operate", "").partition(":")
    address = reverse("worksheets:worksheet-show", args=[worksheet.territory.ref, worksheet.ref])
    anchor = target.partition(":")[0].partition(".")[0] or data.get("anchor", "")
    more = f"?ajouter={anchor}" if verb == "add" else ""
    return f"{address}{more}#{anchor}" if anchor in form.fields else address


def _versions(data, form):
    """The versions of the answers that the page showed, of those that are numbers."""
    sent = {name: version_of(data, name) for name in form.sent()}
    return {name: version for name, version in sent.items() if version is not None}


def _tell_merges(request, form, result):
    for name, saved in result.saved.items():
        if saved.merged_with:
            question = quoted(form.fields[name].label)
            messages.info(request, f"Votre réponse à {question} : {saved.merged_with}")


def _still_to_mend(data, form, result):
    """`data` without the answers that are settled: the page shows those as they stand now. Shown
    again as they were sent, an old text would come with the version of a newer one."""
    data = data.copy()
    for name in form.sent():
        if name not in result.refused and name not in result.stale:
            del data[f"{name}.version"]
    return data


def _closed(request, sheet, form):
    """The worksheet left the team's hands while somebody was typing: their texts, shown to them
    whole, to be copied."""
    form.full_clean()
    sent = {name: form.cleaned_data[name] for name in form.sent() if name in form.cleaned_data}
    typed = replace(sheet.content, answers=sent)
    rows = [
        row_of(typed, slot)
        for slot in typed.slots()
        if slot.name in typed.answers and typed.value(slot) != sheet.content.value(slot)
    ]
    raw = [(form.fields[name].label, "\n".join(_texts(form[name].value()))) for name in form.errors]
    context = {"page": sheet, "rows": rows, "raw": raw}
    return render(request, "worksheets/writing/closed.html", context, status=409)


def _texts(value):
    """The texts of an answer that couldn't be read, whatever its shape."""
    if isinstance(value, dict):
        value = [part for key, part in value.items() if key != "id"]
    if isinstance(value, list):
        for part in value:
            yield from _texts(part)
    elif value:
        yield str(value)


@require_safe
def submission_show(request, territory_ref, worksheet_ref, number):
    """One submitted version, as it was frozen."""
    access = open_worksheet(request, territory_ref, worksheet_ref)
    submission = (
        access.worksheet.submissions.select_related("submitted_by").filter(number=number).first()
    )
    if submission is None:
        raise Http404
    sheet = Sheet.of_submission(access, submission)
    context = {"page": sheet, "submission": submission}
    return render(request, "worksheets/reading/submission.html", context)
