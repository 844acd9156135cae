"""Beginning a worksheet, and choosing the opportunities that step 1 tells of."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from journal.recording import record
from opportunities.models import Opportunity
from programmes.enums import Step
from programmes.models import Programme
from territories.models import Territory
from worksheets.lifecycle import NotNow, lock
from worksheets.models import (
    MAX_OPPORTUNITIES,
    ChosenOpportunity,
    GridVersion,
    Worksheet,
)


class CannotStart(Exception):
    """A worksheet that makes no sense; the message is for the reader."""


class BadChoice(Exception):
    """Opportunities that can't be the one, two or three of a worksheet."""


class StaleChoice(Exception):
    """Somebody else chose meanwhile."""

    def __init__(self, titles: Sequence[str]):
        super().__init__(
            "Entre-temps, la fiche a été changée : elle porte maintenant sur "
            f"{' ; '.join(titles) or 'aucune opportunité'}. Votre choix n’est pas encore "
            "enregistré, il est dans la page : enregistrez à nouveau pour qu’il le remplace."
        )


def start_worksheet(
    *,
    territory: Territory,
    programme: Programme,
    step: Step,
    opportunity: Opportunity | None = None,
    by,
) -> Worksheet:
    """The worksheet of that territory, programme and step (and opportunity, at step 2), begun now
    unless it exists: beginning twice gives the same one.

    Raises CannotStart when the territory isn't enrolled, when the opportunity is missing,
    superfluous or another territory's, or while no grid of that step is published.
    """
    _check_may_exist(territory, programme, step, opportunity)
    grid_version = GridVersion.objects.latest_of(step)
    if grid_version is None:
        raise CannotStart(
            "Le canevas de cette fiche n’est pas encore publié : prévenez l’administrateur de la "
            "plateforme."
        )
    identity = {
        "territory": territory,
        "programme": programme,
        "step": step,
        "opportunity": opportunity,
    }
    try:
        with transaction.atomic():
            worksheet, is_new = Worksheet.objects.get_or_create(
                **identity,
                defaults={"grid_version": grid_version, "created_by": by},
            )
            if is_new:
                record(
                    verb="worksheet.started",
                    by=by,
                    scope=territory.scope,
                    target=worksheet.target,
                )
    except IntegrityError:  # two clicks at once: the other one made it
        worksheet = Worksheet.objects.get(**identity)
    return worksheet


def _check_may_exist(territory, programme, step, opportunity):
    if not programme.enrolments.filter(territory=territory).exists():
        raise CannotStart("Ce territoire n’est pas inscrit à cette formation.")
    if (step == Step.STEP_2) != (opportunity is not None):
        raise CannotStart(
            "L’étape 2 porte sur une opportunité ; les autres fiches sur le territoire."
        )
    if opportunity is not None and opportunity.territory_id != territory.pk:
        raise CannotStart("Cette opportunité n’est pas de ce territoire.")


@transaction.atomic
def choose_opportunities(
    *,
    worksheet: Worksheet,
    opportunities: Sequence[Opportunity],
    seen: Sequence[str] | None = None,
    by,
) -> None:
    """Makes `opportunities`, in that order, those of a step 1 worksheet.

    `seen` are the references of those that its author saw chosen, if anybody looked. Answers about
    one that is no longer chosen stay in the database and come back with it. Raises BadChoice
    unless there are at most three of this territory, NotNow if the team can't write, StaleChoice
    if the worksheet tells of others than `seen`.
    """
    lock(worksheet)
    if worksheet.step != Step.STEP_1:
        raise BadChoice("Seule l’étape 1 porte sur des opportunités choisies.")
    if not worksheet.is_with_team:
        raise NotNow(f"La fiche est maintenant « {worksheet.get_state_display()} ».")
    _check_choice(opportunities, worksheet.territory_id)
    current = {
        choice.opportunity.ref: choice for choice in worksheet.chosen.select_related("opportunity")
    }
    if list(current) == [opportunity.ref for opportunity in opportunities]:
        return
    if seen is not None and list(current) != list(seen):
        raise StaleChoice([choice.opportunity.title for choice in current.values()])
    worksheet.chosen.all().delete()
    ChosenOpportunity.objects.bulk_create(
        ChosenOpportunity(worksheet=worksheet, opportunity=opportunity, position=position)
        for position, opportunity in enumerate(opportunities, start=1)
    )
    Worksheet.objects.filter(pk=worksheet.pk).update(
        change_number=F("change_number") + 1, changed_at=timezone.now(), changed_by=by
    )
    record(
        verb="worksheet.opportunities_chosen",
        by=by,
        scope=worksheet.territory.scope,
        target=worksheet.target,
        opportunities=[opportunity.title for opportunity in opportunities],
        refs=[opportunity.ref for opportunity in opportunities],
    )


def _check_choice(opportunities, territory_id):
    if len(opportunities) > MAX_OPPORTUNITIES:
        raise BadChoice("Choisissez une, deux ou trois opportunités.")
    if len({opportunity.pk for opportunity in opportunities}) != len(opportunities):
        raise BadChoice("Une opportunité est choisie deux fois.")
    if any(opportunity.territory_id != territory_id for opportunity in opportunities):
        raise BadChoice("Une des opportunités n’est pas de ce territoire.")
