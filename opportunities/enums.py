from enum import property as enum_property

from django.db import models
from django.utils.text import capfirst


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


class Nearness(models.TextChoices):
    """What a place's position says of its district."""

    INSIDE = "inside", "dans le quartier"
    NEAR = "near", "à moins de 300 m du quartier"
    LIKELY = "likely", "quartier à confirmer"  # no perimeter imported: by distance to one point


class ActionKind(models.TextChoices):
    """The four ways of detecting of the users' grid ("process de repérage des projets")."""

    VISIT = "visit", "Visite de quartier"
    DIALOGUE = "dialogue", "Espace de dialogue"
    INTERVIEWS = "interviews", "Entretiens"
    CALL = "call", "Appel à manifestation d’intérêt"


class ActionState(models.TextChoices):
    PLANNED = "planned", "Prévue"
    HELD = "held", "Tenue"
    CANCELLED = "cancelled", "Annulée"


class PersonRole(models.TextChoices):
    """What a person is to an opportunity."""

    HOLDER = "holder", "Porteur de projet"
    OWNER = "owner", "Propriétaire"
    PARTNER = "partner", "Partenaire"


class Consent(models.TextChoices):
    """How a person agreed to be written down."""

    ORAL = "oral", "Donné de vive voix"
    WRITTEN = "written", "Donné par écrit"
    ASKED = "asked", "Demandé, pas encore donné"


# Vocabulary of the CNIG standard "Friches" (v1.0.6), to the letter: the values are what its files
# hold. Each list ends with what the standard offers where nothing fits.


class _Vocabulary(models.TextChoices):
    """Words that are shown as the standard writes them, with a capital."""

    @enum_property
    def label(self):
        return capfirst(self.value)


class SiteType(_Vocabulary):
    """site_type"""

    INDUSTRIAL = "friche industrielle"
    COMMERCIAL = "friche commerciale"
    HOSPITAL = "friche hospitalière"
    FOOD_INDUSTRY = "friche agro-industrielle"
    QUARRY = "friche carrière ou mine"
    MILITARY = "friche militaire"
    HOUSING = "friche d'habitat"
    PUBLIC_FACILITY = "friche d'équipement public"
    PORT = "friche portuaire"
    AIRPORT = "friche aéroportuaire"
    RAILWAY = "friche ferroviaire"
    LOGISTICS = "friche logistique"
    LEISURE = "friche loisir tourisme hôtellerie"
    SCHOOL = "friche enseignement"
    WORSHIP = "friche cultuelle"
    MIXED_HOUSING = "mixte - dominante habitat"
    MIXED = "mixte - autre"
    UNKNOWN = "inconnu"
    OTHER = "autre"
    NOT_APPLICABLE = "sans objet"


class SiteStatus(_Vocabulary):
    """site_statut"""

    POTENTIAL = "friche potentielle"
    WITHOUT_PROJECT = "friche sans projet"
    WITH_PROJECT = "friche avec projet"
    CONVERTED = "friche reconvertie"
    UNKNOWN = "inconnu"
    OTHER = "autre"
    NOT_APPLICABLE = "sans objet"


class SiteOccupation(_Vocabulary):
    """site_occupation"""

    EMPTY = "totalement inoccupé"
    PARTLY_EMPTY = "partiellement inoccupé"
    TEMPORARY = "occupation transitoire ou temporaire"
    PRESUMED_ILLEGAL = "occupation illicite supposée"
    PROVEN_ILLEGAL = "occupation illicite avérée"
    UNKNOWN = "inconnu"
    OTHER = "autre"
    NOT_APPLICABLE = "sans objet"


class OwnerType(_Vocabulary):
    """proprio_personne"""

    NATURAL_PERSON = "personne physique"
    LEGAL_PERSON = "personne morale"
    UNKNOWN = "inconnu"
    OTHER = "autre"
    NOT_APPLICABLE = "sans objet"


class BuildingCondition(_Vocabulary):
    """bati_etat"""

    GOOD = "dégradation inexistante ou faible"
    FAIR = "dégradation moyenne"
    BAD = "dégradation très importante"
    UNEVEN = "dégradation hétérogène"
    UNKNOWN = "inconnu"
    OTHER = "autre"
    NOT_APPLICABLE = "sans objet"


class BuildingVacancy(_Vocabulary):
    """bati_vacance"""

    OCCUPIED = "occupé"
    PARTLY_OCCUPIED = "partiellement occupé"
    VACANT = "vacant"
    UNKNOWN = "inconnu"
    OTHER = "autre"
    NOT_APPLICABLE = "sans objet"


class BuildingPollution(_Vocabulary):
    """bati_pollution"""

    ASBESTOS = "amiante"
    LEAD = "plomb"
    UNKNOWN = "inconnu"
    OTHER = "autre"
    NOT_APPLICABLE = "sans objet"


class SoilPollution(_Vocabulary):
    """sol_pollution_existe"""

    NONE = "pollution inexistante"
    TREATED = "pollution traitée"
    UNLIKELY = "pollution peu probable"
    PRESUMED = "pollution supposée"
    PROVEN = "pollution avérée"
    UNKNOWN = "inconnu"
    OTHER = "autre"
    NOT_APPLICABLE = "sans objet"


# What the other kinds need; no standard exists.


class Accessibility(models.TextChoices):
    """Of premises, to people with reduced mobility."""

    FULL = "full", "Accessible"
    PARTIAL = "partial", "Accessible après travaux"
    NONE = "none", "Non accessible"


class Sector(models.TextChoices):
    SHOP = "shop", "Commerce"
    CRAFT = "craft", "Artisanat et bâtiment"
    FOOD = "food", "Restauration et alimentation"
    PEOPLE = "people", "Services aux personnes"
    COMPANIES = "companies", "Services aux entreprises"
    DIGITAL = "digital", "Numérique"
    TRANSPORT = "transport", "Transport et logistique"
    CULTURE = "culture", "Culture et création"
    HEALTH = "health", "Santé et bien-être"
    INDUSTRY = "industry", "Industrie, réemploi"
    OTHER = "other", "Autre"


class LegalForm(models.TextChoices):
    SOLE_TRADER = "sole", "Entreprise individuelle, micro-entreprise"
    COMPANY = "company", "Société (SARL, SAS…)"
    COOPERATIVE = "cooperative", "Coopérative (SCOP, SCIC, CAE)"
    ASSOCIATION = "association", "Association"
    UNDECIDED = "undecided", "Pas encore choisie"


class CultureType(models.TextChoices):
    PLACE = "place", "Lieu"
    ARTISTS = "artists", "Artistes, collectif"
    HERITAGE = "heritage", "Patrimoine"
    SKILLS = "skills", "Savoir-faire"
    EVENT = "event", "Événement"


class ActorType(models.TextChoices):
    COMPANY = "company", "Entreprise"
    PUBLIC = "public", "Établissement ou service public"
    SOCIAL = "social", "Association, économie sociale et solidaire"


class CollectiveType(models.TextChoices):
    """The collective structures that the users' grid names."""

    BUSINESS_CLUB = "club", "Club d’entreprises"
    CITIZENS = "citizens", "Collectif citoyen"
    SOCIAL_CENTRE = "centre", "Centre social"
    SCHOOL = "school", "Établissement de l’Éducation nationale spécialisé"
    OTHER = "other", "Autre"


class ImportState(models.TextChoices):
    """Of a spreadsheet on its way in (`opportunities.exchange.importing`)."""

    UPLOADED = "uploaded", "Colonnes à vérifier"
    CHECKING = "checking", "Lignes en cours de vérification"
    CHECKED = "checked", "Lignes vérifiées"
    WRITING = "writing", "Import en cours"
    WRITTEN = "written", "Importé"
    FAILED = "failed", "Arrêté"


class RowOutcome(models.TextChoices):
    """What one row of a spreadsheet does."""

    CREATE = "create", "À créer"
    UPDATE = "update", "À mettre à jour"
    UNCHANGED = "unchanged", "Sans changement"
    WRONG = "wrong", "À corriger"
