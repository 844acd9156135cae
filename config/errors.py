"""The pages that say, in French, what happened, that nothing is lost, and what to do."""

from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import HttpResponseServerError, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from accounts.resending import give_back, is_from_a_module, keeps_texts, tell_signed_out

TOO_MANY = "Trop de demandes en peu de temps. Attendez une minute, puis recommencez."
REFUSED = (
    "Le serveur n’a pas accepté cet envoi, trop gros ou abîmé. Votre texte reste dans la page."
)


def bad_request(request, exception):
    """Django brings here, with the rest, what is beyond the DATA_UPLOAD_MAX_… of the settings."""
    is_too_big = isinstance(exception, RequestDataTooBig | TooManyFilesSent)
    if is_from_a_module(request):
        return JsonResponse({"message": REFUSED}, status=413 if is_too_big else 400)
    if is_too_big:
        return render(request, "errors/413.html", status=413)
    return render(request, "errors/400.html", status=400)


def permission_denied(request, exception):
    return render(request, "errors/403.html", {"reason": str(exception)}, status=403)


def page_not_found(request, exception):
    return render(request, "errors/404.html", status=404)


def too_many_requests(request):
    if is_from_a_module(request):
        return JsonResponse({"message": TOO_MANY}, status=429)
    return render(request, "errors/429.html", status=429)


def server_error(request):
    # Without the request, hence without context processors: the database may be what fails.
    return HttpResponseServerError(render_to_string("errors/500.html"))


def csrf_failure(request, reason=""):
    """A form without a valid token: given back if it is ours (a page older than a new sign-in)."""
    if is_from_a_module(request):
        return tell_signed_out()
    if keeps_texts(request):
        return give_back(request, is_signed_out=False)
    return render(request, "errors/csrf.html", status=403)
