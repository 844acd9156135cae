"""What a position says of an opportunity."""

import numpy as np
from django.db.models import F

from opportunities.enums import Nearness
from opportunities.models import Opportunity
from opportunities.searching import keep_findable
from territories.locating import Location, locate, locate_many
from territories.models import Commune, District, Territory

# West, south, east, north of the mainland, in degrees.
MAINLAND = (-5.3, 41.3, 9.7, 51.2)
_BATCH = 500  # opportunities


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


def beyond_in_words(territory: Territory) -> str:
    """What is said of a position that is outside the territory: nobody is kept from it, it may be
    next door, or a slip."""
    return f"Ce point est hors de votre territoire ({territory.name}) : vérifiez-le."


def place_all_again() -> int:
    """Asks again what each position says, which an import of perimeters or contours may have
    changed; returns of how many opportunities it changed the place. A district that somebody chose
    by hand stays, and only a perimeter says how near it is. A row that somebody changes meanwhile
    keeps the place of that change."""
    changed, last = 0, 0
    placed = Opportunity.objects.exclude(longitude=None).order_by("pk")
    while some := list(placed.filter(pk__gt=last)[:_BATCH]):
        points = np.array([(each.longitude, each.latitude) for each in some])
        for opportunity, location in zip(some, locate_many(points), strict=True):
            changed += _placed_again(opportunity, location)
        last = some[-1].pk
    return changed


def _placed_again(opportunity, location):
    code = location.district or location.near
    is_by_hand = not opportunity.nearness and opportunity.district_id is not None
    facts = {"nearness": nearness_of(location)}
    if not is_by_hand:
        facts |= {"district_id": code, "commune_id": location.commune or opportunity.commune_id}
    elif code != opportunity.district_id or not location.is_confirmed:
        return False
    if all(getattr(opportunity, name) == value for name, value in facts.items()):
        return False
    same = Opportunity.objects.filter(pk=opportunity.pk, version=opportunity.version)
    if not same.update(**facts, version=F("version") + 1):
        return False
    opportunity.refresh_from_db()
    keep_findable(opportunity)
    return True
