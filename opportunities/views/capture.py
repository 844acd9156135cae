"""« Repérer une opportunité »: the page, and the small requests by which a telephone sends what it
kept while it had no network. What a browser installs of it is in config/installing.py."""

import uuid
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.fields import reasons_of, status_of
from accounts.templatetags.french import quoted
from opportunities.capturing import add_photo, capture
from opportunities.forms.capture import CaptureForm, PhotoForm, SightingForm
from opportunities.models import Opportunity
from opportunities.permissions import (
    check_user_can_create,
    check_user_can_write,
    territories_to_create_in,
)
from opportunities.uploads import Refused
from opportunities.views.pages import posted, said
from opportunities.writing import AlreadyCreated
from territories.models import Territory

_SIGNED_OUT = "Votre session a expiré : reconnectez-vous, ce qui attend ici partira ensuite."
_OTHER_ACCOUNT = "Ce repérage attend son auteur : reconnectez-vous avec le compte qui l’a fait."
_GONE = "Ce territoire n’existe plus, ou vous n’y avez plus accès : choisissez-en un autre."
_OPPORTUNITY_GONE = "L’opportunité a été supprimée entre-temps : cette photo n’a plus de place."


@never_cache  # neither kept on the disk nor shown by « Précédent » after signing out
@require_http_methods(["GET", "HEAD", "POST"])
def capture_page(request):
    territories = territories_to_create_in(request.user)
    form = CaptureForm(posted(request), request.FILES or None, territories=territories)
    context = {"form": form, "profile": profile_of(request.user), "conflict": None}
    if not territories:
        # The page all the same: what waits on the telephone of who has just left is shown there.
        return render(request, "opportunities/capture.html", context, status=403)
    if not form.is_valid():
        return render(request, "opportunities/capture.html", context, status=status_of(form))
    try:
        opportunity = _captured(form, form.cleaned_data["territory"], request.user)
    except AlreadyCreated as conflict:
        again = posted(request, request_key=uuid.uuid4())
        context |= {"form": CaptureForm(again, territories=territories), "conflict": conflict}
        return render(request, "opportunities/capture.html", context, status=409)
    _attach_all(request, opportunity, form)
    messages.success(request, "L’opportunité est enregistrée.")
    return redirect("opportunities:detail", opportunity.territory.ref, opportunity.ref)


@login_not_required
@require_safe
def capture_shell(request):
    """The page with nobody's name on it, the same for everybody, which opens without network: what
    is somebody's, it finds on the device."""
    form = CaptureForm(territories=Territory.objects.none())
    # What waits to be said to somebody stays for a page of theirs.
    context = {"form": form, "profile": None, "conflict": None, "messages": []}
    return render(request, "opportunities/capture.html", context)


def profile_of(user):
    """What the page must know of its user to work without network."""
    territories = territories_to_create_in(user).order_by("name")
    return {
        "owner": user.device_key,
        "territories": [
            {"ref": one.ref, "name": one.name, "contract": one.contract_id} for one in territories
        ],
    }


def in_words(view):
    """Every refusal of `view` as JSON: a status, and a `message` fit for who captured. Nothing is
    redirected: the telephone must keep what it tried to send. `owner` says whose it is."""

    @login_not_required
    @never_cache
    @wraps(view)
    def answer(request, *args, **kwargs):
        if not_theirs := _not_theirs(request):
            return _refuse(403, not_theirs, sign_in=reverse("account_login"))
        try:
            return view(request, *args, **kwargs)
        except Http404 as error:
            return _refuse(404, str(error))
        except PermissionDenied as error:
            return _refuse(403, str(error))
        except AlreadyCreated as conflict:
            return _refuse(409, str(conflict), **_reached(conflict.first))
        except Refused as refusal:
            return _refuse(400, str(refusal))

    return answer


def _not_theirs(request):
    """Why whoever asks can't send what waits; empty when they can."""
    if not request.user.is_authenticated:
        return _SIGNED_OUT
    owner = request.POST.get("owner", request.user.device_key)
    return "" if owner == request.user.device_key else _OTHER_ACCOUNT


@in_words
@require_POST
def capture_send(request):
    """One capture without its photos: 200 with the opportunity, the same one each time that the
    same capture comes; 400 or 413 something to mend, 403 and 404 not (or no longer) allowed, 409
    the key was used for another."""
    territories = Territory.objects.visible_to(request.user)
    territory = territories.filter(ref=said(request.POST, "territory")).first()
    if territory is None:
        raise Http404(_GONE)
    check_user_can_create(request.user, territory)
    form = SightingForm(posted(request))
    if not form.is_valid():
        return _refuse(status_of(form), reasons_of(form))
    return JsonResponse(_reached(_captured(form, territory, request.user)))


@in_words
@require_POST
def capture_send_photo(request, ref):
    """One photo of it, kept once: 200; 400 it isn't accepted, and why."""
    opportunities = Opportunity.objects.visible_to(request.user).select_related("territory")
    try:
        opportunity = get_object_or_404(opportunities, ref=ref)
        if opportunity.merged_into_id:  # while the photo waited
            opportunity = get_object_or_404(opportunities, pk=opportunity.merged_into_id)
    except Http404:
        raise Http404(_OPPORTUNITY_GONE) from None
    check_user_can_write(request.user, opportunity)
    form = PhotoForm(posted(request), request.FILES)
    if not form.is_valid():
        return _refuse(status_of(form), reasons_of(form))
    add_photo(
        opportunity=opportunity,
        upload=form.cleaned_data["file"],
        by=request.user,
        request_key=form.cleaned_data["request_key"],
    )
    return JsonResponse({})


def _captured(form, territory, user):
    return capture(
        territory=territory,
        by=user,
        kind=form.cleaned_data["kind"],
        sentence=form.cleaned_data["sentence"],
        position=form.position,
        request_key=form.cleaned_data["request_key"],
    )


def _attach_all(request, opportunity, form):
    """What is refused is said; the opportunity and the other photos stay."""
    for number, photo in enumerate(form.cleaned_data["photos"]):
        # The same form sent twice attaches each photo once.
        key = uuid.uuid5(form.cleaned_data["request_key"], str(number))
        try:
            add_photo(opportunity=opportunity, upload=photo, by=request.user, request_key=key)
        except Refused as refusal:
            messages.warning(request, f"{quoted(photo.name)} : {refusal}")


def _reached(opportunity):
    url = reverse("opportunities:detail", args=[opportunity.territory.ref, opportunity.ref])
    return {"ref": opportunity.ref, "url": url}


def _refuse(status, message, **details):
    return JsonResponse({"message": message, **details}, status=status)
