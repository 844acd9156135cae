from tests.journeys import acts
from tests.journeys.pages.page import TEAM, Page
from tests.journeys.states import accounts, opportunities, territories, words, worksheets

CAPTURE = "Repérer une opportunité"
FILES = f"Photos et documents – {words.OPPORTUNITY}"
ACTION = f"{words.OPPORTUNITY} – action de repérage"
EDITED_ACTION = f"Modifier l’action «\N{NO-BREAK SPACE}{words.OPPORTUNITY}\N{NO-BREAK SPACE}»"
EDITED = f"Modifier «\N{NO-BREAK SPACE}{words.OPPORTUNITY}\N{NO-BREAK SPACE}»"
ACTIONS = f"Actions de repérage – {TEAM}"
FILE = "liste.csv"

PAGES = (
    # The list, the board, the map
    Page("lead", "opportunities:list", territories.team, f"Opportunités – {TEAM}"),
    Page("reader", "opportunities:list", territories.team, f"Opportunités – {TEAM}"),
    Page(
        "lead",
        "opportunities:list",
        worksheets.busy_territory,
        f"Opportunités – {TEAM}",
        acts.open_last_filter,
    ),
    Page(
        "lead",
        "opportunities:list",
        worksheets.busy_territory,
        f"Opportunités – {TEAM}",
        query="?type=friche&etape=launched&q=rien",
    ),
    Page(
        "lead",
        "opportunities:list",
        opportunities.saved_filters,
        f"Opportunités – {TEAM}",
        acts.open_last_filter,
        query="?type=friche&fraicheur=recente&q=frhce",
    ),
    Page(
        "trainer",
        "opportunities:list-all",
        worksheets.busy_home,
        "Opportunités – tous vos territoires",
    ),
    Page(
        "staff", "opportunities:list-all", accounts.nothing, "Opportunités – tous vos territoires"
    ),
    Page(
        "lead",
        "opportunities:list",
        worksheets.busy_territory,
        f"Opportunités – {TEAM}",
        query="?vue=tableau",
    ),
    Page(
        "lead",
        "opportunities:list",
        worksheets.busy_territory,
        f"Opportunités – {TEAM}",
        acts.abandon_without_reason,
        query="?vue=tableau",
    ),
    Page(
        "lead",
        "opportunities:list",
        worksheets.busy_territory,
        f"Opportunités – {TEAM}",
        acts.move_card_behind,
        query="?vue=tableau",
    ),
    Page(
        "reader",
        "opportunities:list",
        worksheets.busy_territory,
        f"Opportunités – {TEAM}",
        query="?vue=tableau",
    ),
    Page(
        "trainer",
        "opportunities:list-all",
        worksheets.busy_home,
        "Opportunités – tous vos territoires",
        query="?vue=tableau",
    ),
    Page(
        "lead",
        "opportunities:list",
        opportunities.opportunities_on_a_map,
        f"Opportunités – {TEAM}",
        query="?vue=carte",
    ),
    Page(
        "partner",
        "opportunities:list",
        opportunities.opportunities_on_a_map,
        f"Opportunités – {TEAM}",
        query="?vue=carte",
    ),
    Page(
        "lead",
        "opportunities:list",
        opportunities.opportunities_on_a_map,
        f"Opportunités – {TEAM}",
        acts.open_sign,
        query="?vue=carte",
    ),
    Page(
        "lead",
        "opportunities:list",
        worksheets.busy_territory,
        f"Opportunités – {TEAM}",
        query="?vue=carte",
    ),
    Page("lead", "opportunities:filter-list", accounts.nothing, "Vos filtres"),
    Page("lead", "opportunities:filter-list", opportunities.all_saved_filters, "Vos filtres"),
    Page("lead", "opportunities:filter-rename", opportunities.saved_filter, "Renommer un filtre"),
    Page(
        "lead",
        "opportunities:filter-rename",
        opportunities.saved_filter,
        "Renommer un filtre",
        acts.rename_to_nothing,
    ),
    Page("lead", "opportunities:bin", territories.team, f"Corbeille – {TEAM}"),
    Page("lead", "opportunities:bin", opportunities.full_bin, f"Corbeille – {TEAM}"),
    # Capture
    Page("lead", "opportunities:capture", territories.writer_of_two_territories, CAPTURE),
    Page("partner", "opportunities:capture", accounts.nothing, CAPTURE),
    *(
        Page("lead", "opportunities:capture", accounts.nothing, CAPTURE, act)
        for act in (
            acts.capture_nothing,
            acts.capture_offline,
            acts.capture_refused,
            acts.capture_sent,
            acts.open_offline_signed_out,
        )
    ),
    # One of them
    Page(
        "lead",
        "opportunities:detail",
        opportunities.archived_opportunity,
        words.OPPORTUNITY,
        acts.open_details,
    ),
    Page(
        "lead",
        "opportunities:delete",
        opportunities.archived_opportunity,
        f"Supprimer – {words.OPPORTUNITY}",
    ),
    Page(
        "lead",
        "opportunities:delete",
        opportunities.opportunity,
        f"Supprimer – {words.OPPORTUNITY}",
    ),
    Page("lead", "opportunities:create", territories.team, "Ajouter une opportunité"),
    Page(
        "lead",
        "opportunities:create",
        territories.team,
        "À corriger – Ajouter une opportunité",
        acts.send_nothing,
    ),
    Page(
        "lead",
        "opportunities:create",
        territories.team,
        "Ajouter une opportunité",
        acts.open_details,
        query="?type=friche",
    ),
    Page(
        "lead",
        "opportunities:create",
        territories.team,
        "À corriger – Ajouter une opportunité",
        acts.mistype_facts,
        query="?type=premises",
    ),
    Page(
        "lead",
        "opportunities:detail",
        opportunities.opportunity,
        words.OPPORTUNITY,
        acts.open_details,
    ),
    Page("partner", "opportunities:detail", opportunities.opportunity, words.OPPORTUNITY),
    Page("observer", "opportunities:detail", opportunities.opportunity, words.OPPORTUNITY),
    Page("lead", "opportunities:detail", opportunities.files, words.OPPORTUNITY, acts.attach_text),
    Page(
        "lead",
        "opportunities:edit",
        opportunities.opportunity,
        EDITED,
        acts.open_details,
    ),
    Page(
        "lead",
        "opportunities:edit",
        opportunities.likely_district,
        EDITED,
        acts.open_details,
    ),
    Page(
        "lead",
        "opportunities:edit",
        opportunities.opportunity,
        EDITED,
        acts.change_behind,
    ),
    Page(
        "lead",
        "worksheets:opportunity-worksheets",
        worksheets.project_of_opportunity,
        f"Fiches – {words.OPPORTUNITY}",
    ),
    Page(
        "lead",
        "opportunities:create",
        opportunities.team_with_opportunity,
        "Ajouter une opportunité",
        acts.create_twice,
    ),
    # Files
    Page("lead", "opportunities:attachments", opportunities.files, FILES),
    Page("lead", "opportunities:attachments", opportunities.opportunity, FILES, acts.send_nothing),
    Page("reader", "opportunities:attachments", opportunities.files, FILES),
    Page(
        "lead",
        "opportunities:action-attachments",
        opportunities.files_of_action,
        "Photos et documents – Marcher dans le quartier",
    ),
    Page(
        "lead",
        "opportunities:attachment-remove",
        opportunities.photo_to_remove,
        f"Supprimer «\N{NO-BREAK SPACE}{words.FILE}0.jpg\N{NO-BREAK SPACE}»",
    ),
    # People, duplicates
    Page("lead", "opportunities:person-list", territories.team, f"Personnes – {TEAM}"),
    Page("lead", "opportunities:person-list", opportunities.many_people, f"Personnes – {TEAM}"),
    Page(
        "lead",
        "opportunities:person-list",
        opportunities.many_people,
        f"Personnes – {TEAM}",
        query="?q=personne",
    ),
    Page("lead", "opportunities:detail", opportunities.opportunity_of_people, words.OPPORTUNITY),
    Page(
        "lead",
        "opportunities:person-add",
        opportunities.opportunity,
        f"À corriger – Ajouter une personne – {words.OPPORTUNITY}",
        acts.send_nothing,
    ),
    Page(
        "lead",
        "opportunities:person-change",
        opportunities.person,
        f"Modifier {words.SOMEBODY} – {words.OPPORTUNITY}",
    ),
    Page(
        "lead",
        "opportunities:person-change",
        opportunities.person,
        f"Modifier {words.SOMEBODY} – {words.OPPORTUNITY}",
        acts.change_person_behind,
    ),
    Page(
        "lead",
        "opportunities:person-forget",
        opportunities.person,
        f"À corriger – Oublier {words.SOMEBODY} – {words.OPPORTUNITY}",
        acts.send_nothing,
    ),
    Page("lead", "opportunities:merge", opportunities.alike, f"Fusionner – {words.OPPORTUNITY}"),
    Page(
        "lead", "opportunities:merge", opportunities.opportunity, f"Fusionner – {words.OPPORTUNITY}"
    ),
    Page(
        "lead",
        "opportunities:merge",
        opportunities.alike,
        f"Comparer – {words.OPPORTUNITY}",
        acts.open_first_row,
    ),
    Page(
        "lead",
        "opportunities:edit",
        opportunities.opportunity,
        "Cette opportunité a été fusionnée",
        acts.merge_behind,
    ),
    # Detection actions
    Page("lead", "opportunities:action-list", territories.team, ACTIONS),
    Page("reader", "opportunities:action-list", territories.team, ACTIONS),
    Page("lead", "opportunities:action-list", opportunities.many_actions, ACTIONS),
    Page("lead", "opportunities:action-list", opportunities.many_actions, ACTIONS, query="?page=2"),
    Page("lead", "opportunities:action-create", territories.team, "Ajouter une action de repérage"),
    Page(
        "lead",
        "opportunities:action-create",
        territories.team,
        "À corriger – Ajouter une action de repérage",
        acts.send_nothing,
    ),
    Page("lead", "opportunities:action-detail", opportunities.planned_action, ACTION),
    Page("lead", "opportunities:action-detail", opportunities.held_action, ACTION),
    Page("trainer", "opportunities:action-detail", opportunities.cancelled_action, ACTION),
    Page("lead", "opportunities:action-edit", opportunities.held_action, EDITED_ACTION),
    Page(
        "lead",
        "opportunities:action-edit",
        opportunities.held_action,
        EDITED_ACTION,
        acts.change_action_behind,
    ),
    Page(
        "lead",
        "opportunities:action-hold",
        opportunities.planned_action,
        f"Compte rendu de «\N{NO-BREAK SPACE}{words.OPPORTUNITY}\N{NO-BREAK SPACE}»",
    ),
    # Spreadsheets
    Page("lead", "opportunities:import-start", territories.team, "Importer des opportunités"),
    Page(
        "lead",
        "opportunities:import-start",
        opportunities.past_imports,
        "Importer des opportunités",
    ),
    Page(
        "lead",
        "opportunities:import-show",
        opportunities.matched_import,
        f"Colonnes à vérifier – {FILE}",
    ),
    Page(
        "lead",
        "opportunities:import-show",
        opportunities.checking_import,
        f"Lignes en cours de vérification – {FILE}",
    ),
    Page(
        "lead",
        "opportunities:import-show",
        opportunities.checked_import,
        f"Lignes vérifiées – {FILE}",
    ),
    Page("lead", "opportunities:import-show", opportunities.failed_import, f"Arrêté – {FILE}"),
    Page(
        "lead",
        "opportunities:friches-show",
        opportunities.friches,
        f"Exporter les friches au standard national – {TEAM}",
    ),
    Page(
        "trainer",
        "opportunities:friches-show-all",
        accounts.nothing,
        "Exporter les friches au standard national – tous vos territoires",
    ),
)
