"""Two to five writers, in any order: whatever the server acknowledged is kept.

Each example is one worksheet written in by a few people (one may have two tabs), against the real
endpoints; it is undone at its end. A failure prints the shortest story that fails, the line
that replays it, and the seed: `PROOF_SEED=… make prove` runs the same examples.
"""

import logging
import os
import random
import re
from collections import Counter
from html import unescape

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, note, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.proofs import premises, typed
from tests.proofs.kept import Moment, check
from tests.proofs.writers import Writer
from worksheets import kinds

EXAMPLES = {"postgresql": 1_000, "sqlite": 200}
# In four equal parts, two for each core: with words never twice the same, and often the same.
COMMON = ("le", "port", "la", "halle", "et", "le", "quai")
VOCABULARIES = {"unique 1": (), "unique 2": (), "unique 3": (), "common": COMMON}
STEPS = 30

TABS = (0, 1, 2, 3, 0)  # of which of the people: the first has two
KEYS = [question.key for question in typed.QUESTIONS]
places = st.integers(0, 7)
edits = st.lists(st.tuples(st.sampled_from(typed.ACTS), places), min_size=1, max_size=3)
numbers = st.integers(0, 59)


class Writing(RuleBasedStateMachine):
    """One worksheet and those who write in it."""

    worksheet: object  # set by the test
    address: str
    people: list  # (User, Client)
    vocabulary: tuple
    tally: Counter

    def __init__(self):
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.words = typed.Words(self.vocabulary, offset=premises.LAST_WORD)
        self.moment = Moment.of(self.worksheet)
        self.writers = []
        self.requests = []  # (Request, whether it was acknowledged)

    def teardown(self):
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    @initialize(
        people=st.permutations(TABS),
        count=st.integers(2, len(TABS)),
        questions=st.lists(st.sampled_from(KEYS), min_size=1, max_size=2, unique=True),
    )
    def open_pages(self, people, count, questions):
        questions = [typed.GRID.by_key[key] for key in questions]
        mine = {}
        for number in people[:count]:
            user, client = self.people[number]
            words = mine.setdefault(number, set())
            if user == self.worksheet.created_by:  # who gave the first answers
                words.update(*(self.moment.words(question) for question in questions))
            writer = Writer(user, client, self.address, words)
            writer.open(questions, self.moment)
            self.writers.append(writer)

    # What people do

    @rule(who=numbers, what=numbers, edits=edits, is_lost=st.booleans(), how=st.integers(0, 11))
    def write(self, who, what, edits, is_lost, how):
        """Types and sends; the answer may get lost, a conflict is decided first."""
        writer, key = self._place(who, what)
        self._edit(writer, key, edits, how)
        self._save(writer, key, writer.request(key), is_lost=is_lost and how % 2, takes=how % 3)
        if writer.fields[key].conflict and how < 8:  # decided at once
            self._edit(writer, key, [], how)
            self._save(writer, key, writer.request(key), is_lost=False, takes=how % 2)

    @rule(who=numbers, what=numbers, is_lost=st.booleans(), takes=st.booleans())
    def send_again(self, who, what, is_lost, takes):
        """The page sends again what wasn't answered, or a button is clicked twice."""
        writer, key = self._place(who, what)
        request = writer.fields[key].unanswered or writer.request(key)
        self._save(writer, key, request, is_lost=is_lost, takes=takes)

    @rule(who=numbers, what=numbers)
    def refresh(self, who, what):
        """The page takes what others saved, its author having nothing unsent."""
        writer, key = self._place(who, what)
        question = writer.fields[key].question
        writer.fields[key].show(self.moment.version(key), self.moment.value(question))

    @precondition(lambda self: self.requests)
    @rule(which=numbers)
    def arrive_late(self, which):
        """A request arrives once more, however late; nobody waits for its answer."""
        request, was_acknowledged = self.requests[which % len(self.requests)]
        before = self.moment
        response = request.send()
        self._look()
        if was_acknowledged:
            self.tally["replayed"] += 1
            assert response.status_code == (200 if request.page else 302)
            assert self.moment == before, "a request sent twice did something twice"
        elif request.page:
            self._check_answer(request, response, before)
        else:
            self._check_page(request, response, before)

    @rule(who=numbers, edits=edits, how=st.integers(0, 11), is_lost=st.booleans())
    def send_the_page(self, who, edits, how, is_lost):
        """The ordinary button sends all the questions at once; where the page's script runs, and
        went on from what it sent, one by one."""
        writer = self.writers[who % len(self.writers)]
        for offset, key in enumerate(writer.fields):
            if offset == 0 or how % 2:
                self._edit(writer, key, edits, how)
        if any(written.is_own for written in writer.fields.values()):
            for key in writer.fields:
                self._save(writer, key, writer.request(key), is_lost=is_lost, takes=how % 3)
            return
        request = writer.whole_page()
        before = self.moment
        response = request.send()
        self._look()
        stale = self._check_page(request, response, before)
        if is_lost:
            return
        for key, written in writer.fields.items():
            standing = self.moment.version(key), self.moment.value(written.question)
            if key in stale:
                written.refuse(*standing)
            else:
                written.show(*standing)

    @rule(who=numbers, what=numbers, edits=edits, version=st.sampled_from(["+1", "-1", "x", ""]))
    def send_nonsense(self, who, what, edits, version):
        """A version that can't be."""
        writer, key = self._place(who, what)
        if version == "+1":
            version = str(self.moment.version(key) + 1)
        before = self.moment
        response = writer.request(key, version).send()
        self._look()
        assert response.status_code == 400
        assert self.moment == before

    # What must come of it

    def _place(self, who, what):
        writer = self.writers[who % len(self.writers)]
        keys = list(writer.fields)
        return writer, keys[what % len(keys)]

    def _edit(self, writer, key, edits, how):
        written = writer.fields[key]
        if written.conflict:
            written.resolve(("mine", "both", "theirs")[how % 3])
            self.tally["decided"] += 1
        for act, place in edits:
            writer.edit(key, act, place, self.words)

    def _save(self, writer, key, request, *, is_lost, takes):
        before = self.moment
        response = request.send()
        self._look()
        status = self._check_answer(request, response, before)
        written = writer.fields[key]
        if is_lost:
            written.unanswered = request
            return
        version = response.json()["version"]
        value = self.moment.value_at(written.question, version)
        if status == 409:
            written.refuse(version, value)
        elif value == request.fields[key].value or takes:
            written.show(version, value)
        else:
            written.go_on(version, request.fields[key].value)

    def _look(self):
        before, self.moment = self.moment, Moment.of(self.worksheet)
        check(before, self.moment)

    def _check_answer(self, request, response, before):
        """What one question was answered; returns the status."""
        ((key, sent),) = request.fields.items()
        told = response.json()
        self.requests.append((request, response.status_code == 200))
        self.tally[response.status_code] += 1
        note(f"{request.author.user.name}, {key} on {sent.version}: {response.status_code}")
        if response.status_code == 200:
            self._check_kept(request, before, key)
            # It tells of one version: what the answer is there, and whether that is what was sent.
            value = self.moment.value_at(sent.question, told["version"])
            assert (told["html"] == "") == (value == sent.value)
            _check_words_in(told["html"], value if told["html"] else "")
            assert told["is_blank"] == kinds.is_blank(sent.question.kind, value)
            if self.moment != before:
                assert told["version"] == self.moment.version(key)
        else:
            assert response.status_code == 409
            assert self.moment == before, "a refusal wrote something"
            assert told["version"] == self.moment.version(key)
            _check_words_in(told["standing"], self.moment.value(sent.question))
            self._check_rightly_refused(request, key)
        return response.status_code

    def _check_page(self, request, response, before):
        """What the whole page was answered; returns the keys of the questions in conflict."""
        self.requests.append((request, response.status_code == 302))
        self.tally[f"page {response.status_code}"] += 1
        note(f"{request.author.user.name}, the page: {response.status_code}")
        stale = set()
        if response.status_code != 302:
            assert response.status_code == 409
            stale = set(response.context["result"].stale)
            assert stale
        for key in request.fields:
            if key in stale:
                assert self.moment.history(key) == before.history(key)
                self._check_rightly_refused(request, key)
            else:
                self._check_kept(request, before, key)
        return stale

    def _check_kept(self, request, before, key):
        """It was acknowledged: what was sent is in the history; what its author added stands, and
        what is gone had been seen by them, or written."""
        sent = request.fields[key]
        assert sent.value in self.moment.texts(sent.question), f"{sent.value!r} is nowhere"
        if self.moment.history(key) == before.history(key):
            return
        if self.moment.history(key)[-1].sent is not None:
            self.tally["merged"] += 1
        if self.vocabulary:
            return
        note(f"{before.value(sent.question)!r} and {sent.value!r}, on {sent.known!r}")
        note(f"became {self.moment.history(key)[-1]!r}")
        note(f"base {sent.version} own {sent.is_own} since {before.history(key, sent.version)}")
        standing = typed.words_of(self.moment.value(sent.question))
        # What came before in a request that wasn't answered, others may have changed since.
        news = typed.words_of(sent.value) - typed.words_of(sent.known) - before.words(sent.question)
        missing = news - standing
        assert not missing, f"typed, acknowledged and not there: {missing}"
        gone = typed.words_of(before.value(sent.question)) - standing
        unseen = gone - sent.seen - request.author.typed
        assert not unseen, f"overwritten unseen: {unseen}"

    def _check_rightly_refused(self, request, key):
        """Somebody else wrote what its author hasn't taken: nobody conflicts with themselves."""
        sent = request.fields[key]
        untaken = self.moment.history(key, since=sent.version)
        is_merged = sent.is_own and self.moment.history(key)[sent.version - 1].sent is not None
        assert is_merged or {revision.by for revision in untaken} - {request.author.user.pk}


def _check_words_in(html, value):
    """The page is given each word of `value`; amounts are in attributes."""
    shown = set(unescape(re.sub(r"<[^>]*>", " ", html)).split())
    missing = {word for word in typed.words_of(value) - shown if not word.endswith("c")}
    assert not missing, f"the page isn't given {missing}"


@pytest.mark.parametrize("vocabulary", VOCABULARIES.values(), ids=VOCABULARIES)
@pytest.mark.django_db
def test_what_is_acknowledged_is_kept(vocabulary, client_of, caplog):
    caplog.set_level(logging.ERROR, "django.request")  # refusals by the thousand
    written_in = premises.create()
    number = int(os.environ.get("PROOF_SEED") or random.SystemRandom().randrange(2**32))
    print(f"PROOF_SEED={number}")  # noqa: T201  shown where it fails
    share = EXAMPLES[connection.vendor] // len(VOCABULARIES)
    examples = int(os.environ.get("PROOF_EXAMPLES", share))
    tally = Counter()
    facts = {
        "worksheet": written_in.worksheet,
        "address": written_in.address,
        "people": [(person, client_of(person)) for person in written_in.people],
        "vocabulary": vocabulary,
        "tally": tally,
    }
    run_state_machine_as_test(
        seed(number)(type("Writing", (Writing,), facts)),
        settings=settings(
            max_examples=examples,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            derandomize=False,
            print_blob=True,
            report_multiple_bugs=False,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
    # It proves nothing where nothing happens.
    for event in (200, 409, "merged", "replayed", "page 302", "page 409", "decided"):
        assert tally[event] >= examples / 70, tally
