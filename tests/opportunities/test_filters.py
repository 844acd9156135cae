import pytest
from django.http import QueryDict

from opportunities.enums import Kind, Stage
from opportunities.filters import filtered_for
from opportunities.models import Opportunity
from tests import factories


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
