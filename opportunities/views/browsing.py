"""Opportunities browsed: one filter, kept in the address, over several views of what it finds."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.utils.functional import cached_property
from django.views.decorators.http import require_safe

from opportunities.filters import OpportunityFilter, filtered_for
from opportunities.models import SavedFilter
from opportunities.permissions import territories_to_create_in
from opportunities.views.board import board_parts
from opportunities.views.mapping import map_parts
from territories.models import Territory

PAGE_SIZE = 20


class CappedPaginator(Paginator):
    """Pages as far as the filter counts: what is beyond is found by filtering more."""

    def __init__(self, filtered):
        rows = filtered.qs.select_related("territory", "district", "commune")
        super().__init__(rows.defer("description", "search_text"), PAGE_SIZE)
        self.tally = filtered.count

    @cached_property
    def count(self):
        return self.tally.number


def listed(request, filtered):
    return {"page": CappedPaginator(filtered).get_page(request.GET.get("page"))}


def mapped(request, filtered):
    return listed(request, filtered) | map_parts(filtered)


@dataclass(frozen=True)
class View:
    """One way to show what the filter finds, chosen by `?vue=`. `prepare(request, filtered)` is
    what its template, included in the frame, needs beside the frame's own context. `style` and
    `script` are static files that it needs too."""

    name: str
    label: str
    icon: str
    template: str
    prepare: Callable[..., dict]
    style: str = ""
    script: str = ""


VIEWS = {
    view.name: view
    for view in (
        View("liste", "Liste", "list-ul", "opportunities/list.html", listed),
        View(
            "tableau",
            "Tableau",
            "kanban",
            "opportunities/board.html",
            board_parts,
            style="css/pages/board.css",
            script="js/board.js",
        ),
        View(
            "carte",
            "Carte",
            "map",
            "opportunities/map.html",
            mapped,
            style="css/pages/map.css",
            script="js/map.js",
        ),
    )
}


@require_safe
def opportunity_list(request, territory_ref):
    territory = get_object_or_404(Territory.objects.visible_to(request.user), ref=territory_ref)
    return browse(request, territory)


@require_safe
def opportunity_list_all(request):
    return browse(request)


def browse(request, territory=None):
    """The frame around the view that the address asks for; without a territory, over all that the
    reader may see. htmx gets the results alone."""
    filtered = filtered_for(request.user, request.GET, territory)
    view = VIEWS.get(request.GET.get("vue"), VIEWS["liste"])
    context = {
        "territory": territory,
        "sees_others": territory and _sees_others(request.user, territory),
        "filter": filtered,
        "view": view,
        "switch": _switch(filtered, view),
        "create_in": _create_in(request.user, territory),
        "saved_filters": SavedFilter.objects.of(request.user, territory),
        **view.prepare(request, filtered),
    }
    if request.htmx and not request.htmx.history_restore_request:
        return render(request, "opportunities/browse.html#results", context)
    return render(request, "opportunities/browse.html", context)


def _switch(filtered: OpportunityFilter, shown: View):
    """(view, its address, whether it is the one shown) for each view of the same results."""
    query = filtered.query()
    return [
        (view, f"?vue={view.name}&{query}".rstrip("&"), view is shown) for view in VIEWS.values()
    ]


def _sees_others(user, territory):
    return Territory.objects.visible_to(user).exclude(pk=territory.pk).exists()


def _create_in(user, territory):
    territories = territories_to_create_in(user)
    return list(territories.filter(pk=territory.pk) if territory else territories)
