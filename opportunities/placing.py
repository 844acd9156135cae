"""What a position says of an opportunity."""

from opportunities.enums import Nearness
from territories.locating import Location, locate
from territories.models import Commune, District

# West, south, east, north of the mainland, in degrees.
MAINLAND = (-5.3, 41.3, 9.7, 51.2)


def are_swapped(longitude: float, latitude: float) -> bool:
    """Whether a point (degrees, WGS 84) is on the mainland once its two numbers are exchanged: no
    place of France, overseas either, is where the mainland then is, off Somalia."""
    west, south, east, north = MAINLAND
    return west <= latitude <= east and south <= longitude <= north


def facts_of_position(longitude: float, latitude: float) -> dict[str, object]:
    """The facts that follow from a point (degrees, WGS 84), named as the fields of Opportunity:
    `longitude`, `latitude`, `district`, `commune`, `nearness`. A district or a commune is None
    where none was found; `nearness` is then empty. Raises territories.measuring.NotAPosition."""
    location = locate(longitude, latitude)
    code = location.district or location.near
    return {
        "longitude": longitude,
        "latitude": latitude,
        "district": District.objects.get(code=code) if code else None,
        "commune": Commune.objects.get(code=location.commune) if location.commune else None,
        "nearness": nearness_of(location),
    }


def nearness_of(location: Location) -> str:
    if location.near:
        return Nearness.NEAR
    if location.district:
        return Nearness.INSIDE if location.is_confirmed else Nearness.LIKELY
    return ""
