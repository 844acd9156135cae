import ast
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.urls import reverse

from journal.models import Entry
from journal.recording import record
from opportunities.detecting import cancel_action, change_action, hold_action, resume_action
from opportunities.enums import Stage
from opportunities.tracking import move_to_stage, share
from territories.enums import Role
from territories.invitations import invite
from tests import factories
from worksheets.activity import SENTENCES, recent_activity
from worksheets.lifecycle import JOURNAL_VERBS
from worksheets.starting import start_worksheet

ROOT = Path(__file__).resolve().parents[2]
APPS = ("territories", "programmes", "opportunities", "worksheets")


def verbs_in(source):
    """Verbs that `source` records: the text given as `verb`, or first to a function of that job."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id in {"record", "record_act", "_record", "record_sitting", "_write"}:
            said = [keyword.value for keyword in node.keywords if keyword.arg == "verb"]
            for value in [*said, *node.args[:1]]:
                for part in ast.walk(value):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        yield part.value


def test_each_verb_of_a_territory_has_its_sentence():
    sources = [path.read_text() for app in APPS for path in (ROOT / app).rglob("*.py")]
    verbs = {verb for source in sources for verb in verbs_in(source)}
    # A programme has a journal of its own.
    verbs = {verb for verb in verbs if not verb.startswith("programme.")}
    assert verbs | set(JOURNAL_VERBS.values()) == set(SENTENCES)


def told(user, territory, limit=8):
    return [
        f"{one.author} {one.before}{one.label}{one.after}"
        for one in recent_activity(user, territory, limit)
    ]


def test_what_happened_newest_first(lead, partner, contributor, territory, programme, grids):
    opportunity = factories.create_opportunity(territory, lead, "La halle")
    start_worksheet(territory=territory, programme=programme, step="etape-1", by=lead)
    move_to_stage(opportunity=opportunity, stage=Stage.QUALIFIED, by=contributor)
    share(opportunity=opportunity, partner=partner, by=lead)
    invite(territory=territory, email="x@tests.example", role=Role.READER, by=lead)
    found = told(lead, territory)
    assert found == [
        "Alice Lambert a invité quelqu’un dans l’équipe, avec le rôle de lecteur",
        "Alice Lambert a partagé «\N{NO-BREAK SPACE}La halle\N{NO-BREAK SPACE}» avec un partenaire",
        "Bruno Carlier a passé «\N{NO-BREAK SPACE}La halle\N{NO-BREAK SPACE}» à l’étape "
        "«\N{NO-BREAK SPACE}Qualifiée\N{NO-BREAK SPACE}»",
        "Alice Lambert a commencé la fiche Étape 1",
    ]
    assert told(lead, territory, limit=2) == found[:2]


def test_where_the_links_lead(lead, territory, step_2, shared):
    for target in (step_2.target, shared.target, territory.scope):
        record(verb="worksheet.answered", by=lead, scope=territory.scope, target=target)
    assert [(one.label, one.url) for one in recent_activity(lead, territory, 8)] == [
        ("l’équipe", reverse("territories:team", args=[territory.ref])),
        (
            "«\N{NO-BREAK SPACE}La halle partagée\N{NO-BREAK SPACE}»",
            reverse("opportunities:detail", args=[territory.ref, shared.ref]),
        ),
        (
            "Étape 2 – La halle partagée",
            reverse("worksheets:worksheet-show", args=[territory.ref, step_2.ref]),
        ),
    ]


def test_an_unknown_verb_an_old_entry_and_a_nobody(lead, territory, step_1):
    scope = territory.scope
    record(verb="worksheet.photographed", by=lead, scope=scope, target=step_1.target)
    record(verb="team.role_changed", by=None, scope=scope, target=scope)
    record(verb="opportunity.moved", by=lead, scope=scope, target=scope, to_stage="{secret}")
    assert told(lead, territory) == [
        "Alice Lambert a passé l’équipe à l’étape «\N{NO-BREAK SPACE}{secret}\N{NO-BREAK SPACE}»",
        "La plateforme a donné à  le rôle de  dans l’équipe",
        "Alice Lambert a travaillé ici\N{NO-BREAK SPACE}: Étape 1",
    ]


def test_a_long_question_is_cut(lead, territory, step_1):
    record(
        verb="worksheet.commented",
        by=lead,
        scope=territory.scope,
        target=step_1.target,
        question="Q" * 200,
    )
    (found,) = told(lead, territory)
    assert f"{'Q' * 59}…" in found
    assert "Q" * 60 not in found


def test_a_trainer_isn_t_told_of_another_programme(lead, trainer, territory, step_1):
    other = factories.create_programme("Une autre formation")
    factories.enrol(territory, other)
    for programme in (step_1.programme, other):
        start_worksheet(territory=territory, programme=programme, step="auto-diagnostic", by=lead)
    assert len(told(lead, territory)) == 2
    assert len(told(trainer, territory)) == 1


def test_the_journal_of_another_territory_isn_t_told(lead, outsider, territory, other_territory):
    factories.create_opportunity(territory, lead)
    record(
        verb="worksheet.answered",
        by=outsider,
        scope=other_territory.scope,
        target=outsider.grants.get().territory.worksheets.get().target,
    )
    assert told(lead, territory) == []
    assert len(told(outsider, other_territory)) == 1
    assert told(outsider, territory) == []


@pytest.mark.parametrize("count", [1, 3, 30])
def test_three_queries(lead, territory, step_1, shared, django_assert_num_queries, count):
    for target in (step_1.target, shared.target) * count:
        record(verb="worksheet.answered", by=lead, scope=territory.scope, target=target)
    assert Entry.objects.count() == 2 * count
    with django_assert_num_queries(3):
        recent_activity(lead, territory, 100)


def test_what_became_of_an_action(lead, contributor, territory):
    visit = factories.create_action(
        territory, lead, "La marche", starts_at=datetime(2026, 3, 3, 8, tzinfo=UTC)
    )
    change_action(action=visit, version=1, by=lead, place="Gare")
    cancel_action(action=visit, version=2, by=lead)
    resume_action(action=visit, version=3, by=lead)
    hold_action(action=visit, version=4, by=contributor)
    named = "l’action de repérage «\N{NO-BREAK SPACE}La marche\N{NO-BREAK SPACE}»"
    assert told(lead, territory) == [
        f"Bruno Carlier a rendu compte de {named}",
        f"Alice Lambert a remis au programme {named}",
        f"Alice Lambert a annulé {named}",
        f"Alice Lambert a modifié {named}",
    ]
    assert recent_activity(lead, territory, 1)[0].url == reverse(
        "opportunities:action-detail", args=[territory.ref, visit.ref]
    )
