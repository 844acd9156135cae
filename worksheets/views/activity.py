"""What was done on a territory, and what of it is new to the reader."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from journal.visits import last_visit, mark_seen, note_visit
from territories.models import Territory
from worksheets.activity.feed import Asked, feed_of, people_of
from worksheets.activity.reading import Part
from worksheets.models import Worksheet
from worksheets.standing import Standing


@require_safe
def activity_show(request, territory_ref):
    territory = get_object_or_404(Territory.objects.visible_to(request.user), ref=territory_ref)
    standing = Standing.of(request.user, territory)
    visited_at = last_visit(request.user, territory.scope)
    people = people_of(standing)
    asked = Asked.of(request.GET, people, visited_at)
    context = {
        "territory": territory,
        "visited_at": visited_at,
        "people": people,
        "asked": asked,
        "parts": [part for part in Part if standing.reads_activity or part != Part.DETECTION],
        "feed": feed_of(standing, asked, visited_at),
    }
    return render(request, "worksheets/activity/feed.html", context)


@require_POST
def territory_visit(request, territory_ref):
    """What a page that shows the news says of itself once it is there."""
    territory = get_object_or_404(Territory.objects.visible_to(request.user), ref=territory_ref)
    note_visit(scope=territory.scope, by=request.user)
    return HttpResponse(status=204)


@require_POST
def worksheet_visit(request, territory_ref, worksheet_ref):
    worksheets = Worksheet.objects.visible_to(request.user)
    worksheet = get_object_or_404(worksheets, territory__ref=territory_ref, ref=worksheet_ref)
    note_visit(scope=worksheet.target, by=request.user)
    return HttpResponse(status=204)


@require_POST
def activity_mark_seen(request, territory_ref):
    """All of a territory at once, its worksheets too; back to the page that it was asked on."""
    territory = get_object_or_404(Territory.objects.visible_to(request.user), ref=territory_ref)
    worksheets = Worksheet.objects.visible_to(request.user).filter(territory=territory)
    targets = [worksheet.target for worksheet in worksheets.only("ref")]
    mark_seen(scopes=[territory.scope, *targets], by=request.user)
    messages.success(request, "Tout est marqué comme vu.")
    page = "activity" if request.POST.get("page") == "activity" else "territory-home"
    return redirect(f"worksheets:{page}", territory.ref)
