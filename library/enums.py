from django.db import models


class Theme(models.TextChoices):
    """The themes of the forum on the economy of the districts, by which opportunities and
    resources are sorted."""

    PREMISES = "premises", "Immobilier"
    ENTREPRENEURSHIP = "business", "Entrepreneuriat"
    EMPLOYMENT = "employment", "Emploi"
    DIGITAL = "digital", "Numérique et ville intelligente"
    SOCIAL_INNOVATION = "social", "Innovation sociale"
    COOPERATIVE = "cooperative", "Modèles coopératifs"
    EUROPE = "europe", "Europe"


class CreatorStep(models.TextChoices):
    """How far somebody has come on the creator's journey (parcours du créateur)."""

    IDEA = "idea", "Idée"
    STUDY = "study", "Étude du projet"
    FUNDING = "funding", "Recherche de financements"
    REGISTRATION = "registration", "Création juridique"
    START = "start", "Démarrage"
    GROWTH = "growth", "Développement"
