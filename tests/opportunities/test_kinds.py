"""Each kind from the form that creates to its page, with its own facts and no other."""

import re
from datetime import date
from decimal import Decimal

import pytest

from opportunities import kinds
from opportunities.enums import Kind
from opportunities.models import Opportunity
from tests.opportunities.addresses import address

KEY = "9a3c8c0e-5f1f-4c0e-9d8a-0d6f3c1a2b4e"
NO_BREAK = "\N{NO-BREAK SPACE}"
# What is typed for each kind, what is kept, and what its page then says.
FRICHE = {
    "site_type": ("friche industrielle", "friche industrielle", "Friche industrielle"),
    "site_status": ("friche sans projet", "friche sans projet", "Friche sans projet"),
    "site_occupation": ("totalement inoccupé", "totalement inoccupé", "Totalement inoccupé"),
    "land_area": ("24 000", 24000, f"24{NO_BREAK}000{NO_BREAK}m²"),
    "building_area": ("900", 900, f"900{NO_BREAK}m²"),
    "building_condition": ("dégradation moyenne", "dégradation moyenne", "Dégradation moyenne"),
    "building_vacancy": ("vacant", "vacant", "Vacant"),
    "owner_type": ("personne morale", "personne morale", "Personne morale"),
    "building_pollution": ("amiante", "amiante", "Amiante"),
    "soil_pollution": ("pollution avérée", "pollution avérée", "Pollution avérée"),
    "last_activity": ("Laminoir", "Laminoir", "Laminoir"),
    "last_activity_year": ("2009", 2009, "2009"),
}
FACTS = {
    Kind.FRICHE: FRICHE,
    Kind.PREMISES: {
        **{name: FRICHE[name] for name in FRICHE.keys() & set(kinds.FIELDS[Kind.PREMISES])},
        "monthly_rent": ("1 200,50", Decimal("1200.50"), f"1{NO_BREAK}200,50{NO_BREAK}€ par mois"),
        "available_on": ("2031-03-01", date(2031, 3, 1), f"1er{NO_BREAK}mars{NO_BREAK}2031"),
        "accessibility": ("partial", "partial", "Accessible après travaux"),
    },
    Kind.CREATOR: {
        "creator_project": ("Un café", "Un café", "Un café"),
        "sector": ("food", "food", "Restauration et alimentation"),
        "creator_step": ("funding", "funding", "Recherche de financements"),
        "area_sought": ("90", 90, f"90{NO_BREAK}m²"),
        "rent_budget": ("650", Decimal(650), f"650{NO_BREAK}€ par mois"),
        "legal_form": ("cooperative", "cooperative", "Coopérative (SCOP, SCIC, CAE)"),
        "funding_sought": ("48000", Decimal(48000), f"48{NO_BREAK}000{NO_BREAK}€"),
    },
    Kind.CULTURE: {
        "culture_type": ("skills", "skills", "Savoir-faire"),
        "culture_offer": ("De la lutherie", "De la lutherie", "De la lutherie"),
    },
    Kind.NEW_ACTOR: {
        "actor_type": ("company", "company", "Entreprise"),
        "jobs": ("45", 45, "45"),
        "arrives_on": ("2032-01-12", date(2032, 1, 12), f"12{NO_BREAK}janvier{NO_BREAK}2032"),
        "actor_needs": ("Des voisins", "Des voisins", "Des voisins"),
    },
    Kind.COLLECTIVE: {
        "collective_type": ("club", "club", "Club d’entreprises"),
        "collective_project": ("Recruter ici", "Recruter ici", "Recruter ici"),
        "members": ("11", 11, "11"),
    },
}
CORE = {
    "theme": "premises",
    "next_action": "Appeler le bailleur",
    "next_action_on": "2031-05-04",
    "source": "Le bailleur",
}


def typed(kind):
    return {name: values[0] for name, values in FACTS[kind].items()}


def kept(opportunity, kind):
    return {name: getattr(opportunity, name) for name in FACTS[kind]}


def expected(kind):
    return {name: values[1] for name, values in FACTS[kind].items()}


@pytest.fixture
def of_kind(client_of, lead, facts, create_address):
    """`of_kind(Kind.FRICHE)` is an opportunity with each fact of that kind, sent by the form."""

    def create(kind):
        data = facts(kind=kind, stage="detected", request_key=KEY, **CORE, **typed(kind))
        response = client_of(lead).post(create_address, data)
        assert response.status_code == 302
        return Opportunity.objects.get()

    return create


def shown_fields(html):
    """Names of the facts of kinds that the page asks for, hidden ones aside."""
    names = re.findall(r'<(?:input type="(?!hidden)\w+"|select|textarea)[^>]*? name="(\w+)"', html)
    return {name for name in names if name in kinds.ALL}


def hidden_fields(html):
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))


def test_each_kind_has_its_facts_here():
    assert {kind: set(facts) for kind, facts in FACTS.items()} == {
        kind: set(names) for kind, names in kinds.FIELDS.items()
    }


@pytest.mark.parametrize("kind", Kind)
def test_create_with_the_facts_of_the_kind(of_kind, kind):
    opportunity = of_kind(kind)
    assert (opportunity.kind, opportunity.theme, opportunity.source) == (
        kind,
        "premises",
        "Le bailleur",
    )
    assert opportunity.next_action_on == date(2031, 5, 4)
    assert kept(opportunity, kind) == expected(kind)


@pytest.mark.parametrize("kind", Kind)
def test_its_page_says_them(client_of, reader, of_kind, kind):
    opportunity = of_kind(kind)
    text = client_of(reader).get(address("detail", opportunity)).text
    described = re.findall(r'<dd class="as-written">([^<]*)</dd>', text)
    assert described == [FACTS[kind][name][2] for name in kinds.fields_of(kind)]
    assert "À compléter" not in text
    assert "Appeler le bailleur" in text


@pytest.mark.parametrize("kind", Kind)
def test_the_forms_ask_for_the_facts_of_the_kind_alone(
    client_of, lead, of_kind, create_address, kind
):
    client = client_of(lead)
    new = client.get(f"{create_address}?type={kind}").text
    assert shown_fields(new) == set(kinds.fields_of(kind))
    edit = client.get(address("edit", of_kind(kind))).text
    assert shown_fields(edit) == set(kinds.fields_of(kind))
    assert hidden_fields(edit).keys() & set(kinds.ALL) == set()


@pytest.mark.parametrize("query", ["", "?type=usine", "?type=%00"])
def test_no_kind_no_facts(client_of, lead, create_address, query):
    assert shown_fields(client_of(lead).get(create_address + query).text) == set()


def test_choosing_a_kind_shows_its_fields_and_saves_nothing(client_of, lead, facts, create_address):
    data = facts(kind="new-actor", title="", description="Déjà écrit", jobs="douze", choose="1")
    response = client_of(lead).post(create_address, data | {"request_key": KEY})
    assert response.status_code == 200
    assert shown_fields(response.text) == set(kinds.fields_of(Kind.NEW_ACTOR))
    assert "À corriger" not in response.text
    form = response.context["form"]
    assert (form["description"].value(), form["jobs"].value()) == ("Déjà écrit", "douze")
    assert str(form["request_key"].value()) == KEY
    assert list(Opportunity.objects.all()) == []


def test_what_was_typed_for_another_kind_is_kept_and_saved(client_of, lead, facts, create_address):
    client = client_of(lead)
    data = facts(kind="creator", stage="detected", request_key=KEY, land_area="3 200", choose="1")
    page = client.post(create_address, data).text
    hidden = hidden_fields(page)
    assert {name: hidden[name] for name in hidden.keys() & set(kinds.ALL)} == {"land_area": "3 200"}
    del data["choose"]
    client.post(create_address, data | hidden | {"area_sought": "60"})
    opportunity = Opportunity.objects.get()
    assert (opportunity.kind, opportunity.area_sought, opportunity.land_area) == (
        *("creator", 60),
        3200,
    )


def test_what_is_refused_of_another_kind_is_shown_to_be_mended(
    client_of, lead, facts, create_address
):
    data = facts(kind="culture", stage="detected", request_key=KEY, land_area="grand")
    response = client_of(lead).post(create_address, data)
    assert response.status_code == 400
    assert shown_fields(response.text) == {*kinds.fields_of(Kind.CULTURE), "land_area"}
    assert 'value="grand"' in response.text


def test_choosing_another_kind_keeps_the_version_that_was_read(client_of, lead, opportunity, facts):
    data = facts(kind="premises", version=1, land_area="12", monthly_rent="300", choose="1")
    response = client_of(lead).post(address("edit", opportunity), data)
    form = response.context["form"]
    assert (form["version"].value(), form["monthly_rent"].value()) == ("1", "300")
    assert hidden_fields(response.text)["land_area"] == "12"
    assert Opportunity.objects.get().kind == Kind.FRICHE


def test_changing_the_kind_and_back_loses_nothing(client_of, lead, of_kind, facts):
    opportunity = of_kind(Kind.FRICHE)
    client = client_of(lead)
    creator = facts(kind="creator", version=1, **typed(Kind.CREATOR))
    client.post(address("edit", opportunity), creator)
    changed = Opportunity.objects.get()
    assert changed.kind == Kind.CREATOR
    assert kept(changed, Kind.CREATOR) == expected(Kind.CREATOR)
    detail = client.get(address("detail", opportunity)).text
    assert "Laminoir" not in detail
    back = facts(kind="friche", version=2, **typed(Kind.FRICHE))
    client.post(address("edit", opportunity), back)
    again = Opportunity.objects.get()
    assert kept(again, Kind.FRICHE) == expected(Kind.FRICHE)
    assert kept(again, Kind.CREATOR) == expected(Kind.CREATOR)
    form = client.get(address("edit", opportunity)).context["form"]
    assert form["land_area"].value() == 24000


def test_an_edit_that_says_nothing_of_a_fact_leaves_it(client_of, lead, of_kind, facts):
    """As a page that was open before the fact existed would."""
    opportunity = of_kind(Kind.FRICHE)
    client_of(lead).post(address("edit", opportunity), facts(version=1, title="La cour"))
    stored = Opportunity.objects.get()
    assert (stored.title, stored.theme, stored.version) == ("La cour", "premises", 2)
    assert kept(stored, Kind.FRICHE) == expected(Kind.FRICHE)


def test_an_emptied_fact_is_emptied(client_of, lead, of_kind, facts):
    opportunity = of_kind(Kind.FRICHE)
    blank = dict.fromkeys((*FRICHE, *CORE), "")
    client_of(lead).post(address("edit", opportunity), facts(version=1, **blank))
    stored = Opportunity.objects.get()
    assert {stored.land_area, stored.last_activity_year, stored.next_action_on} == {None}
    assert {stored.site_type, stored.last_activity, stored.theme, stored.source} == {""}


def test_a_stale_edit_compares_in_words(client_of, lead, contributor, of_kind, facts):
    opportunity = of_kind(Kind.PREMISES)
    client_of(lead).post(address("edit", opportunity), facts(kind="premises", version=1, title="A"))
    mine = {"accessibility": "none", "available_on": "2031-04-02", "monthly_rent": "900"}
    response = client_of(contributor).post(
        address("edit", opportunity), facts(kind="premises", version=1, title="A", **mine)
    )
    assert response.status_code == 409
    assert response.context["differences"] == [
        (
            "Loyer demandé (€ par mois)",
            f"1{NO_BREAK}200,50{NO_BREAK}€ par mois",
            f"900{NO_BREAK}€ par mois",
        ),
        (
            "Disponible à partir du",
            f"1er{NO_BREAK}mars{NO_BREAK}2031",
            f"2{NO_BREAK}avril{NO_BREAK}2031",
        ),
        ("Accessibilité", "Accessible après travaux", "Non accessible"),
    ]
    assert response.context["form"]["monthly_rent"].value() == "900"


def test_a_writer_is_invited_to_complete_a_reader_is_not(client_of, lead, reader, opportunity):
    page = address("detail", opportunity)
    assert f"À compléter{NO_BREAK}: type de friche, statut" in client_of(lead).get(page).text
    assert "À compléter" not in client_of(reader).get(page).text
