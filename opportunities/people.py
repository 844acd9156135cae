"""The people attached to opportunities, as the RGPD asks: why they are written down and how they
agreed is written with them, their data leaves on request, and nobody stays for ever.

Each act and its journal entry succeed or fail together; the journal never names the person.
"""

import calendar
import re
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.templatetags.french import day
from opportunities.enums import Consent
from opportunities.models import Person
from opportunities.writing import WrongFact, create_once, record_act, write_facts

FACTS = (
    "role",
    "name",
    "organisation",
    "email",
    "phone",
    "note",
    "purpose",
    "consent",
    "consent_on",
    "kept_until",
)
# Three years after the last contact, which the CNIL recommends for people one has dealings with.
RETENTION_YEARS = 3
# What says who somebody is, or might.
_IDENTITY = ("name", "organisation", "email", "phone", "note", "purpose")


class ConsentUndated(WrongFact):
    fact = "consent_on"

    def __init__(self):
        super().__init__("Dites quand cette personne a donné son accord.")


class KeptTooLong(WrongFact):
    fact = "kept_until"

    def __init__(self):
        super().__init__(
            f"On ne garde pas une personne plus de {RETENTION_YEARS} ans sans nouvel échange. "
            f"Choisissez une date jusqu’au {day(latest_day())}."
        )


class KeptNoLonger(WrongFact):
    fact = "kept_until"

    def __init__(self):
        super().__init__(
            "Ce jour est passé : la personne serait oubliée dès la nuit prochaine. "
            f"Choisissez une date jusqu’au {day(latest_day())}."
        )


class AlreadyAnonymised(Exception):
    def __init__(self):
        super().__init__("Cette personne a été anonymisée : il n’y a plus rien à modifier.")


def latest_day() -> date:
    """The last day until which somebody met today may be kept (Europe/Paris)."""
    today = timezone.localdate()
    year = today.year + RETENTION_YEARS
    return today.replace(year=year, day=min(today.day, calendar.monthrange(year, today.month)[1]))


def add_person(*, opportunity, by, request_key=None, **facts):
    """Somebody attached to the opportunity; `facts` are those of FACTS.

    `request_key` (UUID) makes a repeated request answer with what the first one created; raises
    writing.AlreadyCreated when the facts are not the same, ConsentUndated, KeptTooLong,
    KeptNoLonger.
    """
    _check(facts)
    return create_once(
        Person,
        opportunity=opportunity,
        by=by,
        request_key=request_key,
        facts=facts,
        alongside=lambda person: _record("person.added", person, by),
    )


@transaction.atomic
def change_person(*, person, version, by, **facts):
    """Writes `facts` (all of FACTS) over `version` of the person. Returns whether anything
    differed. Raises writing.StaleFacts, AlreadyAnonymised, ConsentUndated, KeptTooLong,
    KeptNoLonger."""
    if person.anonymised_at:
        raise AlreadyAnonymised
    _check(facts, already_kept_until=person.kept_until)
    changed = write_facts(person, version=version, by=by, facts=facts)
    if changed:
        _record("person.changed", person, by, facts=changed)
    return bool(changed)


@transaction.atomic
def anonymise(*, person, by=None):
    """Takes away who the person was and leaves what they were to the opportunity. `by` is None
    where the retention period has ended. Doing it twice is doing it once."""
    now = timezone.now()
    blank = dict.fromkeys(_IDENTITY, "")
    done = Person.objects.known().filter(pk=person.pk)
    if done.update(
        **blank, version=F("version") + 1, anonymised_at=now, anonymised_by=by, updated_at=now
    ):
        _record("person.anonymised", person, by)


@transaction.atomic
def erase(*, person, by):
    """Takes the whole row away."""
    _record("person.erased", person, by)
    person.delete()


def forget_overdue():
    """Anonymises everybody who was kept beyond their day; returns how many."""
    overdue = Person.objects.overdue().select_related("opportunity__territory")
    count = 0
    for person in overdue.iterator():
        anonymise(person=person)
        count += 1
    return count


def same_person(person, people):
    """The rows of `people` that speak of the one `person` speaks of: those with the same address,
    and those with the same name and the same telephone. The name alone proves nothing: what is
    written of a homonym is not for them to read."""
    people = people.known()
    homonyms = people.filter(name__iexact=person.name).values_list("pk", "phone")
    number = _digits(person.phone)
    theirs = [pk for pk, phone in homonyms if number and _digits(phone) == number]
    same = Q(pk__in=[person.pk, *theirs])
    return people.filter(same | Q(email__iexact=person.email) if person.email else same)


def _digits(phone):
    """As dialled in France: "+33 (0)3 20…", "0033 3.20…" and "03 20…" are one number."""
    return re.sub(r"^(?:00)?330?(?=\d{9}$)", "0", re.sub(r"\D", "", phone))


def data_of(people):
    """What is written of each of `people` (a QuerySet of `same_person`), in words, to be handed to
    them as JSON."""
    return {
        "exporté le": _moment(timezone.now()),
        "réuni d’après": (
            "la même adresse électronique, ou le même nom avec le même numéro de téléphone. Une "
            "personne du même nom sans adresse ni numéro en commun n’y figure pas."
        ),
        "personnes": [_written_of(person) for person in people],
    }


def _written_of(person):
    fields: dict[str, Any] = {name: Person._meta.get_field(name) for name in FACTS}
    labels = {name: dict(field.flatchoices or ()) for name, field in fields.items()}
    return {
        "territoire": person.opportunity.territory.name,
        "opportunité": person.opportunity.title,
        **{
            str(field.verbose_name): labels[name].get(getattr(person, name), getattr(person, name))
            for name, field in fields.items()
        },
        "enregistré le": _moment(person.created_at),
        "modifié le": _moment(person.updated_at),
    }


def _moment(at):
    """In Europe/Paris, with what it is ahead of UTC: "2026-11-22T14:05:00+01:00"."""
    return timezone.localtime(at).isoformat(timespec="seconds")


def _check(facts, already_kept_until=None):
    if facts["consent"] in {Consent.ORAL, Consent.WRITTEN} and facts["consent_on"] is None:
        raise ConsentUndated
    kept_until = facts["kept_until"]
    if kept_until == already_kept_until:
        return
    if kept_until > latest_day():
        raise KeptTooLong
    if kept_until < timezone.localdate():
        raise KeptNoLonger


def _record(verb, person, by, **data):
    record_act(verb, person.opportunity, by, **data)
