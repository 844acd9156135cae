from django.urls import include, path

from opportunities import views

app_name = "opportunities"

one = [
    path("", views.opportunity_detail, name="detail"),
    path("modifier/", views.opportunity_edit, name="edit"),
    path("etape/", views.opportunity_move, name="move"),
    path("partage/", views.opportunity_share, name="share"),
]
all_of_a_territory = [
    path("", views.opportunity_list, name="list"),
    path("nouvelle/", views.opportunity_create, name="create"),
    path("<slug:ref>/", include(one)),
]
urlpatterns = [path("territoires/<slug:territory_ref>/opportunites/", include(all_of_a_territory))]
