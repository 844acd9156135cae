"""The least that a Django view can do behind the product's middleware, for somebody signed in."""

from django.http import JsonResponse
from django.urls import include, path
from django.views.decorators.http import require_POST, require_safe

from config.urls import handler400, handler403, handler404, handler429, handler500  # noqa: F401
from journal.models import Entry


@require_safe
def read(request):
    return JsonResponse({"name": request.user.name})


@require_POST
def write(request):
    """One INSERT, of what a save sends."""
    told = request.POST.dict()
    entry = Entry.objects.create(
        verb="bare", actor=request.user, scope="bench:bare", target="bench:bare", data=told
    )
    return JsonResponse({"version": entry.pk})


urlpatterns = [
    path("bare/read/", read),
    path("bare/write/", write),
    path("", include("config.urls")),
]
