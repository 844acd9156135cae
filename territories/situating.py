"""What a point resolves to, in names and in a sentence."""

import numpy as np
import shapely

from territories.locating import Location, locate
from territories.measuring import metres_of_mercator, to_mercator
from territories.models import EPCI, CityContract, Commune, District

# Metres. In Hauts-de-France the commune of a contract that is the furthest from all its districts
# is 27 km from them (Château-Thierry).
FAR = 30_000
NOWHERE = "Aucun quartier prioritaire trouvé à cet endroit"


def situate(longitude: float, latitude: float) -> dict[str, object]:
    """The point (degrees, WGS 84), then `district` (that it is in, or near, or likely in),
    `commune`, `epci` and `contract`, each {"code", "name"} or None; `is_inside` and `to_confirm`;
    `distance_m`, metres to the nearest ten, where it is near; `sentence`. Ready for JSON. Raises
    NotAPosition."""
    location = locate(longitude, latitude)
    district = _named(District, location.district or location.near)
    commune = _named(Commune, location.commune)
    return {
        "longitude": longitude,
        "latitude": latitude,
        "district": district,
        "is_inside": location.district is not None and location.is_confirmed,
        "distance_m": _in_tens(location.distance_m) if location.near else None,
        "to_confirm": not location.is_confirmed,
        "commune": commune,
        "epci": _named(EPCI, location.epci),
        "contract": _named(CityContract, location.contract),
        "sentence": _sentence(location, district, commune),
    }


def is_beyond(contract: CityContract, longitude: float, latitude: float) -> bool:
    """Whether a point (degrees, WGS 84) is outside the EPCI of a contract; where its EPCI isn't
    known, whether it is FAR from all the districts. Raises NotAPosition."""
    location = locate(longitude, latitude)
    if location.epci:
        return not contract.epcis.filter(pk=location.epci).exists()
    districts = contract.districts.exclude(longitude=None).exclude(latitude=None)
    points = np.array(districts.values_list("longitude", "latitude")).reshape(-1, 2)
    here = np.array([(longitude, latitude)])
    away = shapely.distance(*map(shapely.points, (to_mercator(points), to_mercator(here))))
    return bool(len(points)) and bool((away * metres_of_mercator(here) > FAR).all())


def _named(model, code: str | None) -> dict[str, str] | None:
    if code is None:
        return None
    row = model.objects.only("name").get(pk=code)
    return {"code": row.pk, "name": row.name}


def _in_tens(metres: float | None) -> int:
    return max(10, round((metres or 0) / 10) * 10)


def _sentence(
    location: Location, district: dict[str, str] | None, commune: dict[str, str] | None
) -> str:
    if district is None:
        return f"{NOWHERE} : {commune['name']}" if commune else NOWHERE
    place = f"{district['name']}, {commune['name']}" if commune else district["name"]
    if location.near:
        return f"À {_in_tens(location.distance_m)} m du quartier {place}"
    if location.is_confirmed:
        return f"Dans le quartier {place}"
    return f"Sans doute dans le quartier {place} – à confirmer"
