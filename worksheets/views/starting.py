"""Beginning a worksheet, and choosing what it tells of."""

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opportunities.models import Opportunity
from opportunities.models.opportunity import CURRENT
from opportunities.permissions import user_can_create
from programmes.enums import Step
from territories.models import Territory
from worksheets.forms import OpportunitiesForm, StartForm
from worksheets.lifecycle import NotNow
from worksheets.models import MAX_OPPORTUNITIES, ChosenOpportunity, Worksheet
from worksheets.overview import lines_about
from worksheets.standing import Standing
from worksheets.starting import (
    BadChoice,
    CannotStart,
    StaleChoice,
    choose_opportunities,
    start_worksheet,
)
from worksheets.views.opening import open_worksheet


@require_POST
def worksheet_start(request, territory_ref):
    """Begins a worksheet and leads to it; one that exists is only opened."""
    territory = get_object_or_404(Territory.objects.visible_to(request.user), ref=territory_ref)
    standing = Standing.of(request.user, territory)
    standing.check_can_start()
    form = StartForm(
        request.POST,
        programmes=standing.programmes(),
        opportunities=Opportunity.objects.visible_to(request.user)
        .current()
        .filter(territory=territory),
    )
    if form.names_unknown():
        raise Http404
    if not form.is_valid():
        return _refuse(request, territory, next(iter(form.errors.values()))[0])
    wanted = {**form.cleaned_data, "step": Step(form.cleaned_data["step"])}
    try:
        worksheet = start_worksheet(territory=territory, by=request.user, **wanted)
    except CannotStart as error:
        return _refuse(request, territory, str(error))
    return redirect("worksheets:worksheet-show", territory_ref, worksheet.ref)


def _refuse(request, territory, reason):
    context = {"territory": territory, "reason": reason}
    return render(request, "worksheets/starting/refused.html", context, status=400)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def opportunities_choose(request, territory_ref, worksheet_ref):
    """The one, two or three opportunities of a step 1 worksheet, in their order; `?avec=` (a
    reference) proposes one more."""
    access = open_worksheet(request, territory_ref, worksheet_ref)
    access.check_can_choose_opportunities()
    worksheet = access.worksheet
    if worksheet.step != Step.STEP_1:
        raise Http404
    if request.method != "POST" and not worksheet.is_with_team:
        messages.info(
            request,
            f"La fiche est maintenant « {worksheet.get_state_display()} » : "
            "ses opportunités ne changent plus.",
        )
        return redirect("worksheets:worksheet-show", territory_ref, worksheet_ref)
    if request.method == "POST":
        return _choose(request, worksheet)
    return _choice_page(request, worksheet, _choice_form(request, worksheet))


def _choose(request, worksheet):
    form = _choice_form(request, worksheet)
    refusal, status = "", 400
    if form.is_valid():
        try:
            choose_opportunities(
                worksheet=worksheet,
                opportunities=form.opportunities,
                seen=form.seen_refs,
                by=request.user,
            )
        except BadChoice as error:
            refusal = str(error)
        except NotNow as error:
            refusal, status = str(error), 409
        except StaleChoice as error:
            refusal, status = str(error), 409
            # Sent again, the same choice is a knowing answer to what the page now says.
            form = _choice_form(request, worksheet, knowing=True)
        else:
            messages.success(request, "Les opportunités de la fiche sont enregistrées.")
            return redirect("worksheets:worksheet-show", worksheet.territory.ref, worksheet.ref)
    return _choice_page(request, worksheet, form, refusal=refusal, status=status)


def _choice_form(request, worksheet, *, knowing=False):
    chosen = list(worksheet.chosen.values_list("opportunity__ref", flat=True))
    also = request.GET.get("avec", "")
    wanted = [*chosen, also] if also and also not in chosen else chosen
    data = request.POST.copy() if request.method == "POST" else None
    if data is not None and knowing:
        data["seen"] = " ".join(chosen)
    return OpportunitiesForm(
        data,
        opportunities=Opportunity.objects.visible_to(request.user)
        .filter(CURRENT | Q(ref__in=chosen), territory=worksheet.territory)
        .select_related("district", "commune")
        .order_by("title", "pk"),
        chosen=chosen,
        wanted=wanted[:MAX_OPPORTUNITIES],
    )


def _choice_page(request, worksheet, form, *, refusal="", status=200):
    context = {
        "worksheet": worksheet,
        "form": form,
        "has_opportunities": bool(form.by_ref),
        "refusal": refusal,
        "can_create": user_can_create(request.user, worksheet.territory),
    }
    return render(request, "worksheets/starting/opportunities.html", context, status=status)


@require_safe
def opportunity_worksheets(request, territory_ref, opportunity_ref):
    """What the worksheets make of one opportunity; the page of the opportunity shows it too."""
    opportunities = Opportunity.objects.visible_to(request.user).select_related(
        "territory", "district", "commune"
    )
    opportunity = get_object_or_404(
        opportunities, territory__ref=territory_ref, ref=opportunity_ref
    )
    standing = Standing.of(request.user, opportunity.territory)
    chosen = ChosenOpportunity.objects.filter(worksheet=OuterRef("pk"), opportunity=opportunity)
    steps_1 = Worksheet.objects.visible_to(request.user).filter(
        territory=opportunity.territory, step=Step.STEP_1
    )
    context = {
        "opportunity": opportunity,
        "territory": opportunity.territory,
        "standing": standing,
        "lines": lines_about(standing, standing.programmes(), opportunity),
        "steps_1": steps_1.select_related("programme").annotate(is_about_it=Exists(chosen)),
    }
    part = "#worksheets" if request.htmx and not request.htmx.history_restore_request else ""
    return render(request, f"worksheets/starting/opportunity.html{part}", context)
