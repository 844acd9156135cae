"""Sign-in at French addresses. allauth asks for its routes by name, without a namespace: they keep
their names here, and its pages for managing several addresses don't exist (the address is the
identity; it changes through the platform's staff)."""

from allauth.account import views as allauth
from django.urls import include, path, re_path

from accounts import views

own_patterns = [
    path("session/", views.session_show, name="session-show"),
    path("courriels/", views.sent_mail_list, name="sent-mail-list"),
    path("courriels/<str:name>/", views.sent_mail, name="sent-mail-show"),
    path("courriels/<str:name>/html/", views.sent_mail_html, name="sent-mail-preview"),
]

urlpatterns = [
    path("connexion/", views.SignInView.as_view(), name="account_login"),
    path("connexion/code/", allauth.request_login_code, name="account_request_login_code"),
    path("connexion/code/saisie/", allauth.confirm_login_code, name="account_confirm_login_code"),
    path("deconnexion/", allauth.logout, name="account_logout"),
    path("inscription/", allauth.signup, name="account_signup"),
    path("compte-desactive/", allauth.account_inactive, name="account_inactive"),
    path("mot-de-passe/", allauth.password_change, name="account_change_password"),
    path("mot-de-passe/choix/", allauth.password_set, name="account_set_password"),
    path("mot-de-passe/oubli/", allauth.password_reset, name="account_reset_password"),
    path(
        "mot-de-passe/oubli/envoi/",
        allauth.password_reset_done,
        name="account_reset_password_done",
    ),
    path(
        "mot-de-passe/nouveau/fait/",
        allauth.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^mot-de-passe/nouveau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("", include((own_patterns, "accounts"))),
]
