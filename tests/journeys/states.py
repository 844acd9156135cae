"""States of the product that a page is looked at in. Each function makes one, with the people of
`cast`, and returns what the address of the page names.

What is written in them is what pages find hardest: long titles, 10,000 characters, words without
end, texts from right to left.
"""

from datetime import timedelta
from uuid import uuid4

import shapely
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from accounts import demo
from library.enums import Theme
from opportunities import keeping
from opportunities.attachments import attach
from opportunities.calendars import subscribe
from opportunities.enums import ActionKind, ActionState, Kind, SiteType, Stage
from opportunities.exchange.importing import begin_check
from opportunities.exchange.writing import ChangedSince
from opportunities.models import DetectionAction, FileImport, Opportunity, SavedFilter
from opportunities.people import anonymise
from opportunities.tracking import move_to_stage
from programmes.enums import Step
from territories.enums import Role
from territories.invitations import link_token
from territories.models import Grant, Invitation
from tests import factories
from tests.harness.tasks import run_ready_tasks
from tests.opportunities.files import PDF, photo, upload
from worksheets.content import Slot
from worksheets.enums import QuestionKind
from worksheets.lifecycle import Verb
from worksheets.reviewing import comment, decide, start_review
from worksheets.signing import sign_opinion

LONG_TITLE = "Une halle, trois ateliers, un tiers-lieu nourricier entre la gare et le canal, " * 2
OPPORTUNITY = LONG_TITLE[:150].strip()
SOMEBODY = f"Inès Fictive, dite {LONG_TITLE}"[:150].strip()
TERRITORY = f"Communauté d’agglomération, {LONG_TITLE}"[:120].strip()
PROGRAMME = f"Formation, {LONG_TITLE}"[:120].strip()
MAIL = f"Message, {LONG_TITLE}"[:120].strip()
FILE = "scan" * 40
ENDLESS_WORD = "https://exemple.example/" + "x" * 300
FROM_THE_RIGHT = "مشروع تعاوني في الحي، ورشة وخمسة مشاركين"
LONG_TEXT = ("Deux visites de quartier, puis un appel aux idées. " * 250)[:10_000]
TEXTS = (f"Court.\n\n{ENDLESS_WORD}", LONG_TEXT, FROM_THE_RIGHT, "<b>Marcher</b> {{ rue }} 🧱")


def nothing(cast):
    return ()


# Territories


def team(cast):
    return (cast.territory.ref,)


def new_territory(cast):
    """Enrolled nowhere; its lead is alone."""
    territory = factories.create_territory(TERRITORY)
    factories.grant(cast.lead, territory, Role.LEAD)
    return (territory.ref,)


def two_territories(cast):
    factories.grant(cast.lead, cast.other_territory, Role.READER)
    return ()


def writer_of_two_territories(cast):
    factories.grant(cast.lead, cast.other_territory, Role.CONTRIBUTOR)
    return ()


def no_role(cast):
    Grant.objects.filter(user=cast.lead).delete()
    return ()


def busy_territory(cast):
    """A worksheet in each state, deadlines past and to come, opportunities on two pages."""
    _calendar(cast)
    for number in range(25):
        factories.create_opportunity(
            cast.territory,
            cast.lead,
            OPPORTUNITY if number == 0 else f"{ENDLESS_WORD[:60]} {number}",
            kind=list(Kind)[number % len(Kind)],
            stage=list(Stage)[number % len(Stage)],
            place=LONG_TITLE[:80],
        )
    first, second, third, *_ = Opportunity.objects.filter(territory=cast.territory)
    _validated(cast, _sheet(cast, step=Step.SELF_DIAGNOSIS))
    _returned(cast, _sheet(cast, opportunities=[first]))
    _submitted(cast, _project(cast, first))
    _project(cast, second)
    under_review = _submitted(cast, _project(cast, third))
    start_review(worksheet=under_review, by=cast.trainer)
    return (cast.territory.ref,)


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


def busy_home(cast):
    busy_territory(cast)
    return ()


def full_team(cast):
    cast.territory.name = TERRITORY
    cast.territory.save()
    for sent in (timezone.now(), timezone.now() - timedelta(days=90)):
        _invitation(cast, sent_at=sent)
    return (cast.territory.ref,)


def team_without_anybody(cast):
    Grant.objects.filter(territory=cast.territory, user=cast.lead).delete()
    Grant.objects.filter(territory=cast.territory, programme_ref="").delete()
    return (cast.territory.ref,)


def colleague(cast):
    return (cast.territory.ref, Grant.objects.get(user=cast.contributor).ref)


# Invitations and accounts


def _invitation(cast, email=None, **fields):
    return Invitation.objects.create(
        territory=cast.territory,
        email=email or f"{uuid4().hex}@tests.example",
        role=Role.CONTRIBUTOR,
        invited_by=cast.lead,
        **fields,
    )


def invitation(cast):
    return (link_token(_invitation(cast)),)


def invitation_of_somebody(cast):
    return (link_token(_invitation(cast, email=cast.outsider.email)),)


def expired_invitation(cast):
    long_ago = timezone.now() - 2 * Invitation.LIFETIME
    with cast.monkeypatch.context() as patch:
        patch.setattr(signing.time, "time", long_ago.timestamp)
        return (link_token(_invitation(cast)),)


def used_invitation(cast):
    return (link_token(_invitation(cast, accepted_at=timezone.now(), accepted_by=cast.lead)),)


def unknown_link(cast):
    return ("rien.rien.rien",)


def password_link(cast):
    return (user_pk_to_url_str(cast.lead), default_token_generator.make_token(cast.lead))


def dead_password_link(cast):
    return (user_pk_to_url_str(cast.lead), "1-1")


def no_password(cast):
    cast.lead.set_unusable_password()
    cast.lead.save()
    return ()


def demonstration(cast):
    """The pages of a demonstration, which shows the messages that it would have sent."""
    cast.settings.DEMO = True
    cast.settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    cast.settings.EMAIL_FILE_PATH = cast.folder / "courriels"
    return ()


def sent_mail(cast):
    demonstration(cast)
    message = EmailMultiAlternatives(MAIL, f"Voir {ENDLESS_WORD}", to=["a@tests.example"])
    message.attach_alternative("<html lang=fr><title>Un message</title><h1>Voir", "text/html")
    message.send()
    return (demo.sent_mails()[0].name,)


def sent_mails(cast):
    sent_mail(cast)
    return ()


# Programmes


def _calendar(cast):
    today = timezone.localdate()
    titles = {-40: LONG_TITLE[:120], 12: "Deuxième journée", 90: "Journée régionale"}
    for days, title in titles.items():
        factories.create_session(cast.programme, title, today + timedelta(days), place="Lille")
    for step, days in zip(Step, (-60, -1, 20), strict=True):
        factories.create_deadline(cast.programme, step, today + timedelta(days))


def programme(cast):
    return (cast.programme.ref,)


def empty_programme(cast):
    empty = factories.create_programme(PROGRAMME)
    factories.join_programme(cast.trainer, empty)
    return (empty.ref,)


def no_programme(cast):
    cast.programme.enrolments.all().delete()
    return ()


def busy_programme(cast):
    busy_territory(cast)
    for number in range(30):
        factories.enrol(factories.create_territory(f"{TERRITORY[:100]} {number}"), cast.programme)
    return (cast.programme.ref,)


def session(cast):
    return (cast.programme.ref, factories.create_session(cast.programme).ref)


# Opportunities


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
    found = Opportunity.objects.get(ref=opportunity(cast)[1])
    long_ago = timezone.localdate() - timedelta(days=3)
    for number in range(55):
        _somebody(cast, found, **({"kept_until": long_ago} if number < 2 else {}))
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
    _sheet(cast, opportunities=[found])
    return (cast.territory.ref, found.ref)


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


def project_of_opportunity(cast):
    """An opportunity with its step 2 worksheet."""
    project = _project(cast)
    return (cast.territory.ref, project.opportunity.ref)


# Worksheets


def _sheet(cast, **fields):
    return factories.create_worksheet(cast.territory, cast.programme, cast.lead, **fields)


def _project(cast, about=None):
    about = about or factories.create_opportunity(cast.territory, cast.lead, OPPORTUNITY)
    return _sheet(cast, step=Step.STEP_2, opportunity=about)


def _two_opportunities(cast):
    described = factories.create_opportunity(
        cast.territory, cast.lead, OPPORTUNITY, description=LONG_TEXT[:600]
    )
    factories.share(described, cast.partner, cast.lead)
    bare = factories.create_opportunity(cast.territory, cast.lead, ENDLESS_WORD[:150])
    return [described, bare]


def _names(worksheet):
    return (worksheet.territory.ref, worksheet.ref)


def _fill(cast, worksheet):
    """An answer to every question, each of the hard texts in turn."""
    subjects = {True: [choice.opportunity for choice in worksheet.chosen.all()], False: [None]}
    for block in worksheet.grid.blocks:
        for subject in subjects[block.per_opportunity]:
            for number, question in enumerate(block.questions):
                if not question.is_derived:
                    value = _value(question, TEXTS[number % len(TEXTS)])
                    factories.write_answer(
                        worksheet, question.key, value, cast.contributor, opportunity=subject
                    )
    return worksheet


def _value(question, text):
    kinds = QuestionKind
    if question.kind == kinds.LIST:
        return [{"id": str(uuid4()), "text": text[:500]} for text in TEXTS]
    if question.kind == kinds.CHOICES:
        ticked = {question.choices[0].key: text[:500], question.choices[-1].key: ""}
        return {"ticked": ticked, "other": FROM_THE_RIGHT, "text": text[:500]}
    if question.kind == kinds.TABLE:
        return [{"id": str(uuid4()), "cells": _cells(question, text)} for text in TEXTS]
    if question.kind == kinds.BUDGET:
        lines = [("Aménagement", 1_250_000), (ENDLESS_WORD, 99_999_999_999), ("À chiffrer", None)]
        side = [{"label": label, "cents": cents} for label, cents in lines]
        return {
            name: [{"id": str(uuid4()), **line} for line in side]
            for name in ("expenses", "resources")
        }
    return question.kind == kinds.MARK or text


def _cells(question, text):
    return {
        column.key: "2026-11-05"
        if column.is_date
        else column.choices[0].key
        if column.choices
        else text[:500]
        for column in question.columns
    }


def _submitted(cast, worksheet):
    factories.submit_worksheet(worksheet, cast.lead)
    return worksheet


def _decided(cast, worksheet, verb):
    _submitted(cast, worksheet)
    question = next(iter(worksheet.grid.blocks[0].questions))
    decide(
        worksheet=worksheet,
        verb=verb,
        message=f"Presque prêt. {LONG_TEXT[:400]}",
        comments=[(Slot(question), None, f"Qui ? {ENDLESS_WORD}")],
        submission_number=str(worksheet.submissions.count()),
        by=cast.trainer,
    )
    return worksheet


def _returned(cast, worksheet):
    return _decided(cast, worksheet, Verb.RETURN)


def _validated(cast, worksheet):
    return _decided(cast, worksheet, Verb.VALIDATE)


def new_diagnosis(cast):
    return _names(_sheet(cast, step=Step.SELF_DIAGNOSIS))


# Detection actions


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


def step_1_with_actions(cast):
    """Actions to take up into the answers."""
    held_action(cast)
    planned_action(cast)
    return new_step_1(cast)


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


def new_step_1(cast):
    return _names(_sheet(cast))


def step_1_to_choose(cast):
    _two_opportunities(cast)
    return new_step_1(cast)


def filled_step_1(cast):
    _calendar(cast)
    return _names(_fill(cast, _sheet(cast, opportunities=_two_opportunities(cast))))


def new_project(cast):
    return _names(_project(cast))


def answered_project(cast):
    """One question of it."""
    project = _project(cast)
    factories.write_answer(project, "means", "Le texte de Bruno", cast.contributor)
    return _names(project)


def filled_project(cast):
    """With an opinion that a reader signed."""
    project = _fill(cast, _project(cast))
    sign_opinion(worksheet=project, opinion="reserved", remarks=LONG_TEXT[:300], by=cast.reader)
    factories.share(project.opportunity, cast.partner, cast.lead)
    return _names(project)


def commented_diagnosis(cast):
    """With a thread that has an open comment and a closed one."""
    worksheet = _sheet(cast, step=Step.SELF_DIAGNOSIS)
    slot = Slot(worksheet.grid.by_key["collaborations"])
    for body in ("Qui en est ?", f"{LONG_TEXT[:500]} {ENDLESS_WORD}"):
        written = comment(
            worksheet=worksheet, slot=slot, opportunity_id=None, body=body, by=cast.trainer
        )
    written.resolved_at, written.resolved_by = timezone.now(), cast.lead
    written.save()
    return _names(worksheet)


def question_of_diagnosis(cast):
    return (*commented_diagnosis(cast), "collaborations")


def returned_step_1(cast):
    return _names(_returned(cast, _sheet(cast, opportunities=_two_opportunities(cast))))


def submitted_step_1(cast):
    _calendar(cast)
    worksheet = _fill(cast, _sheet(cast, opportunities=_two_opportunities(cast)))
    return _names(_submitted(cast, worksheet))


def validated_project(cast):
    return _names(_validated(cast, _fill(cast, _project(cast))))


def submission(cast):
    return (*submitted_step_1(cast), 1)


def complete_diagnosis(cast):
    return _names(_fill(cast, _sheet(cast, step=Step.SELF_DIAGNOSIS)))


def late_step_1(cast):
    _calendar(cast)
    return _names(_sheet(cast, opportunities=_two_opportunities(cast)))


def _resubmitted_diagnosis(cast):
    """Corrected after a first review: what was said then is beside the questions."""
    worksheet = _returned(cast, _sheet(cast, step=Step.SELF_DIAGNOSIS))
    return _submitted(cast, _fill(cast, worksheet))


def review(cast):
    worksheet = _resubmitted_diagnosis(cast)
    start_review(worksheet=worksheet, by=cast.trainer)
    return _names(worksheet)


def review_of_a_colleague(cast):
    worksheet = _resubmitted_diagnosis(cast)
    colleague = factories.create_user(LONG_TITLE[:60])
    factories.join_programme(colleague, cast.programme)
    start_review(worksheet=worksheet, by=colleague)
    return _names(worksheet)


# Files


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
