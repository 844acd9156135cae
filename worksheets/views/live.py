"""What open pages of a worksheet ask and say by themselves, in JSON: what changed, who is here."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from worksheets import live
from worksheets.forms import whole_number, widget_of
from worksheets.views.refusing import in_words, refuse


@login_not_required
@require_safe
@never_cache
@in_words
def changes_read(request, territory_ref, worksheet_ref):
    """What changed since number `depuis` of the worksheet, and since the state `echanges` of its
    discussions, as the last answer named them: 200; 400 for a number that isn't one; 403 signed
    out; 404 for whoever doesn't read what is being written. Of a number that is still to come
    nothing is known: then it is everything that changed."""
    since = whole_number(request.GET.get("depuis", ""))
    if since is None:
        return refuse(400, "Cette page ne sait plus où en est la fiche : rechargez-la.")
    glance = live.glance(request.user, territory_ref, worksheet_ref)
    if glance is None:
        raise Http404
    answer = {
        "number": glance.number,
        "state": glance.state,
        "state_in_words": glance.state_in_words,
        "is_with_team": glance.is_with_team,
        "discussion": glance.discussion,
        "people": [vars(person) for person in glance.people],
        "answers": [],
        "opportunities": None,
        "comments": None,
    }
    has_new_answers = since != glance.number
    has_new_comments = request.GET.get("echanges", "") != glance.discussion
    if has_new_answers or has_new_comments:
        access = live.access_by(glance)
        if has_new_answers:
            known = since if since < glance.number else -1
            answer |= _in_json(live.changes_since(access, known))
        if has_new_comments:
            answer["comments"] = live.open_threads(access)
    return JsonResponse(answer)


def _in_json(changes):
    answers = [
        {
            "slot": change.row.slot.name,
            "version": change.version,
            "author": change.author,
            "is_mine": change.is_mine,
            "trace": change.trace,
            "settled_trace": change.settled_trace,
            "is_blank": change.row.is_blank,
            "html": _html(change),
        }
        for change in changes.answers
    ]
    return {"answers": answers, "opportunities": changes.opportunities}


def _html(change):
    """As the page of this person shows the answer: to write in, or to read."""
    if change.is_writable:
        return widget_of(change.row, change.value)
    return render_to_string("worksheets/reading/answer.html", {"row": change.row})


@login_not_required
@require_POST
@in_words
def presence_tell(request, territory_ref, worksheet_ref):
    """Somebody has the worksheet open, at the question `slot` (or at none); with `gone`, no longer:
    204."""
    glance = live.glance(request.user, territory_ref, worksheet_ref)
    if glance is None:
        raise Http404
    if request.POST.get("gone"):
        live.leave(glance)
    else:
        live.be_here(glance, request.POST.get("slot", ""))
    return HttpResponse(status=204)
