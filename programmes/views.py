from django.contrib import messages
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.fields import status_of
from accounts.templatetags.french import quoted
from programmes import enrolment, scheduling
from programmes.calendar import calendar_of
from programmes.forms import DeadlinesForm, EnrolmentForm, ProgrammeForm, SessionForm
from programmes.models import Programme, Session
from programmes.permissions import (
    centres_open_to,
    check_user_can_open_programme,
    check_user_can_run_programme,
    user_can_open_programme,
    user_can_run_programme,
)
from programmes.scheduling import AlreadyScheduled
from territories.enums import Role
from territories.models import Grant, Territory


@require_safe
def programme_list(request):
    programmes = (
        Programme.objects.visible_to(request.user)
        .select_related("centre")
        .annotate(territory_count=Count("enrolments"))
        .order_by("-pk")
    )
    context = {"programmes": programmes, "can_open": user_can_open_programme(request.user)}
    return render(request, "programmes/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def programme_open(request):
    check_user_can_open_programme(request.user)
    form = ProgrammeForm(request.POST or None, centres=centres_open_to(request.user))
    if request.method == "POST" and form.is_valid():
        programme = enrolment.open_programme(by=request.user, **form.cleaned_data)
        messages.success(request, f"La formation {quoted(programme)} est ouverte.")
        return redirect("programmes:detail", programme.ref)
    context = {"form": form}
    return render(request, "programmes/open.html", context, status=status_of(form))


@require_safe
def programme_detail(request, ref):
    programme = _visible_programme(request, ref)
    return _programme_page(request, programme, EnrolmentForm(programme=programme))


@require_POST
def territory_enrol(request, ref):
    programme = _visible_programme(request, ref)
    check_user_can_run_programme(request.user, programme)
    form = EnrolmentForm(request.POST, programme=programme)
    if not form.is_valid():
        return _programme_page(request, programme, form, status=400)
    territory = form.cleaned_data["territory"]
    enrolment.enrol(programme=programme, territory=territory, by=request.user)
    messages.success(request, f"{territory} est inscrit.")
    return redirect("programmes:detail", ref)


@require_http_methods(["GET", "HEAD", "POST"])
def session_add(request, ref):
    programme = _visible_programme(request, ref)
    check_user_can_run_programme(request.user, programme)
    return _session_page(request, Session(programme=programme), is_new=True)


@require_http_methods(["GET", "HEAD", "POST"])
def session_change(request, ref, session_ref):
    programme = _visible_programme(request, ref)
    check_user_can_run_programme(request.user, programme)
    session = get_object_or_404(programme.sessions, ref=session_ref)
    return _session_page(request, session, is_new=False)


@require_POST
def session_cancel(request, ref, session_ref):
    programme = _visible_programme(request, ref)
    check_user_can_run_programme(request.user, programme)
    session = programme.sessions.filter(ref=session_ref).first()
    if session is None:  # the second click
        messages.info(request, "Cette séance a déjà été supprimée.")
    else:
        scheduling.cancel_session(session=session, by=request.user)
        messages.success(request, f"La séance {quoted(session.title)} est supprimée.")
    return redirect("programmes:detail", ref)


@require_http_methods(["GET", "HEAD", "POST"])
def deadlines_set(request, ref):
    programme = _visible_programme(request, ref)
    check_user_can_run_programme(request.user, programme)
    current = dict(programme.deadlines.values_list("step", "due_on"))
    form = DeadlinesForm(request.POST or None, initial=current)
    if request.method == "POST" and form.is_valid():
        scheduling.set_deadlines(programme=programme, due_on=form.cleaned_data, by=request.user)
        messages.success(request, "Les échéances sont enregistrées.")
        return redirect("programmes:detail", ref)
    context = {"programme": programme, "form": form}
    return render(request, "programmes/deadlines.html", context, status=status_of(form))


def _visible_programme(request, ref):
    programmes = Programme.objects.visible_to(request.user).select_related("centre")
    return get_object_or_404(programmes, ref=ref)


def _programme_page(request, programme, form, status=200):
    calendar = calendar_of(programme)
    today = timezone.localdate()
    members = list(programme.members.select_related("user"))
    leads = Grant.objects.current().filter(role=Role.LEAD)
    context = {
        "programme": programme,
        "calendar": calendar,
        "today": today,
        "next_item": next((item for item in calendar if item.on >= today), None),
        "territories": Territory.objects.filter(enrolments__programme=programme),
        "territories_with_lead": set(
            leads.filter(territory__enrolments__programme=programme).values_list(
                "territory", flat=True
            )
        ),
        "open_territories": set(
            Territory.objects.visible_to(request.user).values_list("pk", flat=True)
        ),
        "members": members,
        "is_member": any(member.user_id == request.user.pk for member in members),
        "can_run": user_can_run_programme(request.user, programme),
        "form": form,
        "has_territories_left": form.is_bound or form.fields["territory"].queryset.exists(),
    }
    return render(request, "programmes/detail.html", context, status=status)


def _session_page(request, session, is_new):
    form = SessionForm(request.POST or None, instance=session)
    programme = session.programme
    if request.method == "POST" and form.is_valid():
        session = form.save(commit=False)
        try:
            scheduling.schedule_session(session=session, by=request.user)
        except AlreadyScheduled as refusal:
            messages.info(request, str(refusal))
        else:
            messages.success(request, f"La séance {quoted(session.title)} est enregistrée.")
        return redirect("programmes:detail", programme.ref)
    context = {"programme": programme, "session": session, "is_new": is_new, "form": form}
    return render(request, "programmes/session.html", context, status=status_of(form))
