import pytest
from django.urls import reverse

from opportunities import keeping
from programmes.enums import Step
from tests import factories
from worksheets.enums import State
from worksheets.models import Worksheet


@pytest.fixture
def start_address(territory):
    return reverse("worksheets:worksheet-start", args=[territory.ref])


@pytest.fixture
def choice(step_1):
    return reverse("worksheets:opportunities-choose", args=[step_1.territory.ref, step_1.ref])


@pytest.fixture
def fragment(shared):
    return reverse("worksheets:opportunity-worksheets", args=[shared.territory.ref, shared.ref])


# Beginning a worksheet

STARTS = {
    "lead": 302,
    "contributor": 302,
    "partner": 403,
    "reader": 403,
    "trainer": 403,
    "observer": 403,
    "staff": 404,
    "outsider": 404,
}


@pytest.mark.parametrize(("who", "status"), STARTS.items())
def test_who_begins(request, client_of, territory, programme, grids, start_address, who, status):
    client = client_of(request.getfixturevalue(who))
    data = {"programme": programme.ref, "step": "etape-1"}
    responses = [client.post(start_address, data) for _ in range(2)]
    assert [response.status_code for response in responses] == [status, status]
    made = list(Worksheet.objects.filter(territory=territory))
    assert len(made) == (status == 302)
    if made:
        page = reverse("worksheets:worksheet-show", args=[territory.ref, made[0].ref])
        assert {response.url for response in responses} == {page}


def test_step_2_begins_for_an_opportunity(client_of, lead, programme, grids, shared, start_address):
    data = {"programme": programme.ref, "step": "etape-2", "opportunity": shared.ref}
    assert client_of(lead).post(start_address, data).status_code == 302
    assert Worksheet.objects.get().opportunity == shared


def test_beginning_is_no_get(client_of, lead, start_address):
    assert client_of(lead).get(start_address).status_code == 405


def test_who_isn_t_signed_in_begins_nothing(client, programme, grids, start_address):
    response = client.post(start_address, {"programme": programme.ref, "step": "etape-1"})
    assert response.url.partition("?")[0] == reverse("account_login")
    assert Worksheet.objects.count() == 0


def refs(**instead):
    return {"programme": "programme", "step": "etape-1", "opportunity": ""} | instead


@pytest.mark.parametrize(
    ("data", "status", "sentence"),
    [
        (refs(step=""), 400, "Dites quelle fiche commencer."),
        (refs(step="etape-9"), 400, "Cette étape n’existe pas."),
        (refs(programme=""), 400, "Dites dans quelle formation."),
        (refs(step="etape-2"), 400, "L’étape 2 porte sur une opportunité"),
        (refs(opportunity="shared"), 400, "L’étape 2 porte sur une opportunité"),
        (refs(programme="inconnue"), 404, ""),
        (refs(programme="a\0b"), 400, ""),
        (refs(programme="other_programme"), 404, ""),
        (refs(step="etape-2", opportunity="inconnue"), 404, ""),
        (refs(step="etape-2", opportunity="a\0b"), 400, ""),
        (refs(step="etape-2", opportunity="foreign"), 404, ""),
    ],
)
def test_what_can_t_begin(
    client_of,
    lead,
    programme,
    other_territory,
    shared,
    grids,
    start_address,
    data,
    status,
    sentence,
):
    other = factories.create_programme("Une autre formation")
    factories.enrol(other_territory, other)
    foreign = factories.create_opportunity(other_territory, lead)
    known = {
        "programme": programme.ref,
        "other_programme": other.ref,
        "shared": shared.ref,
        "foreign": foreign.ref,
    }
    sent = {name: known.get(value, value) for name, value in data.items()}
    response = client_of(lead).post(start_address, sent)
    assert response.status_code == status
    assert sentence in response.text
    assert Worksheet.objects.count() == 0


# Choosing the opportunities of step 1

CHOICES = {
    "lead": (200, 302),
    "contributor": (200, 302),
    "partner": (403, 403),
    "reader": (403, 403),
    "trainer": (403, 403),
    "observer": (404, 404),
    "staff": (404, 404),
    "outsider": (404, 404),
}


def chosen(worksheet):
    return [choice.opportunity for choice in worksheet.chosen.select_related("opportunity")]


def places(*opportunities, seen=()):
    names = dict(zip(("first", "second", "third"), opportunities, strict=False))
    return {name: getattr(o, "ref", o) for name, o in names.items()} | {
        "seen": " ".join(o.ref for o in seen)
    }


@pytest.mark.parametrize(("who", "statuses"), CHOICES.items())
def test_who_chooses(request, client_of, step_1, shared, unshared, outsider, choice, who, statuses):
    client = client_of(request.getfixturevalue(who))
    data = places(unshared, shared, seen=[shared, unshared])
    found = (client.get(choice).status_code, client.post(choice, data).status_code)
    assert found == statuses
    assert chosen(step_1) == ([unshared, shared] if statuses[1] == 302 else [shared, unshared])


def test_the_form_shows_what_is_chosen(client_of, lead, shared, unshared, outsider, choice):
    form = client_of(lead).get(choice).context["form"]
    assert [form[name].value() for name in ("first", "second", "third", "seen")] == [
        shared.ref,
        unshared.ref,
        None,
        f"{shared.ref} {unshared.ref}",
    ]
    assert [ref for ref, _ in form.fields["first"].choices] == ["", shared.ref, unshared.ref]


def test_an_opportunity_comes_proposed(client_of, lead, territory, shared, choice, step_1):
    other = factories.create_opportunity(territory, lead, "Un atelier")
    form = client_of(lead).get(choice, {"avec": other.ref}).context["form"]
    assert form["third"].value() == other.ref
    form = client_of(lead).get(choice, {"avec": shared.ref}).context["form"]
    assert form["third"].value() is None
    assert client_of(lead).get(choice, {"avec": "a\0b"}).status_code == 200


def test_what_is_archived_is_offered_only_where_it_is_chosen(
    client_of, lead, territory, shared, unshared, choice
):
    archived = factories.create_opportunity(territory, lead, "Un atelier")
    for opportunity in (archived, unshared):
        keeping.archive(opportunity=opportunity, by=lead)
    form = client_of(lead).get(choice).context["form"]
    assert [ref for ref, _ in form.fields["first"].choices] == ["", shared.ref, unshared.ref]


def test_a_place_left_empty_closes_up(client_of, lead, step_1, shared, unshared, choice):
    data = places(unshared, "", shared, seen=[shared, unshared])
    assert client_of(lead).post(choice, data).status_code == 302
    assert chosen(step_1) == [unshared, shared]


def test_what_can_t_be_chosen_is_kept_in_the_page(
    client_of, lead, step_1, shared, unshared, outsider, choice
):
    foreign = outsider.grants.get().territory.opportunities.get()
    for data, name, sentence in [
        (places("", "", ""), "first", "Choisissez au moins une opportunité."),
        (places(unshared, unshared), "second", "Cette opportunité est déjà choisie ci-dessus."),
        (places(unshared, foreign), "second", "n’existe pas, ou n’est pas de ce territoire."),
        (places("inconnue"), "first", "n’existe pas, ou n’est pas de ce territoire."),
        (places("a\0b"), "first", "n’existe pas, ou n’est pas de ce territoire."),
    ]:
        response = client_of(lead).post(choice, data)
        assert response.status_code == 400
        assert sentence in response.context["form"].errors[name][0]
        assert response.context["form"]["first"].value() == data["first"]
        assert chosen(step_1) == [shared, unshared]
        assert foreign.title not in response.text


def test_a_choice_made_meanwhile_is_shown_then_replaced_knowingly(
    client_of, lead, step_1, shared, unshared, choice
):
    client = client_of(lead)
    response = client.post(choice, places(unshared, seen=[shared]))
    assert response.status_code == 409
    assert "Entre-temps, la fiche a été changée" in response.text
    assert chosen(step_1) == [shared, unshared]
    form = response.context["form"]
    assert form["first"].value() == unshared.ref
    again = {"first": unshared.ref, "seen": form["seen"].value()}
    assert client.post(choice, again).status_code == 302
    assert chosen(step_1) == [unshared]


@pytest.mark.parametrize("state", [State.SUBMITTED, State.VALIDATED])
def test_the_team_must_have_the_worksheet(
    client_of, lead, step_1, shared, unshared, choice, url_of, state
):
    Worksheet.objects.update(state=state)
    client = client_of(lead)
    response = client.post(choice, places(unshared, seen=[shared, unshared]))
    assert response.status_code == 409
    assert response.context["form"]["first"].value() == unshared.ref
    assert state.label in response.text
    assert chosen(step_1) == [shared, unshared]
    response = client.get(choice)
    assert (response.status_code, response.url) == (302, url_of(step_1))


def test_only_step_1_tells_of_chosen_opportunities(client_of, lead, step_2, url_of):
    assert client_of(lead).get(url_of(step_2, "opportunites/")).status_code == 404


def test_a_territory_without_opportunity(client_of, lead, territory, programme, grids, url_of):
    worksheet = factories.create_worksheet(territory, programme, lead)
    text = client_of(lead).get(url_of(worksheet, "opportunites/")).text
    assert reverse("opportunities:create", args=[territory.ref]) in text
    assert "<select" not in text


# The worksheets of one opportunity

READS = {
    "lead": 200,
    "contributor": 200,
    "partner": 200,
    "reader": 200,
    "trainer": 200,
    "observer": 200,
    "staff": 404,
    "outsider": 404,
}


@pytest.mark.parametrize(("who", "status"), READS.items())
def test_who_reads_the_worksheets_of_an_opportunity(
    request, client_of, step_2, outsider, fragment, who, status
):
    assert client_of(request.getfixturevalue(who)).get(fragment).status_code == status


def test_a_partner_has_what_is_shared_alone(client_of, partner, territory, unshared, step_1):
    address = reverse("worksheets:opportunity-worksheets", args=[territory.ref, unshared.ref])
    assert client_of(partner).get(address).status_code == 404


def test_who_isn_t_signed_in_is_asked_to(client, step_1, choice, fragment):
    for address in (choice, fragment):
        assert client.get(address).url.partition("?")[0] == reverse("account_login")


def test_the_page_and_its_fragment(client_of, lead, step_1, shared, fragment):
    client = client_of(lead)
    page = client.get(fragment).text
    part = client.get(fragment, headers={"HX-Request": "true"}).text
    assert "<h1>" in page
    assert "<html" not in part
    for text in (page, part):
        assert f'name="opportunity" value="{shared.ref}"' in text
        assert "la fiche parle de cette opportunité" in text


def test_an_opportunity_can_be_added_to_step_1(client_of, lead, reader, territory, step_1, choice):
    other = factories.create_opportunity(territory, lead, "Un atelier")
    address = reverse("worksheets:opportunity-worksheets", args=[territory.ref, other.ref])
    link = f'href="{choice}?avec={other.ref}"'
    assert link in client_of(lead).get(address).text
    assert link not in client_of(reader).get(address).text
    Worksheet.objects.update(state=State.SUBMITTED)
    assert link not in client_of(lead).get(address).text


def test_an_opportunity_without_programme(client_of, lead, shared, fragment):
    assert "inscrit à une formation" in client_of(lead).get(fragment).text


def test_an_observer_learns_nothing_of_drafts(client_of, observer, step_1, step_2, fragment):
    text = client_of(observer).get(fragment).text
    assert "Pas encore transmise" in text
    for secret in ("Brouillon", "réponse", step_1.ref, step_2.ref):
        assert secret not in text


# How many queries, at 1, 3 and 300 rows


def test_queries_of_the_choice(query_counts, client_of, lead, territory, programme, grids, url_of):
    worksheet = factories.create_worksheet(territory, programme, lead)
    client = client_of(lead)

    def add(count):
        for number in range(count):
            factories.create_opportunity(territory, lead, f"Opportunité {number}")

    counts = query_counts(lambda: client.get(url_of(worksheet, "opportunites/")), add)
    assert counts == [8, 8, 8]


def test_queries_of_the_worksheets_of_an_opportunity(
    query_counts, client_of, lead, territory, shared, grids, fragment
):
    client = client_of(lead)

    def add(count):
        for _ in range(count):
            programme = factories.create_programme(f"Formation {Worksheet.objects.count()}")
            factories.enrol(territory, programme)
            factories.create_deadline(programme, Step.STEP_2, "2026-12-12")
            factories.create_session(programme)
            factories.create_worksheet(territory, programme, lead, opportunities=[shared])
            factories.create_worksheet(
                territory, programme, lead, step=Step.STEP_2, opportunity=shared
            )

    assert query_counts(lambda: client.get(fragment), add) == [15, 15, 15]
