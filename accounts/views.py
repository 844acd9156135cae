from allauth.account.views import LoginView
from csp.decorators import csp
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_safe

from accounts import demo

# A message may have styles of its own, and nothing else; its links open outside the frame.
PREVIEW_POLICY = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "frame-ancestors": ["'self'"],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}


class SignInView(LoginView):
    def get_context_data(self, **kwargs):
        """Adds the accounts that a demonstration shows to everybody."""
        accounts = demo.ACCOUNTS if settings.DEMO else []
        return super().get_context_data(
            demo_accounts=accounts, demo_password=demo.PASSWORD, **kwargs
        )


@login_not_required
@require_GET
@never_cache
def session_show(request):
    """Who is signed in ("" for nobody), and a token with which what waits may be sent: for a page
    that may be older than the sign-in, and for the service worker, which has no page."""
    owner = request.user.device_key if request.user.is_authenticated else ""
    return JsonResponse({"owner": owner, "csrf_token": get_token(request)})


@login_not_required
@require_safe
def sent_mail_list(request):
    _check_demo()
    return render(request, "accounts/sent_mail_list.html", {"mails": demo.sent_mails()})


@login_not_required
@require_safe
def sent_mail(request, name):
    return render(request, "accounts/sent_mail.html", {"mail": _mail_or_404(name)})


@login_not_required
@require_safe
@xframe_options_sameorigin
@csp(PREVIEW_POLICY)
def sent_mail_html(request, name):
    mail = _mail_or_404(name)
    if not mail.html:
        raise Http404
    return HttpResponse(mail.html)


def _mail_or_404(name):
    _check_demo()
    mail = demo.sent_mail(name)
    if mail is None:
        raise Http404
    return mail


def _check_demo():
    if not settings.DEMO:
        raise Http404
