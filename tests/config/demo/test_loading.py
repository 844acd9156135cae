"""The demonstration, on the reference data that the project comes with."""

from collections import Counter
from datetime import timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.demo import ACCOUNTS, PASSWORD
from accounts.models import User
from config.demo.loading import load
from journal.models import Entry
from opportunities.attachments import missing_files
from opportunities.enums import (
    ActionKind,
    ActionState,
    Consent,
    Kind,
    Nearness,
    PersonRole,
    Stage,
)
from opportunities.models import (
    Attachment,
    DetectionAction,
    Opportunity,
    Person,
    Share,
    StageChange,
)
from opportunities.people import latest_day
from opportunities.wording import freshness, known_facts, main_figure
from programmes.models import Deadline, Session
from territories.enums import Role
from territories.models import District, Grant, Invitation, Territory
from worksheets.completeness import missing
from worksheets.content import Content
from worksheets.enums import State
from worksheets.kinds import budget_totals
from worksheets.models import Answer, Comment, Submission, Transition, Worksheet

pytestmark = pytest.mark.usefixtures("demo")

# When an action is to be held is no date of what somebody did.
APPOINTMENTS = {"starts_at", "ends_at"}
OURS = ("worksheets", "opportunities", "programmes", "territories", "journal", "accounts")


@pytest.fixture(scope="module")
def _loaded_once(django_db_setup, django_db_blocker):
    """Loading takes seconds: once for this module. Each test undoes what it does to it."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_reference", stdout=StringIO())
        load(timezone.localdate())
        # What PostgreSQL would otherwise check at the end of each test.
        connection.check_constraints()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(_loaded_once, db):
    """The demonstration, as it is just after loading."""


def everything():
    """Each row of our tables, with its values."""
    return {
        model._meta.label: sorted(map(repr, model._default_manager.values_list()))
        for label in OURS
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
    }


def test_a_second_run_changes_nothing_and_keeps_what_people_changed(settings):
    opportunity = Opportunity.objects.get(title__startswith="Garage numérique")
    opportunity.title = "Un titre choisi depuis"
    opportunity.save()
    before = everything()

    settings.DEMO = True
    call_command("load_demo", stdout=StringIO())

    assert everything() == before


def test_each_account_signs_in(client):
    for email, _ in ACCOUNTS:
        client.post(reverse("account_login"), {"login": email, "password": PASSWORD})
        assert client.session["_auth_user_id"] == str(User.objects.get(email=email).pk)
        client.logout()


def test_nobody_else_has_a_password():
    emails = [email for email, _ in ACCOUNTS]
    others = User.objects.exclude(email__in=emails)
    assert others.count() == 13
    assert [user for user in others if user.has_usable_password()] == []
    assert {email.partition("@")[2] for email in User.objects.values_list("email", flat=True)} == {
        "demo.example"
    }


@pytest.mark.parametrize(
    ("key", "territory", "role"),
    [
        ("lead", "Valenciennes Métropole", Role.LEAD),
        ("contributor", "Valenciennes Métropole", Role.CONTRIBUTOR),
        ("partner", "Valenciennes Métropole", Role.PARTNER),
        ("reader", "Valenciennes Métropole", Role.READER),
        ("outsider", "CU de Dunkerque", Role.LEAD),
    ],
)
def test_each_account_of_a_team_has_its_role_there_and_nowhere_else(key, territory, role):
    grants = Grant.objects.filter(user__email=f"{key}@demo.example")
    assert list(grants.values_list("territory__name", "role")) == [(territory, role)]


def test_the_trainer_and_the_observer_follow_the_four_territories():
    territories = set(Territory.objects.values_list("name", "contract"))
    assert territories == {
        ("Valenciennes Métropole", "245901160"),
        ("CU de Dunkerque", "245900428"),
        ("Lens-Liévin", "246200364"),
        ("Métropole Européenne de Lille", "200093201"),
    }
    for role in (Role.TRAINER, Role.OBSERVER):
        grants = Grant.objects.filter(user__email=f"{role}@demo.example", role=role)
        assert {grant.territory.name for grant in grants} == {name for name, _ in territories}
    assert not Grant.objects.filter(user__email="admin@demo.example").exists()


def test_something_is_past_something_due_soon_and_something_to_come():
    today = timezone.localdate()
    due_on = list(Deadline.objects.values_list("due_on", flat=True))
    assert sum(day < today for day in due_on) == 2
    assert sum(today <= day <= today + timedelta(days=7) for day in due_on) == 1
    held_on = list(Session.objects.values_list("held_on", flat=True))
    assert (sum(day < today for day in held_on), sum(day > today for day in held_on)) == (3, 3)
    assert Session.objects.get(is_regional_day=True).held_on == max(held_on)


def test_nothing_happened_in_the_future_nor_at_the_weekend():
    now, today = timezone.now(), timezone.localdate()
    for label in OURS:
        for model in apps.get_app_config(label).get_models():
            for field in model._meta.fields:
                if isinstance(field, models.DateTimeField) and field.name not in APPOINTMENTS:
                    instants = model._default_manager.exclude(**{field.name: None})
                    for instant in instants.values_list(field.name, flat=True):
                        assert instant <= now, field
                        # Reference data are dated of the loading itself.
                        day = timezone.localdate(instant)
                        assert day.weekday() < 5 or day == today, field
    moments = list(Entry.objects.order_by("at").values_list("at", flat=True))
    assert moments[-1] - moments[0] > timedelta(days=60)


def test_every_state_of_a_worksheet_is_there():
    assert set(Worksheet.objects.values_list("state", flat=True)) == set(State)
    assert set(Transition.objects.values_list("verb", flat=True)) == {
        *("submit", "withdraw", "return", "validate", "reopen")
    }
    submitted = Worksheet.objects.filter(state=State.SUBMITTED)
    assert submitted.filter(review_started_at=None).exists()
    assert submitted.exclude(review_started_at=None).exists()
    assert set(Submission.objects.values_list("is_late", flat=True)) == {True, False}
    with_team = Worksheet.objects.filter(state=State.DRAFT)
    assert [w for w in with_team if not w.submissions.exists() and _is_overdue(w)] != []
    assert with_team.filter(answers=None).exists()
    started = Worksheet.objects.values_list("territory__name", "step").distinct().count()
    assert started < Territory.objects.count() * 3


def _is_overdue(worksheet):
    deadline = Deadline.objects.get(programme=worksheet.programme, step=worksheet.step)
    return deadline.is_over(timezone.now())


def test_step_1_tells_of_one_two_and_three_opportunities():
    counts = Worksheet.objects.filter(step="etape-1").annotate(n=models.Count("chosen"))
    assert set(counts.values_list("n", flat=True)) == {1, 2, 3}


def test_worksheets_are_complete_half_written_and_empty():
    worksheets = Worksheet.objects.select_related("territory", "programme", "grid_version")
    lacks = [len(missing(Content.of(worksheet))) for worksheet in worksheets]
    assert sorted(lacks) == [*[0] * 10, 1, 3, 7, 8]
    validated = worksheets.filter(state=State.VALIDATED)
    assert {len(missing(Content.of(worksheet))) for worksheet in validated} == {0}
    [empty] = worksheets.filter(answers=None)
    assert len(missing(Content.of(empty))) == 7
    strategies = Answer.objects.filter(question="strategy").values_list("value", flat=True)
    assert max(map(len, strategies)) > 2500


def test_budgets_are_balanced_or_not():
    budgets = Answer.objects.filter(question="budget").values_list("value", flat=True)
    balances = sorted(budget_totals(budget)["balance"] for budget in budgets)
    assert balances == [-38_800_00, -16_050_50, 0, 0, 0]


def test_an_opinion_is_signed_by_the_reader():
    reader = User.objects.get(email="reader@demo.example")
    tables = Answer.objects.filter(question="decision-makers").values_list("value", flat=True)
    signed = [row for table in tables for row in table if row.get("signed_by") == reader.pk]
    assert [row["cells"]["opinion"] for row in signed] == ["favourable"]


def test_comments_are_open_and_resolved_and_come_from_both_sides():
    assert Comment.objects.filter(resolved_at=None).exists()
    assert Comment.objects.exclude(resolved_at=None).exists()
    reply = Comment.objects.get(thread__resolved_at=None, thread__isnull=False)
    assert [user.email for user in reply.mentioned.all()] == ["lead@demo.example"]
    assert {"trainer@demo.example", "contributor@demo.example", "reader@demo.example"} <= set(
        Comment.objects.values_list("written_by__email", flat=True)
    )


def test_opportunities_are_of_all_kinds_and_stages_in_districts_of_their_contract():
    assert set(Opportunity.objects.values_list("kind", flat=True)) == set(Kind)
    assert set(StageChange.objects.values_list("to_stage", flat=True)) == set(Stage)
    assert set(Opportunity.objects.values_list("stage", flat=True)) == set(Stage)
    per_territory = Counter(Opportunity.objects.values_list("territory__name", flat=True))
    assert set(per_territory.values()) <= {4, 5, 6, 7, 8}
    for opportunity in Opportunity.objects.select_related("territory"):
        district = District.objects.get(
            code=opportunity.district_id, contracts=opportunity.territory.contract_id
        )
        assert opportunity.commune in district.communes.all(), opportunity
        opportunity.full_clean()
    assert max(len(title) for title in Opportunity.objects.values_list("title", flat=True)) > 140


def test_each_kind_says_its_facts_and_each_freshness_is_there():
    opportunities = list(Opportunity.objects.select_related("district"))
    assert {opportunity.kind for opportunity in opportunities if main_figure(opportunity)} == {
        *(Kind.FRICHE, Kind.PREMISES, Kind.CREATOR, Kind.NEW_ACTOR, Kind.COLLECTIVE)
    }
    assert [opportunity for opportunity in opportunities if not known_facts(opportunity)] == []
    assert {freshness(opportunity).icon for opportunity in opportunities} == {
        *("calendar-event", "exclamation-circle", "hourglass-split", "arrow-right-circle"),
        "clock-history",
    }
    placed = [opportunity for opportunity in opportunities if opportunity.longitude is not None]
    assert len(opportunities) - len(placed) == 3
    assert {opportunity.nearness for opportunity in placed} == {"", Nearness.LIKELY}


def test_detection_actions_are_of_all_kinds_and_states_and_revealed_opportunities():
    actions = DetectionAction.objects.select_related("territory")
    assert set(actions.values_list("kind", flat=True)) == set(ActionKind)
    assert set(actions.values_list("state", flat=True)) == set(ActionState)
    assert [action for action in actions if action.is_unsettled] != []
    assert {action.territory for action in actions} == set(Territory.objects.all())
    for action in actions:
        action.full_clean()
        assert timezone.localdate(action.starts_at).weekday() < 5
    revealed = Opportunity.objects.exclude(revealed_by=None).select_related("revealed_by")
    assert revealed.count() == 11
    for opportunity in revealed:
        action = opportunity.revealed_by
        assert action.territory_id == opportunity.territory_id
        assert action.state == ActionState.HELD
        assert action.starts_at < opportunity.created_at


def test_photos_and_documents_are_attached():
    attachments = Attachment.objects.order_by("added_at")
    assert [(attachment.name, attachment.is_photo) for attachment in attachments] == [
        ("Halte rue des Peupliers.jpg", True),
        ("Les quatre rideaux baissés.jpg", True),
        ("Le hangar depuis le quai.jpg", True),
        ("La halle vue du canal.jpg", True),
        ("Plan de la halle.pdf", False),
    ]
    assert set(missing_files()) == set()


def test_people_are_attached_with_their_consent():
    people = Person.objects.all()
    assert set(people.values_list("role", flat=True)) == set(PersonRole)
    assert set(people.values_list("consent", flat=True)) == set(Consent)
    for person in people:
        person.full_clean()
        assert person.name.endswith((" Fictif", " Fictive"))
        assert timezone.localdate() < person.kept_until <= latest_day()


def test_some_are_shared_with_the_partner():
    partner = User.objects.get(email="partner@demo.example")
    assert Share.objects.filter(user=partner).count() == 2
    assert Answer.objects.filter(saved_by=partner).exists()


def test_an_invitation_waits_and_another_has_expired():
    assert sorted(invitation.has_expired for invitation in Invitation.objects.all()) == [
        False,
        True,
    ]
