"""Addresses whose pages do what the harness must find."""

from csp.decorators import csp_exempt, csp_update
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpResponse
from django.template import engines
from django.urls import path

from accounts.models import User


@login_not_required
def clean(request):
    return HttpResponse('<p><a href="https://example.org/">Un lien</a></p>')


@login_not_required
def inline_script(request):
    return HttpResponse("<script>alert(1)</script>")


@login_not_required
@csp_exempt()
def without_policy(request):
    return HttpResponse("<p></p>")


@login_not_required
@csp_update({"script-src": ["'unsafe-inline'"]})
def loose_policy(request):
    return HttpResponse("<p></p>")


@login_not_required
def undefined_variable(request):
    template = engines["django"].from_string("{% if absent == 1 %}oui{% endif %}")
    return HttpResponse(template.render({}, request))


@login_not_required
def write(request):
    User.objects.filter(name="personne").update(name="quelqu’un")
    return HttpResponse("<p></p>")


@login_not_required
def allowed_writes(request):
    cache.set("limit", 1)
    request.session["visited"] = True
    return HttpResponse("<p></p>")


@login_not_required
def script_error(request):
    return HttpResponse('<script src="/broken.js"></script>')


@login_not_required
def broken_script(request):
    return HttpResponse("throw new Error('broken')", content_type="text/javascript")


@login_not_required
def missing_file(request):
    return HttpResponse('<script src="/static/absent.js"></script>')


@login_not_required
def crash(request):
    raise ZeroDivisionError


urlpatterns = [
    path("clean", clean),
    path("inline-script", inline_script),
    path("without-policy", without_policy),
    path("loose-policy", loose_policy),
    path("undefined-variable", undefined_variable),
    path("write", write),
    path("script-error", script_error),
    path("broken.js", broken_script),
    path("missing-file", missing_file),
    path("crash", crash),
    path("allowed-writes", allowed_writes),
]
