"""Opportunities brought in from a spreadsheet, and taken out in files."""

import csv

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from accounts.fields import status_of
from accounts.templatetags.french import quoted
from opportunities.enums import ImportState, RowOutcome
from opportunities.exchange import cnig, exporting, importing
from opportunities.exchange.tables import MAX_COLUMNS, MAX_ROWS, UnreadableFile, guarded
from opportunities.exchange.writing import NotReady
from opportunities.filters import filtered_for
from opportunities.forms.exchange import MatchingForm, UploadForm
from opportunities.models import FileImport, Opportunity
from opportunities.permissions import check_user_can_create
from opportunities.views.pages import posted
from territories.models import Territory

PAGE_SIZE = 50
LISTED = 100  # friches that the standard can't say, on the page that counts them
_BUSY = (ImportState.CHECKING, ImportState.WRITING)


@require_http_methods(["GET", "HEAD", "POST"])
def import_start(request, territory_ref):
    territory = _team_territory(request, territory_ref)
    files = request.FILES if request.method == "POST" else None
    form = UploadForm(posted(request), files)
    if form.is_valid():
        try:
            file = form.cleaned_data["file"]
            file_import = importing.upload(territory=territory, file=file, by=request.user)
        except UnreadableFile as error:
            form.add_error("file", str(error))
        else:
            return _to(file_import)
    context = {
        "territory": territory,
        "form": form,
        "imports": FileImport.objects.visible_to(request.user)
        .filter(territory=territory)
        .select_related("created_by")[:10],
        "most_rows": MAX_ROWS,
        "most_columns": MAX_COLUMNS,
    }
    return render(request, "opportunities/exchange/start.html", context, status=status_of(form))


@require_safe
def import_show(request, territory_ref, ref):
    file_import = _import(request, territory_ref, ref)
    if request.htmx and file_import.state not in _BUSY:
        return HttpResponseClientRefresh()
    return _show(request, file_import)


@require_POST
def import_match(request, territory_ref, ref):
    """Keeps the matching; with `check`, has every row checked by it."""
    file_import = _import(request, territory_ref, ref)
    form = MatchingForm(request.POST, file_import=file_import)
    if not form.is_valid():
        return _show(request, file_import, form=form)
    try:
        importing.match_columns(
            file_import=file_import,
            keys=form.keys,
            default_kind=form.cleaned_data["default_kind"],
        )
        if "check" in request.POST:
            importing.begin_check(file_import)
    except NotReady as refusal:
        messages.warning(request, str(refusal))
    return _to(file_import)


@require_POST
def import_reopen(request, territory_ref, ref):
    """Back to the columns."""
    file_import = _import(request, territory_ref, ref)
    try:
        importing.match_columns(
            file_import=file_import,
            keys=[entry["column"] for entry in file_import.matching],
            default_kind=file_import.default_kind,
        )
    except NotReady as refusal:
        messages.warning(request, str(refusal))
    return _to(file_import)


@require_POST
def import_check(request, territory_ref, ref):
    file_import = _import(request, territory_ref, ref)
    try:
        importing.begin_check(file_import)
    except NotReady as refusal:
        messages.warning(request, str(refusal))
    return _to(file_import)


@require_POST
def import_write(request, territory_ref, ref):
    file_import = _import(request, territory_ref, ref)
    try:
        importing.begin_writing(
            file_import=file_import, by=request.user, leave_out="leave_out" in request.POST
        )
    except (NotReady, importing.WrongRowsRemain) as refusal:
        messages.warning(request, str(refusal))
    return _to(file_import)


@require_POST
def import_discard(request, territory_ref, ref):
    file_import = _import(request, territory_ref, ref)
    importing.discard(file_import)
    messages.success(request, f"{quoted(file_import.name)} est retiré.")
    return redirect("opportunities:import-start", territory_ref)


@require_safe
def import_errors(request, territory_ref, ref):
    """What is to correct, as CSV: a line for each cell."""
    file_import = _import(request, territory_ref, ref)
    writer = csv.writer(exporting.Echo(), delimiter=";")

    def lines():
        yield "\ufeff" + writer.writerow(["Ligne", "Intitulé", "Colonne", "À corriger"])
        for row in _wrong(file_import).iterator():
            for header, sentence in row.problems:
                cells = (row.title, header, sentence)
                yield writer.writerow([row.line, *map(guarded, cells)])

    name = f"a-corriger-{file_import.ref}.csv"
    return exporting.attached(StreamingHttpResponse(lines()), name, "text/csv; charset=utf-8")


@require_safe
def import_template(request, territory_ref):
    """An empty spreadsheet with the headings of the columns."""
    _team_territory(request, territory_ref)
    return exporting.export(Opportunity.objects.none(), extension="xlsx", about="modèle")


@require_safe
def opportunity_export(request, extension, territory_ref=None):
    """What the list shows under the same filters, all pages, in one file."""
    territory = _visible_territory(request, territory_ref)
    if extension not in exporting.MEDIA_TYPES:
        raise Http404
    chosen = filtered_for(request.user, request.GET, territory).qs
    about = territory.name if territory else "tous les territoires"
    try:
        return exporting.export(chosen, extension=extension, about=about)
    except exporting.TooMuch as refusal:
        context = {"territory": territory, "refusal": refusal}
        return render(request, "opportunities/exchange/too_much.html", context, status=413)


@require_safe
def friches_show(request, territory_ref=None):
    """What the national standard can say of the friches that the list shows, and what it can't."""
    territory = _visible_territory(request, territory_ref)
    whole, lacking = cnig.friches(filtered_for(request.user, request.GET, territory).qs)
    left_out = lacking.select_related("territory").order_by("title", "ref")[:LISTED]
    context = {
        "territory": territory,
        "whole": whole.order_by().count(),
        "lacking": lacking.order_by().count(),
        "left_out": [(opportunity, cnig.lacks(opportunity)) for opportunity in left_out],
        "query": request.GET.urlencode(),
    }
    return render(request, "opportunities/exchange/friches.html", context)


@require_safe
def friches_export(request, territory_ref=None):
    territory = _visible_territory(request, territory_ref)
    whole, _ = cnig.friches(filtered_for(request.user, request.GET, territory).qs)
    name = exporting.file_name("friches", territory.name if territory else "", "csv")
    lines = StreamingHttpResponse(cnig.csv_lines(whole))
    return exporting.attached(lines, name, "text/csv; charset=utf-8")


def _visible_territory(request, ref):
    """The territory that the address names, or None where it names none."""
    if ref is None:
        return None
    return get_object_or_404(Territory.objects.visible_to(request.user), ref=ref)


def _team_territory(request, ref):
    territory = _visible_territory(request, ref)
    check_user_can_create(request.user, territory)
    return territory


def _import(request, territory_ref, ref):
    imports = FileImport.objects.visible_to(request.user).select_related("territory", "created_by")
    return get_object_or_404(imports, territory__ref=territory_ref, ref=ref)


def _to(file_import):
    return redirect("opportunities:import-show", file_import.territory.ref, file_import.ref)


def _wrong(file_import):
    return file_import.rows.filter(outcome=RowOutcome.WRONG).order_by("line")


def _show(request, file_import, form=None):
    """The page of an import, as its state makes it."""
    context = {
        "territory": file_import.territory,
        "file_import": file_import,
        "is_busy": file_import.state in _BUSY,
        "is_stuck": importing.is_stuck(file_import),
        "counts": {outcome: file_import.counts.get(outcome, 0) for outcome in RowOutcome.values},
        "form": form,
        "columns": [],
        "preview": None,
        "page": None,
        "alike": None,
        "is_left_aside": False,
    }
    if file_import.state == ImportState.UPLOADED:
        context["form"] = form or MatchingForm(file_import=file_import)
        try:
            preview = importing.preview(file_import)
            columns = zip(context["form"].columns(), preview.samples, strict=True)
            context |= {"preview": preview, "columns": list(columns)}
        except UnreadableFile as error:
            context["form"] = None
            messages.error(request, str(error))
    elif file_import.state == ImportState.CHECKED:
        rows = Paginator(_wrong(file_import), PAGE_SIZE)
        context["page"] = rows.get_page(request.GET.get("page"))
        alike = file_import.rows.exclude(lookalikes=[]).order_by("line")
        context["alike"] = alike[:PAGE_SIZE]
    elif file_import.state == ImportState.WRITTEN:
        context["is_left_aside"] = _wrong(file_import).exists()
    template = "opportunities/exchange/import.html"
    if request.htmx:
        template += "#progress"
    return render(request, template, context, status=status_of(form) if form else 200)
