"""The small endpoint that keeps one answer, and says in JSON what became of it."""

from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.forms import ValidationError
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.resending import SIGNED_OUT
from accounts.templatetags.french import hour
from accounts.wording import NORMALISED
from worksheets.access import Access
from worksheets.content import Content, Slot
from worksheets.document import row_of
from worksheets.editing import OUTDATED_PAGE, Stale, save_answer
from worksheets.forms import AnswerField
from worksheets.lifecycle import NotNow
from worksheets.models import Worksheet
from worksheets.opinions import OpinionNotYours

_KEPT = " Votre texte reste dans la page."


def in_words(view):
    """Every refusal of `view` as JSON: a status, and a `message` fit for the writer. Nothing is
    redirected: the page that asked must keep the text that it holds."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        if not request.user.is_authenticated:
            return _refuse(403, SIGNED_OUT, sign_in=reverse("account_login"))
        try:
            return view(request, *args, **kwargs)
        except Http404:
            return _refuse(404, "Cette question n’existe pas, ou vous n’y avez pas accès." + _KEPT)
        except (PermissionDenied, OpinionNotYours) as error:
            return _refuse(403, f"{error}{_KEPT}")
        except NotNow as error:
            return _refuse(409, str(error))

    return answer


def _refuse(status, message, **details):
    return JsonResponse({"message": message, **details}, status=status)


def _slot(access, name):
    """The slot called `name` on this worksheet and the row number of its opportunity; 404 unless
    the question is of this grid and, for a mere partner, about what is shared with them; refused
    to a partner who reads it by another role."""
    key, _, ref = name.partition("--")
    grid = access.worksheet.grid
    question = grid.by_key.get(key)
    if question is None or question.is_derived or (key in grid.keys_per_opportunity) != bool(ref):
        raise Http404
    if ref and access.worksheet.chosen_id is None:
        raise Http404
    is_theirs = access.worksheet.chosen_is_shared if ref else access.worksheet.opportunity_id
    if not (is_theirs or access.writes_everything):
        if not access.sees_whole_draft:
            raise Http404
        raise PermissionDenied("Vous pouvez lire cette réponse, pas la modifier.")
    return question, access.worksheet.chosen_id if ref else None


@login_not_required
@require_POST
@never_cache
@in_words
def answer_save(request, territory_ref, worksheet_ref, slot_name):
    """Saves one answer: 200 with its version and the time; 400 a wrong value, 403 signed out or
    not allowed, 404 unknown here, 409 stale (with what stands there now) or no longer open, 413
    too long."""
    worksheets = Worksheet.objects.open_to(request.user).with_chosen(
        slot_name.partition("--")[2], request.user
    )
    worksheet = get_object_or_404(worksheets, territory__ref=territory_ref, ref=worksheet_ref)
    access = Access(request.user, worksheet)
    access.check_can_write()
    question, opportunity_id = _slot(access, slot_name)
    field = AnswerField(question, question.label)
    try:
        base_version = int(request.POST.get(f"{slot_name}.version", ""))
        value = field.clean(field.widget.value_from_datadict(request.POST, {}, slot_name))
    except ValueError:
        return _refuse(400, OUTDATED_PAGE)
    except ValidationError as error:
        return _refuse(413 if error.code == "max_length" else 400, " ".join(error.messages))
    try:
        saved = save_answer(
            worksheet=worksheet,
            question=question,
            opportunity_id=opportunity_id,
            value=value,
            base_version=base_version,
            may_record_opinions=access.can_record_opinion,
            by=request.user,
        )
    except Stale as stale:
        return _refuse(409, str(stale), **_standing(worksheet, question, stale))
    return JsonResponse(
        {
            "version": saved.version,
            "message": f"Enregistré à {hour(saved.saved_at)}",
            "notice": NORMALISED if field.was_normalised else "",
            "is_blank": saved.is_blank,
        }
    )


def _standing(worksheet, question, stale):
    """What stands in the database, for a page whose author must choose."""
    slot = Slot(question)
    content = Content(
        grid=worksheet.grid,
        territory=worksheet.territory.name,
        programme=worksheet.programme.name,
        horizon=worksheet.programme.horizon,
        answers={slot.name: stale.current.value},
    )
    html = render_to_string(
        "worksheets/writing/standing.html", {"row": row_of(content, slot), "answer": stale.current}
    )
    return {"version": stale.current.version, "standing": html}
