"""Which action revealed an opportunity: chosen among those of the territory that one may see."""

import pytest
from django.urls import reverse

from opportunities.models import Opportunity
from tests import factories
from tests.opportunities.addresses import address


@pytest.fixture
def action(territory, lead):
    return factories.create_action(territory, lead, "Visite du port")


@pytest.fixture
def elsewhere(other_territory, lead):
    """An action of another territory, which `lead` reads."""
    factories.grant(lead, other_territory, "reader")
    return factories.create_action(other_territory, lead, "Visite des étrangers")


@pytest.fixture
def revealed(opportunity, action):
    Opportunity.objects.update(revealed_by=action)
    return opportunity


def test_the_actions_of_the_territory_are_offered(
    client_of, contributor, lead, opportunity, action, elsewhere
):
    for user in (contributor, lead):
        form = client_of(user).get(address("edit", opportunity)).context["form"]
        assert list(form.fields["revealed_by"].queryset) == [action]


@pytest.mark.parametrize("who", ["lead", "shared_partner"])
def test_without_an_action_to_choose_there_is_no_question(request, client_of, opportunity, who):
    """A partner reads nothing of the detection process."""
    client = client_of(request.getfixturevalue(who))
    if who == "shared_partner":
        request.getfixturevalue("action")
    assert "revealed_by" not in client.get(address("edit", opportunity)).context["form"].fields


def test_it_is_chosen_and_taken_back(client_of, lead, opportunity, action, facts):
    client = client_of(lead)
    client.post(address("edit", opportunity), facts(version=1, revealed_by=action.ref))
    assert Opportunity.objects.get().revealed_by == action
    form = client.get(address("edit", opportunity)).context["form"]
    assert f'value="{action.ref}" selected' in str(form["revealed_by"])
    client.post(address("edit", opportunity), facts(version=2, revealed_by=""))
    assert Opportunity.objects.get().revealed_by is None


@pytest.mark.parametrize("which", ["elsewhere", "unknown", "\x00"])
def test_another_action_is_refused(request, client_of, lead, opportunity, action, facts, which):
    ref = request.getfixturevalue("elsewhere").ref if which == "elsewhere" else which
    response = client_of(lead).post(address("edit", opportunity), facts(version=1, revealed_by=ref))
    assert response.status_code == 400
    assert list(response.context["form"].errors) == ["revealed_by"]
    assert Opportunity.objects.get().revealed_by is None


@pytest.mark.parametrize(
    ("who", "is_told"),
    [("lead", True), ("reader", True), ("trainer", True), ("observer", False)],
)
def test_the_page_leads_to_it_where_one_may_read_it(
    request, client_of, programme, revealed, action, who, is_told
):
    text = client_of(request.getfixturevalue(who)).get(address("detail", revealed)).text
    link = reverse("opportunities:action-detail", args=[action.territory.ref, action.ref])
    assert (f'<a href="{link}">Visite du port</a>' in text) is is_told
    assert ("Visite du port" in text) is is_told


def test_a_partner_changes_the_rest_without_seeing_it(
    client_of, shared_partner, revealed, action, facts
):
    client = client_of(shared_partner)
    assert "Visite du port" not in client.get(address("detail", revealed)).text
    response = client.post(address("edit", revealed), facts(version=1, revealed_by="", title="A"))
    assert response.status_code == 302
    stored = Opportunity.objects.get()
    assert (stored.title, stored.revealed_by) == ("A", action)
