"""The pages of the forms that several people send: nothing that somebody typed is lost to what
another wrote, nor to a refusal."""

import uuid

from django.contrib import messages
from django.shortcuts import render

from accounts.fields import status_of
from opportunities.views.pages import posted
from opportunities.writing import AlreadyCreated, StaleFacts, WrongFact, bring_together, differing


def answer_form(request, template, context, form_of, write):
    """The page of `form_of(data)`, where `data` is None until something is sent; then what
    `write(form, facts)`, called with a valid form and its facts, returns.

    What two people wrote in different facts is kept, both; what they wrote in the same one, the
    page shows side by side.

    `template` gets `context`, and `form`, `conflict` (AlreadyCreated, StaleFacts, or None) and
    `differences` with what is written now.
    """
    form = form_of(posted(request))
    context = context | {"form": form, "conflict": None, "differences": []}
    if not form.is_valid():
        return render(request, template, context, status=status_of(form))
    try:
        return write(form, form.facts)
    except WrongFact as refusal:
        form.add_error(refusal.fact if refusal.fact in form.fields else None, str(refusal))
        return render(request, template, context, status=400)
    except AlreadyCreated as conflict:
        # Sent again, the same text is knowingly a second one.
        again = {"request_key": uuid.uuid4()}
        context |= {"conflict": conflict}
        context |= {"form": form_of(posted(request, **again))}
    except StaleFacts as conflict:
        if answer := _write_beside(request, form, conflict.row, write):
            return answer
        facts, _ = bring_together(conflict.row, form.facts, form.cleaned_data["shown"])
        differences = form.differences(conflict.row, facts)
        # Sent again, the same text is a knowing answer to the version that the page now shows.
        left_alone = {"version", "shown", *facts} - {*differing(conflict.row, facts)}
        again = form_of(_typed_over(request, form_of(None), left_alone))
        context |= {"form": again, "conflict": conflict, "differences": differences}
    return render(request, template, context, status=409)


def _typed_over(request, fresh, left_alone):
    """What the form was sent with, but for what its author left alone, which becomes what the
    `fresh` form of the row shows."""
    data = posted(request)
    for field in fresh:
        if field.name in left_alone and field.name in data:
            value = field.field.widget.format_value(field.value())
            data.setlist(field.html_name, value if isinstance(value, list) else [value or ""])
    return data


def _write_beside(request, form, row, write):
    """What `write` returns where its author and the other, who wrote first, changed different
    facts; None where they have to be compared."""
    facts, disputed = bring_together(row, form.facts, form.cleaned_data["shown"])
    if disputed:
        return None
    form.cleaned_data["version"] = row.version
    other = row.updated_by.name
    try:
        answer = write(form, facts)
    except (StaleFacts, WrongFact):
        return None  # changed once more, or what both wrote can't be so together
    messages.info(
        request, f"Entre-temps, {other} a modifié autre chose : ses changements sont gardés."
    )
    return answer
