"""Which facts each kind of opportunity shows; the others stay written, unseen."""

from opportunities.enums import Kind

_BUILDING = ("building_area", "building_condition", "building_vacancy", "owner_type")

FIELDS = {
    Kind.FRICHE: (
        "site_type",
        "site_status",
        "site_occupation",
        "land_area",
        *_BUILDING,
        "building_pollution",
        "soil_pollution",
        "last_activity",
        "last_activity_year",
    ),
    Kind.PREMISES: (
        *_BUILDING,
        "monthly_rent",
        "available_on",
        "accessibility",
        "building_pollution",
        "last_activity",
        "last_activity_year",
    ),
    Kind.CREATOR: (
        "creator_project",
        "sector",
        "creator_step",
        "area_sought",
        "rent_budget",
        "legal_form",
        "funding_sought",
    ),
    Kind.CULTURE: ("culture_type", "culture_offer"),
    Kind.NEW_ACTOR: ("actor_type", "jobs", "arrives_on", "actor_needs"),
    Kind.COLLECTIVE: ("collective_type", "collective_project", "members"),
}
ALL = tuple(dict.fromkeys(name for names in FIELDS.values() for name in names))

# Over the facts of a kind, in forms and on pages.
TITLES = {
    Kind.FRICHE: "La friche",
    Kind.PREMISES: "Les locaux",
    Kind.CREATOR: "Le créateur et son projet",
    Kind.CULTURE: "La ressource culturelle",
    Kind.NEW_ACTOR: "Le nouvel acteur",
    Kind.COLLECTIVE: "La structure et son projet",
}

# What tells most in one figure: the first of these facts that is known.
FIGURES = {
    Kind.FRICHE: ("land_area", "building_area"),
    Kind.PREMISES: ("building_area",),
    Kind.CREATOR: ("area_sought",),
    Kind.CULTURE: (),
    Kind.NEW_ACTOR: ("jobs",),
    Kind.COLLECTIVE: ("members",),
}


def fields_of(kind):
    """Names of the facts that `kind` shows, in the order of the forms; none for no kind."""
    return FIELDS.get(kind, ())
