"""Plain functions that create one thing each, with what every test of it would have to say anyway.
What a test is about, it says itself."""

from datetime import UTC, date, datetime
from itertools import count

import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import User
from opportunities import people
from opportunities.enums import ActionKind, Consent, Kind, PersonRole
from opportunities.exchange.importing import upload
from opportunities.models import DetectionAction, Opportunity, Share
from opportunities.searching import text_of
from programmes.enums import Step
from programmes.models import Deadline, Enrolment, Member, Programme, Session
from territories.enums import PROGRAMME_ROLES, ContourLevel, Role
from territories.models import (
    EPCI,
    CityContract,
    Commune,
    Contour,
    Departement,
    District,
    Grant,
    Perimeter,
    ResourceCentre,
    Territory,
)
from worksheets.editing import find_answer, save_answer
from worksheets.lifecycle import submit
from worksheets.models import ChosenOpportunity, GridVersion, Worksheet

PASSWORD = "quartiers-en-essai"
_numbers = count(1)


def create_user(name="Camille Martin", **fields):
    fields.setdefault("email", f"personne{next(_numbers)}@tests.example")
    return User.objects.create_user(name=name, password=PASSWORD, **fields)


def create_epci(name="CU de Dunkerque", **fields):
    fields.setdefault("siren", f"2{next(_numbers):08}")
    return EPCI.objects.create(name=name, nature="CU", **fields)


def create_commune(name="Grande-Synthe", *, epci=None, **fields):
    departement, _ = Departement.objects.get_or_create(
        code="59", defaults={"name": "Nord", "region_code": "32"}
    )
    fields.setdefault("code", f"{59000 + next(_numbers)}")
    return Commune.objects.create(name=name, departement=departement, epci=epci, **fields)


def create_district(name="Europe", *, communes=(), epcis=(), **fields):
    fields.setdefault("code", f"QN059{next(_numbers) % 100:02}M")
    district = District.objects.create(name=name, **fields)
    district.communes.set(communes)
    district.epcis.set(epcis)
    return district


def create_contract(name="CU de Dunkerque", *, epcis=(), districts=(), **fields):
    fields.setdefault("code", f"2{next(_numbers):08}")
    contract = CityContract.objects.create(name=name, **fields)
    contract.epcis.set(epcis)
    contract.districts.set(districts)
    return contract


def create_territory(name="CU de Dunkerque", *, contract=None):
    return Territory.objects.create(name=name, contract=contract or create_contract(name))


def grant(user, territory, role, *, programme=None, **fields):
    """One role; those of trainer and observer need the programme that gives them."""
    return Grant.objects.create(
        user=user,
        territory=territory,
        role=role,
        programme_ref=programme.ref if programme else "",
        **fields,
    )


def create_programme(name="Développement économique des quartiers", **fields):
    centre, _ = ResourceCentre.objects.get_or_create(name="Centre de ressources d’essai")
    return Programme.objects.create(name=name, **{"centre": centre, **fields})


def create_session(programme, title="Première journée", held_on=date(2026, 10, 1), **fields):
    return Session.objects.create(programme=programme, title=title, held_on=held_on, **fields)


def create_deadline(programme, step, due_on):
    return Deadline.objects.create(programme=programme, step=step, due_on=due_on)


def enrol(territory, programme):
    """Enrols the territory, on whose work the programme's trainers and observers get their role."""
    for member in programme.members.all():
        grant(member.user, territory, member.role, programme=programme)
    return Enrolment.objects.create(programme=programme, territory=territory)


def join_programme(user, programme, role=Role.TRAINER):
    """Makes the user a trainer or an observer, on the work of each territory enrolled already."""
    assert role in PROGRAMME_ROLES
    for enrolment in programme.enrolments.all():
        grant(user, enrolment.territory, role, programme=programme)
    return Member.objects.create(programme=programme, user=user, role=role)


def create_opportunity(territory, by, title="La halle de la rue du Port", **fields):
    opportunity = Opportunity(
        territory=territory,
        title=title,
        created_by=by,
        updated_by=by,
        **{"kind": Kind.FRICHE, **fields},
    )
    opportunity.search_text = text_of(opportunity)
    opportunity.save()
    return opportunity


def share(opportunity, user, by):
    return Share.objects.create(opportunity=opportunity, user=user, shared_by=by)


def create_action(territory, by, title="Marcher dans le quartier", **fields):
    """A visit planned in the morning of 24 November 2026, in Paris."""
    fields = {
        "kind": ActionKind.VISIT,
        "starts_at": datetime(2026, 11, 24, 8, tzinfo=UTC),
        **fields,
    }
    return DetectionAction.objects.create(
        territory=territory, title=title, created_by=by, updated_by=by, **fields
    )


def create_worksheet(territory, programme, by, *, step=Step.STEP_1, opportunities=(), **fields):
    """A draft pinned to the latest grid of its step (see the fixture `grids`). It tells of
    `opportunities` at step 1; at step 2 `opportunity` is the one that it is about."""
    worksheet = Worksheet.objects.create(
        territory=territory,
        programme=programme,
        step=step,
        grid_version=GridVersion.objects.latest_of(step),
        created_by=by,
        **fields,
    )
    for position, opportunity in enumerate(opportunities, start=1):
        ChosenOpportunity.objects.create(
            worksheet=worksheet, opportunity=opportunity, position=position
        )
    return worksheet


def write_answer(worksheet, key, value, by, *, opportunity=None):
    """Saves one answer over whatever stands there; returns the version that it now has."""
    answer = find_answer(worksheet, key, opportunity.pk if opportunity else None)
    saved = save_answer(
        worksheet=worksheet,
        question=worksheet.grid.by_key[key],
        opportunity_id=opportunity.pk if opportunity else None,
        value=value,
        base_version=answer.version if answer else 0,
        may_record_opinions=True,
        by=by,
    )
    return saved.version


def submit_worksheet(worksheet, by):
    """Submits the worksheet as it stands."""
    worksheet.refresh_from_db()
    return submit(worksheet=worksheet, by=by, seen_change_number=worksheet.change_number)


def outline(district, shape):
    """The imported perimeter of a district, from a shapely geometry in degrees."""
    return Perimeter.objects.create(district=district, wkb=shapely.to_wkb(shape))


def create_contour(code, shape, *, level=ContourLevel.COMMUNE, name="Commune"):
    return Contour.objects.create(code=code, level=level, name=name, wkb=shapely.to_wkb(shape))


def upload_spreadsheet(territory, by, content="Type;Intitulé\nFriche;La halle\n", name="liste.csv"):
    """An import whose file is `content`, text or bytes; its columns are matched, nothing more."""
    if isinstance(content, str):
        content = content.encode()
    return upload(territory=territory, file=SimpleUploadedFile(name, content), by=by)


def add_person(opportunity, by, name="Inès Fictive", **facts):
    """Somebody who gave their consent today."""
    today = timezone.localdate()
    facts = {
        "role": PersonRole.HOLDER,
        "organisation": "",
        "email": "",
        "phone": "",
        "note": "",
        "purpose": "La recontacter",
        "consent": Consent.ORAL,
        "consent_on": today,
        "kept_until": people.latest_day(),
    } | facts
    return people.add_person(opportunity=opportunity, by=by, name=name, **facts)
