"""Who is told what of the journal: one entry of each sort, held against the truth table."""

import pytest
from django.utils import timezone

from journal.models import Entry
from journal.recording import record
from programmes.enums import Step
from territories.enums import Role
from tests import factories
from worksheets.activity.reading import entries_for, entries_open_to, held_by
from worksheets.standing import Standing

TEAM_AND_TRAINERS = {
    "an answer of step 1",
    "an answer of the shared step 2",
    "an answer of the other step 2",
    "a comment of step 1",
    "step 1 returned",
    "step 2 withdrawn",
    "the shared one changed",
    "the other one changed",
    "the other one merged into the shared one",
    "an action held",
    "a file imported",
    "somebody joined",
    "somebody invited",
    "enrolled",
    "something new",
}
WRITERS = TEAM_AND_TRAINERS | {"enrolled elsewhere", "somebody attached", "the third one deleted"}
TOLD = {
    "lead": WRITERS,
    "contributor": WRITERS,
    "reader": TEAM_AND_TRAINERS | {"enrolled elsewhere"},
    "trainer": TEAM_AND_TRAINERS,
    "partner": {
        "an answer of the shared step 2",
        "step 1 returned",
        "step 2 withdrawn",
        "the shared one changed",
        "somebody joined",
        "enrolled",
        "enrolled elsewhere",
    },
    "observer": {
        "step 1 returned",
        "the shared one changed",
        "the other one changed",
        "the other one merged into the shared one",
        "a file imported",
        "somebody joined",
        "enrolled",
    },
    "staff": set(),
    "outsider": set(),
}


@pytest.fixture
def journal(
    territory, other_territory, programme, outsider, lead, step_1, step_2, shared, unshared
):
    """An entry of each sort, which says its own name; those that nobody is told of too."""
    deleted = factories.create_opportunity(
        territory, lead, "Le tiers", deleted_at=timezone.now(), deleted_by=lead
    )
    other_step_2 = factories.create_worksheet(
        territory, programme, lead, step=Step.STEP_2, opportunity=unshared
    )
    factories.submit_worksheet(step_1, lead)
    Entry.objects.all().delete()
    elsewhere = factories.create_programme("Une autre formation")
    theirs = outsider.grants.get().territory.worksheets.get()
    entries = [
        ("an answer of step 1", "worksheet.answered", step_1.target),
        ("an answer of the shared step 2", "worksheet.answered", step_2.target),
        ("an answer of the other step 2", "worksheet.answered", other_step_2.target),
        ("a comment of step 1", "worksheet.commented", step_1.target),
        ("step 1 returned", "worksheet.returned", step_1.target),
        ("step 2 withdrawn", "worksheet.withdrawn", step_2.target),
        ("the shared one changed", "opportunity.changed", shared.target),
        ("the other one changed", "opportunity.changed", unshared.target),
        ("the other one merged into the shared one", "opportunity.merged", shared.target),
        ("somebody attached", "person.added", shared.target),
        ("the third one deleted", "opportunity.deleted", deleted.target),
        ("the third one changed, before", "opportunity.changed", deleted.target),
        ("an action held", "action.held", factories.create_action(territory, lead).target),
        ("a file imported", "opportunities.imported", territory.scope),
        ("somebody joined", "team.member_joined", territory.scope),
        ("somebody invited", "invitation.sent", territory.scope),
        ("enrolled", "territory.enrolled", programme.scope),
        ("enrolled elsewhere", "territory.enrolled", elsewhere.scope),
        ("something new", "territory.photographed", territory.scope),
        ("what others wrote", "worksheet.answered", theirs.target),
    ]
    for name, verb, target in entries:
        record(verb=verb, by=lead, scope=territory.scope, target=target, name=name)
    for target in (theirs.target, step_1.target, shared.target, other_territory.scope):
        record(
            verb="worksheet.returned",
            by=outsider,
            scope=other_territory.scope,
            target=target,
            name=f"elsewhere, {target}",
        )


def names(entries):
    return {entry.data["name"] for entry in entries}


def test_each_is_told_what_they_may_read(request, journal, territory):
    found = {
        who: names(entries_for(Standing.of(request.getfixturevalue(who), territory)))
        for who in TOLD
    }
    assert found == TOLD


def test_the_outsider_is_told_of_their_own(journal, outsider, other_territory):
    own = names(entries_open_to(outsider, held_by(outsider)))
    theirs = other_territory.worksheets.get()
    assert own == {f"elsewhere, {theirs.target}", f"elsewhere, {other_territory.scope}"}


def test_a_role_elsewhere_tells_no_more_of_here(journal, partner, territory, other_territory):
    factories.grant(partner, other_territory, Role.READER)
    entries = entries_open_to(partner, held_by(partner))
    here = names(entries.filter(scope=territory.scope))
    assert here == TOLD["partner"] | {"what others wrote"}  # which they read there
    theirs = names(entries.filter(scope=other_territory.scope))
    assert f"elsewhere, {other_territory.scope}" in theirs
