from django.urls import path

from territories.views import places, teams

app_name = "territories"
urlpatterns = [
    path("situer/", places.point_locate, name="point-locate"),
    path("adresses/", places.address_search, name="address-search"),
    path("quartiers.json", places.map_features, name="map-features"),
    path("territoires/<slug:ref>/equipe/", teams.team, name="team"),
    path("territoires/<slug:ref>/equipe/inviter/", teams.invitation_send, name="invitation-send"),
    path(
        "territoires/<slug:ref>/equipe/invitations/<slug:invitation_ref>/renvoyer/",
        teams.invitation_resend,
        name="invitation-resend",
    ),
    path(
        "territoires/<slug:ref>/equipe/invitations/<slug:invitation_ref>/retirer/",
        teams.invitation_withdraw,
        name="invitation-withdraw",
    ),
    path(
        "territoires/<slug:ref>/equipe/<slug:grant_ref>/", teams.member_change, name="member-change"
    ),
    path(
        "territoires/<slug:ref>/equipe/<slug:grant_ref>/passer-la-main/",
        teams.lead_hand_over,
        name="lead-hand-over",
    ),
    path(
        "territoires/<slug:ref>/equipe/<slug:grant_ref>/retirer/",
        teams.member_remove,
        name="member-remove",
    ),
    path("invitations/<str:token>/", teams.invitation, name="invitation"),
    path("invitations/<str:token>/renouveler/", teams.invitation_renew, name="invitation-renew"),
]
