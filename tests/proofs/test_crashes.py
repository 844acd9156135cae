"""The server's processes, then the database's, are killed again and again under a storm of saves:
each save that was acknowledged is there afterwards."""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager

import psutil
import pytest

from tests.harness import postgres
from tests.harness.serving import served
from tests.proofs import typed
from tests.proofs.kept import Moment, check
from tests.proofs.storm import PATIENCE, Storm

KILLED_WORKERS, KILLED_BASES = 20, 5
BETWEEN = 10  # saves at least, from one death to the next


@pytest.fixture(scope="module")
def environment():
    """The project's own settings, with a VAR_DIR of their own; the pages of errors are static."""
    with tempfile.TemporaryDirectory(prefix="opportunites-quartiers-proofs-") as directory:
        environment = {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "SECRET_KEY": "the-proofs-sign-nothing-of-value",
            "DEBUG": "0",
            "DEMO": "1",  # messages go to files
            "VAR_DIR": directory,
            "DATABASE_URL": f"sqlite:///{directory}/db.sqlite3",
            "ALLOWED_HOSTS": "127.0.0.1,testserver",
        }
        _python(environment, "manage.py", "collectstatic", "--no-input", "--verbosity=0")
        yield environment


@pytest.fixture
def postgresql(environment):
    """(server, environment) with PostgreSQL, which keeps on disk what it has acknowledged."""
    with postgres.running() as server:
        yield server, environment | {"DATABASE_URL": server.get_uri()}


@pytest.mark.parametrize("base", ["sqlite", "postgresql"])
def test_workers_are_killed(base, environment, request):
    if base == "postgresql":
        _, environment = request.getfixturevalue("postgresql")
    with _storm(environment) as (storm, server):
        for _ in range(KILLED_WORKERS):
            storm.wait_for(BETWEEN)
            time.sleep(random.uniform(0, 0.3))
            os.kill(random.choice(server.workers()), signal.SIGKILL)
        storm.wait_for(BETWEEN)
    assert storm.of_all("troubles") == []


def test_the_database_is_killed(postgresql):
    base, environment = postgresql
    with _storm(environment) as (storm, _):
        for _ in range(KILLED_BASES):
            storm.wait_for(BETWEEN)
            time.sleep(random.uniform(0, 0.3))
            _kill(base)
            time.sleep(random.uniform(0.1, 0.5))
            base.ensure_postgres_running()
        storm.wait_for(BETWEEN)
    troubles = storm.of_all("troubles")
    assert len(troubles) >= KILLED_BASES
    for status, body in troubles:
        assert status == 500
        assert "Le serveur n’a pas pu répondre." in body.decode()


@contextmanager
def _storm(environment):
    """(Storm, Server) of the product with a base of its own. After the block, and once all that
    was sent has been answered: what must be true of what the base kept."""
    _python(environment, "manage.py", "migrate", "--verbosity=0")
    _python(environment, "manage.py", "createcachetable", "--verbosity=0")
    created = json.loads(_python(environment, "-m", "tests.proofs.premises", "create"))
    opening = _kept(environment)
    with served(environment) as server:
        with Storm(port=server.port, opening=opening, **created) as storm:
            yield storm, server
        kept = _kept(environment)
        check(opening, kept)
        _check_all_is_kept(storm, kept)
        _send_again(storm)
        assert _kept(environment) == kept, "a request sent twice did something twice"


def _python(environment, *arguments):
    """What a Python of its own says, with these settings."""
    return subprocess.run(
        [sys.executable, *arguments],
        env=os.environ | environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout


def _kept(environment):
    return Moment.from_json(_python(environment, "-m", "tests.proofs.premises", "audit"))


def _check_all_is_kept(storm, kept):
    assert storm.of_all("interrupted"), "nothing was cut: it proves nothing"
    texts = {question.key: kept.texts(question) for question in typed.QUESTIONS}
    for request in storm.of_all("acknowledged"):
        for key, sent in request.fields.items():
            assert sent.value in texts[key], f"{key}: {sent.value!r} was acknowledged and is lost"


def _send_again(storm):
    """All that was sent more than once, and some of the rest, come once more."""
    for visitor in storm.visitors:
        some = random.sample(visitor.acknowledged, min(20, len(visitor.acknowledged)))
        for request in [*visitor.interrupted, *some]:
            status, _ = visitor.send(request)
            assert status == 200


def _kill(base):
    """PostgreSQL's processes, all at once: nothing is written that wasn't."""
    postmaster = psutil.Process(base.get_pid())
    family = [postmaster, *postmaster.children(recursive=True)]
    for process in family:
        process.suspend()
    for process in family:
        process.kill()
    psutil.wait_procs(family, PATIENCE)
