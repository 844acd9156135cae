import numpy as np
import pytest

from territories.measuring import NotAPosition, metres_of_mercator, position, to_mercator

# Metres of a degree of longitude and of one of latitude, from the tables of WGS 84.
DEGREES = {
    0: (111_320, 110_574),
    15: (107_550, 110_649),
    45: (78_847, 111_132),
    -60: (55_800, 111_412),
}


@pytest.mark.parametrize("latitude", DEGREES)
def test_a_degree_has_its_length_in_the_plane(latitude):
    small = 0.001
    here = np.array([[10.0, latitude]])
    east, north = (np.array([[10.0 + small, latitude]]), np.array([[10.0, latitude + small]]))

    ground = metres_of_mercator(here)[0]
    lengths = [
        np.hypot(*(to_mercator(there) - to_mercator(here))[0]) * ground / small
        for there in (east, north)
    ]

    assert lengths == pytest.approx(DEGREES[latitude], rel=3e-5)


def test_the_poles_are_on_the_plane_too():
    ends = np.array([[-180.0, -90.0], [180.0, 90.0]])

    assert np.isfinite(to_mercator(ends)).all()
    assert (metres_of_mercator(ends) > 0).all()


@pytest.mark.parametrize(
    "pair", [("3.5", "50"), (3.5, 50), (" 3.5 ", "5e1"), (np.float64(3.5), "50.0")]
)
def test_a_position_is_two_numbers(pair):
    assert position(*pair) == (3.5, 50.0)


@pytest.mark.parametrize(
    "pair", [("", "50"), ("3,5", "50"), ("3.5", "nan"), ("inf", "50"), (181, 50), (3, -90.5)]
)
def test_what_is_none_is_refused_with_a_sentence(pair):
    with pytest.raises(NotAPosition) as refusal:
        position(*pair)

    assert str(refusal.value) == (
        f"«\u00a0{pair[0]}\u00a0; {pair[1]}\u00a0» n’est pas une position\u00a0: il faut une "
        "longitude entre −180 et 180 et une latitude entre −90 et 90, en degrés."
    )
