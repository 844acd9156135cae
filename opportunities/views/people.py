import uuid

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
from opportunities.forms.people import ForgetForm, PersonForm
from opportunities.models import Person
from opportunities.permissions import user_can_read_people
from opportunities.views.pages import acknowledge, posted, said, to_detail, visible_or_404
from opportunities.writing import AlreadyCreated, StaleFacts, differences
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
    form = PersonForm(posted(request))
    context = {"opportunity": opportunity, "form": form, "conflict": None}
    if not form.is_valid():
        return render(request, "opportunities/people/add.html", context, status=status_of(form))
    key = form.cleaned_data["request_key"]
    try:
        people.add_person(opportunity=opportunity, by=request.user, request_key=key, **form.facts)
    except AlreadyCreated as conflict:
        context["form"] = PersonForm(posted(request, request_key=uuid.uuid4()))
        context["conflict"] = conflict
        return render(request, "opportunities/people/add.html", context, status=409)
    except (people.ConsentUndated, people.KeptTooLong, people.KeptNoLonger) as error:
        _blame(form, error)
        return render(request, "opportunities/people/add.html", context, status=400)
    acknowledge(request, form, "La personne est enregistrée.")
    return to_detail(opportunity)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def person_change(request, territory_ref, person_ref):
    person = _visible_or_404(request, territory_ref, person_ref)
    form = PersonForm(posted(request), person=person)
    context = {"person": person, "form": form, "conflict": None, "back": _way_back(person)}
    if not form.is_valid():
        return render(request, "opportunities/people/change.html", context, status=status_of(form))
    try:
        people.change_person(
            person=person, version=form.cleaned_data["version"], by=request.user, **form.facts
        )
    except StaleFacts as conflict:
        # Sent again, the same text is a knowing answer to the version that the page now shows.
        context |= {
            "form": PersonForm(posted(request, version=person.version), person=person),
            "conflict": conflict,
            "differences": differences(person, form.facts),
        }
        return render(request, "opportunities/people/change.html", context, status=409)
    except (people.ConsentUndated, people.KeptTooLong, people.KeptNoLonger) as error:
        _blame(form, error)
        return render(request, "opportunities/people/change.html", context, status=400)
    acknowledge(request, form, "Vos modifications sont enregistrées.")
    return redirect(_way_back(person))


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


def _blame(form, error):
    form.add_error(
        "consent_on" if isinstance(error, people.ConsentUndated) else "kept_until", str(error)
    )
