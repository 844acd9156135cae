from territories.models.geography import (
    EPCI,
    CityContract,
    Commune,
    Contour,
    Departement,
    District,
    FormerCommune,
    Perimeter,
    Succession,
)
from territories.models.teams import Grant, Invitation, ResourceCentre, Territory

__all__ = [
    "EPCI",
    "CityContract",
    "Commune",
    "Contour",
    "Departement",
    "District",
    "FormerCommune",
    "Grant",
    "Invitation",
    "Perimeter",
    "ResourceCentre",
    "Succession",
    "Territory",
]
