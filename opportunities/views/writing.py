"""The pages of the forms that several people send: nothing that somebody typed is lost to what
another wrote, nor to a refusal."""

import uuid

from django.shortcuts import render

from accounts.fields import status_of
from opportunities.views.pages import posted
from opportunities.writing import AlreadyCreated, StaleFacts, WrongFact


def answer_form(request, template, context, form_of, write):
    """The page of `form_of(data)`, where `data` is None until something is sent; then what
    `write(form)`, called with a valid form, returns.

    `template` gets `context`, and `form`, `conflict` (AlreadyCreated, StaleFacts, or None) and
    `differences` with what is written now.
    """
    form = form_of(posted(request))
    context = context | {"form": form, "conflict": None, "differences": []}
    if not form.is_valid():
        return render(request, template, context, status=status_of(form))
    try:
        return write(form)
    except WrongFact as refusal:
        form.add_error(refusal.fact if refusal.fact in form.fields else None, str(refusal))
        return render(request, template, context, status=400)
    except AlreadyCreated as conflict:
        # Sent again, the same text is knowingly a second one.
        again = {"request_key": uuid.uuid4()}
        context |= {"conflict": conflict}
    except StaleFacts as conflict:
        # Sent again, the same text is a knowing answer to the version that the page now shows.
        again = {"version": conflict.row.version}
        context |= {"conflict": conflict, "differences": form.differences_from(conflict.row)}
    context |= {"form": form_of(posted(request, **again))}
    return render(request, template, context, status=409)
