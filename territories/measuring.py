"""Metres and degrees, anywhere on Earth."""

import math

import numpy as np

# The ellipsoid of WGS 84: its semi-major axis in metres, the square of its first eccentricity.
SEMI_MAJOR_AXIS = 6_378_137.0
ECCENTRICITY_SQUARED = 0.00669437999014
# Beyond, where nobody has a district, a degree of longitude has hardly any length.
POLAR_LIMIT = 89.9


class NotAPosition(ValueError):
    def __init__(self, longitude, latitude):
        super().__init__(
            f"« {longitude} ; {latitude} » n’est pas une position : il faut une longitude entre "
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


def metres_per_degree(latitudes: np.ndarray) -> np.ndarray:
    """The length of a degree of longitude and of one of latitude at each latitude (n): (n, 2)."""
    radians = np.radians(np.clip(latitudes, -POLAR_LIMIT, POLAR_LIMIT))
    curve = 1 - ECCENTRICITY_SQUARED * np.sin(radians) ** 2
    eastward = SEMI_MAJOR_AXIS * np.cos(radians) / np.sqrt(curve)
    northward = SEMI_MAJOR_AXIS * (1 - ECCENTRICITY_SQUARED) / curve**1.5
    return np.stack([eastward, northward], axis=1) * (math.pi / 180)
