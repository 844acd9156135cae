"""What a page of opportunities costs as the base grows, on PostgreSQL.

`measure` starts a server of its own and measures there, in another process: Django's settings name
one database. Three bases hold the same territories, districts and people: ONE_PAGE rows, what a
page shows and no more; FEW; MANY. The measures go by turns from one base to the other, and the
fastest of each counts: what disturbs a measure only makes it longer. They are of processor time,
the page's and the database's, so that the rest of what the machine does weighs less; where the
system doesn't tell that of another process, of elapsed time.
"""

import gc
import json
import os
import random
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time

import django
from django.core.management import call_command
from django.db import connection
from django.test import Client

from bench.figures import Figure

ONE_PAGE, FEW, MANY = 120, 1_000, 100_000
OWN = 200  # of the lead
TERRITORIES, DISTRICTS = 50, 200
ROUNDS = 12
LEAD, TRAINER = "lead@bench.example", "trainer@bench.example"
WORDS = (
    "halle",
    "atelier",
    "cellule",
    "friche",
    "garage",
    "filature",
    "cour",
    "hangar",
    "boutique",
    "vitrine",
    "couture",
    "vélo",
    "maraîchage",
    "cantine",
    "réemploi",
    "numérique",
    "fabrique",
    "menuiserie",
    "épicerie",
    "brasserie",
    "théâtre",
    "studio",
    "bureau",
    "entrepôt",
    "quai",
    "mairie",
    "école",
    "jardin",
    "marché",
    "forge",
    "imprimerie",
    "tiers-lieu",
    "coopérative",
)
RARE = 0.001
SENTENCE = "Repérée pendant une visite de quartier, avec les services et le conseil citoyen : "
# A part of the region, as a screen shows it.
FRAME = "2.9,50.3,3.25,50.47"
VIEWS = {
    "list": "",
    "board": "?vue=tableau",
    "map": "?vue=carte",
    "map data": f"carte.json?zoom=12&cadre={FRAME}",
    "search": "?q=ateliers",
    "search for a rare word": "?q=beffrois",
    "search with a slip": "?q=befroi",
    "last page": "?page=500",
}


def measure():
    """The Figures, from a process that has PostgreSQL."""
    command = [sys.executable, "-m", "tests.harness.postgres", sys.executable, "-m", __name__]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout  # noqa: S603
    return [Figure(**figure) for figure in json.loads(told.splitlines()[-1])]


def main():
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    figures = _measure()
    sys.stdout.write(json.dumps([asdict(figure) for figure in figures]) + "\n")


def _measure():
    _create_bases()
    took = _timings()
    figures = []
    for view in VIEWS:
        few, many = took[FEW, LEAD, view], took[MANY, LEAD, view]
        figures.append(
            Figure(
                f"{view} of a lead with {OWN} opportunities, {MANY} in the base, times {FEW}",
                many / few,
                1.3,
                f"{many * 1000:.1f} ms against {few * 1000:.1f} ms",
            )
        )
    for view, query in _bare_queries().items():
        page, fixed = took[MANY, TRAINER, view], took[ONE_PAGE, TRAINER, view]
        bare = _fastest(query)
        figures.append(
            Figure(
                f"{view} of a trainer who sees {MANY}, times the bare query and the fixed cost",
                page / (fixed + bare),
                1.5,
                f"{page * 1000:.1f} ms against {bare * 1000:.1f} + {fixed * 1000:.1f} ms",
            )
        )
    return figures


# The bases


def _create_bases():
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    _create_territories()
    template = connection.settings_dict["NAME"]
    for count in (ONE_PAGE, FEW, MANY):
        _use("template1")
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE bench_{count} TEMPLATE {template}")
            # All in the process that is measured.
            cursor.execute(f"ALTER DATABASE bench_{count} SET max_parallel_workers_per_gather = 0")
        _use(f"bench_{count}")
        _create_opportunities(count)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def _use(name):
    connection.close()
    connection.settings_dict["NAME"] = name


def _create_territories():
    from accounts.models import User  # noqa: PLC0415  once Django is set up
    from territories.models import CityContract, District, Grant, Territory  # noqa: PLC0415

    lead = User.objects.create_user(LEAD, "Camille Mesure", "bench-quartiers")
    trainer = User.objects.create_user(TRAINER, "Dominique Mesure", "bench-quartiers")
    for number in range(TERRITORIES):
        name = f"CA de la vallée {number}"
        contract = CityContract.objects.create(code=f"2{number:08}", name=name)
        territory = Territory.objects.create(name=name, contract=contract)
        Grant.objects.create(
            user=trainer, territory=territory, role="trainer", programme_ref="programm"
        )
        if number == 0:
            Grant.objects.create(user=lead, territory=territory, role="lead")
    contracts = list(CityContract.objects.order_by("pk"))
    for number in range(DISTRICTS):
        code = f"QN{590 + number // 100}{number % 100:02}M"
        district = District.objects.create(code=code, name=f"Quartier du canal {number}")
        contracts[number % TERRITORIES].districts.add(district)


def _create_opportunities(count):
    from opportunities.models import Opportunity  # noqa: PLC0415  once Django is set up
    from opportunities.searching import text_of  # noqa: PLC0415

    chance = random.Random(2024)  # noqa: S311  the same base each time
    places = _Places(chance)
    own = min(OWN, count)
    rows = []
    for number in range(count):
        row = places.opportunity(is_own=number < own)
        row.ref = f"b{number:07}"  # drawn at random, two of so many may be the same
        row.search_text = text_of(row)
        rows.append(row)
    Opportunity.objects.bulk_create(rows, batch_size=2_000)


class _Places:
    """Where opportunities are, and what they say."""

    def __init__(self, chance):
        from accounts.models import User  # noqa: PLC0415  once Django is set up
        from territories.models import Territory  # noqa: PLC0415

        self.chance = chance
        self.author = User.objects.get(email=LEAD)
        self.territories = list(Territory.objects.order_by("pk").select_related("contract"))
        self.districts = {each: list(each.contract.districts.all()) for each in self.territories}
        self.began = datetime(2026, 1, 1, tzinfo=UTC)

    def opportunity(self, *, is_own):
        from library.enums import Theme  # noqa: PLC0415  once Django is set up
        from opportunities.enums import Kind, Stage  # noqa: PLC0415
        from opportunities.models import Opportunity  # noqa: PLC0415

        choice = self.chance.choice
        territory = self.territories[0] if is_own else choice(self.territories[1:])
        words = " ".join(self.chance.sample(WORDS, 8))
        if self.chance.random() < RARE:
            words += " beffroi"
        moment = self.began + timedelta(seconds=self.chance.randrange(300 * 86_400))
        return Opportunity(
            territory=territory,
            kind=choice(Kind.values),
            title=f"{choice(WORDS).capitalize()} de la rue {self.chance.randrange(10_000)}",
            description=SENTENCE + words,
            stage=choice(Stage.values),
            theme=choice(["", *Theme.values]),
            district=choice(self.districts[territory]),
            longitude=self.chance.uniform(1.6, 4.2),
            latitude=self.chance.uniform(48.9, 51.0),
            created_by=self.author,
            updated_by=self.author,
            created_at=moment,
            updated_at=moment,
        )


# The measures


def _timings():
    """{(base, person, view): seconds}"""
    from accounts.models import User  # noqa: PLC0415  once Django is set up
    from territories.models import Territory  # noqa: PLC0415

    pages = {
        LEAD: f"/territoires/{Territory.objects.order_by('pk').first().ref}/opportunites/",
        TRAINER: "/opportunites/",
    }
    clients = {}
    took = {}
    for _ in range(ROUNDS):
        for base in (ONE_PAGE, FEW, MANY):
            _use(f"bench_{base}")
            for person, page in pages.items():
                if (base, person) not in clients:
                    clients[base, person] = Client(SERVER_NAME="127.0.0.1")
                    clients[base, person].force_login(User.objects.get(email=person))
                for view, query in VIEWS.items():
                    seconds = _page(clients[base, person], page + query)
                    key = base, person, view
                    took[key] = min(seconds, took.get(key, seconds))
    return took


def _page(client, address):
    """Seconds that the page takes, once the base has read what it needs."""
    client.get(address)
    gc.collect()
    began = _spent()
    response = client.get(address)
    seconds = _spent() - began
    if response.status_code != 200:
        raise ValueError(f"{address} answered {response.status_code}.")
    return seconds


def _spent():
    """Seconds of processor time of this process and of the one that answers it in the database."""
    connection.ensure_connection()
    scheduled = Path(f"/proc/{connection.connection.get_backend_pid()}/schedstat")
    if not scheduled.exists():
        return perf_counter()
    return process_time() + int(scheduled.read_text().split()[0]) / 1e9


def _bare_queries():
    """{view: the SQL that finds the same rows, and nothing else}"""
    from territories.models import Territory  # noqa: PLC0415  once Django is set up

    west, south, east, north = FRAME.split(",")
    territories = ", ".join(str(key) for key in Territory.objects.values_list("pk", flat=True))
    current = (
        f"FROM opportunities_opportunity WHERE territory_id IN ({territories}) "
        "AND deleted_at IS NULL AND archived_at IS NULL AND merged_into_id IS NULL"
    )
    first = "ORDER BY updated_at DESC, id DESC LIMIT 20"
    of_stages = [
        f"(SELECT * {current} AND stage = '{stage}' {first})"
        for stage in ("detected", "qualified", "explored", "formalised", "launched", "abandoned")
    ]
    return {
        "list": f"SELECT * {current} {first}",
        "board": " UNION ALL ".join(of_stages),
        "map": f"SELECT * {current} {first}",
        "map data": (
            f"SELECT id, longitude, latitude {current} AND longitude BETWEEN {west} AND {east} "
            f"AND latitude BETWEEN {south} AND {north}"
        ),
        "search": f"SELECT * {current} AND search_text LIKE '%atelier%' {first}",
        "search for a rare word": (f"SELECT * {current} AND search_text LIKE '%beffroi%' {first}"),
        "search with a slip": (
            f"SELECT *, word_similarity('befroi', search_text) AS likeness {current} "
            "AND search_text %> 'befroi' ORDER BY likeness DESC, updated_at DESC, id DESC LIMIT 20"
        ),
        "last page": f"SELECT * {current} {first} OFFSET 9980",
    }


def _fastest(query):
    """Seconds that the base with MANY rows takes."""
    _use(f"bench_{MANY}")
    seconds = []
    with connection.cursor() as cursor:
        for _ in range(ROUNDS):
            began = _spent()
            cursor.execute(query)
            cursor.fetchall()
            seconds.append(_spent() - began)
    return min(seconds)


if __name__ == "__main__":
    main()
