from datetime import date, timedelta
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import IntegrityError
from django.utils import timezone

from journal.models import Entry
from opportunities import keeping, people
from opportunities.enums import Consent, PersonRole
from opportunities.models import Person
from opportunities.people import (
    AlreadyAnonymised,
    ConsentUndated,
    KeptTooLong,
    add_person,
    anonymise,
    change_person,
    erase,
    forget_overdue,
    latest_day,
    same_person,
)
from opportunities.writing import AlreadyCreated, StaleFacts
from tests import factories

KEY = UUID("6f2d7f0e-5f7c-4f0e-9a5e-0c3a1a8f4b11")


def facts(**changes):
    return {
        "role": PersonRole.HOLDER,
        "name": "Inès Fictive",
        "organisation": "Atelier fictif",
        "email": "ines@tests.example",
        "phone": "03 00 00 00 00",
        "note": "À rappeler le matin.",
        "purpose": "La recontacter",
        "consent": Consent.ORAL,
        "consent_on": date(2026, 1, 5),
        "kept_until": latest_day(),
    } | changes


@pytest.fixture
def person(opportunity, lead):
    return add_person(opportunity=opportunity, by=lead, **facts())


def entries(opportunity):
    found = Entry.objects.filter(target=opportunity.target, verb__startswith="person.")
    return list(found.order_by("pk").values_list("verb", "actor__email", "data"))


def test_somebody_is_added_and_the_journal_names_nobody(opportunity, lead, person):
    assert {name: getattr(person, name) for name in facts()} == facts()
    assert entries(opportunity) == [("person.added", lead.email, {})]


def test_a_form_sent_twice_adds_once(opportunity, lead):
    first = add_person(opportunity=opportunity, by=lead, request_key=KEY, **facts())
    assert add_person(opportunity=opportunity, by=lead, request_key=KEY, **facts()) == first
    with pytest.raises(AlreadyCreated, match="Inès Fictive"):
        add_person(opportunity=opportunity, by=lead, request_key=KEY, **facts(name="Léo Fictif"))
    assert Person.objects.count() == 1


@pytest.mark.parametrize("consent", [Consent.ORAL, Consent.WRITTEN])
def test_a_consent_has_its_date(opportunity, lead, consent):
    with pytest.raises(ConsentUndated):
        add_person(opportunity=opportunity, by=lead, **facts(consent=consent, consent_on=None))
    asked = facts(consent=Consent.ASKED, consent_on=None)
    assert add_person(opportunity=opportunity, by=lead, **asked).consent_on is None


@pytest.mark.parametrize(
    ("today", "latest"),
    [(date(2026, 11, 22), date(2029, 11, 22)), (date(2028, 2, 29), date(2031, 2, 28))],
)
def test_the_latest_day_is_three_years_ahead(monkeypatch, today, latest):
    monkeypatch.setattr(people.timezone, "localdate", lambda: today)
    assert latest_day() == latest


def test_nobody_is_kept_longer(opportunity, lead, person):
    beyond = latest_day() + timedelta(days=1)
    with pytest.raises(KeptTooLong):
        add_person(opportunity=opportunity, by=lead, **facts(kept_until=beyond))
    with pytest.raises(KeptTooLong):
        change_person(person=person, version=1, by=lead, **facts(kept_until=beyond))
    assert Person.objects.get().kept_until == latest_day()


def test_a_change_is_written_over_the_version_it_was_read_at(person, lead, contributor):
    assert change_person(person=person, version=1, by=lead, **facts(phone="")) is True
    assert change_person(person=person, version=2, by=lead, **facts(phone="")) is False
    late = Person.objects.get()
    late.phone = "ce que la page montrait"
    with pytest.raises(StaleFacts):
        change_person(person=late, version=1, by=contributor, **facts(note="Autre chose"))
    stored = Person.objects.get()
    assert (stored.phone, stored.note, stored.version) == ("", "À rappeler le matin.", 2)


def test_anonymised_the_row_says_nothing_of_who_it_was(opportunity, person, lead):
    anonymise(person=person, by=lead)
    anonymise(person=person, by=lead)
    stored = Person.objects.get()
    kept = {name: getattr(stored, name) for name in facts()}
    blank = dict.fromkeys(["name", "organisation", "email", "phone", "note", "purpose"], "")
    assert kept == facts(**blank)
    assert (stored.anonymised_by, str(stored)) == (lead, "Personne anonymisée")
    assert [verb for verb, _, _ in entries(opportunity)] == ["person.added", "person.anonymised"]
    with pytest.raises(AlreadyAnonymised):
        change_person(person=stored, version=stored.version, by=lead, **facts())


def test_a_page_read_before_somebody_was_forgotten_brings_nothing_back(person, lead, contributor):
    read_before = Person.objects.get(pk=person.pk)
    change_person(person=person, version=1, by=contributor, **facts(note="À rappeler le soir."))
    anonymise(person=read_before, by=lead)
    with pytest.raises(StaleFacts):
        change_person(person=person, version=2, by=contributor, **facts(note="Rappelée."))
    assert Person.objects.get().name == ""


def test_the_base_refuses_a_half_anonymised_row(person):
    with pytest.raises(IntegrityError, match="named_or_anonymised"):
        Person.objects.update(name="")


def test_erased_nothing_is_left(opportunity, person, contributor):
    erase(person=person, by=contributor)
    assert Person.objects.count() == 0
    assert entries(opportunity)[-1] == ("person.erased", contributor.email, {})


def test_time_forgets_whom_it_must(opportunity, lead, person, capsys):
    yesterday = timezone.localdate() - timedelta(days=1)
    past = add_person(opportunity=opportunity, by=lead, **facts(name="Tom"))
    Person.objects.filter(pk=past.pk).update(kept_until=yesterday)
    today = facts(name="Zoé", kept_until=timezone.localdate())
    add_person(opportunity=opportunity, by=lead, **today)
    call_command("forget_people", dry_run=True)
    assert Person.objects.filter(anonymised_at=None).count() == 3
    call_command("forget_people")
    assert capsys.readouterr().out.splitlines() == [
        "Personnes à anonymiser\N{NO-BREAK SPACE}: 1",
        "Personnes anonymisées\N{NO-BREAK SPACE}: 1",
    ]
    past.refresh_from_db()
    assert (past.name, past.anonymised_by) == ("", None)
    assert sorted(Person.objects.known().values_list("name", flat=True)) == ["Inès Fictive", "Zoé"]
    assert entries(opportunity)[-1] == ("person.anonymised", None, {})
    assert forget_overdue() == 0


@pytest.fixture
def elsewhere(territory, lead):
    """Adds somebody to another opportunity of the team."""
    other = factories.create_opportunity(territory, lead, "Ailleurs")
    return lambda **changes: add_person(opportunity=other, by=lead, **facts(**changes))


def test_the_same_person_is_known_by_the_address(person, elsewhere):
    other_name = elsewhere(name="I. Fictive", email="INES@tests.example", phone="")
    elsewhere(name="Quelqu’un d’autre", email="", phone="")
    assert set(same_person(person, Person.objects.all())) == {person, other_name}


@pytest.mark.parametrize("phone", ["03.00.00.00.00", "+33 (0)3 00 00 00 00", "0033300000000"])
def test_the_same_person_is_known_by_the_name_with_the_telephone(person, elsewhere, phone):
    other_address = elsewhere(name="INèS fictive", email="i@tests.example", phone=phone)
    elsewhere(name="Léo Fictif", email="", phone=phone)  # behind the same switchboard
    assert set(same_person(person, Person.objects.all())) == {person, other_address}


@pytest.mark.parametrize("own", [{}, {"email": "", "phone": ""}, {"phone": "à demander"}])
@pytest.mark.parametrize(
    "other", [{"email": "homonyme@tests.example"}, {"email": ""}, {"phone": "à demander"}]
)
def test_a_homonym_is_somebody_else(person, elsewhere, own, other):
    Person.objects.update(**own)
    person.refresh_from_db()
    elsewhere(**{"email": "", "phone": ""} | other)
    assert list(same_person(person, Person.objects.all())) == [person]


def test_only_leads_and_contributors_read_people(request, person):
    may = {
        name: Person.objects.visible_to(request.getfixturevalue(name)).exists()
        for name in (
            "lead",
            "contributor",
            "partner",
            "shared_partner",
            "reader",
            "trainer",
            "observer",
            "staff",
            "outsider",
            "former",
        )
    }
    assert may == dict.fromkeys(may, False) | {"lead": True, "contributor": True}


def test_people_of_a_deleted_opportunity_keep_their_rights(
    opportunity, person, lead, reader, outsider
):
    keeping.delete(opportunity=opportunity, by=lead)
    seen = [list(Person.objects.visible_to(user)) for user in (lead, reader, outsider)]
    assert seen == [[person], [], []]
