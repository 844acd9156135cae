from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opportunities.agenda import AgendaFilter, in_agenda_order, with_revealed_count
from opportunities.calendars import address_of
from opportunities.detecting import (
    cancel_action,
    change_action,
    create_action,
    hold_action,
    resume_action,
)
from opportunities.forms.actions import (
    ActionEditForm,
    ActionVersionForm,
    HoldForm,
    NewActionForm,
)
from opportunities.models import CalendarSubscription, DetectionAction, Opportunity
from opportunities.permissions import (
    check_user_can_write_actions,
    user_can_read_actions,
    user_can_write_actions,
)
from opportunities.views.attachments import attachments_section
from opportunities.views.pages import acknowledge
from opportunities.views.writing import answer_form
from opportunities.writing import StaleFacts
from territories.models import Territory

PAGE_SIZE = 20


def territory_of_actions_or_404(request, ref):
    """A partner or an observer of the territory doesn't know that it has such pages."""
    territory = get_object_or_404(Territory.objects.visible_to(request.user), ref=ref)
    if not user_can_read_actions(request.user, territory):
        raise Http404
    return territory


def action_or_404(request, territory_ref, ref):
    actions = DetectionAction.objects.visible_to(request.user).select_related(
        "territory", "created_by", "updated_by"
    )
    return get_object_or_404(actions, territory__ref=territory_ref, ref=ref)


@require_safe
def action_list(request, territory_ref):
    territory = territory_of_actions_or_404(request, territory_ref)
    visible = DetectionAction.objects.visible_to(request.user).filter(territory=territory)
    filtered = AgendaFilter(request.GET, visible)
    rows = with_revealed_count(in_agenda_order(filtered.qs)).defer("report")
    own = CalendarSubscription.objects.filter(territory=territory, user=request.user).first()
    context = {
        "territory": territory,
        "filter": filtered,
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "is_empty": not filtered.is_in_force and not visible.exists(),
        "can_write": user_can_write_actions(request.user, territory),
        "subscription": address_of(own) if own else "",
    }
    return render(request, "opportunities/actions/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def action_create(request, territory_ref):
    territory = territory_of_actions_or_404(request, territory_ref)
    check_user_can_write_actions(request.user, territory)

    def write(form, facts):
        key = form.cleaned_data["request_key"]
        action = create_action(territory=territory, by=request.user, request_key=key, **facts)
        acknowledge(request, form, "L’action est enregistrée.")
        return _to_detail(action)

    context = {"territory": territory}
    return answer_form(request, "opportunities/actions/create.html", context, NewActionForm, write)


@require_safe
def action_detail(request, territory_ref, ref):
    return _render_detail(request, action_or_404(request, territory_ref, ref))


def _render_detail(request, action, *, status=200, conflict=None):
    can_write = user_can_write_actions(request.user, action.territory)
    revealed = Opportunity.objects.visible_to(request.user).filter(revealed_by=action)
    context = {
        "action": action,
        "revealed": revealed.filter(merged_into=None).select_related("district", "commune"),
        "can_write": can_write,
        "attachments": attachments_section(action, can_write=can_write),
        "conflict": conflict,
    }
    return render(request, "opportunities/actions/detail.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def action_edit(request, territory_ref, ref):
    action = action_or_404(request, territory_ref, ref)
    return _write(request, "opportunities/actions/edit.html", action, ActionEditForm, change_action)


@require_http_methods(["GET", "HEAD", "POST"])
def action_hold(request, territory_ref, ref):
    action = action_or_404(request, territory_ref, ref)
    return _write(request, "opportunities/actions/hold.html", action, HoldForm, hold_action)


def _write(request, template, action, form_class, act):
    """The page of a form about what `action` says; `act` is what `detecting` does with it."""
    check_user_can_write_actions(request.user, action.territory)

    def write(form, facts):
        act(action=action, version=form.cleaned_data["version"], by=request.user, **facts)
        acknowledge(request, form, "Vos modifications sont enregistrées.")
        return _to_detail(action)

    form_of = partial(form_class, action=action)
    return answer_form(request, template, {"action": action}, form_of, write)


@require_POST
def action_cancel(request, territory_ref, ref):
    action = action_or_404(request, territory_ref, ref)
    return _turn(request, action, cancel_action, "L’action est annulée.")


@require_POST
def action_resume(request, territory_ref, ref):
    action = action_or_404(request, territory_ref, ref)
    return _turn(request, action, resume_action, "L’action est de nouveau prévue.")


def _turn(request, action, turn, sentence):
    check_user_can_write_actions(request.user, action.territory)
    form = ActionVersionForm(request.POST)
    if not form.is_valid():
        return _render_detail(request, action, status=400)
    try:
        turn(action=action, by=request.user, **form.cleaned_data)
    except StaleFacts as conflict:
        return _render_detail(request, action, status=409, conflict=conflict)
    messages.success(request, sentence)
    return _to_detail(action)


def _to_detail(action):
    return redirect("opportunities:action-detail", action.territory.ref, action.ref)
