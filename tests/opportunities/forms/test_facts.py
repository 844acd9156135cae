import pytest

from accounts.fields import was_normalised
from accounts.wording import MAX_LENGTH
from opportunities.forms.facts import NewOpportunityForm, OpportunityEditForm
from tests import factories

KEY = "9a3c8c0e-5f1f-4c0e-9d8a-0d6f3c1a2b4e"


@pytest.fixture
def new_form(territory, lead, facts):
    def form(**changes):
        data = facts(**{"stage": "detected", "request_key": KEY, **changes})
        return NewOpportunityForm(data, territory=territory, user=lead)

    return form


WRITTEN = [
    "<script>alert(1)</script>",
    "{{ request.user }} {% url 'home' %}",
    "Café ☕ 👩🏽‍🌾",
    "שלום \u200fעולם",
    "a & b &amp; c",
    "100 % 'à' \"côté\"",
]


@pytest.mark.parametrize("text", [*WRITTEN, "  deux\n\n  espaces  \n"])
def test_a_description_is_kept_to_the_letter(new_form, text):
    form = new_form(description=text)
    assert form.is_valid()
    assert (form.facts["description"], was_normalised(form)) == (text, False)


@pytest.mark.parametrize("text", WRITTEN)
def test_a_title_is_kept_to_the_letter(new_form, text):
    form = new_form(title=f"  {text} ")
    assert form.is_valid()
    assert form.facts["title"] == text


@pytest.mark.parametrize("name", ["title", "place", "description"])
def test_what_no_screen_shows_is_taken_away_and_said(new_form, name):
    form = new_form(**{name: "La\x00 ha\x07lle\ud800"})
    assert form.is_valid()
    assert form.facts[name] == "La halle\N{REPLACEMENT CHARACTER}"
    assert was_normalised(form)


def test_line_ends_of_the_browser_are_those_that_were_typed(new_form):
    form = new_form(description="un\r\ndeux", title="un\r\ndeux")
    assert form.is_valid()
    assert (form.facts["description"], form.facts["title"]) == ("un\ndeux", "un deux")


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("kind", "", "Choisissez un type d’opportunité."),
        ("kind", "usine", "Sélectionnez un choix valide. usine n’en fait pas partie."),
        ("title", "", "Donnez un intitulé à cette opportunité."),
        ("title", " \t", "Donnez un intitulé à cette opportunité."),
        ("title", "\x00", "Donnez un intitulé à cette opportunité."),
        (
            "title",
            "t" * 151,
            "Ce texte compte 151 caractères\u00a0; 150 au plus sont possibles. "
            "Il reste dans la page\u00a0: raccourcissez-le.",
        ),
        (
            "description",
            "d" * (MAX_LENGTH + 1),
            "Ce texte compte 100\u202f001 caractères\u00a0; 100\u202f000 au plus sont possibles. "
            "Il reste dans la page\u00a0: raccourcissez-le.",
        ),
    ],
)
def test_what_is_refused_and_why(new_form, name, value, message):
    assert new_form(**{name: value}).errors == {name: [message]}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("stage", ""),
        ("stage", "abandoned"),  # asks for a reason, which is given by moving there
        ("request_key", "1"),
        ("district", "QN05999M"),
        ("commune", "59999"),
    ],
)
def test_what_the_form_does_not_offer_is_refused(new_form, name, value):
    assert list(new_form(**{name: value}).errors) == [name]


@pytest.mark.parametrize("length", [0, MAX_LENGTH])
def test_the_longest_and_the_shortest_description(new_form, length):
    form = new_form(description="é" * length)
    assert form.is_valid()
    assert len(form.facts["description"]) == length


def test_the_browser_cuts_nothing(new_form):
    assert "maxlength" not in new_form().as_p()


def test_districts_and_communes_of_the_contract_are_offered(territory, lead, district, commune):
    first = factories.create_district("Albeck")
    territory.contract.districts.add(first)
    factories.create_district("D’un autre contrat")
    factories.create_commune("D’un autre EPCI", epci=factories.create_epci("Autre"))
    form = NewOpportunityForm(territory=territory, user=lead)
    assert list(form.fields["district"].queryset) == [first, district]
    assert list(form.fields["commune"].queryset) == [commune]


def test_a_place_that_left_the_contract_stays_offered(opportunity, lead, district):
    former = factories.create_district("Sorti du contrat")
    opportunity.district = former
    form = OpportunityEditForm(opportunity=opportunity, user=lead)
    assert list(form.fields["district"].queryset) == [district, former]


def test_filling_the_form_does_not_touch_the_opportunity(opportunity, lead, facts):
    data = facts(title="Autre", version=1)
    form = OpportunityEditForm(data, opportunity=opportunity, user=lead)
    assert form.is_valid()
    assert opportunity.title == "La halle de la rue du Port"
    assert form.differences(opportunity, form.facts) == [
        ("Intitulé", "La halle de la rue du Port", "Autre"),
        ("Description", "Trois mille mètres carrés.", ""),
    ]
