import pytest
import shapely

from opportunities.enums import Nearness
from opportunities.models import Opportunity
from opportunities.placing import facts_of_position
from territories.measuring import NotAPosition
from tests import factories

pytestmark = pytest.mark.django_db

SQUARE = shapely.box(3.00, 50.00, 3.02, 50.02)


@pytest.fixture
def district(db):
    return factories.create_district(communes=[factories.create_commune()])


@pytest.fixture
def perimeter(district):
    return factories.outline(district, SQUARE)


@pytest.mark.parametrize(
    ("longitude", "nearness"), [(3.01, Nearness.INSIDE), (3.0205, Nearness.NEAR)]
)
def test_a_position_in_or_near_a_perimeter(district, perimeter, longitude, nearness):
    assert facts_of_position(longitude, 50.01) == {
        "longitude": longitude,
        "latitude": 50.01,
        "district": district,
        "commune": district.communes.get(),
        "nearness": nearness,
    }


def test_a_position_near_the_point_of_a_district_is_to_be_confirmed(district):
    district.longitude, district.latitude = 3.0, 50.0
    district.save()

    facts = facts_of_position(3.001, 50.0)

    assert (facts["district"], facts["nearness"]) == (district, Nearness.LIKELY)


def test_a_position_far_from_everything(perimeter):
    assert facts_of_position(9.0, 45.0) == {
        "longitude": 9.0,
        "latitude": 45.0,
        "district": None,
        "commune": None,
        "nearness": "",
    }


def test_they_are_facts_of_an_opportunity(perimeter, territory, lead):
    opportunity = factories.create_opportunity(territory, lead, **facts_of_position(3.01, 50.01))

    opportunity.full_clean()
    assert Opportunity.objects.get().nearness == Nearness.INSIDE


def test_what_is_no_position_is_refused():
    with pytest.raises(NotAPosition):
        facts_of_position(200, 50)
