from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from opportunities.enums import Kind
from opportunities.models import Opportunity
from opportunities.searching import (
    findable,
    keep_all_findable,
    matching,
    plain_words,
    resembling,
    singular,
    text_of,
    tolerates_slips,
)
from opportunities.tracking import change_opportunity, create_opportunity
from territories.models import Commune, District
from tests import factories


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("%_ \x00 -- ’", []),
        ("L’Œuvre d’Éloïse", ["l", "oeuvre", "d", "eloise"]),
        ("GRANDE-SYNTHE", ["grande", "synthe"]),
        ("3 200 m²", ["3", "200", "m2"]),
        ("snake_case", ["snake", "case"]),
        ("ﬁlature", ["filature"]),
        ("e\u0301cole", ["ecole"]),
        ("Straße Дом", ["straße", "дом"]),
    ],
)
def test_plain_words(text, words):
    assert plain_words(text) == words


@pytest.mark.parametrize(
    ("plural", "one"),
    [
        ("halles", "halle"),
        ("locaux", "local"),
        ("bureaux", "bureau"),
        ("lieux", "lieu"),
        ("jeux", "jeu"),
        ("baux", "bail"),
        ("travaux", "travail"),
        ("aux", "aux"),
        ("bus", "bus"),
        ("halle", "halle"),
        ("2024", "2024"),
    ],
)
def test_singular(plural, one):
    assert singular(plural) == one


def test_what_is_kept_says_each_word_once_and_its_singular_when_it_differs():
    assert findable(["Locaux vacants", "locaux"]) == "locaux local vacants"


@pytest.fixture
def three(territory, lead):
    return [
        factories.create_opportunity(territory, lead, title)
        for title in ("Des locaux à Étaples", "Le local du CŒUR", "La boulangerie")
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("local", [0, 1]),
        ("LOCAUX", [0, 1]),
        ("locau", [0]),  # while one types
        ("etaples", [0]),
        ("ÉTAPLES", [0]),
        ("coeurs", [1]),
        ("cœur", [1]),
        ("boulangeries", [2]),
        ("langer", [2]),
        ("local coeur", [1]),
        ("local boulangerie", []),
        ("%", []),
        ("", []),
    ],
)
@pytest.mark.parametrize("reads_each", [True, False])
def test_accents_case_and_number_make_no_difference(three, query, found, reads_each):
    titles = [three[number].title for number in found]
    rows = matching(Opportunity.objects.order_by("pk"), query, reads_each=reads_each)
    assert [row.title for row in rows] == titles


def test_slips_are_tolerated_on_postgresql_alone():
    assert tolerates_slips() is (connection.vendor == "postgresql")


def test_nothing_resembles_no_word(three):
    assert list(resembling(Opportunity.objects.all(), "%")) == []


def test_an_opportunity_is_found_by_what_it_says_and_shows(territory, lead, district, commune):
    opportunity = create_opportunity(
        territory=territory,
        by=lead,
        kind=Kind.CREATOR,
        title="Atelier",
        description="Elle coud",
        place="Rue du Mont",
        district=district,
        commune=commune,
        next_action="Rencontrer la banque",
        source="Le club",
        creator_project="Retouches",
        culture_offer="Un spectacle",  # of another kind: kept, unseen
        sector="craft",
    )
    words = "atelier elle coud rue du mont rencontrer la banque le club retouches dutemple chasse"
    words += f" royale {district.code.lower()} grande synthe {commune.code} {opportunity.ref}"
    stored = Opportunity.objects.get()
    assert sorted(stored.search_text.split()) == sorted(words.split())
    assert text_of(stored) == stored.search_text


def test_a_change_is_found_at_once(opportunity, lead):
    change_opportunity(opportunity=opportunity, version=1, by=lead, title="Le manège")
    assert [list(matching(Opportunity.objects.all(), word)) for word in ("manege", "halle")] == [
        [opportunity],
        [],
    ]


def test_the_words_follow_the_kind(territory, lead):
    opportunity = create_opportunity(
        territory=territory, by=lead, kind=Kind.CULTURE, title="Lieu", culture_offer="Spectacle"
    )
    assert "spectacle" in opportunity.search_text
    change_opportunity(opportunity=opportunity, version=1, by=lead, kind=Kind.FRICHE)
    assert "spectacle" not in Opportunity.objects.get().search_text


def test_refreshing_follows_what_was_renamed(territory, lead, district, commune, capsys):
    for number in range(3):
        factories.create_opportunity(
            territory, lead, f"Friche {number}", district=district, commune=commune
        )
    other = factories.create_opportunity(territory, lead, "Ailleurs")
    District.objects.update(name="Les Glacis")
    Commune.objects.update(name="Dunkerque")
    call_command("refresh_search")
    assert capsys.readouterr().out == "Opportunités mises à jour\N{NO-BREAK SPACE}: 3.\n"
    assert matching(Opportunity.objects.all(), "glacis dunkerque").count() == 3
    assert matching(Opportunity.objects.all(), "chasse").count() == 0
    assert Opportunity.objects.get(pk=other.pk).updated_at == other.updated_at
    assert keep_all_findable() == 0


def test_the_migration_fills_what_has_no_words_yet(opportunity, district, commune):
    Opportunity.objects.update(search_text="", district=district, commune=commune)
    import_module("opportunities.migrations.0003_find_by_words").fill(apps, None)
    stored = Opportunity.objects.get()
    assert sorted(stored.search_text.split()) == sorted(text_of(stored).split())
