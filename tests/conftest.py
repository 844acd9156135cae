"""The fixed cast of the tests, and the few tools that they share.

`territory` has a team: `lead`, `contributor`, `partner`, `reader`. `outsider` leads
`other_territory`, enrolled in the same `programme`, which has work of its own: what leaks between
teams, leaks there. `trainer` and `observer` follow both. `staff` runs the platform.
"""

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from programmes.enums import Step
from territories.enums import Role
from tests import factories
from tests.harness import emptying
from tests.harness.tasks import run_ready_tasks
from worksheets.grids.publishing import publish_grids
from worksheets.models import GridVersion

emptying.install()


@pytest.fixture
def territory(db):
    return factories.create_territory("CU de Dunkerque")


@pytest.fixture
def other_territory(db):
    return factories.create_territory("CA Valenciennes Métropole")


@pytest.fixture
def programme(territory, other_territory):
    programme = factories.create_programme()
    factories.enrol(territory, programme)
    factories.enrol(other_territory, programme)
    return programme


@pytest.fixture
def lead(territory):
    user = factories.create_user("Alice Lambert", email="lead@tests.example")
    factories.grant(user, territory, Role.LEAD)
    return user


@pytest.fixture
def contributor(territory):
    user = factories.create_user("Bruno Carlier", email="contributor@tests.example")
    factories.grant(user, territory, Role.CONTRIBUTOR)
    return user


@pytest.fixture
def partner(territory):
    user = factories.create_user("Chloé Delattre", email="partner@tests.example")
    factories.grant(user, territory, Role.PARTNER)
    return user


@pytest.fixture
def reader(territory):
    user = factories.create_user("Denis Wattel", email="reader@tests.example")
    factories.grant(user, territory, Role.READER)
    return user


@pytest.fixture
def outsider(other_territory, programme, grids):
    """Lead of `other_territory`, with an opportunity and a worksheet that nobody else may see."""
    user = factories.create_user("Olga Hernu", email="outsider@tests.example")
    factories.grant(user, other_territory, Role.LEAD)
    opportunity = factories.create_opportunity(other_territory, user, "Le moulin des étrangers")
    factories.create_worksheet(other_territory, programme, user, opportunities=[opportunity])
    return user


@pytest.fixture
def trainer(programme):
    user = factories.create_user("Thomas Formateur", email="trainer@tests.example")
    factories.join_programme(user, programme, Role.TRAINER)
    return user


@pytest.fixture
def observer(programme):
    user = factories.create_user("Odile Regnier", email="observer@tests.example")
    factories.join_programme(user, programme, Role.OBSERVER)
    return user


@pytest.fixture
def staff(db):
    return factories.create_user(
        "Sophie Admin", email="staff@tests.example", is_staff=True, is_superuser=True
    )


@pytest.fixture
def actor(request):
    """The member of the cast that the test names."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def grids(db):
    """The published grids, by step."""
    publish_grids()
    return {step: GridVersion.objects.latest_of(step) for step in Step}


@pytest.fixture
def client_of():
    """`client_of(user)` is a test client that is signed in as `user`."""

    def sign_in(user):
        # What `Client.force_login` does, but for the date of the last sign-in: a third of its time.
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
        return client

    return sign_in


@pytest.fixture
def media(settings, tmp_path):
    """Where this test's attached files are kept."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def run_tasks(db):
    """`run_tasks()` does what the worker would do with the tasks that wait, and returns how many
    they were. What a task raises, it raises."""
    return run_ready_tasks


@pytest.fixture
def query_counts(db):
    """`query_counts(visit, add_rows)` is how many queries `visit()` costs at 1, 3 and 300 rows.

    `add_rows(n)` adds n rows to the page that `visit` gets; the page must have none before.
    A test says all three numbers: `assert query_counts(visit, add) == [9, 9, 9]`.
    """

    def measure(visit, add_rows):
        visit()  # what is looked up once per process is looked up now
        counts = []
        for added in (1, 2, 297):
            add_rows(added)
            with CaptureQueriesContext(connection) as queries:
                visit()
            counts.append(len(queries))
        return counts

    return measure
