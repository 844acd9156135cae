"""What a form sent when its author was signed out, or its page too old, is given back to them:
the texts stay in the page, ready to be sent again."""

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import JsonResponse
from django.shortcuts import render
from django.urls import reverse

# To a module of ours, which keeps the text in the page and shows this beside it.
SIGNED_OUT = (
    "Votre session a expiré : reconnectez-vous. Votre texte reste dans la page, et partira ensuite."
)


def is_from_a_module(request):
    """Whether a script of ours asked, htmx or a module: it keeps the text, and shows in the page
    what is said in JSON."""
    return request.headers.get("Accept") == "application/json" or "HX-Request" in request.headers


def keeps_texts(request):
    """Whether `request` is a form of our own pages whose texts may be shown again. A form that
    another site made must not be offered for sending, and a password is never written back."""
    if any("password" in name for name in request.POST):
        return False
    origin = request.headers.get("Origin") or request.headers.get("Referer") or ""
    # Compared as text: it comes from outside, and taking it apart may fail.
    ours = f"{request.scheme}://{request.get_host()}"
    return request.method == "POST" and (origin == ours or origin.startswith(f"{ours}/"))


def give_back(request, *, is_signed_out):
    """The page that holds what `request` sent: 403, with a way to sign in and to send again."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]
    context = {
        "fields": fields,
        # To be read, texts: what has no space is a version, a key, a box that was ticked.
        "texts": [value for _, value in fields if len(value.split()) > 1],
        "has_files": bool(request.FILES),
        "is_signed_out": is_signed_out,
        "address": request.get_full_path(),
    }
    return render(request, "accounts/resend.html", context, status=403)


def tell_signed_out():
    """The same to a module of ours: JSON, 403."""
    return JsonResponse({"message": SIGNED_OUT, "sign_in": reverse("account_login")}, status=403)


class KeepTextsMiddleware(LoginRequiredMiddleware):
    """Asks for sign-in as usual, except that a form sent meanwhile is given back."""

    def handle_no_permission(self, request, view_func):
        if is_from_a_module(request):
            return tell_signed_out()
        if keeps_texts(request):
            return give_back(request, is_signed_out=True)
        return super().handle_no_permission(request, view_func)
