from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from opportunities.filters import OpportunityFilter
from opportunities.models import Opportunity
from opportunities.permissions import user_can_create
from territories.models import Territory

PAGE_SIZE = 20


@require_safe
def opportunity_list(request, territory_ref):
    territory = get_object_or_404(Territory.objects.visible_to(request.user), ref=territory_ref)
    visible = Opportunity.objects.visible_to(request.user).filter(territory=territory)
    filtered = OpportunityFilter(request.GET, visible)
    rows = filtered.qs.select_related("district", "commune")
    context = {
        "territory": territory,
        "filter": filtered,
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "can_create": user_can_create(request.user, territory),
    }
    if request.htmx and not request.htmx.history_restore_request:
        return render(request, "opportunities/list.html#results", context)
    return render(request, "opportunities/list.html", context)
