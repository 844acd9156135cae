"""The product served as `make run` serves it, for those who ask it from outside."""

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import psutil

PATIENCE = 60  # seconds for a server to begin or to end


class Server:
    """Gunicorn on 127.0.0.1, at `port`. Each worker is a process of its own."""

    def __init__(self, environment, *, workers=2):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        place = f"127.0.0.1:{self.port}"
        gunicorn = str(Path(sys.executable).with_name("gunicorn"))
        command = [gunicorn, "config.wsgi", "--bind", place, "--worker-class", "gthread"]
        self.process = subprocess.Popen(
            [*command, "--workers", str(workers), "--threads", "4", "--log-level", "error"],
            env=os.environ | environment | {"SITE_URL": f"http://{place}"},
        )

    def workers(self):
        """Process numbers of those that answer."""
        return [child.pid for child in psutil.Process(self.process.pid).children()]

    def wait(self):
        """Until it answers."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except OSError:
                if time.monotonic() > until or self.process.poll() is not None:
                    raise
                time.sleep(0.1)

    def stop(self):
        self.process.terminate()
        self.process.wait(PATIENCE)


@contextmanager
def served(environment, **options):
    """A Server that answers, until the end of the block."""
    server = Server(environment, **options)
    try:
        server.wait()
        yield server
    finally:
        server.stop()
