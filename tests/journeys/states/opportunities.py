"""Opportunities, what belongs to them, detection actions, imports."""

from datetime import timedelta

import shapely
from django.utils import timezone

from library.enums import Theme
from opportunities import keeping
from opportunities.attachments import attach
from opportunities.calendars import subscribe
from opportunities.enums import ActionKind, ActionState, Kind, Nearness, SiteType, Stage
from opportunities.exchange.importing import begin_check
from opportunities.exchange.writing import ChangedSince
from opportunities.models import DetectionAction, FileImport, Opportunity, Person, SavedFilter
from opportunities.people import anonymise
from opportunities.tracking import move_to_stage
from tests import factories
from tests.harness.tasks import run_ready_tasks
from tests.journeys.states.words import (
    ENDLESS_WORD,
    FILE,
    FROM_THE_RIGHT,
    LONG_TEXT,
    LONG_TITLE,
    OPPORTUNITY,
    SOMEBODY,
    TERRITORY,
    TEXTS,
)
from tests.opportunities.files import PDF, photo, upload


def opportunities_on_a_map(cast):
    """Of each kind, each in its place; several in one; one nowhere; two districts around."""
    district = factories.create_district(TERRITORY, longitude=2.31, latitude=51.02)
    factories.outline(district, shapely.box(2.29, 51.00, 2.33, 51.03))
    factories.create_district("Sans périmètre", longitude=2.35, latitude=51.01)
    places = [(2.28 + number * 0.02, 51.01) for number in range(len(Kind))]
    for number, (longitude, latitude) in enumerate([*places, *places[:1] * 3, (None, None)]):
        factories.create_opportunity(
            cast.territory,
            cast.lead,
            f"{OPPORTUNITY[:140]} {number}",
            kind=list(Kind)[number % len(Kind)],
            place=ENDLESS_WORD[:150],
            longitude=longitude,
            latitude=latitude,
        )
    return (cast.territory.ref,)


def team_with_opportunity(cast):
    factories.create_opportunity(cast.territory, cast.lead, OPPORTUNITY)
    return (cast.territory.ref,)


def alike(cast):
    """Two that may be one, and say different things."""
    args = opportunity(cast)
    other = {"place": LONG_TITLE[:80], "land_area": 3200, "longitude": 3.5233, "latitude": 50.3628}
    factories.create_opportunity(
        cast.territory, cast.lead, OPPORTUNITY, description=LONG_TEXT[:900], **other
    )
    return args


def _somebody(cast, opportunity, **facts):
    facts = {"organisation": OPPORTUNITY, "phone": "03 00 00 00 00"} | facts
    email = f"{'x' * 60}@tests.example"
    return factories.add_person(opportunity, cast.lead, SOMEBODY, email=email, **facts)


def person(cast):
    found = Opportunity.objects.get(ref=opportunity(cast)[1])
    return (cast.territory.ref, _somebody(cast, found, note=LONG_TEXT[:600]).ref)


def opportunity_of_people(cast):
    """One who may be told, one who is anonymous."""
    args = opportunity(cast)
    found = Opportunity.objects.get(ref=args[1])
    _somebody(cast, found, note=f"{ENDLESS_WORD}\n\n{FROM_THE_RIGHT}")
    anonymise(person=_somebody(cast, found), by=cast.lead)
    return args


def many_people(cast):
    """On two pages; two of them were to be forgotten days ago."""
    found = Opportunity.objects.get(ref=opportunity(cast)[1])
    people = [_somebody(cast, found) for _ in range(55)]
    long_ago = timezone.localdate() - timedelta(days=3)
    Person.objects.filter(ref__in=[person.ref for person in people[:2]]).update(kept_until=long_ago)
    return (cast.territory.ref,)


def opportunity(cast):
    """With all that its page may show."""
    found = factories.create_opportunity(
        cast.territory,
        cast.lead,
        OPPORTUNITY,
        description=f"{LONG_TEXT[:3000]}\n\n{ENDLESS_WORD}\n\n{FROM_THE_RIGHT}",
        place=ENDLESS_WORD[:80],
        theme=Theme.DIGITAL,
        longitude=3.52341,
        latitude=50.36284,
        next_action=ENDLESS_WORD[:200],
        next_action_on=timezone.localdate() - timedelta(days=2),
        source=LONG_TITLE,
        site_type=SiteType.PUBLIC_FACILITY,
        land_area=2_147_483_647,
        last_activity=ENDLESS_WORD[:250],
        last_activity_year=1987,
    )
    move_to_stage(opportunity=found, stage=Stage.EXPLORED, by=cast.lead)
    factories.share(found, cast.partner, cast.lead)
    factories.create_worksheet(cast.territory, cast.programme, cast.lead, opportunities=[found])
    return (cast.territory.ref, found.ref)


def likely_district(cast):
    """Its position says which district, if no perimeter tells."""
    args = opportunity(cast)
    district = factories.create_district(TERRITORY)
    cast.territory.contract.districts.add(district)
    Opportunity.objects.filter(ref=args[1]).update(
        district=district, nearness=Nearness.LIKELY, longitude=3.5233, latitude=50.3628
    )
    return args


def archived_opportunity(cast):
    """That nothing else tells of."""
    found = factories.create_opportunity(cast.territory, cast.lead, OPPORTUNITY)
    keeping.archive(opportunity=found, by=cast.lead)
    return (cast.territory.ref, found.ref)


def full_bin(cast):
    for title in (OPPORTUNITY, ENDLESS_WORD[:150]):
        found = factories.create_opportunity(
            cast.territory, cast.lead, title, place=LONG_TITLE[:80]
        )
        keeping.delete(opportunity=found, by=cast.lead)
    return (cast.territory.ref,)


def saved_filters(cast):
    """Of a list with something in it, under long names."""
    factories.create_opportunity(cast.territory, cast.lead, OPPORTUNITY)
    all_saved_filters(cast)
    return (cast.territory.ref,)


def all_saved_filters(cast):
    for territory in (cast.territory, None):
        for name in (LONG_TITLE[:60], ENDLESS_WORD[:60]):
            SavedFilter.objects.create(
                user=cast.lead, territory=territory, name=name, query="type=friche"
            )
    return ()


def saved_filter(cast):
    all_saved_filters(cast)
    return (SavedFilter.objects.filter(user=cast.lead).first().ref,)


def files(cast):
    """Photos and documents, one by somebody else, under long names."""
    cast.settings.MEDIA_ROOT = cast.folder / "media"
    found = factories.create_opportunity(cast.territory, cast.lead, OPPORTUNITY)
    for number, by in enumerate((cast.lead, cast.contributor, cast.lead)):
        for content in (photo(size=(640, 480 + 200 * number)), PDF):
            attach(opportunity=found, by=by, upload=upload(content, f"{FILE}{number}"))
    return (cast.territory.ref, found.ref)


def files_of_action(cast):
    cast.settings.MEDIA_ROOT = cast.folder / "media"
    action = factories.create_action(cast.territory, cast.lead)
    attach(action=action, by=cast.lead, upload=upload(PDF, "Compte rendu.pdf"))
    return (cast.territory.ref, action.ref)


def photo_to_remove(cast):
    _, ref = files(cast)
    return (Opportunity.objects.get(ref=ref).attachments.exclude(thumbnail="")[0].ref,)


def planned_action(cast):
    """Its hour has passed, nobody said whether it was held."""
    return _action(cast, ActionState.PLANNED)


def held_action(cast):
    refs = _action(cast, ActionState.HELD)
    action = DetectionAction.objects.get(ref=refs[-1])
    factories.create_opportunity(cast.territory, cast.lead, OPPORTUNITY, revealed_by=action)
    return refs


def cancelled_action(cast):
    return _action(cast, ActionState.CANCELLED)


def many_actions(cast):
    """On two pages, of every kind and state; a calendar that somebody subscribed to."""
    for number in range(25):
        factories.create_action(
            cast.territory,
            cast.lead,
            OPPORTUNITY if number % 5 else f"{ENDLESS_WORD[:60]} {number}",
            kind=list(ActionKind)[number % 4],
            state=list(ActionState)[number % 3],
            place=LONG_TITLE[:80],
        )
    subscribe(territory=cast.territory, by=cast.lead)
    return (cast.territory.ref,)


def _action(cast, state):
    starts_at = timezone.now() - timedelta(days=1)
    action = factories.create_action(
        cast.territory,
        cast.lead,
        OPPORTUNITY,
        state=state,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(days=3, hours=2),
        place=ENDLESS_WORD[:200],
        internal_participants="\n".join((LONG_TITLE, ENDLESS_WORD)),
        external_participants=FROM_THE_RIGHT,
        report="\n\n".join(TEXTS) if state == ActionState.HELD else "",
    )
    return cast.territory.ref, action.ref


def matched_import(cast):
    """Its columns are to be looked at; one isn't recognised, one cell isn't understood."""
    lines = [
        f"Type;Intitulé;Surface du terrain;{ENDLESS_WORD[:60]}",
        f"Friche;{OPPORTUNITY};grande;{LONG_TITLE}",
        *(f"Friche;Site {number};{number};" for number in range(12)),
        f"Tente;{FROM_THE_RIGHT};1;",
    ]
    file_import = factories.upload_spreadsheet(cast.territory, cast.lead, "\n".join(lines))
    return (cast.territory.ref, file_import.ref)


def _checked(cast, **changes):
    names = matched_import(cast)
    file_import = FileImport.objects.get(ref=names[1])
    begin_check(file_import)
    run_ready_tasks()
    FileImport.objects.filter(pk=file_import.pk).update(**changes)
    return names


def past_imports(cast):
    _checked(cast, state="written", name=f"{LONG_TITLE}.xlsx")
    matched_import(cast)
    return (cast.territory.ref,)


def checking_import(cast):
    return _checked(cast, state="checking", progress=1500)


def checked_import(cast):
    return _checked(cast)


def failed_import(cast):
    return _checked(cast, state="failed", failure=str(ChangedSince([OPPORTUNITY, "La halle"])))


def friches(cast):
    """One that the standard can say, two that it can't."""
    for title in ("Le quai", OPPORTUNITY):
        factories.create_opportunity(cast.territory, cast.lead, title)
    commune = factories.create_commune()
    factories.create_opportunity(
        cast.territory, cast.lead, "La halle", commune=commune, longitude=2.3, latitude=51.0
    )
    return (cast.territory.ref,)
