import ast
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.urls import reverse
from django.utils import timezone

from journal.models import Entry
from journal.recording import record
from opportunities.detecting import cancel_action, change_action, hold_action, resume_action
from opportunities.enums import Stage
from opportunities.keeping import delete
from opportunities.tracking import move_to_stage, share
from opportunities.writing import record_act
from programmes.enums import Step
from territories.enums import Role
from territories.invitations import invite
from tests import factories
from worksheets.activity.reading import entries_for
from worksheets.activity.sentences import FOLDED, SENTENCES
from worksheets.activity.telling import tell
from worksheets.standing import Standing
from worksheets.starting import start_worksheet

ROOT = Path(__file__).resolve().parents[2]
APPS = ("territories", "programmes", "opportunities", "worksheets")
VERB = re.compile(
    "(territory|team|invitation|opportunity|opportunities|person|action|worksheet)[.][a-z_]+"
)


def verbs_in(path):
    """The verbs that a module names: those that it records."""
    for part in ast.walk(ast.parse(path.read_text())):
        if isinstance(part, ast.Constant) and VERB.fullmatch(str(part.value)):
            yield part.value


def test_each_verb_of_a_territory_has_its_sentence():
    paths = [path for app in APPS for path in (ROOT / app).rglob("*.py")]
    apart = {"activity", "migrations"}  # what tells of verbs, what names models
    recording = [path for path in paths if not apart & set(path.relative_to(ROOT).parts)]
    named = {verb for path in recording for verb in verbs_in(path)}
    assert named - {"action.ics", "opportunities.calendar"} == set(SENTENCES)  # a file, a salt


def happenings(user, territory):
    return tell(entries_for(Standing.of(user, territory)), user, territory)


def told(user, territory):
    return [
        f"{one.author} {one.before}{one.label}{one.after}" for one in happenings(user, territory)
    ]


def test_what_happened_newest_first(lead, partner, contributor, territory, programme, grids):
    opportunity = factories.create_opportunity(territory, lead, "La halle")
    start_worksheet(territory=territory, programme=programme, step="etape-1", by=lead)
    move_to_stage(opportunity=opportunity, stage=Stage.QUALIFIED, by=contributor)
    share(opportunity=opportunity, partner=partner, by=lead)
    invite(territory=territory, email="x@tests.example", role=Role.READER, by=lead)
    assert told(lead, territory) == [
        "Alice Lambert a invité quelqu’un dans l’équipe, avec le rôle de lecteur",
        "Alice Lambert a partagé «\N{NO-BREAK SPACE}La halle\N{NO-BREAK SPACE}» avec un partenaire",
        "Bruno Carlier a passé «\N{NO-BREAK SPACE}La halle\N{NO-BREAK SPACE}» à l’étape "
        "«\N{NO-BREAK SPACE}Qualifiée\N{NO-BREAK SPACE}»",
        "Alice Lambert a commencé la fiche Étape 1",
    ]


def test_where_the_links_lead(lead, territory, step_2, shared):
    for target in (step_2.target, shared.target, territory.scope):
        record(verb="worksheet.answered", by=lead, scope=territory.scope, target=target)
    assert [(one.label, one.url) for one in happenings(lead, territory)] == [
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


def test_a_question_says_the_horizon_of_its_programme(lead, territory, programme, grids):
    diagnosis = factories.create_worksheet(territory, programme, lead, step=Step.SELF_DIAGNOSIS)
    question = diagnosis.grid.by_key["perspectives"].label
    record(
        verb="worksheet.commented",
        by=lead,
        scope=territory.scope,
        target=diagnosis.target,
        question=question,
    )
    assert f"jusqu’en {programme.horizon}" in told(lead, territory)[0]


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
    assert happenings(lead, territory)[0].url == reverse(
        "opportunities:action-detail", args=[territory.ref, visit.ref]
    )


def test_what_one_did_several_times_in_a_row_is_said_once(lead, contributor, territory, shared):
    def joined(by, name):
        record_act("opportunity.file_added", shared, by, file=name)

    for name in ("a.pdf", "b.pdf", "c.pdf"):
        joined(lead, name)
    Entry.objects.update(at=timezone.now() - timedelta(days=1))
    joined(lead, "d.pdf")  # another day
    joined(contributor, "e.pdf")
    for verb in ("changed", "changed", "created", "created", "moved", "moved"):
        record_act(f"opportunity.{verb}", shared, contributor, to_stage=Stage.QUALIFIED)
    halle = "«\N{NO-BREAK SPACE}La halle partagée\N{NO-BREAK SPACE}»"
    moved = (
        f"Bruno Carlier a passé {halle} à l’étape «\N{NO-BREAK SPACE}Qualifiée\N{NO-BREAK SPACE}»"
    )
    assert told(lead, territory) == [
        moved,
        moved,
        "Bruno Carlier a ajouté 2 opportunités",
        f"Bruno Carlier a modifié {halle}",
        f"Bruno Carlier a joint «\N{NO-BREAK SPACE}e.pdf\N{NO-BREAK SPACE}» à {halle}",
        f"Alice Lambert a joint «\N{NO-BREAK SPACE}d.pdf\N{NO-BREAK SPACE}» à {halle}",
        f"Alice Lambert a joint 3 fichiers à {halle}",
    ]


def test_what_is_said_of_several_has_a_sentence_for_one():
    assert FOLDED.keys() <= SENTENCES.keys()


def test_what_was_deleted_leads_to_the_bin(lead, territory, shared):
    delete(opportunity=shared, by=lead)
    (found,) = happenings(lead, territory)
    assert (found.label, found.url) == (
        "«\N{NO-BREAK SPACE}La halle partagée\N{NO-BREAK SPACE}»",
        reverse("opportunities:bin", args=[territory.ref]),
    )
