import json

from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.fields import reasons_of
from opportunities.filters import Tally, filtered_for
from opportunities.forms.mapping import SeenForm
from opportunities.mapping import first_frame, gather
from territories.models import District, Territory


@require_safe
def map_data(request, territory_ref=None):
    """What the map draws in the frame that it shows (`opportunities.mapping.gather`), as JSON; 400
    with a sentence where the address says no frame."""
    territory = None
    if territory_ref:
        territory = get_object_or_404(Territory.objects.visible_to(request.user), ref=territory_ref)
    form = SeenForm(request.GET)
    if not form.is_valid():
        return JsonResponse({"message": reasons_of(form)}, status=400)
    filtered = filtered_for(request.user, request.GET, territory)
    signs = gather(filtered.qs, form.cleaned_data["cadre"], form.cleaned_data["zoom"])
    return JsonResponse({"signs": [_sign(sign) for sign in signs]})


def map_parts(filtered):
    """What the view ?vue=carte needs beside its list: where the map begins, and how many it can't
    show."""
    districts = District.objects.filter(contracts__territory__in=filtered.territories)
    frame = first_frame(filtered.qs, districts)
    return {
        "map_frame": json.dumps(frame) if frame else "",
        "unplaced": Tally.of(filtered.qs.filter(longitude=None)),
    }


def _sign(sign):
    return vars(sign) | {"opportunities": [_opportunity(each) for each in sign.opportunities]}


def _opportunity(opportunity):
    territory_ref = opportunity.territory.ref
    return {
        "ref": opportunity.ref,
        "title": opportunity.title,
        "kind": opportunity.kind,
        "kind_label": opportunity.get_kind_display(),
        "stage": opportunity.stage,
        "stage_label": opportunity.get_stage_display(),
        "place": opportunity.place_in_words,
        "url": reverse("opportunities:detail", args=[territory_ref, opportunity.ref]),
    }
