"""How many queries the pages that say where things are cost, at 1, 3 and 300 rows."""

from itertools import chain

import pytest
from django.utils import timezone

from journal.models import Entry
from journal.visits import mark_seen
from opportunities.enums import ActionKind, Kind
from opportunities.models import DetectionAction, Opportunity
from programmes.enums import Step
from programmes.models import Enrolment
from territories.enums import Role
from territories.models import CityContract, Grant, Territory
from tests import factories
from worksheets.models import (
    Answer,
    ChosenOpportunity,
    Comment,
    GridVersion,
    Submission,
    Worksheet,
)


def create_territories(count):
    first = Territory.objects.count()
    contracts = CityContract.objects.bulk_create(
        CityContract(code=f"{300_000_000 + first + n}", name="CA") for n in range(count)
    )
    return Territory.objects.bulk_create(
        Territory(name=contract.name, contract=contract) for contract in contracts
    )


def create_opportunities(territories, by):
    return Opportunity.objects.bulk_create(
        Opportunity(
            territory=territory,
            kind=Kind.FRICHE,
            title=f"La halle {n}",
            created_by=by,
            updated_by=by,
        )
        for n, territory in enumerate(territories)
    )


def create_worksheets(opportunities, programme, by, *, step):
    """A worksheet about each, with an answer, a submission and a comment."""
    is_about_it = step == Step.STEP_2
    worksheets = Worksheet.objects.bulk_create(
        Worksheet(
            territory=opportunity.territory,
            programme=programme,
            step=step,
            opportunity=opportunity if is_about_it else None,
            grid_version=GridVersion.objects.latest_of(step),
            created_by=by,
            changed_by=by,
        )
        for opportunity in opportunities
    )
    ChosenOpportunity.objects.bulk_create(
        ChosenOpportunity(worksheet=worksheet, opportunity=opportunity, position=1)
        for worksheet, opportunity in zip(worksheets, opportunities, strict=True)
        if not is_about_it
    )
    question = "activities" if is_about_it else "strategy"
    for model, fields in (
        (Answer, {"question": question, "value": "Une visite", "saved_by": by}),
        (Submission, {"number": 1, "content": {}, "submitted_by": by}),
        (Comment, {"question": question, "body": "Précisez", "written_by": by}),
    ):
        model.objects.bulk_create(model(worksheet=sheet, **fields) for sheet in worksheets)
    return worksheets


def tell_of(subjects, by):
    Entry.objects.bulk_create(
        Entry(
            verb="worksheet.answered",
            actor=by,
            scope=subject.territory.scope,
            target=subject.target,
            data={},
        )
        for subject in subjects
    )


@pytest.fixture
def add_step_2(territory, programme, lead, grids):
    """Adds opportunities with a step 2 worksheet and a detection action each."""

    def add(count):
        opportunities = create_opportunities([territory] * count, lead)
        worksheets = create_worksheets(opportunities, programme, lead, step=Step.STEP_2)
        actions = DetectionAction.objects.bulk_create(
            DetectionAction(
                territory=territory,
                title="Marcher dans le quartier",
                kind=ActionKind.VISIT,
                starts_at=timezone.now(),
                created_by=lead,
                updated_by=lead,
            )
            for _ in range(count)
        )
        tell_of(chain.from_iterable(zip(worksheets, opportunities, actions, strict=True)), lead)

    return add


@pytest.mark.parametrize(
    ("who", "count"), [("lead", 23), ("reader", 23), ("trainer", 23), ("observer", 20)]
)
def test_the_home_of_a_team(
    request, query_counts, client_of, programme, add_step_2, home_address, who, count
):
    factories.create_deadline(programme, Step.STEP_2, timezone.localdate())
    client = client_of(request.getfixturevalue(who))
    counts = query_counts(lambda: client.get(home_address), add_step_2)
    assert counts == [count, count, count]


def test_the_list(query_counts, client_of, lead, add_step_2, list_address):
    client = client_of(lead)

    def add(count):
        add_step_2(count)
        mark_seen(scopes=[sheet.target for sheet in Worksheet.objects.all()], by=lead)

    assert query_counts(lambda: client.get(list_address), add) == [17, 17, 17]


@pytest.mark.parametrize(("who", "count"), [("trainer", 17), ("observer", 13)])
def test_the_board(
    request, query_counts, client_of, programme, lead, grids, board_address, who, count
):
    programme.enrolments.all().delete()
    user = request.getfixturevalue(who)
    client = client_of(user)

    def add(count):
        territories = create_territories(count)
        Enrolment.objects.bulk_create(
            Enrolment(programme=programme, territory=territory) for territory in territories
        )
        Grant.objects.bulk_create(
            Grant(user=member, territory=territory, role=role, programme_ref=ref)
            for territory in territories
            for member, role, ref in ((lead, Role.LEAD, ""), (user, who, programme.ref))
        )
        opportunities = create_opportunities(territories, lead)
        tell_of(create_worksheets(opportunities, programme, lead, step=Step.STEP_1), lead)

    counts = query_counts(lambda: client.get(board_address), add)
    assert counts == [count, count, count]


def test_the_choice_of_a_place(query_counts, client_of, programme):
    user = factories.create_user()
    factories.join_programme(user, programme)
    client = client_of(user)

    def add(count):
        Grant.objects.bulk_create(
            Grant(user=user, territory=territory, role=Role.LEAD)
            for territory in create_territories(count)
        )

    assert query_counts(lambda: client.get("/"), add) == [8, 8, 8]
