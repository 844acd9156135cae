"""Worksheets, and the homes and boards that tell of them."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from journal.models import Visit
from journal.recording import record
from journal.visits import mark_seen
from opportunities.enums import Kind, Stage
from opportunities.models import Opportunity
from programmes.enums import Step
from tests import factories
from tests.journeys.states.opportunities import held_action, planned_action
from tests.journeys.states.words import (
    ENDLESS_WORD,
    FROM_THE_RIGHT,
    LONG_TEXT,
    LONG_TITLE,
    OPPORTUNITY,
    TERRITORY,
    TEXTS,
)
from worksheets.content import Slot
from worksheets.discussing import comment
from worksheets.enums import QuestionKind
from worksheets.lifecycle import Verb
from worksheets.reviewing import decide, start_review
from worksheets.signing import sign_opinion


def _calendar(cast):
    today = timezone.localdate()
    titles = {-40: LONG_TITLE[:120], 12: "Deuxième journée", 90: "Journée régionale"}
    for days, title in titles.items():
        factories.create_session(cast.programme, title, today + timedelta(days), place="Lille")
    for step, days in zip(Step, (-60, -1, 20), strict=True):
        factories.create_deadline(cast.programme, step, today + timedelta(days))


def project_of_opportunity(cast):
    """An opportunity with its step 2 worksheet."""
    project = _project(cast)
    return (cast.territory.ref, project.opportunity.ref)


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
        comments=[(Slot(question), None, f"@{cast.lead.name} ? {ENDLESS_WORD}")],
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


def step_1_with_actions(cast):
    """Actions to take up into the answers."""
    held_action(cast)
    planned_action(cast)
    return new_step_1(cast)


def new_step_1(cast):
    return _names(_sheet(cast))


def step_1_to_choose(cast):
    _two_opportunities(cast)
    return new_step_1(cast)


def filled_step_1(cast):
    """Since the lead was there last."""
    _calendar(cast)
    worksheet = _sheet(cast, opportunities=_two_opportunities(cast))
    _seen_yesterday(cast.lead, worksheet.target)
    return _names(_fill(cast, worksheet))


def _seen_yesterday(user, *scopes):
    mark_seen(scopes=scopes, by=user)
    yesterday = timezone.now() - timedelta(days=1)
    Visit.objects.filter(user=user).update(since=yesterday, at=yesterday)


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


def corrected_project(cast):
    """A project that was returned, and of which the lead has changed the half since."""
    return _names(_corrected(cast))


def _corrected(cast):
    project = _returned(cast, _fill(cast, _project(cast)))
    for question in project.grid.blocks[0].questions:
        value = _value(question, f"{OPPORTUNITY}. {TEXTS[0]}")
        factories.write_answer(project, question.key, value, cast.lead)
    return project


def answer_of_corrected_project(cast):
    return (*corrected_project(cast), "partners")


def version_of_corrected_project(cast):
    return (*corrected_project(cast), "means", 1)


def second_review(cast):
    """Of a project that its trainer returned before."""
    project = _submitted(cast, _corrected(cast))
    start_review(worksheet=project, by=cast.trainer)
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


def visited_territory(cast):
    """Where others have done all that since the lead was there, and the trainer."""
    for person in (cast.lead, cast.trainer):
        _seen_yesterday(person, cast.territory.scope)
    names = busy_territory(cast)
    factories.create_action(cast.territory, cast.contributor, LONG_TITLE[:150])
    about = {"scope": cast.territory.scope, "target": Opportunity.objects.first().target}
    for by in (cast.contributor, cast.contributor, cast.lead, None):
        record(verb="opportunity.file_added", by=by, file=f"{ENDLESS_WORD[:80]}.pdf", **about)
    record(verb="opportunity.changed", by=cast.contributor, **about)
    return names


def busy_home(cast):
    busy_territory(cast)
    return ()


def busy_programme(cast):
    visited_territory(cast)
    for number in range(30):
        factories.enrol(factories.create_territory(f"{TERRITORY[:100]} {number}"), cast.programme)
    return (cast.programme.ref,)
