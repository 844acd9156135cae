"""What a browser needs to keep the product on a device: the manifest of the application, the
service worker, and what stands in for a page that can't be had."""

import json

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from config.shells import SHELLS, plain_address, shell_files, version_of
from opportunities.views.capture import capture_shell

ICONS = (("192", "any"), ("512", "any"), ("512", "maskable"))


@login_not_required
@require_safe
@cache_control(max_age=3600)
def manifest(request):
    """https://www.w3.org/TR/appmanifest/"""
    icons = [
        {
            "src": static(f"img/app-icon-{purpose}-{side}.png"),
            "sizes": f"{side}x{side}",
            "type": "image/png",
            "purpose": purpose,
        }
        for side, purpose in ICONS
    ]
    return JsonResponse(
        {
            "id": "/",
            "name": settings.SITE_NAME,
            "short_name": "Opportunités",
            "description": "Repérer une opportunité économique dans un quartier, même sans réseau.",
            "lang": "fr",
            "start_url": reverse("opportunities:capture"),
            "scope": "/",
            "display": "standalone",
            "background_color": "#faf8f4",
            "theme_color": "#ffffff",
            "icons": icons,
        },
        content_type="application/manifest+json",
    )


@login_not_required
@require_safe
@cache_control(no_cache=True)
def service_worker(request):
    """A module whose text changes with any file that it keeps: the browser then takes the new."""
    shells = capture_shell(request).content, offline(request).content
    settings_of_worker = {
        "version": version_of(*shells),
        "shells": {reverse(page): reverse(shell) for page, shell in SHELLS.items()},
        "offline": reverse("offline"),
        "files": shell_files(),
    }
    module = json.dumps(plain_address("js/service-worker.js"))
    return HttpResponse(
        f"import {{ serve }} from {module};\nserve({json.dumps(settings_of_worker, indent=2)});\n",
        content_type="text/javascript",
    )


@login_not_required
@require_safe
def offline(request):
    """Without network, in the place of a page that isn't on the device: the same for everybody.
    What waits to be said to somebody stays for a page of theirs."""
    return render(request, "config/offline.html", {"messages": []})
