from django.urls import path

from programmes import views

app_name = "programmes"
urlpatterns = [
    path("formations/", views.programme_list, name="list"),
    path("formations/ouvrir/", views.programme_open, name="open"),
    path("formations/<str:ref>/", views.programme_detail, name="detail"),
    path("formations/<str:ref>/inscrire/", views.territory_enrol, name="territory-enrol"),
    path("formations/<str:ref>/echeances/", views.deadlines_set, name="deadlines-set"),
    path("formations/<str:ref>/seances/ajouter/", views.session_add, name="session-add"),
    path(
        "formations/<str:ref>/seances/<str:session_ref>/",
        views.session_change,
        name="session-change",
    ),
    path(
        "formations/<str:ref>/seances/<str:session_ref>/supprimer/",
        views.session_cancel,
        name="session-cancel",
    ),
]
