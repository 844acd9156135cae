from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from opportunities.duplicates import candidates
from opportunities.forms.merging import MergeForm
from opportunities.keeping import is_referred_to
from opportunities.merging import (
    AlreadyMerged,
    DuplicateInUse,
    NotTwo,
    SharedOtherwise,
    merge,
)
from opportunities.models import Opportunity
from opportunities.permissions import check_user_can_merge, user_can_share
from opportunities.searching import matching
from opportunities.tracking import FACTS
from opportunities.views.pages import said, to_detail, visible_or_404
from opportunities.wording import in_words, label_of
from opportunities.writing import StaleFacts

FOUND = 20
REFUSALS = (NotTwo, AlreadyMerged, DuplicateInUse, SharedOtherwise, StaleFacts)
# In words already, with the district and the commune.
_UNSEEN = {"longitude", "latitude", "nearness"}


@require_http_methods(["GET", "HEAD", "POST"])
def opportunity_merge(request, territory_ref, ref):
    """With whom to merge; then, with `?avec=<ref>`, what each says and which one to keep."""
    opportunity = visible_or_404(request, territory_ref, ref, even_merged=True)
    check_user_can_merge(request.user, opportunity.territory)
    if opportunity.merged_into:
        return to_detail(opportunity.merged_into)
    if "avec" not in request.GET:
        if request.method == "POST":
            raise Http404
        return _choose(request, opportunity)
    others = Opportunity.objects.visible_to(request.user).exclude(pk=opportunity.pk)
    other = get_object_or_404(
        others.select_related("territory", "district", "commune", "created_by", "merged_into"),
        territory=opportunity.territory,
        ref=said(request.GET, "avec"),
    )
    if other.merged_into == opportunity:
        return to_detail(opportunity)
    return _compare(request, opportunity, other)


def _choose(request, opportunity):
    words = request.GET.get("q", "")[:100]
    rows = Opportunity.objects.visible_to(request.user).current()
    rows = rows.filter(territory=opportunity.territory).exclude(pk=opportunity.pk)
    context = {
        "opportunity": opportunity,
        "candidates": candidates(opportunity, opportunity.territory),
        "words": words,
        "found": matching(rows, words).select_related("district", "commune")[:FOUND],
    }
    return render(request, "opportunities/merging/choose.html", context)


def _compare(request, opportunity, other):
    pair = [opportunity, other]
    refusal, status = None, 200
    form = MergeForm(request.POST or None, pair=pair, initial={"kept": _likelier(pair).ref})
    if request.method == "POST":
        if form.is_valid():
            duplicate, into, versions = form.parts()
            try:
                merge(
                    duplicate=duplicate,
                    into=into,
                    versions=versions,
                    by=request.user,
                    may_share=user_can_share(request.user, into),
                )
            except REFUSALS as error:
                refusal, status = error, 409
                pair = [_again(request, each) for each in pair]
                form = MergeForm(pair=pair, initial={"kept": form.cleaned_data["kept"]})
            else:
                messages.success(request, "Les deux opportunités n’en font plus qu’une.")
                return to_detail(into)
        else:
            status = 400
    context = {
        "opportunity": opportunity,
        "pair": pair,
        "form": form,
        "refusal": refusal,
        "rows": list(_differing_facts(*pair)),
    }
    return render(request, "opportunities/merging/compare.html", context, status=status)


def _likelier(pair):
    """The one to keep, unless somebody knows better: of which a worksheet tells, else the elder."""
    return min(pair, key=lambda each: (not is_referred_to(each), each.created_at, each.pk))


def _again(request, opportunity):
    return visible_or_404(request, opportunity.territory.ref, opportunity.ref, even_merged=True)


def _differing_facts(one, other):
    """(label, words of one, words of the other) for each fact that they don't say alike."""
    for name in FACTS:
        values = [getattr(each, name) for each in (one, other)]
        if name not in _UNSEEN and values[0] != values[1]:
            yield label_of(name), *(in_words(name, value) for value in values)
