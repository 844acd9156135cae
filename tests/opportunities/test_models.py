import pytest
from django.db import IntegrityError

from opportunities.enums import Kind, Stage
from opportunities.models import Opportunity, StageChange


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("friche", "Une friche"),
        ("premises", "Des locaux vacants en mutation"),
        ("creator", "Un créateur/développeur"),
        ("culture", "Des ressources culturelles"),
        ("new-actor", "L’arrivée d’un nouvel acteur économique sur le territoire"),
        ("collective", "Une structure collective avec un projet de développement"),
    ],
)
def test_kinds_are_said_in_the_words_of_the_grid(kind, words):
    assert Opportunity(kind=kind).kind_in_words == words


def test_each_kind_is_explained():
    assert [kind for kind in Kind if not kind.help] == []


def test_place_in_words(opportunity, district, commune):
    assert opportunity.place_in_words == ""
    opportunity.commune = commune
    assert opportunity.place_in_words == "Grande-Synthe"
    opportunity.district = district
    assert opportunity.place_in_words == "Dutemple – Chasse Royale, Grande-Synthe"
    opportunity.place = "12 rue du Mont"
    assert opportunity.place_in_words == "12 rue du Mont, Dutemple – Chasse Royale, Grande-Synthe"


def test_the_database_refuses_an_abandonment_without_a_reason(opportunity, lead):
    with pytest.raises(IntegrityError):
        StageChange.objects.create(
            opportunity=opportunity, from_stage=Stage.DETECTED, to_stage=Stage.ABANDONED, by=lead
        )


def test_the_database_refuses_a_move_to_the_same_stage(opportunity, lead):
    with pytest.raises(IntegrityError):
        StageChange.objects.create(
            opportunity=opportunity, from_stage=Stage.DETECTED, to_stage=Stage.DETECTED, by=lead
        )
