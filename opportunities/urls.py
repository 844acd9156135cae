from django.urls import include, path

from opportunities.views import browsing, facts, following

app_name = "opportunities"

one = [
    path("", facts.opportunity_detail, name="detail"),
    path("modifier/", facts.opportunity_edit, name="edit"),
    path("etape/", following.opportunity_move, name="move"),
    path("partage/", following.opportunity_share, name="share"),
]
all_of_a_territory = [
    path("", browsing.opportunity_list, name="list"),
    path("nouvelle/", facts.opportunity_create, name="create"),
    path("<slug:ref>/", include(one)),
]
urlpatterns = [path("territoires/<slug:territory_ref>/opportunites/", include(all_of_a_territory))]
