from django.db import models


class Kind(models.TextChoices):
    """The six kinds of the users' grid ("Type d'opportunité"). The style sheet draws the pictogram
    and the tint of each, under the class `kind-<value>`."""

    FRICHE = "friche", "Friche"
    PREMISES = "premises", "Locaux vacants en mutation"
    CREATOR = "creator", "Créateur/développeur"
    CULTURE = "culture", "Ressources culturelles"
    NEW_ACTOR = "new-actor", "Nouvel acteur économique"
    COLLECTIVE = "collective", "Structure collective"

    @property
    def in_words(self):
        """As the grid's own sentence says it."""
        return _IN_WORDS[self]

    @property
    def help(self):
        """A line for somebody who hesitates between two kinds."""
        return _HELP[self]


_IN_WORDS = {
    Kind.FRICHE: "Une friche",
    Kind.PREMISES: "Des locaux vacants en mutation",
    Kind.CREATOR: "Un créateur/développeur",
    Kind.CULTURE: "Des ressources culturelles",
    Kind.NEW_ACTOR: "L’arrivée d’un nouvel acteur économique sur le territoire",
    Kind.COLLECTIVE: "Une structure collective avec un projet de développement",
}
_HELP = {
    Kind.FRICHE: "Terrain ou bâtiment délaissé",
    Kind.PREMISES: "Pied d’immeuble, cellule commerciale, bureaux",
    Kind.CREATOR: "Quelqu’un qui crée ou développe son activité",
    Kind.CULTURE: "Lieu, artistes, patrimoine, savoir-faire",
    Kind.NEW_ACTOR: "Entreprise ou établissement public qui s’installe",
    Kind.COLLECTIVE: (
        "Club d’entreprises, collectif citoyen, centre social, établissement de l’Éducation "
        "nationale spécialisé…"
    ),
}


class Stage(models.TextChoices):
    """How far an opportunity has come. The order is the usual one, but any stage may follow
    any other: a project can go back to exploration, an abandoned one can be taken up again."""

    DETECTED = "detected", "Repérée"
    QUALIFIED = "qualified", "Qualifiée"
    EXPLORED = "explored", "En exploration"
    FORMALISED = "formalised", "Projet formalisé"
    LAUNCHED = "launched", "Lancé"
    ABANDONED = "abandoned", "Abandonné"
