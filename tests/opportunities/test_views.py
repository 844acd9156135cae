from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.wording import MAX_LENGTH, NORMALISED
from opportunities.enums import Kind, Stage
from opportunities.models import Opportunity, Share, StageChange
from opportunities.tracking import change_opportunity, move_to_stage
from tests import factories
from tests.opportunities.addresses import address
from tests.rows import stored

KEY = "9a3c8c0e-5f1f-4c0e-9d8a-0d6f3c1a2b4e"


@pytest.fixture
def list_address(territory):
    return reverse("opportunities:list", args=[territory.ref])


def said(response):
    return [str(message) for message in response.context["messages"]]


def everything():
    return [
        list(model.objects.order_by("pk").values()) for model in (Opportunity, Share, StageChange)
    ]


# Who gets what: of a territory, the list and the form that creates (GET, POST); of one of its
# opportunities, the page, the form that changes it (GET, POST), moving it and sharing it.
REQUESTS = [
    ("get", "list"),
    ("get", "create"),
    ("post", "create"),
    ("get", "detail"),
    ("get", "edit"),
    ("post", "edit"),
    ("post", "move"),
    ("post", "share"),
]
STATUSES = {
    "lead": [200, 200, 302, 200, 200, 302, 302, 302],
    "contributor": [200, 200, 302, 200, 200, 302, 302, 403],
    "partner": [200, 403, 403, 404, 404, 404, 404, 404],
    "shared_partner": [200, 403, 403, 200, 200, 302, 302, 403],
    "reader": [200, 403, 403, 200, 403, 403, 403, 403],
    "trainer": [200, 403, 403, 200, 403, 403, 403, 403],
    "observer": [200, 403, 403, 200, 403, 403, 403, 403],
    "staff": [404, 404, 404, 404, 404, 404, 404, 404],
    "outsider": [404, 404, 404, 404, 404, 404, 404, 404],
    "former": [404, 404, 404, 404, 404, 404, 404, 404],
}


def sent(client, method, name, opportunity, data):
    args = [opportunity.territory.ref]
    if name not in {"list", "create"}:
        args.append(opportunity.ref)
    return getattr(client, method)(reverse(f"opportunities:{name}", args=args), data)


@pytest.mark.parametrize(
    ("method", "name", "who", "status"),
    [
        (method, name, who, statuses[column])
        for who, statuses in STATUSES.items()
        for column, (method, name) in enumerate(REQUESTS)
    ],
)
def test_who_gets_what(request, client_of, opportunity, outsider, facts, method, name, who, status):
    client = client_of(request.getfixturevalue(who))
    before = everything()
    data = facts(version=1, title="Autre titre", request_key=KEY) | {
        "stage": "qualified",
        "from_stage": "detected",
    }
    response = sent(client, method, name, opportunity, data if method == "post" else {})
    assert response.status_code == status
    if status in {403, 404} or method == "get":
        assert everything() == before


@pytest.mark.parametrize(("method", "name"), REQUESTS)
def test_who_is_not_signed_in_is_asked_to(client, opportunity, method, name):
    before = everything()
    response = sent(client, method, name, opportunity, {})
    assert (response.status_code, response.url.partition("?")[0]) == (
        302,
        reverse("account_login"),
    )
    assert everything() == before


@pytest.mark.parametrize("name", ["detail", "edit"])
def test_an_opportunity_is_not_found_under_another_territory(
    client_of, lead, outsider, territory, name
):
    """Even by somebody who may see both."""
    there = Opportunity.objects.get()
    factories.grant(lead, there.territory, "reader")
    client = client_of(lead)
    assert client.get(address("detail", there)).status_code == 200
    wrong = reverse(f"opportunities:{name}", args=[territory.ref, there.ref])
    assert client.get(wrong).status_code == 404


def test_a_partner_learns_nothing_of_what_is_not_shared(
    client_of, opportunity, shared_partner, lead, district, list_address
):
    factories.create_opportunity(
        opportunity.territory, lead, "Secret", kind=Kind.CULTURE, district=district
    )
    client = client_of(shared_partner)
    response = client.get(list_address)
    assert list(response.context["page"].object_list) == [opportunity]
    assert response.context["filter"].total.number == 1
    assert "Secret" not in response.text
    assert district.name not in response.text
    assert "Ressources culturelles (0)" in response.text
    for query in ("?q=Secret", "?type=culture"):
        assert list(client.get(list_address + query).context["page"].object_list) == []


def test_a_partner_sees_no_names_of_other_partners(client_of, opportunity, partner, shared_partner):
    assert partner.name not in client_of(shared_partner).get(address("detail", opportunity)).text


# The list


def test_list_shows_kind_place_stage_and_links(
    client_of, reader, opportunity, district, list_address
):
    Opportunity.objects.update(district=district, place="Quai 3", stage=Stage.EXPLORED)
    text = client_of(reader).get(list_address).text
    assert "<span>Friche</span><span>Quai 3, Dutemple – Chasse Royale</span>" in text
    assert f'href="{address("detail", opportunity)}"' in text
    assert "stage-explored" in text
    assert "Ajouter une opportunité" not in text


@pytest.mark.parametrize(
    ("who", "invitation"),
    [
        ("lead", "Repérez votre première opportunité"),
        ("reader", "Rien à lire pour l’instant"),
        ("partner", "Rien à lire pour l’instant"),
    ],
)
def test_an_empty_list_says_what_to_do(request, client_of, list_address, who, invitation):
    assert invitation in client_of(request.getfixturevalue(who)).get(list_address).text


def test_filters_are_said_and_can_be_taken_away(client_of, lead, opportunity, list_address):
    text = client_of(lead).get(f"{list_address}?type=friche&q=halle").text
    assert 'href="?q=halle"' in text
    assert 'href="?type=friche"' in text
    assert "1 opportunité<" in text


def test_an_unknown_filter_is_ignored_and_that_is_said(client_of, lead, opportunity, list_address):
    response = client_of(lead).get(f"{list_address}?type=usine")
    assert list(response.context["page"].object_list) == [opportunity]
    assert "elle est ignorée" in response.text


def test_htmx_gets_the_results_alone(client_of, lead, opportunity, list_address):
    response = client_of(lead).get(list_address, headers={"HX-Request": "true"})
    assert response.text.strip().startswith('<section id="results"')
    assert opportunity.title in response.text


def test_pages_keep_the_filter(client_of, lead, territory, list_address):
    for number in range(21):
        factories.create_opportunity(territory, lead, f"Friche {number}")
    client = client_of(lead)
    first = client.get(f"{list_address}?type=friche")
    assert (len(first.context["page"].object_list), first.context["page"].paginator.count) == (
        20,
        21,
    )
    assert 'href="?type=friche&amp;page=2"' in first.text
    second = client.get(f"{list_address}?type=friche&page=2")
    assert len(second.context["page"].object_list) == 1
    assert client.get(f"{list_address}?page=99").context["page"].number == 2
    assert client.get(f"{list_address}?page=x").context["page"].number == 1


# Creating


def test_create(client_of, contributor, territory, district, commune, facts, create_address):
    data = facts(
        kind="creator",
        title="Atelier de couture",
        description="Elle coud.",
        place="3 rue du Port",
        district=district.code,
        commune=commune.code,
        stage="explored",
        request_key=KEY,
    )
    response = client_of(contributor).post(create_address, data, follow=True)
    created = Opportunity.objects.get()
    assert response.redirect_chain == [(address("detail", created), 302)]
    assert said(response) == ["L’opportunité est enregistrée."]
    assert (created.kind, created.title, created.description, created.place) == (
        "creator",
        "Atelier de couture",
        "Elle coud.",
        "3 rue du Port",
    )
    assert (created.district, created.commune, created.stage) == (district, commune, "explored")
    assert (created.territory, created.created_by) == (territory, contributor)


def test_a_form_sent_twice_creates_once(client_of, lead, facts, create_address):
    client = client_of(lead)
    data = facts(stage="detected", request_key=KEY)
    first, second = (client.post(create_address, data) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.url == second.url
    assert Opportunity.objects.count() == 1


def test_a_form_sent_again_with_another_text_asks(client_of, lead, facts, create_address):
    client = client_of(lead)
    client.post(create_address, facts(stage="detected", request_key=KEY))
    data = facts(stage="detected", request_key=KEY, title="La cour")
    response = client.post(create_address, data)
    assert response.status_code == 409
    assert "Vous avez déjà enregistré" in response.text
    assert 'value="La cour"' in response.text
    again = response.context["form"]["request_key"].value()
    client.post(create_address, data | {"request_key": again})
    titles = Opportunity.objects.order_by("pk").values_list("title", flat=True)
    assert list(titles) == ["La halle de la rue du Port", "La cour"]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"title": ""}, 400),
        ({"kind": "usine"}, 400),
        ({"title": "t" * 151}, 413),
        ({"place": "p" * 201}, 413),
        ({"description": "d" * (MAX_LENGTH + 1)}, 413),
        ({"request_key": ""}, 400),
        ({"stage": "abandoned"}, 400),
    ],
)
def test_a_refused_form_keeps_the_text(client_of, lead, facts, create_address, changes, status):
    data = facts(stage="detected", request_key=str(uuid4()), description="Mon texte") | changes
    response = client_of(lead).post(create_address, data)
    assert response.status_code == status
    assert "Rien n’est encore enregistré, et rien n’est perdu." in response.text
    assert data["description"] in response.text
    assert list(Opportunity.objects.all()) == []


def test_an_empty_request_is_refused(client_of, lead, create_address):
    assert client_of(lead).post(create_address).status_code == 400


def test_what_was_normalised_is_said(client_of, lead, facts, create_address):
    data = facts(stage="detected", request_key=KEY, description="La\x07 halle")
    response = client_of(lead).post(create_address, data, follow=True)
    assert said(response) == ["L’opportunité est enregistrée.", NORMALISED]


# One opportunity


def test_what_is_written_is_shown_escaped(client_of, lead, opportunity, list_address):
    hostile = "<script>alert(1)</script>{{ request.user }}"
    escaped = "&lt;script&gt;alert(1)&lt;/script&gt;{{ request.user }}"
    Opportunity.objects.update(title=hostile, description=hostile, place=hostile)
    StageChange.objects.update(reason=hostile)
    client = client_of(lead)
    detail = client.get(address("detail", opportunity)).text
    assert detail.count(escaped) == 6  # title, heading, lede, description, place, reason
    assert client.get(list_address).text.count(escaped) == 2
    edit = client.get(address("edit", opportunity)).text
    assert escaped in edit
    assert [text for text in (detail, edit) if hostile in text] == []


def test_detail_shows_the_trace(client_of, reader, lead, opportunity):
    move_to_stage(opportunity=opportunity, stage=Stage.ABANDONED, reason="Vendue", by=lead)
    text = client_of(reader).get(address("detail", opportunity)).text
    assert "Vendue" in text
    assert text.index("Abandonné") < text.index("Repérée")


@pytest.mark.parametrize(
    ("who", "changes_it", "shares_it"),
    [("lead", True, True), ("contributor", True, False), ("reader", False, False)],
)
def test_detail_offers_what_one_may_do(
    request, client_of, opportunity, partner, who, changes_it, shares_it
):
    text = client_of(request.getfixturevalue(who)).get(address("detail", opportunity)).text
    assert (address("edit", opportunity) in text) is changes_it
    assert (address("move", opportunity) in text) is changes_it
    assert (address("share", opportunity) in text) is shares_it
    assert (partner.email in text) is shares_it


# Changing


def test_edit(client_of, contributor, opportunity, facts):
    client = client_of(contributor)
    form = client.get(address("edit", opportunity)).context["form"]
    assert (form["title"].value(), form["version"].value()) == ("La halle de la rue du Port", 1)
    response = client.post(address("edit", opportunity), facts(title="La cour", version=1))
    assert response.url == address("detail", opportunity)
    assert (stored(opportunity).title, stored(opportunity).version) == ("La cour", 2)
    assert stored(opportunity).updated_by == contributor


@pytest.mark.parametrize("version", ["", "x", "1.5", "0", "99999999999999999999"])
def test_an_edit_of_no_version_is_refused(client_of, lead, opportunity, facts, version):
    response = client_of(lead).post(
        address("edit", opportunity), facts(title="La cour", version=version)
    )
    assert response.status_code == 400
    assert 'value="La cour"' in response.text
    assert stored(opportunity).title == "La halle de la rue du Port"


def test_a_stale_edit_shows_both_texts_then_saves_knowingly(
    client_of, lead, contributor, opportunity, facts
):
    change_opportunity(opportunity=opportunity, version=1, by=lead, description="D’Alice")
    client = client_of(contributor)
    data = facts(description="De Bruno", version=1)
    response = client.post(address("edit", opportunity), data)
    assert response.status_code == 409
    assert response.context["differences"] == [("Description", "D’Alice", "De Bruno")]
    assert "par Alice Lambert" in response.text
    form = response.context["form"]
    assert (form["description"].value(), form["version"].value()) == ("De Bruno", "2")
    assert stored(opportunity).description == "D’Alice"
    client.post(address("edit", opportunity), data | {"version": 2})
    assert stored(opportunity).description == "De Bruno"


# Moving


def test_move(client_of, contributor, opportunity):
    data = {"from_stage": "detected", "stage": "qualified", "reason": "Visite du 4"}
    response = client_of(contributor).post(address("move", opportunity), data, follow=True)
    assert said(response) == ["Étape\N{NO-BREAK SPACE}: Qualifiée."]
    assert stored(opportunity).stage == Stage.QUALIFIED
    assert opportunity.stage_changes.first().reason == "Visite du 4"


def test_abandoning_without_a_reason_asks_for_it(client_of, lead, opportunity):
    data = {"from_stage": "detected", "stage": "abandoned", "reason": " "}
    response = client_of(lead).post(address("move", opportunity), data)
    assert response.status_code == 400
    assert response.context["stage_form"].errors == {
        "reason": ["Dites pourquoi cette opportunité est abandonnée."]
    }
    assert stored(opportunity).stage == Stage.DETECTED


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"stage": ""}, 400),
        ({"stage": "perdue"}, 400),
        ({"from_stage": ""}, 400),
        ({"reason": "r" * 2_001}, 413),
    ],
)
def test_a_refused_move_keeps_the_reason(client_of, lead, opportunity, changes, status):
    data = {"from_stage": "detected", "stage": "qualified", "reason": "Visite"} | changes
    response = client_of(lead).post(address("move", opportunity), data)
    assert response.status_code == status
    assert data["reason"] in response.text
    assert stored(opportunity).stage == Stage.DETECTED


def test_a_stale_move_keeps_the_choice_then_moves_knowingly(
    client_of, lead, contributor, opportunity
):
    move_to_stage(opportunity=opportunity, stage=Stage.EXPLORED, by=lead)
    client = client_of(contributor)
    data = {"from_stage": "detected", "stage": "qualified", "reason": "Visite"}
    response = client.post(address("move", opportunity), data)
    assert response.status_code == 409
    assert "Entre-temps, Alice Lambert" in response.text
    form = response.context["stage_form"]
    assert [form[name].value() for name in data] == ["explored", "qualified", "Visite"]
    assert stored(opportunity).stage == Stage.EXPLORED
    client.post(address("move", opportunity), data | {"from_stage": "explored"})
    assert stored(opportunity).stage == Stage.QUALIFIED


# Sharing


def shared_with(opportunity):
    return set(opportunity.shares.values_list("user__email", flat=True))


def test_share(client_of, lead, opportunity, partner, shared_partner):
    client = client_of(lead)
    detail = client.get(address("detail", opportunity))
    assert detail.context["sharing_form"]["partners"].value() == [shared_partner.email]
    data = {"partners": [partner.email], "shown": [shared_partner.email]}
    response = client.post(address("share", opportunity), data, follow=True)
    assert said(response) == ["Le partage est enregistré."]
    assert shared_with(opportunity) == {partner.email}


def test_what_another_lead_shared_meanwhile_stays(
    client_of, lead, opportunity, partner, shared_partner
):
    """The page was shown before `shared_partner` got it: it neither ticks nor unticks them."""
    data = {"partners": [partner.email], "shown": []}
    client_of(lead).post(address("share", opportunity), data)
    assert shared_with(opportunity) == {partner.email, shared_partner.email}


def test_sharing_with_somebody_else_is_refused(client_of, lead, opportunity, partner, reader):
    data = {"partners": [partner.email, reader.email]}
    response = client_of(lead).post(address("share", opportunity), data)
    assert response.status_code == 400
    assert "reader@tests.example n’est plus partenaire de ce territoire." in response.text
    assert shared_with(opportunity) == set()


def test_addresses_that_no_page_showed_change_nothing(
    client_of, lead, opportunity, partner, shared_partner
):
    """PostgreSQL can't compare with what holds a NUL."""
    data = {"partners": [partner.email], "shown": ["\x00", "personne@tests.example"]}
    response = client_of(lead).post(address("share", opportunity), data, follow=True)
    assert said(response) == ["Le partage est enregistré."]
    assert shared_with(opportunity) == {partner.email, shared_partner.email}


def test_a_territory_without_partners_says_so(client_of, lead, opportunity):
    text = client_of(lead).get(address("detail", opportunity)).text
    assert "Ce territoire n’a pas encore de partenaire." in text


# Queries


def test_list_queries(client_of, lead, territory, district, commune, list_address, query_counts):
    client = client_of(lead)

    def add(count):
        for _ in range(count):
            factories.create_opportunity(territory, lead, district=district, commune=commune)

    assert query_counts(lambda: client.get(list_address), add) == [12, 12, 12]


def test_detail_queries(client_of, lead, opportunity, query_counts):
    client = client_of(lead)

    def add(count):
        for number in range(count):
            factories.share(opportunity, add_partner(opportunity.territory), lead)
            stage = [Stage.QUALIFIED, Stage.EXPLORED][opportunity.stage == Stage.QUALIFIED]
            move_to_stage(opportunity=opportunity, stage=stage, reason=str(number), by=lead)

    assert query_counts(lambda: client.get(address("detail", opportunity)), add) == [15, 15, 15]


def add_partner(territory):
    user = factories.create_user()
    factories.grant(user, territory, "partner")
    return user


def test_form_queries(client_of, lead, territory, create_address, query_counts):
    client = client_of(lead)
    epci = factories.create_epci()
    territory.contract.epcis.add(epci)

    def add(count):
        for _ in range(count):
            factories.create_commune(epci=epci)

    assert query_counts(lambda: client.get(create_address), add) == [10, 10, 10]


def test_save_queries(client_of, lead, opportunity, district, commune, facts, create_address):
    """What each save asks of the database, besides opening and closing its transaction."""
    client = client_of(lead)
    data = facts(district=district.code, commune=commune.code, title="La cour")
    requests = [
        (address("edit", opportunity), data | {"version": 1}),
        (address("move", opportunity), {"from_stage": "detected", "stage": "explored"}),
        # Nothing like the first one: no candidate is shown.
        (create_address, data | {"title": "Un verger", "stage": "detected", "request_key": KEY}),
    ]
    counts = []
    for url, fields in requests:
        with CaptureQueriesContext(connection) as queries:
            assert client.post(url, fields).status_code == 302
        counts.append(sum("SAVEPOINT" not in query["sql"] for query in queries))
    assert counts == [10, 7, 12]
