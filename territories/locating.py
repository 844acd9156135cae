"""From a point to its district, its commune, its EPCI and its city contract.

- In a perimeter, border included: that district. Else the nearest perimeter at 300 m or less. Of
  two at the same distance, to the centimetre, the lower code.
- A district without imported perimeter is a point: where no perimeter answers, the nearest such
  point at 500 m or less, to be confirmed by somebody.
- The commune is that of the imported contours; what merged since their date is its commune of
  today. Where they say nothing, that of the district, if it has just one. In a perimeter they only
  choose among the communes of the district: the list is official, the contours are simplified.
- The EPCI is the commune's, or else the district's only one; the contract is the EPCI's.

docs/decisions/locating.md has the reasons.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from territories import outlines
from territories.enums import ContourLevel
from territories.measuring import NotAPosition, metres_of_mercator, to_mercator
from territories.models import CityContract, Commune, District, FormerCommune
from territories.outlines import Outlines

LIKELY = 500  # metres from the point of a district whose perimeter isn't known
TOUCHING = 1e-7  # degrees, a centimetre: no number of a machine is exactly on a slanting border
AT_ONCE = 5_000  # points; keeps the arrays in between small
OWNER_BITS = 20  # a million outlines


@dataclass(frozen=True, slots=True)
class Location:
    """What a point resolves to, by official codes.

    `district` is the one that it is in, `near` the one whose perimeter is `distance_m` metres away;
    never both. Unless `is_confirmed`, `district` is only likely, and `distance_m` is how far away
    its representative point is.
    """

    district: str | None = None
    near: str | None = None
    distance_m: float | None = None
    is_confirmed: bool = True
    commune: str | None = None
    epci: str | None = None
    contract: str | None = None


def locate(longitude: float, latitude: float) -> Location:
    """Degrees, WGS 84. Raises NotAPosition."""
    return locate_many([(longitude, latitude)])[0]


def locate_many(points: Sequence[tuple[float, float]] | np.ndarray) -> list[Location]:
    """The same for many pairs of longitude and latitude, in their order, with as many queries as
    for one. Raises NotAPosition for the first pair that is none."""
    points = np.asarray(points, dtype=float).reshape(-1, 2)
    strangers = ~(np.abs(points) <= (180, 90)).all(axis=1)  # NaN is not <= anything
    if strangers.any():
        raise NotAPosition(*points[strangers][0].tolist())
    perimeters = outlines.perimeters()
    likely_codes, likely_points = _districts_without_perimeter()
    contours = outlines.contours(ContourLevel.COMMUNE)
    facts: list[tuple] = []
    for start in range(0, len(points), AT_ONCE):
        chunk = points[start : start + AT_ONCE]
        districts, metres = _by_perimeter(perimeters, chunk)
        is_confirmed = districts != None  # noqa: E711  of each element
        if likely_codes:
            likely, away = _by_point(likely_codes, likely_points, chunk)
            districts = np.where(is_confirmed, districts, likely)
            metres = np.where(is_confirmed, metres, away)
        rows, owners = contours.containing(chunk)
        communes, _ = _nearest(contours.codes, len(chunk), rows, owners, np.zeros(len(rows)))
        columns = (districts, is_confirmed, metres, communes)
        facts += zip(*(column.tolist() for column in columns), strict=True)
    return _resolved(facts)


def _by_perimeter(perimeters: Outlines, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each point, the district (None for none) and how far its perimeter is, 0 inside."""
    inside, owners = perimeters.containing(points, slack=TOUCHING)
    elsewhere = np.setdiff1d(np.arange(len(points)), inside)
    rows, neighbours, metres = perimeters.around(points[elsewhere])
    return _nearest(
        perimeters.codes,
        len(points),
        np.concatenate([inside, elsewhere[rows]]),
        np.concatenate([owners, neighbours]),
        np.concatenate([np.zeros(len(inside)), metres]),
    )


def _by_point(
    codes: list[str], districts: np.ndarray, points: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """For each of `points`, the nearest of `districts` (points too) within LIKELY, and how far."""
    places, ground = to_mercator(points), metres_of_mercator(points)
    targets = shapely.points(to_mercator(districts))
    rows, owners = shapely.STRtree(targets).query(
        shapely.points(places), predicate="dwithin", distance=LIKELY / ground
    )
    metres = shapely.distance(targets[owners], shapely.points(places)[rows]) * ground[rows]
    return _nearest(codes, len(points), rows, owners, metres)


def _nearest(
    codes: list[str], count: int, rows: np.ndarray, owners: np.ndarray, metres: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Of the pairs of a point and the index of a code, the nearest for each of `count` points, then
    the lowest: its code, or None, and its distance in metres, to the centimetre."""
    # One integer a pair: distance first, then the rank of the code.
    pairs = (np.rint(metres * 100).astype(np.int64) << OWNER_BITS) + owners
    none = np.iinfo(np.int64).max
    best = np.full(count, none)
    np.minimum.at(best, rows, pairs)
    found = best != none
    chosen, distances = np.full(count, None, dtype=object), np.full(count, None, dtype=object)
    if found.any():
        chosen[found] = np.array(codes, dtype=object)[best[found] & ((1 << OWNER_BITS) - 1)]
        distances[found] = (best[found] >> OWNER_BITS) / 100
    return chosen, distances


def _districts_without_perimeter() -> tuple[list[str], np.ndarray]:
    """Codes, ascending, and points (n, 2). Read each time: their imports leave no date."""
    rows = (
        District.objects.of_2024()
        .filter(perimeter=None, longitude__isnull=False, latitude__isnull=False)
        .order_by("code")
        .values_list("code", "longitude", "latitude")
    )
    return [code for code, *_ in rows], np.array([point for _, *point in rows]).reshape(-1, 2)


def _resolved(facts: list[tuple]) -> list[Location]:
    """Of (district, is it by a perimeter, metres, code of the contour) for each point."""
    places = _Places({fact[0] for fact in facts} - {None}, {fact[3] for fact in facts} - {None})
    # Points in the same place share one answer.
    location_of = {fact: places.location(*fact) for fact in set(facts)}
    return [location_of[fact] for fact in facts]


class _Places:
    """What the database says of some districts and contours: asked each time, for whoever runs
    the platform may have confirmed a contract since."""

    def __init__(self, districts: set[str], contours: set[str]):
        self._known: dict[tuple, tuple[str | None, str | None, str | None]] = {}
        self._communes_of = _grouped(
            District.communes.through.objects.filter(district__in=districts).values_list(
                "district_id", "commune_id"
            )
        )
        self._epcis_of = _grouped(
            District.epcis.through.objects.filter(district__in=districts).values_list(
                "district_id", "epci_id"
            )
        )
        former = FormerCommune.objects.filter(code__in=contours)
        self._commune_today = dict(former.values_list("code", "commune_id"))
        codes = contours | set(self._commune_today.values()).union(*self._communes_of.values())
        communes = Commune.objects.filter(code__in=codes)
        self._epci_of = dict(communes.values_list("code", "epci_id"))
        sirens = set(self._epci_of.values()).union(*self._epcis_of.values()) - {None}
        self._contracts_of = _grouped(
            CityContract.epcis.through.objects.filter(epci__in=sirens)
            .order_by("-citycontract__is_confirmed", "citycontract_id")
            .values_list("epci_id", "citycontract_id")
        )

    def location(
        self, district: str | None, is_confirmed: bool, metres: float | None, contour: str | None
    ) -> Location:
        is_inside = is_confirmed and metres == 0
        key = district, is_inside, contour
        belonging = self._known.get(key) or self._belonging(key)
        if is_confirmed and not is_inside:
            return Location(None, district, metres, True, *belonging)
        return Location(district, None, metres, is_confirmed or district is None, *belonging)

    def _belonging(
        self, key: tuple[str | None, bool, str | None]
    ) -> tuple[str | None, str | None, str | None]:
        """The commune, the EPCI and the contract; kept, for many points share them."""
        commune = self._commune(*key)
        epci = self._epci_of[commune] if commune else _only(self._epcis_of.get(key[0]))
        contract = next(iter(self._contracts_of.get(epci, [])), None)
        self._known[key] = commune, epci, contract
        return self._known[key]

    def _commune(self, district: str | None, is_inside: bool, contour: str | None) -> str | None:
        communes = self._communes_of.get(district, [])
        commune = self._commune_today.get(contour, contour) if contour else None
        if commune in self._epci_of and (commune in communes or not is_inside):
            return commune
        return _only(communes)


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str | None, list[str]]:
    groups: dict[str | None, list[str]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return groups


def _only(values: list[str] | None) -> str | None:
    """The only one, or None where there are none or several."""
    return values[0] if values and len(values) == 1 else None
