"""The filters that somebody keeps under a name, for themselves alone."""

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.templatetags.french import quoted
from opportunities.forms.saved_filters import NewSavedFilterForm, SavedFilterForm
from opportunities.models import SavedFilter
from opportunities.views.pages import said
from territories.models import Territory


@require_safe
def filter_list(request):
    saved = SavedFilter.objects.filter(user=request.user).select_related("territory")
    return render(request, "opportunities/saved_filters.html", {"saved_filters": saved})


@require_POST
def filter_save(request):
    """Keeps the filter of a list: of the territory that `territoire` names, or of all."""
    territory = None
    if ref := said(request.POST, "territoire"):
        territory = get_object_or_404(Territory.objects.visible_to(request.user), ref=ref)
    saved = SavedFilter(user=request.user, territory=territory)
    form = NewSavedFilterForm(request.POST, instance=saved)
    if not _was_saved(form):
        context = {"form": form, "territory": territory, "saved_filter": None}
        return render(request, "opportunities/saved_filter.html", context, status=400)
    messages.success(request, f"Le filtre {quoted(saved.name)} est enregistré.")
    return redirect(saved.address)


@require_http_methods(["GET", "HEAD", "POST"])
def filter_rename(request, ref):
    saved = get_object_or_404(SavedFilter, user=request.user, ref=ref)
    form = SavedFilterForm(request.POST if request.method == "POST" else None, instance=saved)
    if not _was_saved(form):
        context = {"form": form, "territory": saved.territory, "saved_filter": saved}
        status = 400 if form.is_bound else 200
        return render(request, "opportunities/saved_filter.html", context, status=status)
    messages.success(request, f"Le filtre s’appelle maintenant {quoted(saved.name)}.")
    return redirect("opportunities:filter-list")


@require_POST
def filter_delete(request, ref):
    saved = get_object_or_404(SavedFilter, user=request.user, ref=ref)
    saved.delete()
    messages.success(request, f"Le filtre {quoted(saved.name)} est supprimé.")
    return redirect("opportunities:filter-list")


def _was_saved(form):
    """Whether the form could be saved; two windows may save the same name at the same time."""
    if not form.is_valid():
        return False
    try:
        with transaction.atomic():
            form.save()
    except IntegrityError:
        form.add_error("name", "Vous avez déjà un filtre de ce nom.")
        return False
    return True
