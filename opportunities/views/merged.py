"""What was merged into another: its addresses lead to the one that goes on, and whoever was writing
on it meanwhile is given back what they typed."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.deprecation import MiddlewareMixin

from opportunities.forms.fields import fact_field
from opportunities.forms.following import StageForm
from opportunities.forms.people import PersonForm
from opportunities.models import Opportunity
from opportunities.tracking import FACTS
from opportunities.writing import MergedMeanwhile

_FACTS = {
    name: fact_field(name)
    for name in FACTS
    if not Opportunity._meta.get_field(name).is_relation  # chosen, not typed
}
# All that may be typed about one opportunity, by the name under which it is sent.
_LABELS = {
    name: field.label
    for name, field in (_FACTS | PersonForm.base_fields | StageForm.base_fields).items()
    if not isinstance(field, forms.ChoiceField) and not field.widget.is_hidden
}


class MergedMiddleware(MiddlewareMixin):
    """Answers, for every view, what raises MergedMeanwhile."""

    def process_exception(self, request, exception):
        if not isinstance(exception, MergedMeanwhile):
            return None
        if request.method in {"GET", "HEAD"}:
            return redirect(_address_of(exception.opportunity.merged_into))
        return _give_back(request, exception)


def _give_back(request, refusal):
    """409: nothing was written, and here is what was sent."""
    if request.headers.get("Accept") == "application/json":  # a module, which keeps the text itself
        return JsonResponse({"message": str(refusal)}, status=409)
    visible = Opportunity.objects.visible_to(request.user)
    into = visible.filter(pk=refusal.opportunity.merged_into_id).select_related("territory").first()
    if request.htmx and into:  # files alone are sent so: there is nothing to copy
        messages.warning(request, str(refusal))
        return HttpResponse(status=409, headers={"HX-Redirect": _address_of(into)})
    context = {
        "refusal": refusal,
        "territory": refusal.opportunity.territory,
        "into": into,
        "texts": list(_typed(request.POST, refusal.opportunity)),
        "has_files": bool(request.FILES),
    }
    return render(request, "opportunities/merging/meanwhile.html", context, status=409)


def _typed(data, opportunity):
    """(label, text) of each text of the form that the opportunity didn't say already."""
    for name, text in data.items():
        known = str(getattr(opportunity, name, "")).split()
        if name in _LABELS and text.split() not in ([], known):
            yield _LABELS[name], text


def _address_of(opportunity):
    return reverse("opportunities:detail", args=[opportunity.territory.ref, opportunity.ref])
