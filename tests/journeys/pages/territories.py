from tests.journeys import acts
from tests.journeys.pages.page import TEAM, VISITOR, Page
from tests.journeys.states import accounts, territories, words, worksheets

PROGRAMME = "Développement économique des quartiers"

PAGES = (
    # Homes
    Page("staff", "home", accounts.nothing, "Accueil"),
    Page("lead", "home", territories.no_role, "Accueil"),
    Page("lead", "home", territories.two_territories, "Accueil", acts.open_account),
    Page("lead", "worksheets:territory-home", territories.new_territory, words.TERRITORY),
    Page("lead", "worksheets:territory-home", worksheets.visited_territory, TEAM),
    Page("partner", "worksheets:territory-home", worksheets.busy_territory, TEAM),
    Page("reader", "worksheets:territory-home", worksheets.busy_territory, TEAM),
    Page(
        "trainer",
        "worksheets:territory-home",
        worksheets.busy_territory,
        TEAM,
        acts.open_navigation,
    ),
    Page("observer", "worksheets:territory-home", worksheets.busy_territory, TEAM),
    Page("lead", "worksheets:list", territories.new_territory, f"Fiches – {words.TERRITORY}"),
    Page("lead", "worksheets:list", worksheets.busy_territory, f"Fiches – {TEAM}"),
    Page("partner", "worksheets:list", territories.team, f"Fiches – {TEAM}"),
    Page("lead", "worksheets:activity", territories.new_territory, f"Activité – {words.TERRITORY}"),
    Page("lead", "worksheets:activity", worksheets.visited_territory, f"Activité – {TEAM}"),
    Page(
        "lead",
        "worksheets:activity",
        worksheets.visited_territory,
        f"Activité – {TEAM}",
        query="?quoi=equipe&nouveau=oui",
    ),
    # The team
    Page("lead", "territories:team", territories.full_team, f"Équipe de {words.TERRITORY}"),
    Page("lead", "territories:team", territories.team, f"Équipe de {TEAM}", acts.invite_nobody),
    Page("reader", "territories:team", territories.team, f"Équipe de {TEAM}"),
    Page("trainer", "territories:team", territories.team_without_anybody, f"Équipe de {TEAM}"),
    Page("lead", "territories:member-change", territories.colleague, f"Bruno Carlier – {TEAM}"),
    # Programmes
    Page("lead", "programmes:list", territories.no_programme, "Formations"),
    Page("staff", "programmes:list", accounts.nothing, "Formations"),
    Page("trainer", "programmes:open", accounts.nothing, "Ouvrir une formation"),
    Page("trainer", "programmes:open", accounts.nothing, "Ouvrir une formation", acts.send_nothing),
    Page("trainer", "programmes:detail", territories.empty_programme, words.PROGRAMME),
    Page("trainer", "programmes:detail", worksheets.busy_programme, PROGRAMME),
    Page("lead", "programmes:detail", worksheets.busy_programme, PROGRAMME),
    Page("trainer", "programmes:deadlines-set", territories.programme, f"Échéances de {PROGRAMME}"),
    Page(
        "trainer", "programmes:session-add", territories.programme, f"Nouvelle séance – {PROGRAMME}"
    ),
    Page(
        "trainer",
        "programmes:session-add",
        territories.programme,
        f"Nouvelle séance – {PROGRAMME}",
        acts.send_nothing,
    ),
    Page(
        "trainer",
        "programmes:session-change",
        territories.session,
        f"Première journée – {PROGRAMME}",
        acts.open_details,
    ),
    Page(
        "trainer",
        "worksheets:board",
        territories.empty_programme,
        f"Tableau de suivi – {words.PROGRAMME}",
    ),
    Page(
        "trainer", "worksheets:board", worksheets.busy_programme, f"Tableau de suivi – {PROGRAMME}"
    ),
    Page(
        "observer", "worksheets:board", worksheets.busy_programme, f"Tableau de suivi – {PROGRAMME}"
    ),
    Page(
        "trainer",
        "worksheets:board",
        territories.programme,
        f"Tableau de suivi – {PROGRAMME}",
        query="?filtre=corrigees",
    ),
    # Refusals
    Page("reader", "opportunities:create", territories.team, "Vous ne pouvez pas faire cela"),
    Page("outsider", "worksheets:territory-home", territories.team, "Cette page n’existe pas"),
    Page(VISITOR, "accounts:sent-mail-list", accounts.nothing, "Cette page n’existe pas"),
)
