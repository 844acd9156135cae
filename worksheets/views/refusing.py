"""What the views of this app refuse: a button, on a page that says why; a script of an open page,
which holds a text, in JSON."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.resending import SIGNED_OUT
from worksheets.lifecycle import NotNow
from worksheets.opinions import OpinionNotYours
from worksheets.sheet import Sheet


def show_refusal(request, access, error):
    """The page that says why a button of the worksheet did nothing."""
    context = {"page": Sheet.draft(access), "refusal": str(error)}
    return render(request, "worksheets/sending/refused.html", context, status=409)


def in_words(view):
    """Every refusal of `view` as JSON: a status, and a `message` fit for the writer. Nothing is
    redirected: the page that asked must keep the text that it holds."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        if not request.user.is_authenticated:
            return refuse(403, SIGNED_OUT, sign_in=reverse("account_login"))
        try:
            return view(request, *args, **kwargs)
        except Http404:
            return refuse(404, "Cette question n’existe pas, ou vous n’y avez pas accès.")
        except (PermissionDenied, OpinionNotYours) as error:
            return refuse(403, str(error))
        except NotNow as error:
            return refuse(409, str(error))

    return answer


def refuse(status, message, **details):
    return JsonResponse({"message": message, **details}, status=status)
