import pytest
from django.test import RequestFactory
from django.urls import reverse

from config.navigation import navigation
from territories.enums import Role
from tests import factories


def seen_by(user, path):
    request = RequestFactory().get(path)
    request.user = user
    return navigation(request)


def labels(user, path="/"):
    return [item.label for item in seen_by(user, path)]


def test_nothing_before_signing_in(client, db):
    assert list(client.get("/connexion/").context["navigation"]) == []


@pytest.mark.parametrize("role", [Role.LEAD, Role.CONTRIBUTOR, Role.PARTNER, Role.READER])
def test_a_member_of_one_team_needn_t_choose(territory, other_territory, role):
    user = factories.create_user()
    factories.grant(user, territory, role)
    assert labels(user) == ["Accueil", "Fiches", "Opportunités", "Équipe"]
    assert [item.url for item in seen_by(user, "/")] == [
        reverse("worksheets:territory-home", args=[territory.ref]),
        reverse("worksheets:list", args=[territory.ref]),
        reverse("opportunities:list", args=[territory.ref]),
        reverse("territories:team", args=[territory.ref]),
    ]


def test_with_several_teams_the_address_decides(territory, other_territory):
    user = factories.create_user()
    factories.grant(user, territory, Role.LEAD)
    factories.grant(user, other_territory, Role.READER)
    assert [(item.label, item.url) for item in seen_by(user, "/")] == [
        ("Accueil", reverse("home")),
        ("Opportunités", reverse("opportunities:list-all")),
    ]
    path = reverse("territories:team", args=[other_territory.ref])
    assert [(item.url, item.current) for item in seen_by(user, path)] == [
        (reverse("home"), ""),
        (reverse("worksheets:territory-home", args=[other_territory.ref]), ""),
        (reverse("worksheets:list", args=[other_territory.ref]), ""),
        (reverse("opportunities:list", args=[other_territory.ref]), ""),
        (path, "page"),
    ]


@pytest.mark.parametrize("route", ["opportunities:action-list", "opportunities:person-list"])
def test_what_one_comes_to_from_the_opportunities_is_marked_there(lead, territory, route):
    path = reverse(route, args=[territory.ref])
    marked = [(item.label, item.current) for item in seen_by(lead, path) if item.current]
    assert marked == [("Opportunités", "true")]


def test_a_territory_without_a_role_doesn_t_show(lead, other_territory, territory):
    path = reverse("territories:team", args=[other_territory.ref])
    assert reverse("territories:team", args=[territory.ref]) == seen_by(lead, path)[-1].url


def test_a_trainer_has_the_board_and_the_territory_named(trainer, programme, territory):
    factories.create_programme("Une formation que d’autres suivent")
    assert labels(trainer) == ["Accueil", programme.name, "Opportunités"]
    path = reverse("opportunities:list", args=[territory.ref])
    assert labels(trainer, path) == [
        "Accueil",
        programme.name,
        "Territoire",
        "Fiches",
        "Opportunités",
        "Équipe",
    ]
    board = reverse("worksheets:board", args=[programme.ref])
    assert [item.current for item in seen_by(trainer, board)] == ["", "page", ""]


def test_who_has_several_places_finds_them_all_at_home(lead, trainer, territory, programme):
    factories.grant(trainer, territory, Role.READER)
    items = seen_by(trainer, reverse("worksheets:territory-home", args=[territory.ref]))
    assert [(item.label, item.current) for item in items[:3]] == [
        ("Accueil", ""),
        (programme.name, ""),
        ("Territoire", "page"),
    ]


def test_the_staff_has_the_programmes(staff, programme):
    assert labels(staff) == ["Accueil", "Formations"]


def test_pages_below_an_item_are_marked(lead, territory):
    path = reverse("opportunities:create", args=[territory.ref])
    assert [item.current for item in seen_by(lead, path)] == ["", "", "true", ""]


def test_two_queries(trainer, django_assert_num_queries):
    with django_assert_num_queries(2):
        seen_by(trainer, "/")
