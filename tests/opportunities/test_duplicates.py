import pytest

from opportunities.duplicates import SHOWN, all_of, candidates, telling_words
from opportunities.enums import Kind
from opportunities.models import Opportunity
from opportunities.tracking import create_opportunity
from tests import factories

LILLE = {"longitude": 3.0573, "latitude": 50.6292}
# A thousandth of a degree of latitude is 111 m, of longitude 71 m in Lille.


def at(east=0.0, north=0.0):
    return {"longitude": LILLE["longitude"] + east, "latitude": LILLE["latitude"] + north}


@pytest.fixture
def asked(territory):
    """`asked(title, **facts)` is an opportunity that nobody has created yet."""

    def ask(title, *, kind=Kind.FRICHE, **facts):
        return Opportunity(territory=territory, kind=kind, title=title, **facts)

    return ask


@pytest.fixture
def noted(territory, lead):
    """`noted(title, **facts)` is one of the base."""

    def note(title, *, kind=Kind.FRICHE, **facts):
        return create_opportunity(territory=territory, by=lead, kind=kind, title=title, **facts)

    return note


def found(territory, facts):
    """Both ways of asking answer the same."""
    one_by_one = candidates(facts, territory)
    assert all_of(territory).of(facts, but=[facts.pk]) == one_by_one
    return [each.opportunity for each in one_by_one]


def test_words_that_tell():
    assert telling_words("Les anciennes Halles de la rue du Port") == {"halle", "port"}
    assert telling_words("La friche") == {"la", "friche"}
    assert telling_words("") == frozenset()


@pytest.mark.parametrize(
    ("facts", "is_found"),
    [
        (at(), True),
        (at(east=0.0006), True),  # 43 m
        (at(east=0.0008), False),  # 57 m
        (at(north=0.0004), True),  # 45 m
        (at(north=0.0005), False),  # 56 m
        ({}, False),
    ],
)
def test_the_same_kind_in_the_same_place(territory, noted, asked, facts, is_found):
    halle = noted("La halle du port", **at())
    expected = [halle] if is_found else []
    assert found(territory, asked("Un bâtiment vide", **facts)) == expected
    assert found(territory, asked("Un bâtiment vide", kind=Kind.CREATOR, **facts)) == []


@pytest.mark.parametrize(
    ("title", "facts", "is_found"),
    [
        ("Halles du Port", at(north=0.0040), True),  # 445 m
        ("Halles du Port", at(north=0.0050), False),  # 556 m
        ("Halle", {}, True),
        ("La HALLE : un tiers-lieu ?", {}, False),  # one word of three
        ("Port autonome", {}, False),
    ],
)
def test_the_same_kind_in_the_same_words(territory, noted, asked, title, facts, is_found):
    halle = noted("La halle de la rue du Port", **at())
    assert found(territory, asked(title, **facts)) == ([halle] if is_found else [])


def test_another_kind_in_all_the_same_words(territory, noted, asked):
    halle = noted("La halle du port")
    assert found(territory, asked("Halle du port, à louer", kind=Kind.PREMISES)) == [halle]
    assert found(territory, asked("Halle", kind=Kind.PREMISES)) == []


def test_the_same_words_in_two_communes(territory, noted, asked, commune):
    other = factories.create_commune("Loon-Plage")
    halle = noted("La halle du port", commune=commune)
    assert found(territory, asked("La halle du port", commune=other)) == []
    assert found(territory, asked("La halle du port", commune=commune)) == [halle]
    assert found(territory, asked("La halle du port")) == [halle]


def test_only_what_is_worked_on_in_this_territory(
    territory, other_territory, noted, asked, lead, outsider
):
    for name in ("archived", "deleted"):
        opportunity = noted("La halle du port")
        gone = {f"{name}_at": opportunity.created_at, f"{name}_by": lead}
        Opportunity.objects.filter(pk=opportunity.pk).update(**gone)
    merged = noted("La halle du port")
    Opportunity.objects.filter(pk=merged.pk).update(merged_into=noted("Le moulin"))
    factories.create_opportunity(other_territory, outsider, "La halle du port")
    assert found(territory, asked("La halle du port")) == []


def test_an_opportunity_is_not_its_own_duplicate(territory, noted):
    halle, twin = noted("La halle du port", **at()), noted("La halle", **at(east=0.0001))
    assert found(territory, halle) == [twin]


def test_the_most_alike_first_and_no_more_than_are_read(territory, noted, asked):
    far = [noted(f"Halle numéro {number}", **at(east=0.0002)) for number in range(7)]
    same = noted("La halle du port", **at(east=0.0001))
    answer = found(territory, asked("La halle du port", **at()))
    assert answer[0] == same
    assert len(answer) == SHOWN
    assert set(answer[1:]) < set(far)


def test_a_title_without_words(territory, noted, asked):
    noted("🧱")
    assert found(territory, asked("🏚️ …")) == []


def test_candidates_take_one_query(territory, noted, asked, django_assert_num_queries):
    for number in range(30):
        noted(f"Halle {number}", **at(east=number / 10_000))
    with django_assert_num_queries(1):
        assert len(candidates(asked("Halle", **at()), territory)) == SHOWN
