"""Many people who save as fast as they are answered, from outside the server."""

import http.client
import json
import random
import threading
import time

from tests.proofs import typed
from tests.proofs.writers import FORM, Writer

PATIENCE = 60  # seconds for a request to be answered at last
TOKEN = "a" * 32  # of CSRF: any, as long as the cookie and the header are the same


class Visitor(threading.Thread):
    """One person in one tab: types, sends, sends again what wasn't answered, until told to stop.

    `acknowledged` are the requests answered 200, `interrupted` those among them that were sent more
    than once, `troubles` the (status, body) of answers 500 and more.
    """

    def __init__(self, storm, name, session, seed):
        super().__init__(name=name)
        self.storm = storm
        self.headers = {
            "Content-Type": FORM,
            "Accept": "application/json",
            "Cookie": f"sessionid={session}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
        }
        self.random = random.Random(seed)
        self.words = typed.Words(offset=seed * 1_000_000)
        self.connection = http.client.HTTPConnection("127.0.0.1", storm.port, timeout=PATIENCE)
        self.acknowledged, self.interrupted, self.troubles = [], [], []
        self.failure = None

    def run(self):
        writer = Writer(None, None, self.storm.address, set())
        writer.open(typed.QUESTIONS, self.storm.opening)
        try:
            while not self.storm.is_over.is_set():
                self._save(writer, self.random.choice(typed.QUESTIONS).key)
        except Exception as failure:
            self.failure = failure
        finally:
            self.connection.close()

    def _save(self, writer, key):
        writer.edit(key, self.random.choice(typed.ACTS), self.random.randrange(60), self.words)
        request = writer.request(key)
        status, told = self.send(request)
        written = writer.fields[key]
        if status == 200 and told["html"]:
            written.go_on(told["version"], request.fields[key].value)
        elif status == 200:
            written.show(told["version"], request.fields[key].value)
        elif status == 409:
            written.refuse(told["version"], written.value)
            written.resolve("mine")
        else:
            raise ValueError(f"{status}: {told}")

    def send(self, request):
        """(status, JSON) of the answer, once there is one that isn't of a breakdown."""
        until = time.monotonic() + PATIENCE
        is_first = True
        while True:
            try:
                self.connection.request(
                    "POST", request.author.address + request.page, request.body, self.headers
                )
                response = self.connection.getresponse()
                status, body = response.status, response.read()
            except (OSError, http.client.HTTPException) as cut:
                self.connection.close()
                status, body = 0, repr(cut)
            if 0 < status < 500:
                if status == 200:
                    self.acknowledged.append(request)
                    self.interrupted += [request] * (not is_first)
                return status, json.loads(body)
            self.troubles += [(status, body)] * bool(status)
            if time.monotonic() > until:
                raise TimeoutError(f"{status}: {body!r}")
            is_first = False
            time.sleep(0.05)


class Storm:
    """`opening` is the Moment at which all of them opened the page."""

    def __init__(self, *, port, address, sessions, opening, tabs=2):
        self.port, self.address, self.opening = port, address, opening
        self.is_over = threading.Event()
        self.visitors = [
            Visitor(self, name, session, seed)
            for seed, (name, session) in enumerate([*sessions.items()] * tabs, start=1)
        ]

    def __enter__(self):
        for visitor in self.visitors:
            visitor.start()
        return self

    def __exit__(self, *exception):
        self.is_over.set()
        for visitor in self.visitors:
            visitor.join()

    @property
    def count(self):
        """How many saves were acknowledged."""
        return sum(len(visitor.acknowledged) for visitor in self.visitors)

    def wait_for(self, more):
        """Until that many more are."""
        wanted, until = self.count + more, time.monotonic() + PATIENCE
        while self.count < wanted:
            for visitor in self.visitors:
                if visitor.failure:
                    raise visitor.failure
            if time.monotonic() > until:
                raise TimeoutError(f"{self.count} saves, {wanted} were awaited")
            time.sleep(0.01)

    def of_all(self, what):
        """`acknowledged`, `interrupted` or `troubles` of all."""
        return [one for visitor in self.visitors for one in getattr(visitor, what)]
