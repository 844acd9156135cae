"""The door of a save, whose rights are written in SQL, against the door of all pages."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from territories.enums import Role
from tests import factories
from worksheets.access import Access
from worksheets.doorway import open_to_write
from worksheets.models import Worksheet

ROLES = ("lead", "contributor", "partner", "reader", "trainer", "observer", "outsider", "staff")


def by_pages(user, worksheet):
    """The roles of whoever may write, else how they are refused."""
    try:
        access = Access(user, Worksheet.objects.open_to(user).get(pk=worksheet.pk))
    except Worksheet.DoesNotExist:
        return Http404
    return access.roles if access.can_write else PermissionDenied


def by_door(user, worksheet, name="strategy"):
    try:
        place = open_to_write(user, worksheet.territory.ref, worksheet.ref, name)
    except (Http404, PermissionDenied) as refusal:
        return type(refusal)
    return Access(user, place.worksheet).roles


def test_both_doors_have_the_same_rights(request, step_1, step_2, lead):
    factories.submit_worksheet(step_2, lead)  # what observers may see
    people = [request.getfixturevalue(role) for role in ROLES]
    both = factories.create_user()
    for role in (Role.READER, Role.PARTNER):
        factories.grant(both, step_1.territory, role)
    found = {
        (person.name, worksheet.step): (by_pages(person, worksheet), by_door(person, worksheet))
        for person in [*people, both]
        for worksheet in (step_1, step_2)
    }
    assert [key for key, (pages, door) in found.items() if pages != door] == []
    assert {type(pages) for pages, _ in found.values()} == {frozenset, type}


def test_the_place_of_an_answer(step_1, lead, partner, shared, unshared):
    factories.write_answer(step_1, "obstacles", "a", lead, opportunity=shared)
    factories.write_answer(step_1, "strategy", "b", lead)
    found = {}
    for name in (
        "strategy",
        f"obstacles--{shared.ref}",
        f"obstacles--{unshared.ref}",
        "x--zzzzzzzz",
    ):
        place = open_to_write(partner, step_1.territory.ref, step_1.ref, name)
        answer = place.answer.value if place.answer else None
        found[name.partition("--")[2]] = (place.opportunity_id, place.is_shared, answer)
    assert found == {
        "": (None, False, "b"),
        shared.ref: (shared.pk, True, "a"),
        unshared.ref: (unshared.pk, False, None),
        "zzzzzzzz": (None, False, None),
    }
    assert (place.worksheet, place.worksheet.grid) == (step_1, step_1.grid)
    assert (place.worksheet.territory.scope, place.worksheet.target) == (
        step_1.territory.scope,
        step_1.target,
    )


@pytest.mark.parametrize("ref", ["", "zzzzzzzz", "a\u00e9"])
def test_a_worksheet_that_is_not_there_is_not_found(step_1, lead, ref):
    for refs in [(ref, step_1.ref), (step_1.territory.ref, ref)]:
        with pytest.raises(Http404):
            open_to_write(lead, *refs, "strategy")
