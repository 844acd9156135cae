"""The platform's staff open programmes in the admin; the rights follow in the same transaction."""

import pytest

from programmes.enums import Step
from programmes.models import Programme
from territories.enums import Role
from territories.models import ResourceCentre
from territories.permissions import roles_of
from tests import factories


def formset(prefix, rows, initial=0):
    """The data of one inline: `rows` are dicts of fields, the first `initial` exist already."""
    data = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": initial}
    for number, row in enumerate(rows):
        data |= {f"{prefix}-{number}-{field}": value for field, value in row.items()}
    return data


def form(centre, **inlines):
    data = {"centre": centre.pk, "name": "Cycle 2027", "horizon": 2030}
    for prefix in ("sessions", "deadlines", "enrolments", "members"):
        data |= formset(prefix, *inlines.get(prefix, ([],)))
    return data


def test_opening_a_programme_gives_the_rights(staff, client_of, territory):
    centre = ResourceCentre.objects.create(name="Centre")
    user = factories.create_user("Tina Formatrice")
    data = form(
        centre,
        sessions=([{"title": "Première journée", "held_on": "2027-01-14"}],),
        deadlines=([{"step": "etape-1", "due_on": "2027-02-01"}],),
        enrolments=([{"territory": territory.pk}],),
        members=([{"user": user.pk, "role": "trainer"}],),
    )
    answer = client_of(staff).post("/administration/programmes/programme/add/", data)
    assert answer.status_code == 302
    programme = Programme.objects.get()
    assert (programme.sessions.count(), programme.deadlines.count()) == (1, 1)
    assert roles_of(user, territory) == {Role.TRAINER}


def test_taking_a_trainer_off_ends_the_rights(staff, client_of, programme, trainer, territory):
    member, enrolment = programme.members.get(), programme.enrolments.get(territory=territory)
    data = form(
        programme.centre,
        enrolments=([{"id": enrolment.pk, "territory": territory.pk}], 1),
        members=([{"id": member.pk, "user": trainer.pk, "role": "trainer", "DELETE": "on"}], 1),
    )
    url = f"/administration/programmes/programme/{programme.pk}/change/"
    assert client_of(staff).post(url, data).status_code == 302
    assert roles_of(trainer, territory) == frozenset()


@pytest.mark.parametrize("many", [False, True])
def test_deleting_ends_the_rights(staff, client_of, programme, trainer, territory, many):
    base = "/administration/programmes/programme/"
    if many:
        data = {"action": "delete_selected", "_selected_action": programme.pk, "post": "yes"}
        client_of(staff).post(base, data)
    else:
        client_of(staff).post(f"{base}{programme.pk}/delete/", {"post": "yes"})
    assert not Programme.objects.exists()
    assert roles_of(trainer, territory) == frozenset()


@pytest.mark.parametrize("many", [False, True])
def test_what_teams_write_prevents_it_without_being_named(
    staff, client_of, outsider, programme, other_territory, many
):
    worksheet = factories.create_worksheet(
        other_territory,
        programme,
        outsider,
        step=Step.STEP_2,
        opportunity=other_territory.opportunities.get(),
    )
    assert "Le moulin des étrangers" in str(worksheet)
    base = "/administration/programmes/programme/"
    if many:
        data = {"action": "delete_selected", "_selected_action": programme.pk}
        page = client_of(staff).post(base, data).content.decode()
    else:
        page = client_of(staff).get(f"{base}{programme.pk}/delete/").content.decode()
    assert "Travail des équipes (2)" in page
    assert "Le moulin des étrangers" not in page
