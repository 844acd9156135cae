from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import timezone

from accounts.templatetags.french import day, moment
from opportunities import wording
from opportunities.enums import Kind, Nearness, Stage
from opportunities.models import Opportunity
from opportunities.wording import Freshness
from territories.models import Commune, District
from tests import factories

NO_BREAK = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("kind", "new-actor", "Nouvel acteur économique"),
        ("title", "La halle", "La halle"),
        ("site_type", "friche d'habitat", "Friche d'habitat"),
        ("land_area", 24000, f"24{NO_BREAK}000{NO_BREAK}m²"),
        ("land_area", 0, f"0{NO_BREAK}m²"),
        ("jobs", 12, "12"),
        ("last_activity_year", 1987, "1987"),
        ("monthly_rent", Decimal("1200.50"), f"1{NO_BREAK}200,50{NO_BREAK}€ par mois"),
        ("monthly_rent", Decimal("650.00"), f"650{NO_BREAK}€ par mois"),
        ("available_on", date(2031, 3, 1), f"1er{NO_BREAK}mars{NO_BREAK}2031"),
        ("longitude", 3.52341, "3,52341"),
        ("nearness", "near", "à moins de 300 m du quartier"),
        ("land_area", None, ""),
        ("theme", "", ""),
        ("district", None, ""),
    ],
)
def test_in_words(name, value, words):
    assert wording.in_words(name, value) == words


def test_a_choice_that_exists_no_more_is_said_as_it_is():
    assert wording.in_words("theme", "ancien") == "ancien"


def test_what_is_known_and_what_is_not():
    opportunity = Opportunity(kind=Kind.NEW_ACTOR, jobs=0, actor_type="public", members=3)
    assert wording.known_facts(opportunity) == [
        ("Nature de l’acteur", "Établissement ou service public"),
        ("Emplois prévus", "0"),
    ]
    assert wording.unknown_facts(opportunity) == ["Arrivée prévue le", "Besoins"]


@pytest.mark.parametrize(
    ("facts", "figure"),
    [
        ({"kind": "friche", "land_area": 24000, "building_area": 900}, "24 000 m²"),
        ({"kind": "friche", "building_area": 900}, "900 m²"),
        ({"kind": "friche"}, ""),
        ({"kind": "premises", "building_area": 140, "land_area": 9}, "140 m²"),
        ({"kind": "creator", "area_sought": 60}, "cherche 60 m²"),
        ({"kind": "culture", "land_area": 12}, ""),
        ({"kind": "new-actor", "jobs": 45}, "45 emplois"),
        ({"kind": "new-actor", "jobs": 1}, "1 emploi"),
        ({"kind": "collective", "members": 14}, "14 membres"),
    ],
)
def test_main_figure(facts, figure):
    assert wording.main_figure(Opportunity(**facts)) == figure.replace(" ", NO_BREAK)


def days(count):
    return timezone.localdate() + timedelta(days=count)


def ago(count):
    """At noon of that day: whatever the hour and the season of the test, as many days ago."""
    noon = datetime.combine(timezone.localdate(), time(12), timezone.get_current_timezone())
    return noon - timedelta(days=count)


@pytest.mark.parametrize(
    ("facts", "freshness"),
    [
        (
            {"next_action": "Visite", "next_action_on": days(3)},
            Freshness("calendar-event", f"Visite, le{NO_BREAK}{day(days(3))}"),
        ),
        (
            {"next_action": "Visite", "next_action_on": days(0), "updated_at": ago(90)},
            Freshness("calendar-event", f"Visite, le{NO_BREAK}{day(days(0))}"),
        ),
        (
            {"next_action_on": days(-2)},
            Freshness(
                *("exclamation-circle", f"Prochaine action, en retard de 2{NO_BREAK}jours"),
                is_late=True,
            ),
        ),
        (
            {"updated_at": ago(34)},
            Freshness(
                *("hourglass-split", f"Aucune action depuis 34{NO_BREAK}jours"), is_late=True
            ),
        ),
        (
            {"updated_at": ago(34), "next_action": "Visite"},
            Freshness(
                *("hourglass-split", f"Aucune action depuis 34{NO_BREAK}jours"), is_late=True
            ),
        ),
        ({"next_action": "Visite"}, Freshness("arrow-right-circle", "Visite")),
        (
            {"updated_at": ago(3)},
            Freshness("clock-history", f"Mise à jour {moment(ago(3))}"),
        ),
        # Nobody waits for what is over.
        (
            {"updated_at": ago(34), "stage": Stage.LAUNCHED, "next_action_on": days(-9)},
            Freshness("clock-history", f"Mise à jour {moment(ago(34))}"),
        ),
    ],
)
def test_freshness(facts, freshness):
    assert wording.freshness(Opportunity(**facts)) == freshness


@pytest.mark.parametrize(
    ("nearness", "place"),
    [
        ("", "Quai 3, Europe, Grande-Synthe"),
        (Nearness.INSIDE, "Quai 3, Europe, Grande-Synthe"),
        (Nearness.NEAR, "Quai 3, à moins de 300 m du quartier Europe, Grande-Synthe"),
        (Nearness.LIKELY, "Quai 3, Europe (à confirmer), Grande-Synthe"),
    ],
)
def test_the_place_says_how_near_the_district_is(nearness, place):
    opportunity = Opportunity(
        place="Quai 3",
        district=District(name="Europe"),
        commune=Commune(name="Grande-Synthe"),
        nearness=nearness,
    )
    assert opportunity.place_in_words == place


CARD = Template(
    '{% include "opportunities/card.html" with opportunity=one territory_ref="t" only %}'
)


def test_a_card_says_kind_place_figure_stage_and_what_is_late(territory, lead):
    opportunity = factories.create_opportunity(
        territory, lead, place="Quai 3", land_area=3200, stage=Stage.QUALIFIED
    )
    opportunity.updated_at = ago(34)
    card = CARD.render(Context({"one": opportunity}))
    assert f"<span>Friche</span><span>Quai 3</span><span>3{NO_BREAK}200{NO_BREAK}m²</span>" in card
    assert "Qualifiée" in card
    assert '<p class="freshness late">' in card
    assert f"Aucune action depuis 34{NO_BREAK}jours" in card
