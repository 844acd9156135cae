"""Settings of the tests: the project's own, save what would be slow or leave the machine.

The environment of whoever runs the tests doesn't count, except for DATABASE_URL, which picks the
database (SQLite without it).
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_directory = tempfile.mkdtemp(prefix="opportunites-quartiers-tests-")
atexit.register(shutil.rmtree, _directory, ignore_errors=True)
os.environ |= {
    "SECRET_KEY": "the-tests-sign-nothing-of-value",
    "DEBUG": "0",
    "DEMO": "0",
    "VAR_DIR": _directory,
    "SITE_URL": "http://testserver",
    "ALLOWED_HOSTS": "testserver,127.0.0.1,localhost",
    "GEOCODING_URL": "",
    "MAP_TILES_URL": "",  # no test asks anything of the outside
    "EMAIL_HOST": "localhost",  # never reached: Django's test runner keeps messages in memory
}

from config.settings import *  # noqa: E402, F403  the point of this module
from config.settings import (  # noqa: E402
    DATABASES,
    MIDDLEWARE,
    STATIC_ROOT,
    STORAGES,
)

# WhiteNoise warns of a missing directory; the tests' static files come from the finders.
Path(STATIC_ROOT).mkdir()

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, as in production: threads that write together behave as they will there.
    DATABASES["default"]["TEST"] = {"NAME": f"{_directory}/test.sqlite3"}
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
    )

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

# Outermost, to see each answer as the browser gets it, also those of the live server.
MIDDLEWARE = [
    "tests.harness.under_way.note_requests",
    "tests.harness.pages.check_pages",
    "tests.harness.writes.check_writes",
    *MIDDLEWARE,
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"undefined variables": {"()": "tests.harness.templates.Watcher"}},
    "loggers": {"django.template": {"level": "DEBUG", "filters": ["undefined variables"]}},
}
