"""What the form of an opportunity makes of a position, and of who chose the district."""

import pytest
import shapely
from django.urls import reverse

from opportunities.enums import Nearness
from opportunities.forms.facts import NewOpportunityForm, OpportunityEditForm
from opportunities.models import Opportunity
from opportunities.tracking import change_opportunity
from tests import factories

KEY = "9a3c8c0e-5f1f-4c0e-9d8a-0d6f3c1a2b4e"
WHOLE = "Une position a une longitude et une latitude."
DEGREES = "Écrivez des degrés en nombre décimal, par exemple 50,36284."
INSIDE = {"longitude": "3,01", "latitude": "50,01"}
NEAR = {"longitude": "3,0205", "latitude": "50,01"}  # some 40 m east of it
AWAY = {"longitude": "3,5", "latitude": "50,5"}


@pytest.fixture
def district(territory, commune):
    """A square, of one commune."""
    district = factories.create_district("Europe", communes=[commune])
    territory.contract.districts.add(district)
    factories.outline(district, shapely.box(3.00, 50.00, 3.02, 50.02))
    return district


@pytest.fixture
def other_district(territory, commune):
    """Another square, further north."""
    district = factories.create_district("Albeck", communes=[commune])
    territory.contract.districts.add(district)
    factories.outline(district, shapely.box(3.00, 50.10, 3.02, 50.12))
    return district


@pytest.fixture
def facts_of(territory, lead, facts):
    """The facts of a new opportunity for which this was typed."""

    def facts_of(**typed):
        data = facts(stage="detected", request_key=KEY, **typed)
        form = NewOpportunityForm(data, territory=territory, user=lead)
        assert form.is_valid(), form.errors
        return form.facts

    return facts_of


@pytest.fixture
def placed(opportunity, lead, district, commune):
    """An opportunity inside `district`, found by its position."""
    change_opportunity(
        opportunity=opportunity,
        version=1,
        by=lead,
        longitude=3.01,
        latitude=50.01,
        district=district,
        commune=commune,
        nearness=Nearness.INSIDE,
    )
    return opportunity


@pytest.fixture
def change(placed, lead, facts):
    """The facts of `placed` once this was typed over what its form shows."""

    def change(**typed):
        shown = OpportunityEditForm(opportunity=placed, user=lead)
        page = {
            name: shown[name].value() or ""
            for name in ("district", "commune", "longitude", "latitude")
        }
        data = facts(version=2) | page | typed
        form = OpportunityEditForm(data, opportunity=placed, user=lead)
        assert form.is_valid(), form.errors
        return form.facts

    return change


def where(facts):
    return facts["district"], facts["commune"], facts["nearness"]


@pytest.mark.parametrize(("typed", "nearness"), [(INSIDE, "inside"), (NEAR, "near")])
def test_a_position_finds_its_district_and_commune(facts_of, district, commune, typed, nearness):
    facts = facts_of(**typed)
    assert where(facts) == (district, commune, nearness)
    assert (facts["longitude"], facts["latitude"]) == tuple(
        float(degrees.replace(",", ".")) for degrees in typed.values()
    )


def test_near_a_point_it_is_to_be_confirmed(facts_of, territory, commune):
    known_by_its_point = factories.create_district(
        communes=[commune], longitude=3.01, latitude=50.01
    )
    territory.contract.districts.add(known_by_its_point)
    assert where(facts_of(**INSIDE)) == (known_by_its_point, commune, "likely")


def test_a_position_far_from_everything_finds_nothing(facts_of, district):
    assert where(facts_of(**AWAY)) == (None, None, "")


def test_who_chose_by_hand_is_right(facts_of, district, other_district):
    facts = facts_of(**INSIDE, district=other_district.pk)
    assert (facts["district"], facts["nearness"]) == (other_district, "")


def test_the_district_that_the_position_has_chosen_by_hand_too(facts_of, district):
    facts = facts_of(**INSIDE, district=district.pk)
    assert (facts["district"], facts["nearness"]) == (district, "inside")


def test_without_position_the_district_is_what_was_chosen(facts_of, district):
    facts = facts_of(longitude="", latitude="", district=district.pk)
    assert (facts["district"], facts["nearness"]) == (district, "")
    assert (facts["longitude"], facts["latitude"]) == (None, None)


def test_a_form_without_these_fields_says_nothing_of_them(facts_of):
    assert {"longitude", "latitude", "nearness"} & facts_of().keys() == set()


def test_moving_takes_the_district_along(change, other_district, commune):
    assert where(change(latitude="50,11")) == (other_district, commune, "inside")


def test_moving_away_keeps_the_district_that_nobody_contradicts(change, district, commune):
    assert where(change(**AWAY)) == (district, commune, "")


def test_a_district_changed_by_hand_stays_while_the_position_stays(change, other_district):
    facts = change(district=other_district.pk)
    assert (facts["district"], facts["nearness"]) == (other_district, "")


def test_a_district_taken_away_by_hand_stays_away(change):
    facts = change(district="")
    assert (facts["district"], facts["nearness"]) == (None, "")


def test_a_position_taken_away_leaves_the_district(change, district, commune):
    facts = change(longitude="", latitude="")
    assert where(facts) == (district, commune, "")
    assert (facts["longitude"], facts["latitude"]) == (None, None)


def test_nothing_changed_nothing_changes(change, placed):
    facts = change()
    assert {name: getattr(placed, name) for name in facts if name != "description"} == {
        name: value for name, value in facts.items() if name != "description"
    }


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"longitude": "3,01", "latitude": ""}, {"latitude": [WHOLE]}),
        ({"longitude": "", "latitude": "50"}, {"longitude": [WHOLE]}),
        ({"longitude": "ici", "latitude": "50"}, {"longitude": [DEGREES]}),
        ({"longitude": "3", "latitude": "nan"}, {"latitude": [DEGREES]}),
        (
            {"longitude": "50,36", "latitude": "3,48"},
            {"longitude": ["Elle semble échangée avec la latitude."]},
        ),
        ({"longitude": "inf", "latitude": "-inf"}, {"longitude": [DEGREES], "latitude": [DEGREES]}),
        (
            {"longitude": "181", "latitude": "-90,1"},
            {
                "longitude": ["Cette valeur est comprise entre -180 et 180 degrés."],
                "latitude": ["Cette valeur est comprise entre -90 et 90 degrés."],
            },
        ),
    ],
)
def test_what_is_refused_and_why(territory, lead, facts, typed, errors):
    data = facts(stage="detected", request_key=KEY, **typed)
    assert NewOpportunityForm(data, territory=territory, user=lead).errors == errors


# Known by its point alone


@pytest.fixture
def likely(territory, lead, commune):
    """An opportunity whose district is to be confirmed."""
    district = factories.create_district(communes=[commune], longitude=3.01, latitude=50.01)
    territory.contract.districts.add(district)
    place = {"longitude": 3.01, "latitude": 50.01, "district": district, "commune": commune}
    return factories.create_opportunity(territory, lead, nearness=Nearness.LIKELY, **place)


@pytest.fixture
def save_likely(likely, lead, facts, client_of):
    """Saves its page, this typed over what it shows, and reads it again."""

    def save(**typed):
        page = INSIDE | {"district": likely.district_id, "commune": likely.commune_id}
        data = facts(version=likely.version) | page | typed
        address = reverse("opportunities:edit", args=[likely.territory.ref, likely.ref])
        assert client_of(lead).post(address, data).status_code == 302
        likely.refresh_from_db()
        return likely

    return save


CONFIRMED = {"is_district_confirmed": "on"}


def test_a_district_is_confirmed_once_and_for_all(likely, save_likely):
    district = likely.district
    assert save_likely(title="La halle").nearness == Nearness.LIKELY
    assert save_likely(**CONFIRMED).nearness == ""
    assert save_likely(title="La grande halle").nearness == ""
    assert (likely.title, likely.district) == ("La grande halle", district)


def test_a_confirmed_district_that_moves_is_to_be_confirmed_again(save_likely):
    save_likely(**CONFIRMED)
    assert save_likely(latitude="50,0101").nearness == Nearness.LIKELY


def test_a_position_that_moves_does_not_change_the_district_that_is_confirmed(
    likely, save_likely, other_district
):
    district = likely.district
    saved = save_likely(latitude="50,11", **CONFIRMED)
    assert (saved.district, saved.nearness) == (district, "")


def test_it_is_asked_only_where_it_is_to_be_confirmed(likely, save_likely, lead, reader, client_of):
    address = reverse("opportunities:detail", args=[likely.territory.ref, likely.ref])
    edit = reverse("opportunities:edit", args=[likely.territory.ref, likely.ref])
    way = f'href="{edit}#id_is_district_confirmed"'
    box = 'id="id_is_district_confirmed"'

    def asks():
        return way in client_of(lead).get(address).text, box in client_of(lead).get(edit).text

    assert asks() == (True, True)
    assert way not in client_of(reader).get(address).text
    save_likely(**CONFIRMED)
    assert asks() == (False, False)


# Outside the territory


@pytest.fixture
def outside(district):
    """Warned of a position that is AWAY, some 60 km from `district`."""
    district.longitude, district.latitude = 3.01, 50.01
    district.save()


BEYOND = "Ce point est hors de votre territoire (CU de Dunkerque)\N{NO-BREAK SPACE}: vérifiez-le."


def told(response):
    return [str(message) for message in response.context["messages"]]


@pytest.mark.parametrize(
    ("typed", "warned"), [(INSIDE, False), (NEAR, False), (AWAY, True), ({}, False)]
)
def test_a_position_outside_the_territory_is_kept_and_told(
    territory, lead, facts, client_of, outside, typed, warned
):
    data = facts(stage="detected", request_key=KEY, **typed)
    address = f"/territoires/{territory.ref}/opportunites/nouvelle/"
    response = client_of(lead).post(address, data, follow=True)
    assert told(response) == ["L’opportunité est enregistrée."] + [BEYOND] * warned
    assert Opportunity.objects.filter(longitude=3.5).count() == warned


def test_it_is_told_when_the_position_moves_and_not_at_each_change(
    placed, lead, facts, client_of, outside
):
    address = reverse("opportunities:edit", args=[placed.territory.ref, placed.ref])

    def save(version, **typed):
        data = facts(version=version, **INSIDE | typed)
        return told(client_of(lead).post(address, data, follow=True))

    saved = "Vos modifications sont enregistrées."
    assert save(2, title="La grande halle") == [saved]
    assert save(3, **AWAY) == [saved, BEYOND]
    assert save(4, **AWAY, title="La halle") == [saved]


def test_the_page_can_tell_it_at_once(territory, lead, client_of):
    page = client_of(lead).get(f"/territoires/{territory.ref}/opportunites/nouvelle/").text
    assert f'data-contract="{territory.contract.code}"' in page
    assert f'data-warning="{BEYOND}"' in page


def test_a_refused_position_is_shown_unfolded(territory, lead, facts, client_of):
    data = facts(stage="detected", request_key=KEY, longitude="ici", latitude="50")
    response = client_of(lead).post(f"/territoires/{territory.ref}/opportunites/nouvelle/", data)
    assert response.status_code == 400
    assert '<details class="position-degrees" open>' in response.text
    assert 'value="ici"' in response.text


@pytest.mark.parametrize("has_districts", [True, False])
def test_the_map_begins_on_the_districts_of_the_territory(
    territory, lead, has_districts, client_of
):
    if has_districts:
        for longitude, latitude in [(3.5, 50.3), (3.6, 50.4)]:
            territory.contract.districts.add(
                factories.create_district(longitude=longitude, latitude=latitude)
            )
    page = client_of(lead).get(f"/territoires/{territory.ref}/opportunites/nouvelle/").text
    frame = "[3.5, 50.3, 3.6, 50.4]" if has_districts else "[-5.3, 41.3, 9.7, 51.2]"
    assert f'data-frame="{frame}"' in page
