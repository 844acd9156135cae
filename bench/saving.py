"""What writing together costs: saves and polls against bare views, and a full house against three.

`measure` starts a PostgreSQL of its own, and measures from a process that has it, which is neither
the server's nor one of its workers: the product runs as `make run` serves it, with two workers, and
two views more (`bench.bare`). Everything is measured in one run, by turns.

Two by two: WRITERS people, each on a worksheet of theirs, ask without a pause on connections that
stay open. A save changes an answer of some 600 characters; a poll is that of a page where nothing
changed, which is what most of them are.

A full house: HOUSE people on 60 worksheets, five on each, against the three of one worksheet. Each
page polls every 4 s, tells every 15 s who is there, as the real one does, and its author saves
every 20 s, each time on a connection of its own, as behind a proxy. The three save every second
instead, so that there are enough saves to tell the 95th percentile: they don't wait for each other
more for that.
"""

import asyncio
import json
import os
import random
import subprocess
import sys
from dataclasses import asdict
from statistics import median, quantiles
from time import perf_counter

import django
from django.core.management import call_command

from bench.figures import Figure

WORKSHEETS, TEAM = 60, 5
HOUSE = WORKSHEETS * TEAM
WRITERS = 8  # as many as the server's threads
ROUNDS, SECONDS = 8, 1.5  # of each kind
PHASES, PHASE = 3, 20  # of each house, and their seconds
POLL_EVERY, SAVE_EVERY, TELL_EVERY = 4, 20, 15  # seconds
QUESTIONS = ("strategy", "satisfaction", "lessons", "progress", "process-internal")


def measure():
    """The Figures, from a process that has PostgreSQL."""
    command = [sys.executable, "-m", "tests.harness.postgres", sys.executable, "-m", __name__]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout  # noqa: S603
    return [Figure(**figure) for figure in json.loads(told.splitlines()[-1])]


def main():
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    django.setup()
    from tests.harness.serving import served  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    teams = _create()
    with served({"DJANGO_SETTINGS_MODULE": "bench.settings"}) as server:
        figures = asyncio.run(_measure(server.port, teams))
    sys.stdout.write(json.dumps([asdict(figure) for figure in figures]) + "\n")


def _create():
    """[(address of a worksheet, sessions of its team)]"""
    from django.test import Client  # noqa: PLC0415  once Django is set up

    from accounts.models import User  # noqa: PLC0415
    from bench import samples  # noqa: PLC0415

    programme = samples.create_programme()
    teams = []
    for number in range(WORKSHEETS):
        people = [
            User.objects.create_user(f"{number}.{each}@bench.example", "Camille Mesure")
            for each in range(TEAM)
        ]
        worksheet = samples.create_step_1(f"CA de la vallée {number}", programme, people)
        sessions = []
        for person in people:
            client = Client()
            client.force_login(person)
            sessions.append(client.cookies["sessionid"].value)
        teams.append((f"/territoires/{worksheet.territory.ref}/fiches/{worksheet.ref}/", sessions))
    return teams


async def _measure(port, teams):
    from bench.asking import Person  # noqa: PLC0415

    writers = [Person(port, page, sessions[0], stays=True) for page, sessions in teams[:WRITERS]]
    figures = await _two_by_two(writers)
    pages = [[Person(port, page, session) for session in sessions] for page, sessions in teams]
    return [*figures, await _full_house(pages)]


# Two by two


async def _two_by_two(people):
    kinds = {
        "bare write": lambda person: person.post("/bare/write/", {"text": _text()}),
        "save": lambda person: person.save(random.choice(QUESTIONS), _text()),  # noqa: S311
        "bare read": lambda person: person.get("/bare/read/"),
        "poll": lambda person: person.poll(),
    }
    rates = {kind: [] for kind in kinds}
    for number in range(-1, ROUNDS):
        for kind, ask in kinds.items():
            if kind == "poll":  # what was saved meanwhile is no longer news
                await asyncio.gather(*(person.poll() for person in people))
            rate = await _rate(people, ask)
            if number >= 0:  # the first round is for the server to wake up
                rates[kind].append(rate)
    for person in people:
        person.leave()
    return [
        _compared("a save, times a bare view with one INSERT", rates, "bare write", "save", 0.5),
        _compared("a poll, times a bare view that reads", rates, "bare read", "poll", 0.7),
    ]


async def _rate(people, ask):
    """How many are answered in a second."""
    began = perf_counter()

    async def go_on(person):
        count = 0
        while perf_counter() < began + SECONDS:
            await ask(person)
            count += 1
        return count

    counts = await asyncio.gather(*map(go_on, people))
    return sum(counts) / (perf_counter() - began)


def _compared(name, rates, bare, ours, share):
    """Ours may be `share` of the bare one's, a second: it takes 1 / `share` times as long."""
    return Figure(
        name,
        value=median(b / o for b, o in zip(rates[bare], rates[ours], strict=True)),
        limit=1 / share,
        detail=f"{median(rates[ours]):.0f} a second against {median(rates[bare]):.0f}",
    )


def _text():
    """600 characters that differ from all others."""
    number = random.getrandbits(60)
    return f"{number:020} " + "Une halle hors d’eau, à reprendre. " * 17


# A full house


async def _full_house(pages):
    three, all_of_them = pages[0][:3], [person for people in pages for person in people]
    few, many = [], []
    for _ in range(PHASES):
        few += await _saves_of(three, every=1)
        many += await _saves_of(all_of_them, every=SAVE_EVERY)
    few, many = (quantiles(seconds, n=20)[-1] for seconds in (few, many))
    return Figure(
        f"95th percentile of a save with {HOUSE} people on {WORKSHEETS} worksheets, times with 3",
        value=many / few,
        limit=3,
        detail=f"{many * 1000:.0f} ms against {few * 1000:.0f} ms",
    )


async def _saves_of(people, *, every):
    """Seconds of each save, while all of them have their page open for PHASE seconds. Each of a
    team writes in a question of their own."""
    saves = []
    for person in people:
        await person.poll()

    async def save(person):
        question = QUESTIONS[people.index(person) % len(QUESTIONS)]
        saves.append(await person.save(question, _text()))

    habits = [
        (every, save),
        (POLL_EVERY, lambda person: person.poll()),
        (TELL_EVERY, lambda person: person.be_there(QUESTIONS[0])),
    ]
    until = perf_counter() + PHASE
    await asyncio.gather(*(_keep(habit, person, until) for person in people for habit in habits))
    return saves


async def _keep(habit, person, until):
    """One thing that a page does again and again, from some moment on."""
    every, act = habit
    await asyncio.sleep(random.uniform(0, every))  # noqa: S311
    while perf_counter() < until:
        next_time = perf_counter() + every
        await act(person)
        await asyncio.sleep(max(0, next_time - perf_counter()))


if __name__ == "__main__":
    main()
