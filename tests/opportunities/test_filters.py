from datetime import timedelta

import pytest
from django.http import QueryDict
from django.utils import timezone

from library.enums import Theme
from opportunities.enums import Kind, Stage
from opportunities.filters import Tally, filtered_for
from opportunities.models import Opportunity
from opportunities.searching import tolerates_slips
from tests import factories

TOO_LONG = "Recherche trop longue : 100 caractères au plus. Elle est ignorée."
GONE = "Une partie des filtres de cette adresse n’existe pas ou plus ; elle est ignorée."


@pytest.fixture
def three(territory, lead, district, commune):
    """The halle, the cellule, the atelier: each has something of its own."""
    return [
        factories.create_opportunity(territory, lead, title, **values)
        for title, values in [
            ("Halle", {"kind": Kind.FRICHE, "district": district, "description": "Toit crevé"}),
            ("Cellule", {"kind": Kind.PREMISES, "stage": Stage.LAUNCHED, "place": "Rue du Mont"}),
            ("Atelier", {"kind": Kind.CREATOR, "stage": Stage.LAUNCHED, "commune": commune}),
        ]
    ]


@pytest.fixture
def filtered(lead, territory):
    """`filtered(query)` is what `lead` gets of their territory."""
    return lambda query: filtered_for(lead, QueryDict(query), territory)


@pytest.fixture
def titles(filtered):
    return lambda query: [opportunity.title for opportunity in filtered(query).qs]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Atelier", "Cellule", "Halle"]),
        ("type=friche", ["Halle"]),
        ("type=friche&type=creator", ["Atelier", "Halle"]),
        ("etape=launched", ["Atelier", "Cellule"]),
        ("etape=launched&type=creator", ["Atelier"]),
        ("etape=qualified", []),
        ("q=halle", ["Halle"]),
        ("q=crev", ["Halle"]),
        ("q=MONT", ["Cellule"]),
        ("q=synthe", ["Atelier"]),
        ("q=chasse", ["Halle"]),
        ("q=chasse+crev", ["Halle"]),
        ("q=chasse+mont", []),
        ("q=%25", []),  # to the letter
        ("tri=intitule", ["Atelier", "Cellule", "Halle"]),
        ("tri=intitule&etape=launched", ["Atelier", "Cellule"]),
        ("type=inconnu", ["Atelier", "Cellule", "Halle"]),
        ("type=friche&type=inconnu", ["Atelier", "Cellule", "Halle"]),
        ("tri=inconnu", ["Atelier", "Cellule", "Halle"]),
        ("q=%00", ["Atelier", "Cellule", "Halle"]),
        ("q=" + "a+" * 200, ["Atelier", "Cellule", "Halle"]),
    ],
)
def test_what_a_query_finds(three, titles, query, found):
    assert titles(query) == found


def test_by_district(three, titles, district):
    assert titles(f"quartier={district.code}") == ["Halle"]


def test_most_recent_first_unless_by_title(three, titles):
    Opportunity.objects.filter(title="Halle").update(updated_at="2100-01-01T00:00Z")
    assert titles("") == ["Halle", "Atelier", "Cellule"]
    assert titles("tri=intitule") == ["Atelier", "Cellule", "Halle"]


def test_choices_say_how_many(three, filtered):
    boxes = [[label for _, label in field.field.choices] for field in filtered("q=halle").boxes()]
    kinds = [
        "Friche (1)",
        "Locaux vacants en mutation (1)",
        "Créateur/développeur (1)",
        "Ressources culturelles (0)",
        "Nouvel acteur économique (0)",
        "Structure collective (0)",
    ]
    stages = [
        "Repérée (1)",
        "Qualifiée (0)",
        "En exploration (0)",
        "Projet formalisé (0)",
        "Lancé (2)",
        "Abandonné (0)",
    ]
    themes = [
        "Immobilier (0)",
        "Entrepreneuriat (0)",
        "Emploi (0)",
        "Numérique et ville intelligente (0)",
        "Innovation sociale (0)",
        "Modèles coopératifs (0)",
        "Europe (0)",
    ]
    assert boxes == [kinds, stages, ["Dutemple – Chasse Royale (1)"], themes]


def test_filters_in_force_can_be_taken_away_one_by_one(three, filtered, district):
    query = f"type=friche&type=creator&quartier={district.code}&q=halle&tri=intitule&page=2"
    assert filtered(query).in_force() == [
        ("Friche", f"?type=creator&quartier={district.code}&q=halle&tri=intitule"),
        ("Créateur/développeur", f"?type=friche&quartier={district.code}&q=halle&tri=intitule"),
        ("Dutemple – Chasse Royale", "?type=friche&type=creator&q=halle&tri=intitule"),
        (
            "«\N{NO-BREAK SPACE}halle\N{NO-BREAK SPACE}»",
            f"?type=friche&type=creator&quartier={district.code}&tri=intitule",
        ),
    ]


NOW = timezone.now()


@pytest.fixture
def aged(territory, lead, contributor):
    """One of yesterday, one of 40 days ago, one of 100 days ago, each with its next action."""
    ages = {"Jeune": (1, 5), "Calme": (40, -5), "Endormie": (100, None)}
    for title, (days, next_in) in ages.items():
        factories.create_opportunity(
            territory,
            contributor if title == "Calme" else lead,
            title,
            updated_at=NOW - timedelta(days=days),
            next_action_on=timezone.localdate() + timedelta(days=next_in) if next_in else None,
        )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("fraicheur=recente", ["Jeune"]),
        ("fraicheur=calme", ["Calme", "Endormie"]),
        ("fraicheur=en-sommeil", ["Endormie"]),
        ("fraicheur=en-retard", ["Calme"]),
        ("fraicheur=inconnue", ["Jeune", "Calme", "Endormie"]),
        ("fraicheur=", ["Jeune", "Calme", "Endormie"]),
        ("miennes=oui", ["Jeune", "Endormie"]),
        ("miennes=non", ["Jeune", "Calme", "Endormie"]),
        ("miennes=oui&fraicheur=calme", ["Endormie"]),
        ("miennes=oui&fraicheur=calme&q=jeune", []),
        ("tri=ancien", ["Endormie", "Calme", "Jeune"]),
        ("tri=action", ["Calme", "Jeune", "Endormie"]),
        ("tri=recent", ["Jeune", "Calme", "Endormie"]),
    ],
)
def test_freshness_authors_and_orders(aged, titles, query, found):
    assert titles(query) == found


def test_what_is_next_today_isn_t_late(territory, lead, titles):
    factories.create_opportunity(territory, lead, next_action_on=timezone.localdate())
    assert titles("fraicheur=en-retard") == []


@pytest.fixture
def archived(three, lead):
    """The cellule is archived, the atelier merged into the halle, the halle in the lists."""
    Opportunity.objects.filter(title="Cellule").update(archived_at=NOW, archived_by=lead)
    halle = Opportunity.objects.get(title="Halle")
    Opportunity.objects.filter(title="Atelier").update(merged_into=halle)


@pytest.mark.parametrize(
    ("query", "found"),
    [("", ["Halle"]), ("archives=oui", ["Cellule"]), ("archives=oui&type=friche", [])],
)
def test_archives_are_apart(archived, titles, query, found):
    assert titles(query) == found


def test_archives_are_counted_apart(archived, filtered):
    assert [filtered(query).total.number for query in ("", "archives=oui")] == [1, 1]


def test_themes(territory, lead, titles):
    factories.create_opportunity(territory, lead, "Fab lab", theme=Theme.DIGITAL)
    factories.create_opportunity(territory, lead, "Coopérative", theme=Theme.COOPERATIVE)
    assert titles("theme=digital") == ["Fab lab"]
    assert titles("theme=digital&theme=cooperative") == ["Coopérative", "Fab lab"]


def test_over_several_territories(trainer, lead, territory, other_territory, outsider):
    factories.create_opportunity(territory, lead, "Ici")
    titles = {
        query: [each.title for each in filtered_for(trainer, QueryDict(query)).qs]
        for query in (
            "",
            f"territoire={territory.ref}",
            f"territoire={territory.ref}&territoire={other_territory.ref}",
            "territoire=inconnu",
        )
    }
    both = ["Ici", "Le moulin des étrangers"]
    assert list(titles.values()) == [both, ["Ici"], both, both]


def test_territories_say_how_many(trainer, lead, territory, other_territory, outsider):
    factories.create_opportunity(territory, lead)
    factories.create_opportunity(territory, lead)
    shown = filtered_for(trainer, QueryDict())
    assert list(shown.form.fields["territoire"].choices) == [
        (other_territory.ref, "CA Valenciennes Métropole (1)"),
        (territory.ref, "CU de Dunkerque (2)"),
    ]


def test_a_territory_that_one_doesn_t_see_filters_nothing(lead, territory, outsider):
    """It is as unknown as one that doesn't exist."""
    factories.create_opportunity(territory, lead, "Ici")
    theirs = outsider.grants.get().territory
    shown = filtered_for(lead, QueryDict(f"territoire={theirs.ref}"))
    assert [each.title for each in shown.qs] == ["Ici"]
    assert list(shown.form.errors) == ["territoire"]
    assert theirs.name not in str(shown.form)


def test_the_filter_of_one_territory_offers_no_other(lead, territory):
    shown = filtered_for(lead, QueryDict("territoire=inconnu"), territory)
    assert "territoire" not in shown.form.fields
    assert not shown.form.errors


@pytest.mark.parametrize(
    ("query", "sentences"),
    [
        (f"q={'h' * 100}&type=friche", []),
        (f"q={'h' * 101}", [TOO_LONG]),
        (f"q={'h' * 101}&type=usine&fraicheur=hier", [TOO_LONG, GONE]),
        ("type=usine", [GONE]),
    ],
)
def test_what_an_address_asks_in_vain_is_said(three, filtered, query, sentences):
    said = [sentence.replace("\N{NO-BREAK SPACE}", " ") for sentence in filtered(query).ignored()]
    assert said == sentences


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("q=halle&page=3&vue=carte&inconnu=1", "q=halle"),
        ("type=friche&type=usine", ""),
        ("tri=recent&fraicheur=&q=", ""),
        ("tri=intitule&miennes=oui&archives=oui", "miennes=oui&archives=oui&tri=intitule"),
        ("fraicheur=calme&etape=detected", "etape=detected&fraicheur=calme"),
    ],
)
def test_what_an_address_says_of_the_filter(three, filtered, query, said):
    assert filtered(query).query() == said


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("boulangrie", "La boulangerie"),
        ("bolangerie", "La boulangerie"),
        ("frihce", "Une friche"),
        ("frihce port", "Une friche"),
    ],
)
def test_slips_of_typing(territory, lead, filtered, query, title):
    """On PostgreSQL what resembles the words is found, and that is said; on SQLite nothing."""
    factories.create_opportunity(territory, lead, "Une friche", place="Rue du Port")
    factories.create_opportunity(territory, lead, "La boulangerie")
    shown = filtered(f"q={query}")
    found = [each.title for each in shown.qs], shown.is_near
    assert found == (([title], True) if tolerates_slips() else ([], False))


def test_what_has_the_words_hides_what_resembles_them(territory, lead, filtered):
    factories.create_opportunity(territory, lead, "La fiche")
    factories.create_opportunity(territory, lead, "La friche")
    shown = filtered("q=friche")
    assert ([each.title for each in shown.qs], shown.is_near) == (["La friche"], False)


def test_counts_are_capped(three, filtered, monkeypatch, district):
    """Beyond the cap nothing is counted: neither the choices, nor how many there are."""
    monkeypatch.setattr("opportunities.filters.COUNTED_UP_TO", 2)
    shown = filtered(f"quartier={district.code}")
    assert (str(shown.total), str(shown.count)) == ("plus de 2", "1")
    labels = [[label for _, label in field.field.choices] for field in shown.boxes()]
    assert [each[:2] for each in labels] == [
        ["Friche", "Locaux vacants en mutation"],
        ["Repérée", "Qualifiée"],
        ["Dutemple – Chasse Royale"],
        ["Immobilier", "Entrepreneuriat"],
    ]
    assert [each.title for each in shown.qs] == ["Halle"]


def test_a_search_among_more_counts_less_far(three, filtered, monkeypatch):
    monkeypatch.setattr("opportunities.filters.COUNTED_UP_TO", 2)
    monkeypatch.setattr("opportunities.filters.SEARCHED_UP_TO", 1)
    shown = filtered("q=e")
    assert (str(shown.total), str(shown.count)) == ("plus de 2", "plus de 1")
    assert len(shown.qs) == 3


def test_thousands_are_said_in_french():
    assert str(Tally(10_000, True)) == "plus de 10\N{NO-BREAK SPACE}000"
