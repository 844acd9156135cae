"""What the server keeps of the PDFs that it made."""

import os
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import psutil
from django.urls import reverse

from bench.figures import Figure
from bench.samples import EMAIL, PASSWORD, full_step_1

FEW, MANY, AT_ONCE = 20, 500, 2
PATIENCE = 30  # seconds for the server to begin to answer


def measure():
    """Memory of the server's one process after MANY PDFs against FEW, AT_ONCE at the same time."""
    worksheet = full_step_1()
    path = reverse("worksheets:worksheet-pdf", args=[worksheet.territory.ref, worksheet.ref])
    with _server() as (address, server), ThreadPoolExecutor(AT_ONCE) as readers:
        browser = _sign_in(address)

        def fetch(_):
            with browser.open(address + path) as response:
                if not response.read().startswith(b"%PDF"):
                    raise ValueError(f"No PDF came from {response.url}.")

        list(readers.map(fetch, range(FEW)))
        few = _megabytes(server)
        list(readers.map(fetch, range(MANY - FEW)))
        many = _megabytes(server)
    return Figure(
        f"memory of the server after {MANY} PDFs, times that after {FEW}",
        value=many / few,
        limit=1.3,
        detail=f"{many:.0f} MB against {few:.0f} MB",
    )


@contextmanager
def _server():
    """Gunicorn as `make run` starts it, but with one process; its address and the process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{free.getsockname()[1]}"
    address = f"http://{place}"
    gunicorn = str(Path(sys.executable).with_name("gunicorn"))
    command = [gunicorn, "config.wsgi", "--bind", place, "--worker-class", "gthread"]
    process = subprocess.Popen(  # noqa: S603  nothing comes from outside
        [*command, "--workers", "1", "--threads", "4", "--log-level", "error"],
        env=os.environ | {"SITE_URL": address},
    )
    try:
        _wait_for(address)
        yield address, process
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait_for(address):
    until = time.monotonic() + PATIENCE
    while True:
        try:
            build_opener().open(address + reverse("account_login")).close()
            return
        except URLError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def _sign_in(address):
    cookies = CookieJar()
    browser = build_opener(HTTPCookieProcessor(cookies))
    page = address + reverse("account_login")
    browser.open(page).close()
    token = next(cookie.value for cookie in cookies if cookie.name == "csrftoken")
    form = {"login": EMAIL, "password": PASSWORD, "csrfmiddlewaretoken": token}
    browser.open(page, urlencode(form).encode()).close()
    return browser


def _megabytes(server):
    (worker,) = psutil.Process(server.pid).children()
    return worker.memory_info().rss / 2**20
