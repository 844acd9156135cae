import pytest
from django.db.models import ProtectedError

from journal.models import Entry
from programmes import enrolment
from programmes.models import Programme
from territories.enums import Role
from territories.models import Grant
from territories.permissions import roles_of
from tests import factories


def grants_of(programme):
    return sorted(
        Grant.objects.filter(programme_ref=programme.ref).values_list(
            "user__name", "territory__name", "role"
        )
    )


@pytest.fixture
def bare(db):
    """A programme without territory or member."""
    return factories.create_programme("Nouvelle")


def test_enrolling_opens_the_work_to_trainers_and_observers(territory, trainer, observer, staff):
    programme = Programme.objects.get()
    new = factories.create_territory("Lens-Liévin")
    enrolment.enrol(programme=programme, territory=new, by=staff)
    assert roles_of(trainer, new) == {Role.TRAINER}
    assert roles_of(observer, new) == {Role.OBSERVER}


def test_enrolling_is_told_to_the_territory(bare, territory, staff):
    enrolment.enrol(programme=bare, territory=territory, by=staff)
    entry = Entry.objects.of(territory.scope).get()
    assert (entry.verb, entry.actor, entry.target, entry.data) == (
        "territory.enrolled",
        staff,
        f"programme:{bare.ref}",
        {"programme": "Nouvelle"},
    )


def test_enrolling_twice_changes_nothing(bare, territory, staff):
    enrolment.enrol(programme=bare, territory=territory, by=staff)
    enrolment.enrol(programme=bare, territory=territory, by=staff)
    assert bare.enrolments.count() == 1
    assert Entry.objects.of(territory.scope).count() == 1


def test_naming_a_trainer_opens_the_work_of_all_territories(programme, staff):
    user = factories.create_user("Tina Formatrice")
    enrolment.name_member(programme=programme, user=user, role=Role.TRAINER, by=staff)
    assert grants_of(programme) == [
        ("Tina Formatrice", "CA Valenciennes Métropole", "trainer"),
        ("Tina Formatrice", "CU de Dunkerque", "trainer"),
    ]


def test_a_trainer_who_becomes_observer_is_no_longer_trainer(programme, trainer, territory, staff):
    enrolment.name_member(programme=programme, user=trainer, role=Role.OBSERVER, by=staff)
    assert roles_of(trainer, territory) == {Role.OBSERVER}


def test_syncing_adds_what_is_missing_and_ends_what_is_not_due(bare, territory, staff):
    bare.enrolments.create(territory=territory)
    bare.members.create(user=factories.create_user("Tina Formatrice"))
    gone = factories.create_user("Gilles Parti")
    factories.grant(gone, territory, Role.TRAINER, programme=bare)
    assert enrolment.sync_grants(programme=bare, by=staff) == (1, 1)
    assert grants_of(bare) == [("Tina Formatrice", "CU de Dunkerque", "trainer")]
    assert enrolment.sync_grants(programme=bare, by=staff) == (0, 0)


def test_syncing_leaves_other_programmes_and_teams_alone(
    bare, programme, trainer, lead, territory, staff
):
    bare.enrolments.create(territory=territory)
    before = grants_of(programme)
    enrolment.sync_grants(programme=bare, by=staff)
    assert grants_of(programme) == before
    assert roles_of(lead, territory) == {Role.LEAD}


def test_who_opens_a_programme_trains_it(trainer, programme):
    opened = enrolment.open_programme(
        centre=programme.centre, name="La suite", horizon=2030, by=trainer
    )
    assert [(member.user, member.role) for member in opened.members.all()] == [
        (trainer, Role.TRAINER)
    ]


def test_staff_who_open_a_programme_do_not_train_it(staff, programme):
    opened = enrolment.open_programme(
        centre=programme.centre, name="La suite", horizon=2030, by=staff
    )
    assert opened.members.count() == 0


def test_deleting_a_programme_ends_the_rights_that_it_gave(programme, trainer, territory):
    enrolment.delete_programme(programme)
    assert not Programme.objects.exists()
    assert roles_of(trainer, territory) == frozenset()


def test_a_programme_with_worksheets_stays_with_its_rights(programme, trainer, territory, outsider):
    with pytest.raises(ProtectedError):
        enrolment.delete_programme(programme)
    assert roles_of(trainer, territory) == {Role.TRAINER}
