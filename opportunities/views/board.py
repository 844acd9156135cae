from django.http import JsonResponse, QueryDict
from django.template.loader import render_to_string

from accounts.fields import reasons_of
from accounts.templatetags.french import quoted
from opportunities.board import columns_of
from opportunities.enums import Stage
from opportunities.models import StageChange
from opportunities.permissions import writable_among


def board_parts(request, filtered):
    """What the view ?vue=tableau needs."""
    columns = columns_of(filtered.qs, filtered.count)
    cards = [card for column in columns for card in column.cards]
    return {
        "columns": [(column, _list_of(column.stage, filtered)) for column in columns],
        "movable": writable_among(request.user, cards),
        "stages": Stage,
        "reason_length": StageChange._meta.get_field("reason").max_length,
    }


def card_answer(opportunity, form, conflict, *, status):
    """For static/js/board.js, what came of a move: a sentence, and the card as it is now, unless
    it is the form (StageForm) that has something to mend."""
    if form.errors:
        return JsonResponse({"message": reasons_of(form)}, status=status)
    title = quoted(opportunity.title)
    if conflict:
        message = f"{title} n’a pas été déplacée. {conflict.what_happened}"
    else:
        message = f"{title} : étape « {opportunity.get_stage_display()} »."
    card = {"opportunity": opportunity, "can_move": True}
    markup = render_to_string("opportunities/board_card.html", card)
    return JsonResponse(
        {"message": message, "stage": opportunity.stage, "card": markup}, status=status
    )


def _list_of(stage, filtered):
    """Address of the list of what the filter finds at that stage."""
    query = QueryDict(filtered.query(), mutable=True)
    query["etape"] = stage.value
    return f"?{query.urlencode()}"
