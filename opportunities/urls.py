from django.urls import include, path

from opportunities import views

app_name = "opportunities"

one = [
    path("", views.opportunity_detail, name="opportunity-detail"),
    path("modifier/", views.opportunity_edit, name="opportunity-edit"),
    path("etape/", views.opportunity_move, name="opportunity-move"),
    path("partage/", views.opportunity_share, name="opportunity-share"),
]
all_of_a_territory = [
    path("", views.opportunity_list, name="opportunity-list"),
    path("nouvelle/", views.opportunity_create, name="opportunity-create"),
    path("<slug:ref>/", include(one)),
]
urlpatterns = [path("territoires/<slug:territory_ref>/opportunites/", include(all_of_a_territory))]
