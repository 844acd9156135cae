"""What the pages of the history cost, however long it is."""

import re
from datetime import timedelta

import pytest

from tests.worksheets.history.reading import HISTORY, NOON, timeline
from worksheets.comparing import key_of_moment
from worksheets.models import Answer, Revision, Worksheet

START = {"de": key_of_moment(NOON), "a": "maintenant"}


@pytest.fixture
def add_saves(step_1, lead, contributor):
    """`add_saves(n)` adds n saves of the strategy, each a sitting of its own."""
    Worksheet.objects.update(created_at=NOON)
    answer = Answer.objects.create(
        worksheet=step_1, question="strategy", value="", version=0, saved_by=lead
    )

    def add(count):
        versions = range(answer.version + 1, answer.version + count + 1)
        Revision.objects.bulk_create(
            Revision(
                answer=answer,
                version=version,
                value=f"Réponse {version}",
                saved_by=(lead, contributor)[version % 2],
                saved_at=NOON + timedelta(hours=version),
            )
            for version in versions
        )
        answer.version, answer.value = versions[-1], f"Réponse {versions[-1]}"
        answer.save()

    return add


@pytest.mark.parametrize(
    ("path", "asked", "queries"),
    [(HISTORY, {}, 14), ("historique/", {}, 16), ("comparer/", START, 16)],
)
def test_what_the_pages_cost(
    client_of, url_of, query_counts, add_saves, step_1, lead, path, asked, queries
):
    client = client_of(lead)

    def visit():
        response = client.get(url_of(step_1, path), asked)
        assert (response.status_code, len(response.text) < 200_000) == (200, True)

    assert query_counts(visit, add_saves) == [queries] * 3


def test_what_is_long_comes_by_pages(get, add_saves, lead):
    add_saves(35)
    assert len(re.findall('<li class="sitting"', get(lead, HISTORY).text)) == 10
    last = get(lead, HISTORY, page="4").text
    assert re.findall(r'id="version-(\d+)"', last) == ["5", "4", "3", "2", "1"]
    assert len(timeline(get(lead, "historique/", page="2").text)) == 6
