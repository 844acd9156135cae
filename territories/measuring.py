"""Metres and degrees, anywhere on Earth."""

import math

import numpy as np

# The ellipsoid of WGS 84: its semi-major axis in metres, the square of its first eccentricity.
SEMI_MAJOR_AXIS = 6_378_137.0
ECCENTRICITY_SQUARED = 0.00669437999014
# The plane of Mercator has no poles; nobody has a district there.
POLAR_LIMIT = 89.9


class NotAPosition(ValueError):
    def __init__(self, longitude, latitude):
        super().__init__(
            f"« {longitude} ; {latitude} » n’est pas une position : il faut une longitude entre "
            "−180 et 180 et une latitude entre −90 et 90, en degrés."
        )


def position(longitude: str | float, latitude: str | float) -> tuple[float, float]:
    """Two numbers in WGS 84 degrees, from text or numbers. Raises NotAPosition."""
    try:
        point = float(longitude), float(latitude)
    except ValueError as error:
        raise NotAPosition(longitude, latitude) from error
    # NaN compares as false with everything.
    if not (-180 <= point[0] <= 180 and -90 <= point[1] <= 90):
        raise NotAPosition(longitude, latitude)
    return point


def to_mercator(points: np.ndarray) -> np.ndarray:
    """Degrees (n, 2) to the plane of Mercator, in metres of the equator. It keeps shapes: around
    each point, all lengths are longer than on the ground by the same factor."""
    longitudes, latitudes = np.radians(_clipped(points)).T
    eccentricity = math.sqrt(ECCENTRICITY_SQUARED)
    ups = np.arcsinh(np.tan(latitudes)) - eccentricity * np.arctanh(
        eccentricity * np.sin(latitudes)
    )
    return SEMI_MAJOR_AXIS * np.stack([longitudes, ups], axis=1)


def metres_of_mercator(points: np.ndarray) -> np.ndarray:
    """What a unit of that plane is worth on the ground at each point (n, 2): metres (n)."""
    latitudes = np.radians(_clipped(points)[:, 1])
    return np.cos(latitudes) / np.sqrt(1 - ECCENTRICITY_SQUARED * np.sin(latitudes) ** 2)


def _clipped(points: np.ndarray) -> np.ndarray:
    return np.clip(points, (-180, -POLAR_LIMIT), (180, POLAR_LIMIT))
