"""Every page of the product in the states that it may be in: a line each.

A line says who looks (of the cast in tests/conftest.py, or VISITOR), the route, the state that the
product is in (a function of tests/journeys/states.py, which returns what the address names), what
the title says before the product's name, and what is done on the page to bring it to its state.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from tests.journeys import acts, states

VISITOR = ""
CAPTURE = "Repérer une opportunité"
TEAM = "CU de Dunkerque"
STEP_1 = "Étape 1\N{NO-BREAK SPACE}: Détecter les opportunités"
STEP_2 = "Étape 2\N{NO-BREAK SPACE}: De l’opportunité au projet"
PROJECT = f"{STEP_2} – {states.OPPORTUNITY}"
FILES = f"Photos et documents – {states.OPPORTUNITY}"
EDITED = f"Modifier «\N{NO-BREAK SPACE}{states.OPPORTUNITY}\N{NO-BREAK SPACE}»"
INVITATION = f"Invitation\N{NO-BREAK SPACE}: {TEAM}"
ACTIONS = f"Actions de repérage – {TEAM}"
FILE = "liste.csv"
PROGRAMME = "Développement économique des quartiers"


def _stay(page, cast):
    """Nothing to do: the page is in its state as it comes."""


@dataclass(frozen=True)
class Page:
    who: str
    route: str
    state: Callable
    title: str
    act: Callable = _stay
    query: str = ""

    def __str__(self):
        names = [self.who or "visitor", self.route, self.state.__name__]
        if self.act is not _stay:
            names.append(self.act.__name__)
        return " ".join([*names, self.query]).strip()

    def open(self, cast):
        """Makes the state; returns the address."""
        return reverse(self.route, args=self.state(cast)) + self.query


PAGES = (
    # Before signing in
    Page(VISITOR, "account_login", states.nothing, "Connexion"),
    Page(VISITOR, "account_login", states.nothing, "Connexion", acts.sign_in_wrongly),
    Page(VISITOR, "account_login", states.demonstration, "Connexion"),
    Page(VISITOR, "account_request_login_code", states.nothing, "Recevoir un code"),
    Page(
        VISITOR, "account_request_login_code", states.nothing, "Recevoir un code", acts.send_nothing
    ),
    Page(
        VISITOR, "account_request_login_code", states.nothing, "Saisir le code", acts.ask_for_code
    ),
    Page(
        VISITOR, "account_request_login_code", states.nothing, "Saisir le code", acts.mistype_code
    ),
    Page(VISITOR, "account_signup", states.nothing, "Comptes sur invitation"),
    Page(VISITOR, "account_inactive", states.nothing, "Compte désactivé"),
    Page(VISITOR, "account_reset_password", states.nothing, "Choisir un nouveau mot de passe"),
    Page(
        VISITOR,
        "account_reset_password",
        states.nothing,
        "Choisir un nouveau mot de passe",
        acts.send_nothing,
    ),
    Page(VISITOR, "account_reset_password_done", states.nothing, "Lien envoyé"),
    Page(VISITOR, "account_reset_password_from_key", states.password_link, "Nouveau mot de passe"),
    Page(
        VISITOR,
        "account_reset_password_from_key",
        states.password_link,
        "Nouveau mot de passe",
        acts.choose_weak_password,
    ),
    Page(VISITOR, "account_reset_password_from_key", states.dead_password_link, "Lien périmé"),
    Page(
        VISITOR,
        "account_reset_password_from_key_done",
        states.nothing,
        "Mot de passe enregistré",
    ),
    Page(
        VISITOR,
        "territories:invitation",
        states.invitation,
        INVITATION,
    ),
    Page(
        VISITOR,
        "territories:invitation",
        states.invitation,
        INVITATION,
        acts.send_nothing,
    ),
    Page(
        VISITOR,
        "territories:invitation",
        states.invitation_of_somebody,
        INVITATION,
    ),
    Page(VISITOR, "territories:invitation", states.expired_invitation, "Invitation expirée"),
    Page(VISITOR, "territories:invitation", states.used_invitation, "Connexion"),
    Page(VISITOR, "territories:invitation", states.unknown_link, "Invitation introuvable"),
    Page(VISITOR, "accounts:sent-mail-list", states.demonstration, "Courriels"),
    Page(VISITOR, "accounts:sent-mail-list", states.sent_mails, "Courriels"),
    Page(VISITOR, "accounts:sent-mail-show", states.sent_mail, states.MAIL),
    Page(VISITOR, "about", states.nothing, "À propos et sources"),
    Page(VISITOR, "accessibility", states.nothing, "Accessibilité"),
    # The account
    Page("lead", "account_change_password", states.nothing, "Changer de mot de passe"),
    Page(
        "lead",
        "account_change_password",
        states.nothing,
        "Changer de mot de passe",
        acts.send_nothing,
    ),
    Page("lead", "account_set_password", states.no_password, "Choisir un mot de passe"),
    Page("lead", "account_logout", states.nothing, "Se déconnecter"),
    Page(
        "outsider",
        "territories:invitation",
        states.invitation,
        "Invitation pour une autre adresse",
    ),
    Page(
        "outsider",
        "territories:invitation",
        states.invitation_of_somebody,
        INVITATION,
    ),
    # Homes
    Page("staff", "home", states.nothing, "Accueil"),
    Page("lead", "home", states.no_role, "Accueil"),
    Page("lead", "home", states.two_territories, "Accueil", acts.open_account),
    Page("lead", "worksheets:territory-home", states.new_territory, states.TERRITORY),
    Page("lead", "worksheets:territory-home", states.busy_territory, TEAM),
    Page("partner", "worksheets:territory-home", states.busy_territory, TEAM),
    Page("reader", "worksheets:territory-home", states.busy_territory, TEAM),
    Page("trainer", "worksheets:territory-home", states.busy_territory, TEAM, acts.open_navigation),
    Page("observer", "worksheets:territory-home", states.busy_territory, TEAM),
    Page("lead", "worksheets:list", states.new_territory, f"Fiches – {states.TERRITORY}"),
    Page("lead", "worksheets:list", states.busy_territory, f"Fiches – {TEAM}"),
    Page("partner", "worksheets:list", states.team, f"Fiches – {TEAM}"),
    # The team
    Page("lead", "territories:team", states.full_team, f"Équipe de {states.TERRITORY}"),
    Page("lead", "territories:team", states.team, f"Équipe de {TEAM}", acts.invite_nobody),
    Page("reader", "territories:team", states.team, f"Équipe de {TEAM}"),
    Page("trainer", "territories:team", states.team_without_anybody, f"Équipe de {TEAM}"),
    Page("lead", "territories:member-change", states.colleague, f"Bruno Carlier – {TEAM}"),
    # Programmes
    Page("lead", "programmes:list", states.no_programme, "Formations"),
    Page("staff", "programmes:list", states.nothing, "Formations"),
    Page("trainer", "programmes:open", states.nothing, "Ouvrir une formation"),
    Page("trainer", "programmes:open", states.nothing, "Ouvrir une formation", acts.send_nothing),
    Page("trainer", "programmes:detail", states.empty_programme, states.PROGRAMME),
    Page("trainer", "programmes:detail", states.busy_programme, PROGRAMME),
    Page("lead", "programmes:detail", states.busy_programme, PROGRAMME),
    Page("trainer", "programmes:deadlines-set", states.programme, f"Échéances de {PROGRAMME}"),
    Page("trainer", "programmes:session-add", states.programme, f"Nouvelle séance – {PROGRAMME}"),
    Page(
        "trainer",
        "programmes:session-add",
        states.programme,
        f"Nouvelle séance – {PROGRAMME}",
        acts.send_nothing,
    ),
    Page(
        "trainer",
        "programmes:session-change",
        states.session,
        f"Première journée – {PROGRAMME}",
        acts.open_details,
    ),
    Page(
        "trainer",
        "worksheets:board",
        states.empty_programme,
        f"Tableau de suivi – {states.PROGRAMME}",
    ),
    Page("trainer", "worksheets:board", states.busy_programme, f"Tableau de suivi – {PROGRAMME}"),
    Page("observer", "worksheets:board", states.busy_programme, f"Tableau de suivi – {PROGRAMME}"),
    Page(
        "trainer",
        "worksheets:board",
        states.programme,
        f"Tableau de suivi – {PROGRAMME}",
        query="?filtre=corrigees",
    ),
    # Opportunities
    Page("lead", "opportunities:list", states.team, f"Opportunités – {TEAM}"),
    Page("reader", "opportunities:list", states.team, f"Opportunités – {TEAM}"),
    Page(
        "lead",
        "opportunities:list",
        states.busy_territory,
        f"Opportunités – {TEAM}",
        acts.open_last_filter,
    ),
    Page(
        "lead",
        "opportunities:list",
        states.busy_territory,
        f"Opportunités – {TEAM}",
        query="?type=friche&etape=launched&q=rien",
    ),
    Page(
        "lead",
        "opportunities:list",
        states.saved_filters,
        f"Opportunités – {TEAM}",
        acts.open_last_filter,
        query="?type=friche&fraicheur=recente&q=frhce",
    ),
    Page(
        "trainer", "opportunities:list-all", states.busy_home, "Opportunités – tous vos territoires"
    ),
    Page("staff", "opportunities:list-all", states.nothing, "Opportunités – tous vos territoires"),
    Page(
        "lead",
        "opportunities:list",
        states.busy_territory,
        f"Opportunités – {TEAM}",
        query="?vue=tableau",
    ),
    Page(
        "lead",
        "opportunities:list",
        states.busy_territory,
        f"Opportunités – {TEAM}",
        acts.abandon_without_reason,
        query="?vue=tableau",
    ),
    Page(
        "lead",
        "opportunities:list",
        states.busy_territory,
        f"Opportunités – {TEAM}",
        acts.move_card_behind,
        query="?vue=tableau",
    ),
    Page(
        "reader",
        "opportunities:list",
        states.busy_territory,
        f"Opportunités – {TEAM}",
        query="?vue=tableau",
    ),
    Page(
        "trainer",
        "opportunities:list-all",
        states.busy_home,
        "Opportunités – tous vos territoires",
        query="?vue=tableau",
    ),
    Page(
        "lead",
        "opportunities:list",
        states.opportunities_on_a_map,
        f"Opportunités – {TEAM}",
        query="?vue=carte",
    ),
    Page(
        "partner",
        "opportunities:list",
        states.opportunities_on_a_map,
        f"Opportunités – {TEAM}",
        query="?vue=carte",
    ),
    Page(
        "lead",
        "opportunities:list",
        states.opportunities_on_a_map,
        f"Opportunités – {TEAM}",
        acts.open_sign,
        query="?vue=carte",
    ),
    Page(
        "lead",
        "opportunities:list",
        states.busy_territory,
        f"Opportunités – {TEAM}",
        query="?vue=carte",
    ),
    Page("lead", "opportunities:filter-list", states.nothing, "Vos filtres"),
    Page("lead", "opportunities:filter-list", states.all_saved_filters, "Vos filtres"),
    Page("lead", "opportunities:filter-rename", states.saved_filter, "Renommer un filtre"),
    Page(
        "lead",
        "opportunities:filter-rename",
        states.saved_filter,
        "Renommer un filtre",
        acts.rename_to_nothing,
    ),
    # Files
    Page("lead", "opportunities:import-start", states.team, "Importer des opportunités"),
    Page("lead", "opportunities:import-start", states.past_imports, "Importer des opportunités"),
    Page(
        "lead",
        "opportunities:import-show",
        states.matched_import,
        f"Colonnes à vérifier – {FILE}",
    ),
    Page(
        "lead",
        "opportunities:import-show",
        states.checking_import,
        f"Lignes en cours de vérification – {FILE}",
    ),
    Page(
        "lead",
        "opportunities:import-show",
        states.checked_import,
        f"Prêt à être importé – {FILE}",
    ),
    Page("lead", "opportunities:import-show", states.failed_import, f"Arrêté – {FILE}"),
    Page(
        "lead",
        "opportunities:friches-show",
        states.friches,
        "Exporter les friches au standard national",
    ),
    Page(
        "trainer",
        "opportunities:friches-show-all",
        states.nothing,
        "Exporter les friches au standard national",
    ),
    Page("lead", "opportunities:bin", states.team, f"Corbeille – {TEAM}"),
    Page("lead", "opportunities:bin", states.full_bin, f"Corbeille – {TEAM}"),
    Page(
        "lead",
        "opportunities:detail",
        states.archived_opportunity,
        states.OPPORTUNITY,
        acts.open_details,
    ),
    Page(
        "lead",
        "opportunities:delete",
        states.archived_opportunity,
        f"Supprimer – {states.OPPORTUNITY}",
    ),
    Page("lead", "opportunities:delete", states.opportunity, f"Supprimer – {states.OPPORTUNITY}"),
    Page("lead", "opportunities:capture", states.writer_of_two_territories, CAPTURE),
    Page("partner", "opportunities:capture", states.nothing, CAPTURE),
    *(
        Page("lead", "opportunities:capture", states.nothing, CAPTURE, act)
        for act in (
            acts.capture_nothing,
            acts.capture_offline,
            acts.capture_refused,
            acts.capture_sent,
            acts.open_offline_signed_out,
        )
    ),
    Page("lead", "opportunities:create", states.team, "Ajouter une opportunité"),
    Page(
        "lead",
        "opportunities:create",
        states.team,
        "À corriger – Ajouter une opportunité",
        acts.send_nothing,
    ),
    Page(
        "lead",
        "opportunities:create",
        states.team,
        "Ajouter une opportunité",
        acts.open_details,
        query="?type=friche",
    ),
    Page(
        "lead",
        "opportunities:create",
        states.team,
        "À corriger – Ajouter une opportunité",
        acts.mistype_facts,
        query="?type=premises",
    ),
    Page("lead", "opportunities:detail", states.opportunity, states.OPPORTUNITY, acts.open_details),
    Page("partner", "opportunities:detail", states.opportunity, states.OPPORTUNITY),
    Page("observer", "opportunities:detail", states.opportunity, states.OPPORTUNITY),
    Page("lead", "opportunities:detail", states.files, states.OPPORTUNITY, acts.attach_text),
    Page("lead", "opportunities:attachments", states.files, FILES),
    Page("lead", "opportunities:attachments", states.opportunity, FILES, acts.send_nothing),
    Page("reader", "opportunities:attachments", states.files, FILES),
    Page(
        "lead",
        "opportunities:action-attachments",
        states.files_of_action,
        "Photos et documents – Marcher dans le quartier",
    ),
    Page(
        "lead",
        "opportunities:attachment-remove",
        states.photo_to_remove,
        f"Supprimer «\N{NO-BREAK SPACE}{states.FILE}0.jpg\N{NO-BREAK SPACE}»",
    ),
    Page(
        "lead",
        "opportunities:edit",
        states.opportunity,
        EDITED,
        acts.open_details,
    ),
    Page(
        "lead",
        "opportunities:edit",
        states.opportunity,
        EDITED,
        acts.change_behind,
    ),
    Page(
        "lead",
        "worksheets:opportunity-worksheets",
        states.project_of_opportunity,
        f"Fiches – {states.OPPORTUNITY}",
    ),
    # Detection actions
    # People, duplicates
    Page("lead", "opportunities:person-list", states.team, f"Personnes – {TEAM}"),
    Page("lead", "opportunities:person-list", states.many_people, f"Personnes – {TEAM}"),
    Page(
        "lead",
        "opportunities:person-list",
        states.many_people,
        f"Personnes – {TEAM}",
        query="?q=personne",
    ),
    Page("lead", "opportunities:detail", states.opportunity_of_people, states.OPPORTUNITY),
    Page(
        "lead",
        "opportunities:person-add",
        states.opportunity,
        f"À corriger – Ajouter une personne – {states.OPPORTUNITY}",
        acts.send_nothing,
    ),
    Page(
        "lead",
        "opportunities:person-change",
        states.person,
        f"Modifier {states.SOMEBODY} – {states.OPPORTUNITY}",
    ),
    Page(
        "lead",
        "opportunities:person-change",
        states.person,
        f"Modifier {states.SOMEBODY} – {states.OPPORTUNITY}",
        acts.change_person_behind,
    ),
    Page(
        "lead",
        "opportunities:person-forget",
        states.person,
        f"À corriger – Oublier {states.SOMEBODY} – {states.OPPORTUNITY}",
        acts.send_nothing,
    ),
    Page(
        "lead",
        "opportunities:create",
        states.team_with_opportunity,
        "Ajouter une opportunité",
        acts.create_twice,
    ),
    Page("lead", "opportunities:merge", states.alike, f"Fusionner – {states.OPPORTUNITY}"),
    Page("lead", "opportunities:merge", states.opportunity, f"Fusionner – {states.OPPORTUNITY}"),
    Page(
        "lead",
        "opportunities:merge",
        states.alike,
        f"Comparer – {states.OPPORTUNITY}",
        acts.open_first_row,
    ),
    Page("lead", "opportunities:action-list", states.team, ACTIONS),
    Page("reader", "opportunities:action-list", states.team, ACTIONS),
    Page("lead", "opportunities:action-list", states.many_actions, ACTIONS),
    Page("lead", "opportunities:action-list", states.many_actions, ACTIONS, query="?page=2"),
    Page("lead", "opportunities:action-create", states.team, "Ajouter une action de repérage"),
    Page(
        "lead",
        "opportunities:action-create",
        states.team,
        "À corriger – Ajouter une action de repérage",
        acts.send_nothing,
    ),
    Page("lead", "opportunities:action-detail", states.planned_action, states.OPPORTUNITY),
    Page("lead", "opportunities:action-detail", states.held_action, states.OPPORTUNITY),
    Page("trainer", "opportunities:action-detail", states.cancelled_action, states.OPPORTUNITY),
    Page("lead", "opportunities:action-edit", states.held_action, EDITED),
    Page(
        "lead", "opportunities:action-edit", states.held_action, EDITED, acts.change_action_behind
    ),
    Page(
        "lead",
        "opportunities:action-hold",
        states.planned_action,
        f"Compte rendu de «\N{NO-BREAK SPACE}{states.OPPORTUNITY}\N{NO-BREAK SPACE}»",
    ),
    # Writing a worksheet
    Page("lead", "worksheets:worksheet-show", states.new_diagnosis, f"Auto-diagnostic, {TEAM}"),
    Page("lead", "worksheets:worksheet-show", states.new_step_1, f"{STEP_1}, {TEAM}"),
    Page("lead", "worksheets:worksheet-show", states.filled_step_1, f"{STEP_1}, {TEAM}"),
    Page(
        "lead",
        "worksheets:worksheet-show",
        states.step_1_with_actions,
        f"{STEP_1}, {TEAM}",
        acts.take_up_actions,
    ),
    Page("contributor", "worksheets:worksheet-show", states.new_project, f"{PROJECT}, {TEAM}"),
    Page("lead", "worksheets:worksheet-show", states.filled_project, f"{PROJECT}, {TEAM}"),
    Page("partner", "worksheets:worksheet-show", states.filled_step_1, f"{STEP_1}, {TEAM}"),
    Page("lead", "worksheets:worksheet-show", states.returned_step_1, f"{STEP_1}, {TEAM}"),
    Page(
        "lead",
        "worksheets:worksheet-show",
        states.commented_diagnosis,
        f"Auto-diagnostic, {TEAM}",
        acts.comment,
    ),
    Page(
        "lead",
        "worksheets:worksheet-show",
        states.new_project,
        f"{PROJECT}, {TEAM}",
        acts.type_bad_amount,
    ),
    Page(
        "lead",
        "worksheets:worksheet-show",
        states.new_project,
        f"{PROJECT}, {TEAM}",
        acts.remove_rows,
    ),
    Page(
        "lead",
        "worksheets:worksheet-show",
        states.commented_diagnosis,
        f"Auto-diagnostic, {TEAM}",
        acts.write_behind,
    ),
    Page(
        "lead",
        "worksheets:worksheet-show",
        states.answered_project,
        f"{PROJECT}, {TEAM}",
        acts.send_stale_page,
    ),
    Page(
        "lead",
        "worksheets:worksheet-show",
        states.new_diagnosis,
        f"Textes non enregistrés – Auto-diagnostic, {TEAM}",
        acts.send_closed_page,
    ),
    Page(
        "lead",
        "worksheets:worksheet-show",
        states.new_diagnosis,
        "Vos textes sont gardés",
        acts.send_signed_out,
    ),
    Page(
        "lead",
        "worksheets:opportunities-choose",
        states.new_step_1,
        "Opportunités de la fiche",
    ),
    Page(
        "lead",
        "worksheets:opportunities-choose",
        states.step_1_to_choose,
        "Opportunités de la fiche",
    ),
    Page(
        "lead",
        "worksheets:opportunities-choose",
        states.step_1_to_choose,
        "À corriger – Opportunités de la fiche",
        acts.send_nothing,
    ),
    # Reading a worksheet
    Page("reader", "worksheets:worksheet-show", states.filled_step_1, f"{STEP_1}, {TEAM}"),
    Page("reader", "worksheets:worksheet-show", states.new_project, f"{PROJECT}, {TEAM}"),
    Page("trainer", "worksheets:worksheet-show", states.returned_step_1, f"{STEP_1}, {TEAM}"),
    Page("lead", "worksheets:worksheet-show", states.submitted_step_1, f"{STEP_1}, {TEAM}"),
    Page("trainer", "worksheets:worksheet-show", states.validated_project, f"{PROJECT}, {TEAM}"),
    Page(
        "observer",
        "worksheets:submission-show",
        states.submission,
        f"Version 1 – {STEP_1}, {TEAM}",
    ),
    # From hand to hand
    Page(
        "lead",
        "worksheets:worksheet-submit",
        states.complete_diagnosis,
        f"Transmettre – Auto-diagnostic, {TEAM}",
    ),
    Page(
        "lead",
        "worksheets:worksheet-submit",
        states.late_step_1,
        f"Transmettre – {STEP_1}, {TEAM}",
    ),
    Page(
        "lead",
        "worksheets:worksheet-submit",
        states.submitted_step_1,
        f"Transmettre – {STEP_1}, {TEAM}",
    ),
    Page(
        "lead",
        "worksheets:worksheet-submit",
        states.new_diagnosis,
        f"Transmettre – Auto-diagnostic, {TEAM}",
        acts.submit_behind,
    ),
    Page(
        "lead",
        "worksheets:worksheet-show",
        states.submitted_step_1,
        f"Refusé – {STEP_1}, {TEAM}",
        acts.withdraw_too_late,
    ),
    Page(
        "trainer",
        "worksheets:review",
        states.review,
        f"Relecture – Auto-diagnostic, {TEAM}",
    ),
    Page(
        "trainer",
        "worksheets:review",
        states.review_of_a_colleague,
        f"Relecture – Auto-diagnostic, {TEAM}",
        acts.return_without_reason,
    ),
    Page(
        "trainer",
        "worksheets:worksheet-reopen",
        states.validated_project,
        f"Rouvrir – {PROJECT}, {TEAM}",
    ),
    Page(
        "trainer",
        "worksheets:worksheet-reopen",
        states.validated_project,
        f"Rouvrir – {PROJECT}, {TEAM}",
        acts.send_nothing,
    ),
    Page(
        "lead",
        "worksheets:comment-add",
        states.question_of_diagnosis,
        "Commenter «\N{NO-BREAK SPACE}Les collaborations qui s’organisent sur la question"
        "\N{NO-BREAK SPACE}» – "
        f"Auto-diagnostic, {TEAM}",
        acts.send_nothing,
    ),
    Page(
        "reader",
        "worksheets:opinion-sign",
        states.filled_project,
        f"Donner mon avis – {PROJECT}, {TEAM}",
        acts.send_nothing,
    ),
    # Refusals
    Page("reader", "opportunities:create", states.team, "Vous ne pouvez pas faire cela"),
    Page("outsider", "worksheets:territory-home", states.team, "Cette page n’existe pas"),
    Page(VISITOR, "accounts:sent-mail-list", states.nothing, "Cette page n’existe pas"),
)
