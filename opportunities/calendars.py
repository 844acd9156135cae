"""Detection actions as calendars read them (iCalendar, RFC 5545): a file to open once, or an
address to which one subscribes.

A calendar application fetches such an address without a session, and may hand what it finds to a
service abroad: it is told what, when and where, not who comes nor what came out.
"""

from datetime import UTC, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar, Event

from opportunities.enums import ActionState
from opportunities.models import CalendarSubscription, DetectionAction
from opportunities.permissions import user_can_read_actions

_STATUS = {
    ActionState.PLANNED: "CONFIRMED",
    ActionState.HELD: "CONFIRMED",
    ActionState.CANCELLED: "CANCELLED",
}


class UnknownSubscription(Exception):
    """The address is truncated or forged, its subscription was ended, or its holder no longer reads
    the actions of the territory."""


def calendar_of(actions, *, name):
    """The bytes of a calendar called `name` that holds `actions`."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.SITE_NAME}//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", settings.TIME_ZONE)
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    for action in actions:
        calendar.add_component(_event(action))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def actions_for_calendar(user, territory):
    """The actions of `territory` that `user` may see, with only what a calendar is told of them."""
    private = ("internal_participants", "external_participants", "report")
    visible = DetectionAction.objects.visible_to(user).filter(territory=territory)
    return visible.select_related("territory").defer(*private)


def _event(action):
    address = reverse("opportunities:action-detail", args=[action.territory.ref, action.ref])
    event = Event()
    event.add("uid", f"action-{action.ref}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("dtstamp", action.updated_at.astimezone(UTC))
    event.add("created", action.created_at.astimezone(UTC))
    event.add("last-modified", action.updated_at.astimezone(UTC))
    event.add("sequence", action.version)
    event.add("status", _STATUS[ActionState(action.state)])
    event.add("summary", action.title)
    event.add("categories", [action.get_kind_display()])
    event.add("dtstart", timezone.localtime(action.starts_at))
    if action.ends_at and action.ends_at > action.starts_at:  # an event can't end as it begins
        event.add("dtend", timezone.localtime(action.ends_at))
    if action.place:
        event.add("location", action.place)
    event.add("description", f"{action.get_kind_display()}, {action.territory.name}")
    event.add("url", f"{settings.SITE_URL}{address}")
    return event


def subscribe(*, territory, by):
    """Opens to `by` an address of the territory's calendar; a second call changes nothing."""
    subscription, _ = CalendarSubscription.objects.get_or_create(territory=territory, user=by)
    return subscription


def unsubscribe(*, territory, by):
    """Closes the address for good: subscribing again gives another one."""
    CalendarSubscription.objects.filter(territory=territory, user=by).delete()


def address_of(subscription):
    """The whole address, which is a secret of the person."""
    token = _signer().sign(subscription.ref)
    return f"{settings.SITE_URL}{reverse('opportunities:calendar-fetch', args=[token])}"


def subscription_of(token):
    """The subscription that an address names, with its territory. Raises UnknownSubscription."""
    try:
        subscription = CalendarSubscription.objects.select_related("territory", "user").get(
            ref=_signer().unsign(token), user__is_active=True
        )
    except (BadSignature, CalendarSubscription.DoesNotExist):
        raise UnknownSubscription from None
    if not user_can_read_actions(subscription.user, subscription.territory):
        raise UnknownSubscription
    return subscription


def _signer():
    return Signer(salt="opportunities.calendar", sep=".")
