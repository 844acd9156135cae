"""What each kind of opportunity has of its own. All are columns of one row, so that changing the
kind loses nothing; `opportunities.kinds` says which ones a kind shows.

A text that isn't known is empty, a number or a date that isn't known is null.
"""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from accounts.wording import MAX_LENGTH
from library.enums import CreatorStep
from opportunities import enums

# The last year anything may end, far enough; the first is when cadastral memory starts.
YEARS = [MinValueValidator(1700), MaxValueValidator(2200)]


def _choice(label, choices):
    longest = max(len(value) for value in choices.values)
    return models.CharField(label, max_length=longest, choices=choices, blank=True)


def _number(label, validators=()):
    return models.PositiveIntegerField(label, null=True, blank=True, validators=validators)


def _euros(label):
    not_negative = [MinValueValidator(Decimal(0))]
    return models.DecimalField(
        label, max_digits=12, decimal_places=2, validators=not_negative, null=True, blank=True
    )


def _text(label):
    return models.TextField(label, max_length=MAX_LENGTH, blank=True)


class SiteFacts(models.Model):
    """A friche or vacant premises, in the words of the CNIG standard where it has one."""

    site_type = _choice("type de friche", enums.SiteType)
    site_status = _choice("statut", enums.SiteStatus)
    site_occupation = _choice("occupation", enums.SiteOccupation)
    land_area = _number("surface du terrain (m²)")
    building_area = _number("surface bâtie (m²)")
    building_condition = _choice("état du bâti", enums.BuildingCondition)
    building_vacancy = _choice("vacance", enums.BuildingVacancy)
    building_pollution = _choice("pollution du bâti", enums.BuildingPollution)
    soil_pollution = _choice("pollution du sol", enums.SoilPollution)
    owner_type = _choice("type de propriétaire", enums.OwnerType)
    last_activity = models.CharField("dernière activité", max_length=250, blank=True)
    last_activity_year = _number("année de fin d’activité", validators=YEARS)
    monthly_rent = _euros("loyer demandé (€ par mois)")
    available_on = models.DateField("disponible à partir du", null=True, blank=True)
    accessibility = _choice("accessibilité", enums.Accessibility)

    class Meta:
        abstract = True


class CreatorFacts(models.Model):
    """Somebody who creates or develops an activity."""

    creator_project = _text("projet")
    sector = _choice("secteur d’activité", enums.Sector)
    creator_step = _choice("étape du parcours du créateur", CreatorStep)
    area_sought = _number("surface recherchée (m²)")
    rent_budget = _euros("budget pour le loyer (€ par mois)")
    legal_form = _choice("forme juridique envisagée", enums.LegalForm)
    funding_sought = _euros("financement recherché (€)")

    class Meta:
        abstract = True


class CultureFacts(models.Model):
    """A cultural resource."""

    culture_type = _choice("nature de la ressource", enums.CultureType)
    culture_offer = _text("ce qu’elle propose")

    class Meta:
        abstract = True


class ActorFacts(models.Model):
    """A new economic or public actor."""

    actor_type = _choice("nature de l’acteur", enums.ActorType)
    jobs = _number("emplois prévus")
    arrives_on = models.DateField("arrivée prévue le", null=True, blank=True)
    actor_needs = _text("besoins")

    class Meta:
        abstract = True


class CollectiveFacts(models.Model):
    """A collective structure with a project of development."""

    collective_type = _choice("nature de la structure", enums.CollectiveType)
    collective_project = _text("projet de développement")
    members = _number("nombre de membres")

    class Meta:
        abstract = True
