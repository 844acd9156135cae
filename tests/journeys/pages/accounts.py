from tests.journeys import acts
from tests.journeys.pages.page import TEAM, VISITOR, Page
from tests.journeys.states import accounts, words

INVITATION = f"Invitation\N{NO-BREAK SPACE}: {TEAM}"

PAGES = (
    # Before signing in
    Page(VISITOR, "account_login", accounts.nothing, "Connexion"),
    Page(VISITOR, "account_login", accounts.nothing, "Connexion", acts.sign_in_wrongly),
    Page(VISITOR, "account_login", accounts.demonstration, "Connexion"),
    Page(VISITOR, "account_request_login_code", accounts.nothing, "Recevoir un code"),
    Page(
        VISITOR,
        "account_request_login_code",
        accounts.nothing,
        "Recevoir un code",
        acts.send_nothing,
    ),
    Page(
        VISITOR, "account_request_login_code", accounts.nothing, "Saisir le code", acts.ask_for_code
    ),
    Page(
        VISITOR, "account_request_login_code", accounts.nothing, "Saisir le code", acts.mistype_code
    ),
    Page(VISITOR, "account_signup", accounts.nothing, "Comptes sur invitation"),
    Page(VISITOR, "account_inactive", accounts.nothing, "Compte désactivé"),
    Page(VISITOR, "account_reset_password", accounts.nothing, "Choisir un nouveau mot de passe"),
    Page(
        VISITOR,
        "account_reset_password",
        accounts.nothing,
        "Choisir un nouveau mot de passe",
        acts.send_nothing,
    ),
    Page(VISITOR, "account_reset_password_done", accounts.nothing, "Lien envoyé"),
    Page(
        VISITOR, "account_reset_password_from_key", accounts.password_link, "Nouveau mot de passe"
    ),
    Page(
        VISITOR,
        "account_reset_password_from_key",
        accounts.password_link,
        "Nouveau mot de passe",
        acts.choose_weak_password,
    ),
    Page(VISITOR, "account_reset_password_from_key", accounts.dead_password_link, "Lien périmé"),
    Page(
        VISITOR,
        "account_reset_password_from_key_done",
        accounts.nothing,
        "Mot de passe enregistré",
    ),
    Page(
        VISITOR,
        "territories:invitation",
        accounts.invitation,
        INVITATION,
    ),
    Page(
        VISITOR,
        "territories:invitation",
        accounts.invitation,
        INVITATION,
        acts.send_nothing,
    ),
    Page(
        VISITOR,
        "territories:invitation",
        accounts.invitation_of_somebody,
        INVITATION,
    ),
    Page(VISITOR, "territories:invitation", accounts.expired_invitation, "Invitation expirée"),
    Page(VISITOR, "territories:invitation", accounts.used_invitation, "Connexion"),
    Page(VISITOR, "territories:invitation", accounts.unknown_link, "Invitation introuvable"),
    Page(VISITOR, "accounts:sent-mail-list", accounts.demonstration, "Courriels"),
    Page(VISITOR, "accounts:sent-mail-list", accounts.sent_mails, "Courriels"),
    Page(VISITOR, "accounts:sent-mail-show", accounts.sent_mail, words.MAIL),
    Page(VISITOR, "about", accounts.nothing, "À propos et sources"),
    Page(VISITOR, "accessibility", accounts.nothing, "Accessibilité", acts.list_shortcuts),
    Page(VISITOR, "offline", accounts.nothing, "Pas de réseau"),
    # The account
    Page("lead", "account_change_password", accounts.nothing, "Changer de mot de passe"),
    Page(
        "lead",
        "account_change_password",
        accounts.nothing,
        "Changer de mot de passe",
        acts.send_nothing,
    ),
    Page("lead", "account_set_password", accounts.no_password, "Choisir un mot de passe"),
    Page("lead", "account_logout", accounts.nothing, "Se déconnecter"),
    Page(
        "outsider",
        "territories:invitation",
        accounts.invitation,
        "Invitation pour une autre adresse",
    ),
    Page(
        "outsider",
        "territories:invitation",
        accounts.invitation_of_somebody,
        INVITATION,
    ),
)
