from django.urls import path

from territories import views

app_name = "territories"
urlpatterns = [
    path("territoires/<slug:ref>/equipe/", views.team, name="team"),
    path("territoires/<slug:ref>/equipe/inviter/", views.invitation_send, name="invitation-send"),
    path(
        "territoires/<slug:ref>/equipe/invitations/<slug:invitation_ref>/renvoyer/",
        views.invitation_resend,
        name="invitation-resend",
    ),
    path(
        "territoires/<slug:ref>/equipe/invitations/<slug:invitation_ref>/retirer/",
        views.invitation_withdraw,
        name="invitation-withdraw",
    ),
    path(
        "territoires/<slug:ref>/equipe/<slug:grant_ref>/", views.member_change, name="member-change"
    ),
    path(
        "territoires/<slug:ref>/equipe/<slug:grant_ref>/passer-la-main/",
        views.lead_hand_over,
        name="lead-hand-over",
    ),
    path(
        "territoires/<slug:ref>/equipe/<slug:grant_ref>/retirer/",
        views.member_remove,
        name="member-remove",
    ),
    path("invitations/<str:token>/", views.invitation, name="invitation"),
    path("invitations/<str:token>/renouveler/", views.invitation_renew, name="invitation-renew"),
]
