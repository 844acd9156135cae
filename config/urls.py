from django.contrib import admin
from django.urls import include, path

from config import installing, views
from worksheets.views.overview import home

urlpatterns = [
    path("", home, name="home"),
    path("", include("worksheets.urls")),
    path("", include("opportunities.urls")),
    path("", include("programmes.urls")),
    path("", include("territories.urls")),
    path("", include("accounts.urls")),
    path("a-propos/", views.about, name="about"),
    path("accessibilite/", views.accessibility, name="accessibility"),
    path("hors-connexion/", installing.offline, name="offline"),
    path("manifest.webmanifest", installing.manifest, name="manifest"),
    path("service-worker.js", installing.service_worker, name="service-worker"),
    path("administration/", admin.site.urls),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.page_not_found"
handler429 = "config.errors.too_many_requests"  # allauth's sign-in limits ask for it
handler500 = "config.errors.server_error"
