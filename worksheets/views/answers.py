"""The small endpoint that keeps one answer, and says in JSON what became of it."""

from dataclasses import replace

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.forms import ValidationError
from django.http import Http404, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.templatetags.french import hour
from accounts.wording import NORMALISED
from worksheets.access import Access
from worksheets.conflicts import conflict_of
from worksheets.content import Content
from worksheets.document import row_of
from worksheets.doorway import open_to_write
from worksheets.editing import OUTDATED_PAGE, Stale, UnknownVersion, save_answer, unanswered
from worksheets.forms import AnswerField, version_of, widget_of
from worksheets.views.refusing import in_words, refuse

_OTHER_ACCOUNT = (
    "Ce texte a été écrit avec un autre compte que celui qui est connecté maintenant : "
    "reconnectez-vous avec le premier pour l’enregistrer."
)


def _question(access, place, name):
    """The question of the slot called `name`; 404 unless it is of this grid and, for a mere
    partner, about what is shared with them; refused to a partner who reads it by another role."""
    key, about, _ = name.partition("--")
    grid = place.worksheet.grid
    question = grid.by_key.get(key)
    if question is None or question.is_derived or (key in grid.keys_per_opportunity) != bool(about):
        raise Http404
    if about and place.opportunity_id is None:
        raise Http404
    is_theirs = place.is_shared if about else place.worksheet.opportunity_id
    if not (is_theirs or access.writes_everything):
        if not access.sees_whole_draft:
            raise Http404
        raise PermissionDenied("Vous pouvez lire cette réponse, pas la modifier.")
    return question


@login_not_required
@require_POST
@never_cache
@in_words
def answer_save(request, territory_ref, worksheet_ref, slot_name):
    """Saves one answer: 200 with its version, the time, and what it was merged with; 400 a wrong
    value or version, 403 signed out, signed in as another or not allowed, 404 unknown here, 409
    contradicting others (with what stands there now) or no longer open, 413 too long."""
    if request.POST.get("owner", request.user.device_key) != request.user.device_key:
        return refuse(403, _OTHER_ACCOUNT, sign_in=reverse("account_login"))
    place = open_to_write(request.user, territory_ref, worksheet_ref, slot_name)
    worksheet, opportunity_id = place.worksheet, place.opportunity_id
    access = Access(request.user, worksheet)
    question = _question(access, place, slot_name)
    field = AnswerField(question, question.label)
    base_version = version_of(request.POST, slot_name)
    if base_version is None:
        return refuse(400, OUTDATED_PAGE)
    try:
        value = field.clean(field.widget.value_from_datadict(request.POST, {}, slot_name))
    except ValidationError as error:
        return refuse(413 if error.code == "max_length" else 400, " ".join(error.messages))
    try:
        saved = save_answer(
            worksheet=worksheet,
            question=question,
            opportunity_id=opportunity_id,
            value=value,
            base_version=base_version,
            is_own=request.POST.get(f"{slot_name}.own") == "1",
            may_record_opinions=access.can_record_opinion,
            by=request.user,
            standing=place.answer or unanswered(worksheet, question, opportunity_id),
        )
    except UnknownVersion as error:
        return refuse(400, str(error))
    except Stale as stale:
        return refuse(409, str(stale), **_standing(worksheet, slot_name, stale))
    fields = "" if saved.is_as_sent else _fields(worksheet, slot_name, saved.value)
    return JsonResponse(_in_json(saved, fields, was_normalised=field.was_normalised))


def _in_json(saved, fields, *, was_normalised):
    """What the page is told of an answer that is kept; `fields` are its controls, if they are to
    be others than those that the page has."""
    return {
        "version": saved.version,
        "message": f"Enregistré à {hour(saved.saved_at)}",
        "notice": NORMALISED if was_normalised else "",
        "is_blank": saved.is_blank,
        "merged_with": saved.merged_with,
        "html": fields,
    }


def _fields(worksheet, slot_name, value):
    """The controls of one answer, filled with `value`."""
    return widget_of(_row(worksheet, slot_name, value), value)


def _standing(worksheet, slot_name, stale):
    """What stands in the database, for a page whose author must choose."""
    row = _row(worksheet, slot_name, stale.current.value)
    html = render_to_string(
        "worksheets/writing/standing.html", {"row": row, "conflict": conflict_of(row, stale)}
    )
    return {"version": stale.current.version, "standing": html}


def _row(worksheet, slot_name, value):
    content = replace(Content.of(worksheet), answers={slot_name: value})
    return row_of(content, content.slot_named(slot_name))
