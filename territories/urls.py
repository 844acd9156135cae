from django.urls import path

from territories import views

app_name = "territories"
urlpatterns = [
    path("territoires/<str:ref>/equipe/", views.team, name="team"),
    path("territoires/<str:ref>/equipe/inviter/", views.invitation_send, name="invitation-send"),
    path(
        "territoires/<str:ref>/equipe/invitations/<str:invitation_ref>/renvoyer/",
        views.invitation_resend,
        name="invitation-resend",
    ),
    path(
        "territoires/<str:ref>/equipe/invitations/<str:invitation_ref>/retirer/",
        views.invitation_withdraw,
        name="invitation-withdraw",
    ),
    path(
        "territoires/<str:ref>/equipe/<str:grant_ref>/", views.member_change, name="member-change"
    ),
    path(
        "territoires/<str:ref>/equipe/<str:grant_ref>/passer-la-main/",
        views.lead_hand_over,
        name="lead-hand-over",
    ),
    path(
        "territoires/<str:ref>/equipe/<str:grant_ref>/retirer/",
        views.member_remove,
        name="member-remove",
    ),
    path("invitations/<str:token>/", views.invitation, name="invitation"),
    path("invitations/<str:token>/renouveler/", views.invitation_renew, name="invitation-renew"),
]
