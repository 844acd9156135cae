import pytest
from django.urls import reverse

from opportunities.models import SavedFilter
from tests import factories

SAVE = "/opportunites/filtres/enregistrer/"
LIST = "/opportunites/filtres/"


def said(response):
    return [str(message) for message in response.context["messages"]]


def kept():
    saved = SavedFilter.objects.order_by("pk")
    return list(saved.values_list("user__email", "territory__name", "name", "query"))


@pytest.fixture
def page(territory):
    return reverse("opportunities:list", args=[territory.ref])


@pytest.fixture
def friches(lead, territory):
    return SavedFilter.objects.create(
        user=lead, territory=territory, name="Friches", query="type=friche"
    )


def test_a_filter_is_kept_for_the_list_where_it_was_made(
    client_of, lead, territory, opportunity, page
):
    client = client_of(lead)
    assert 'value="q=halle"' in client.get(f"{page}?q=halle").text
    data = {"name": "Halles", "query": "q=halle", "territoire": territory.ref}
    response = client.post(SAVE, data, follow=True)
    assert response.redirect_chain == [(f"{page}?q=halle", 302)]
    assert said(response) == [
        "Le filtre «\N{NO-BREAK SPACE}Halles\N{NO-BREAK SPACE}» est enregistré."
    ]
    assert 'href="?vue=liste&amp;q=halle">Halles</a>' in response.text
    client.post(SAVE, {"name": "Halles", "query": "q=halle", "territoire": ""})
    assert kept() == [
        ("lead@tests.example", "CU de Dunkerque", "Halles", "q=halle"),
        ("lead@tests.example", None, "Halles", "q=halle"),
    ]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"name": ""}, "Ce champ est obligatoire."),
        ({"name": "Friches"}, "Vous avez déjà un filtre de ce nom."),
        ({"name": "n" * 61}, "Assurez-vous que cette valeur comporte au plus 60 caractères"),
        ({"query": ""}, "Ce champ est obligatoire."),
        ({"query": "q=" + "a" * 2000}, "Assurez-vous que cette valeur comporte au plus 2000"),
    ],
)
def test_what_can_t_be_kept_is_said(client_of, lead, territory, friches, changes, reason):
    data = {"name": "Halles", "query": "q=halle", "territoire": territory.ref} | changes
    response = client_of(lead).post(SAVE, data)
    assert response.status_code == 400
    assert reason in response.text
    assert len(kept()) == 1


def test_a_filter_of_somebody_else_s_territory_isn_t_kept(client_of, lead, outsider):
    theirs = outsider.grants.get().territory
    data = {"name": "Moulins", "query": "q=moulin", "territoire": theirs.ref}
    assert client_of(lead).post(SAVE, data).status_code == 404
    assert kept() == []


def test_a_filter_is_only_an_address_of_ours(client_of, lead, territory):
    data = {"name": "Ailleurs", "query": "//evil.example/", "territoire": territory.ref}
    response = client_of(lead).post(SAVE, data)
    page = reverse("opportunities:list", args=[territory.ref])
    assert response.url == f"{page}?//evil.example/"


def test_the_list_of_one_s_own(client_of, lead, contributor, friches):
    SavedFilter.objects.create(user=contributor, name="Secret", query="q=secret")
    text = client_of(lead).get(LIST).text
    assert f'href="{friches.address}"' in text
    assert "Secret" not in text
    assert "Aucun filtre enregistré" not in text


def test_an_empty_list_says_how_to_fill_it(client_of, lead):
    assert "Aucun filtre enregistré" in client_of(lead).get(LIST).text


def test_a_list_shows_only_the_filters_made_for_it(
    client_of, lead, contributor, opportunity, friches, page
):
    SavedFilter.objects.create(user=lead, name="Partout", query="q=x")
    SavedFilter.objects.create(
        user=contributor, territory=friches.territory, name="Secret", query="q=x"
    )
    client = client_of(lead)
    here, everywhere = (
        list(client.get(address).context["saved_filters"]) for address in (page, "/opportunites/")
    )
    assert [each.name for each in here] == ["Friches"]
    assert [each.name for each in everywhere] == ["Partout"]


def test_rename(client_of, lead, friches):
    client = client_of(lead)
    address = reverse("opportunities:filter-rename", args=[friches.ref])
    assert 'value="Friches"' in client.get(address).text
    response = client.post(address, {"name": "Friches à voir"}, follow=True)
    assert response.redirect_chain == [(LIST, 302)]
    assert [name for *_, name, _ in kept()] == ["Friches à voir"]
    assert client.post(address, {"name": " "}).status_code == 400
    assert client.post(address, {"name": "Friches à voir"}).status_code == 302  # its own name


def test_delete(client_of, lead, friches):
    address = reverse("opportunities:filter-delete", args=[friches.ref])
    response = client_of(lead).post(address, follow=True)
    assert response.redirect_chain == [(LIST, 302)]
    assert kept() == []


@pytest.mark.parametrize("who", ["contributor", "trainer", "outsider", "staff"])
def test_those_of_others_don_t_exist(request, client_of, friches, who):
    client = client_of(request.getfixturevalue(who))
    for name in ("filter-rename", "filter-delete"):
        address = reverse(f"opportunities:{name}", args=[friches.ref])
        assert client.post(address, {"name": "À moi"}).status_code == 404
    assert kept() == [("lead@tests.example", "CU de Dunkerque", "Friches", "type=friche")]


def test_queries(client_of, lead, territory, query_counts):
    client = client_of(lead)

    def add(count):
        for _ in range(count):
            number = next(factories._numbers)
            SavedFilter.objects.create(
                user=lead, territory=territory, name=f"Filtre {number}", query="q=x"
            )

    assert query_counts(lambda: client.get(LIST), add) == [5, 5, 5]
