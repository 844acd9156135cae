"""The calendar of a territory's actions: files for people who are signed in, and the address that
a calendar application fetches without a session."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from opportunities.calendars import (
    UnknownSubscription,
    actions_for_calendar,
    calendar_of,
    subscribe,
    subscription_of,
    unsubscribe,
)
from opportunities.views.actions import territory_of_actions_or_404


@require_safe
def calendar_download(request, territory_ref):
    territory = territory_of_actions_or_404(request, territory_ref)
    return _file(actions_for_calendar(request.user, territory), territory, "actions-de-reperage")


@require_safe
def event_download(request, territory_ref, ref):
    territory = territory_of_actions_or_404(request, territory_ref)
    action = get_object_or_404(actions_for_calendar(request.user, territory), ref=ref)
    return _file([action], territory, f"action-{action.ref}")


@require_POST
def calendar_subscribe(request, territory_ref):
    territory = territory_of_actions_or_404(request, territory_ref)
    subscribe(territory=territory, by=request.user)
    return redirect("opportunities:action-list", territory.ref)


@require_POST
def calendar_unsubscribe(request, territory_ref):
    territory = territory_of_actions_or_404(request, territory_ref)
    unsubscribe(territory=territory, by=request.user)
    messages.success(request, "L’adresse ne répond plus : vos agendas ne sont plus mis à jour.")
    return redirect("opportunities:action-list", territory.ref)


@require_safe
@login_not_required
@never_cache
def calendar_fetch(request, token):
    try:
        subscription = subscription_of(token)
    except UnknownSubscription:
        raise Http404 from None
    actions = actions_for_calendar(subscription.user, subscription.territory)
    return _file(actions, subscription.territory, "actions-de-reperage")


def _file(actions, territory, name):
    content = calendar_of(actions, name=f"Actions de repérage – {territory.name}")
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response
