from django.urls import path

from programmes import views

app_name = "programmes"
urlpatterns = [
    path("formations/", views.programme_list, name="list"),
    path("formations/ouvrir/", views.programme_open, name="open"),
    path("formations/<slug:ref>/", views.programme_detail, name="detail"),
    path("formations/<slug:ref>/inscrire/", views.territory_enrol, name="territory-enrol"),
    path("formations/<slug:ref>/echeances/", views.deadlines_set, name="deadlines-set"),
    path("formations/<slug:ref>/seances/ajouter/", views.session_add, name="session-add"),
    path(
        "formations/<slug:ref>/seances/<slug:session_ref>/",
        views.session_change,
        name="session-change",
    ),
    path(
        "formations/<slug:ref>/seances/<slug:session_ref>/supprimer/",
        views.session_cancel,
        name="session-cancel",
    ),
]
