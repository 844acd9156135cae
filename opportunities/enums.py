from django.db import models


class Kind(models.TextChoices):
    """The six kinds of the user's grid ("Type d'opportunité")."""

    FRICHE = "friche", "Friche"
    PREMISES = "premises", "Locaux vacants en mutation"
    CREATOR = "creator", "Créateur/développeur"
    CULTURE = "culture", "Ressources culturelles"
    NEW_ACTOR = "new-actor", "Nouvel acteur économique"
    COLLECTIVE = "collective", "Structure collective"


class Stage(models.TextChoices):
    DETECTED = "detected", "Repérée"
    QUALIFIED = "qualified", "Qualifiée"
    EXPLORED = "explored", "En exploration"
    FORMALISED = "formalised", "Projet formalisé"
    LAUNCHED = "launched", "Lancé"
    ABANDONED = "abandoned", "Abandonné"
