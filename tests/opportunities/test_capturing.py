"""What a telephone sends from the street becomes an opportunity, once."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from journal.models import Entry
from opportunities.capturing import SOURCE, add_photo, capture
from opportunities.models import Attachment, Opportunity
from opportunities.tracking import change_opportunity
from opportunities.uploads import Refused
from opportunities.writing import AlreadyCreated
from tests import factories
from tests.opportunities import files

KEY = uuid.UUID("5a0c1f5e-8a35-4b53-9b0f-3b6d1f0b7a10")
EUROPE = (2.3023, 51.0159)
EUROPE_BY_CAMERA = ((2, 18, 8.28), "E", (51, 0, 57.24), "N")


@pytest.fixture
def europe(territory):
    """A district of the territory of which only a point is known."""
    commune = factories.create_commune("Grande-Synthe")
    return factories.create_district(
        "Europe", communes=[commune], longitude=EUROPE[0], latitude=EUROPE[1]
    )


def seen(territory, by, **facts):
    facts = {
        "kind": "friche",
        "sentence": "Ancien garage, rideau baissé",
        "position": None,
        "request_key": KEY,
        **facts,
    }
    return capture(territory=territory, by=by, **facts)


def photo(position=None):
    return files.upload(files.photo(exif=files.exif(position=position)))


def test_a_sentence_is_a_title(territory, lead):
    opportunity = seen(territory, lead)
    assert (opportunity.title, opportunity.description) == ("Ancien garage, rideau baissé", "")
    assert (opportunity.stage, opportunity.source) == ("detected", SOURCE)
    assert (opportunity.longitude, opportunity.district) == (None, None)


def test_a_long_sentence_is_cut_between_two_words_and_kept_whole(territory, lead):
    sentence = "Une cellule vide au pied de la tour, " * 6
    opportunity = seen(territory, lead, sentence=sentence)
    assert opportunity.title == ("Une cellule vide au pied de la tour, " * 4).strip()[:-1] + "…"
    assert opportunity.description == sentence


def test_a_title_is_never_too_long(territory, lead):
    opportunity = seen(territory, lead, sentence="a" * 151)
    assert opportunity.title == "a" * 149 + "…"
    assert opportunity.description == "a" * 151


def test_lines_make_one_title(territory, lead):
    assert seen(territory, lead, sentence="Un garage\nà vendre").title == "Un garage à vendre"


def test_a_position_says_the_district(territory, lead, europe):
    opportunity = seen(territory, lead, position=EUROPE)
    assert (opportunity.longitude, opportunity.latitude) == EUROPE
    assert (opportunity.district, opportunity.nearness) == (europe, "likely")


def test_a_position_in_no_district_is_kept(territory, lead, europe):
    opportunity = seen(territory, lead, position=(-20.0, 45.0))
    assert (opportunity.longitude, opportunity.latitude) == (-20.0, 45.0)
    assert (opportunity.district, opportunity.nearness) == (None, "")


def test_the_same_capture_is_created_once(territory, lead):
    first = seen(territory, lead, position=EUROPE)
    assert seen(territory, lead, position=EUROPE) == first
    assert Opportunity.objects.count() == 1
    assert Entry.objects.filter(verb="opportunity.created").count() == 1


def test_a_place_found_otherwise_since_is_no_other_capture(territory, lead, europe):
    first = seen(territory, lead, position=EUROPE)
    Opportunity.objects.update(district=None, nearness="")
    assert seen(territory, lead, position=EUROPE) == first


def test_a_key_used_for_another_capture_is_refused(territory, lead):
    first = seen(territory, lead)
    with pytest.raises(AlreadyCreated) as conflict:
        seen(territory, lead, sentence="Tout autre chose")
    assert conflict.value.first == first
    assert Opportunity.objects.count() == 1


def test_a_key_counts_in_every_territory(territory, other_territory, lead):
    first = seen(territory, lead)
    with pytest.raises(AlreadyCreated) as conflict:
        seen(other_territory, lead)
    assert conflict.value.first == first
    assert Opportunity.objects.count() == 1


def test_the_keys_of_others_are_theirs(territory, lead, contributor):
    seen(territory, lead)
    seen(territory, contributor, sentence="Autre chose")
    assert Opportunity.objects.count() == 2


def test_a_photo_is_kept_once(territory, lead):
    opportunity = seen(territory, lead)
    for _ in range(2):
        add_photo(opportunity=opportunity, upload=photo(), by=lead, request_key=KEY)
    assert Attachment.objects.filter(opportunity=opportunity).count() == 1


def test_a_photo_places_what_has_no_position(territory, lead, europe):
    opportunity = seen(territory, lead)
    upload = photo(EUROPE_BY_CAMERA)
    add_photo(opportunity=opportunity, upload=upload, by=lead, request_key=KEY)
    opportunity.refresh_from_db()
    assert (opportunity.longitude, opportunity.latitude) == pytest.approx(EUROPE, abs=1e-4)
    assert opportunity.district == europe


def test_a_photo_moves_nothing_that_has_a_position(territory, lead, europe):
    opportunity = seen(territory, lead, position=(3.5, 50.3))
    upload = photo(EUROPE_BY_CAMERA)
    add_photo(opportunity=opportunity, upload=upload, by=lead, request_key=KEY)
    opportunity.refresh_from_db()
    assert (opportunity.longitude, opportunity.latitude) == (3.5, 50.3)


def test_a_photo_moves_nothing_that_a_colleague_is_placing(territory, lead, contributor):
    opportunity = seen(territory, lead)
    theirs = Opportunity.objects.get()
    change_opportunity(
        opportunity=theirs, version=theirs.version, by=contributor, longitude=3.5, latitude=50.3
    )
    upload = photo(EUROPE_BY_CAMERA)
    add_photo(opportunity=opportunity, upload=upload, by=lead, request_key=KEY)
    opportunity.refresh_from_db()
    assert (opportunity.longitude, opportunity.latitude) == (3.5, 50.3)


def test_a_drawing_is_no_photo(territory, lead):
    upload = SimpleUploadedFile("plan.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    with pytest.raises(Refused):
        add_photo(opportunity=seen(territory, lead), upload=upload, by=lead, request_key=KEY)
    assert not Attachment.objects.exists()
