import pytest
import shapely
from django.core.management import call_command

from opportunities.enums import Nearness
from opportunities.models import Opportunity
from opportunities.placing import facts_of_position, place_all_again
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


@pytest.fixture
def by_distance(district, territory, lead):
    """An opportunity that was placed when only a point of the district was known."""
    district.longitude, district.latitude = 3.01, 50.01
    district.save()
    facts = facts_of_position(3.011, 50.01)
    return factories.create_opportunity(territory, lead, **facts)


def test_perimeters_confirm_what_was_only_likely(district, by_distance, capsys):
    assert by_distance.nearness == Nearness.LIKELY
    factories.outline(district, SQUARE)
    call_command("refresh_places")
    call_command("refresh_places")
    assert capsys.readouterr().out.split("\N{NO-BREAK SPACE}: ")[1:] == [
        "1.\nOpportunités situées à nouveau",
        "0.\n",
    ]
    by_distance.refresh_from_db()
    assert (by_distance.district, by_distance.nearness) == (district, Nearness.INSIDE)
    assert by_distance.version == 2


def test_what_turns_out_to_be_elsewhere_moves(district, by_distance):
    other = factories.create_district("Le vrai", communes=[factories.create_commune("Ailleurs")])
    factories.outline(other, SQUARE)
    assert place_all_again() == 1
    by_distance.refresh_from_db()
    assert (by_distance.district, by_distance.commune) == (other, other.communes.get())
    assert "vrai" in by_distance.search_text


def test_a_district_that_somebody_confirmed_is_not_to_be_confirmed_again(by_distance):
    Opportunity.objects.update(nearness="")
    assert place_all_again() == 0
    by_distance.refresh_from_db()
    assert (by_distance.nearness, by_distance.version) == ("", 1)


def test_a_district_chosen_by_hand_stays(district, territory, lead):
    chosen = factories.create_district("Choisi")
    point = {"longitude": 3.01, "latitude": 50.01}
    opportunity = factories.create_opportunity(territory, lead, district=chosen, **point)
    here = factories.create_opportunity(territory, lead, district=district, **point)
    nowhere = factories.create_opportunity(territory, lead, "Sans position", district=chosen)
    factories.outline(district, SQUARE)
    assert place_all_again() == 1
    for each in (opportunity, here, nowhere):
        each.refresh_from_db()
    assert [each.district for each in (opportunity, here, nowhere)] == [chosen, district, chosen]
    assert [each.nearness for each in (opportunity, here, nowhere)] == ["", Nearness.INSIDE, ""]
