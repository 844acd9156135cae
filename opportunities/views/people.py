from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.fields import status_of
from opportunities import people
from opportunities.forms.people import ForgetForm, NewPersonForm, PersonEditForm
from opportunities.models import Person
from opportunities.permissions import user_can_read_people
from opportunities.views.pages import acknowledge, posted, said, to_detail, visible_or_404
from opportunities.views.writing import answer_form
from territories.models import Territory

PAGE_SIZE = 50


@require_safe
@never_cache
def person_list(request, territory_ref):
    """Everybody whom the team of the territory has written down, those to forget first."""
    territory = get_object_or_404(Territory.objects.visible_to(request.user), ref=territory_ref)
    if not user_can_read_people(request.user, territory):
        raise Http404
    everybody = Person.objects.visible_to(request.user).known()
    rows = everybody.filter(opportunity__territory=territory).select_related("opportunity")
    words = said(request.GET, "q")[:100].split()
    for word in words:
        rows = rows.filter(
            Q(name__icontains=word) | Q(organisation__icontains=word) | Q(email__icontains=word)
        )
    context = {
        "territory": territory,
        "words": " ".join(words),
        "page": Paginator(rows.order_by("kept_until", "name", "pk"), PAGE_SIZE).get_page(
            request.GET.get("page")
        ),
        "today": timezone.localdate(),
    }
    return render(request, "opportunities/people/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def person_add(request, territory_ref, ref):
    opportunity = visible_or_404(request, territory_ref, ref)
    if not user_can_read_people(request.user, opportunity.territory):
        raise Http404

    def write(form, facts):
        key = form.cleaned_data["request_key"]
        people.add_person(opportunity=opportunity, by=request.user, request_key=key, **facts)
        acknowledge(request, form, "La personne est enregistrée.")
        return to_detail(opportunity)

    context = {"opportunity": opportunity}
    return answer_form(request, "opportunities/people/add.html", context, NewPersonForm, write)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def person_change(request, territory_ref, person_ref):
    person = _visible_or_404(request, territory_ref, person_ref)
    context = {"person": person, "back": _way_back(person)}
    form_of = partial(PersonEditForm, person=person)

    def write(form, facts):
        version = form.cleaned_data["version"]
        people.change_person(person=person, version=version, by=request.user, **facts)
        acknowledge(request, form, "Vos modifications sont enregistrées.")
        return redirect(_way_back(person))

    return answer_form(request, "opportunities/people/change.html", context, form_of, write)


@require_safe
@never_cache
def person_export(request, territory_ref, person_ref):
    """All that the team holds on somebody, to be handed to them (RGPD, articles 15 and 20)."""
    person = _visible_or_404(request, territory_ref, person_ref)
    team = Person.objects.visible_to(request.user)
    rows = people.same_person(
        person, team.filter(opportunity__territory=person.opportunity.territory)
    )
    answer = JsonResponse(
        people.data_of(rows.select_related("opportunity__territory")),
        json_dumps_params={"ensure_ascii": False, "indent": 2},
    )
    answer["Content-Disposition"] = f'attachment; filename="personne-{person.ref}.json"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def person_forget(request, territory_ref, person_ref):
    person = _visible_or_404(request, territory_ref, person_ref)
    form = ForgetForm(posted(request))
    if not form.is_valid():
        context = {"person": person, "form": form}
        return render(request, "opportunities/people/forget.html", context, status=status_of(form))
    if form.cleaned_data["way"] == ForgetForm.ERASE:
        people.erase(person=person, by=request.user)
        messages.success(request, "La personne est effacée.")
    else:
        people.anonymise(person=person, by=request.user)
        messages.success(request, "La personne est anonymisée.")
    return redirect(_way_back(person))


def _visible_or_404(request, territory_ref, person_ref):
    known = Person.objects.visible_to(request.user).known()
    return get_object_or_404(
        known.select_related("opportunity__territory", "updated_by"),
        opportunity__territory__ref=territory_ref,
        ref=person_ref,
    )


def _way_back(person):
    """The page of the opportunity; from the bin, where it has none, the list of people."""
    opportunity = person.opportunity
    if opportunity.deleted_at:
        return reverse("opportunities:person-list", args=[opportunity.territory.ref])
    return reverse("opportunities:detail", args=[opportunity.territory.ref, opportunity.ref])
