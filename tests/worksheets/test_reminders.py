from datetime import UTC, datetime

import pytest

from opportunities.enums import ActionKind
from programmes.enums import Step
from tests import factories
from worksheets.reminders import Passage, reminders_for

NBSP = "\N{NO-BREAK SPACE}"
MORNING = datetime(2026, 3, 3, 8, tzinfo=UTC)


def plain(text):
    return text.replace(NBSP, " ")


@pytest.fixture
def visit(territory, lead):
    return factories.create_action(
        territory,
        lead,
        "La marche",
        starts_at=MORNING,
        place="place du Marché",
        state="held",
        internal_participants="Habitat\n\n Économie ",
        external_participants="Le bailleur",
        report=" Quatre cellules murées.\nUn atelier. ",
    )


@pytest.fixture
def dialogue(territory, lead):
    return factories.create_action(
        territory, lead, "Le petit-déjeuner", kind="dialogue", starts_at=MORNING.replace(month=4)
    )


def test_each_question_gets_what_it_asks_for(territory, lead, visit, dialogue):
    found = reminders_for(lead, territory, Step.STEP_1)
    assert {key: [plain(one.text) for one in passages] for key, passages in found.items()} == {
        "process": [
            "La marche, mardi 3 mars 2026 à 9 h 00",
            "Le petit-déjeuner, vendredi 3 avril 2026 à 10 h 00 (prévue)",
        ],
        "process-internal": ["La marche : Habitat, Économie"],
        "process-external": ["La marche : Le bailleur"],
        "strategy": [
            "Visite de quartier : La marche, mardi 3 mars 2026 à 9 h 00, place du Marché.\n"
            "En interne : Habitat, Économie.\nEn externe : Le bailleur.\n"
            "Quatre cellules murées.\nUn atelier.",
            "Espace de dialogue : Le petit-déjeuner, vendredi 3 avril 2026 à 10 h 00 (prévue).",
        ],
    }
    assert [(one.into, one.ticks) for one in found["process"]] == [
        ("process.comment.visit", "visit"),
        ("process.comment.dialogue", "dialogue"),
    ]
    assert found["process-internal"] == [
        Passage(f"La marche{NBSP}: Habitat, Économie", "process-internal")
    ]


def test_every_kind_of_action_is_a_choice_of_the_grid(grids):
    question = grids[Step.STEP_1].grid.by_key["process"]
    kinds = [value for value, _ in ActionKind.choices]
    assert [choice.key for choice in question.choices] == kinds


def test_nothing_to_remind_of(territory, lead, visit, other_territory, outsider):
    factories.create_action(other_territory, outsider, "Des étrangers")
    assert reminders_for(lead, territory, Step.STEP_2) == {}
    assert reminders_for(lead, territory, Step.SELF_DIAGNOSIS) == {}
    visit.state = "cancelled"
    visit.save()
    assert reminders_for(lead, territory, Step.STEP_1) == {}


@pytest.mark.parametrize("who", ["partner", "observer", "outsider"])
def test_who_sees_no_action_is_reminded_of_none(request, territory, visit, who):
    assert reminders_for(request.getfixturevalue(who), territory, Step.STEP_1) == {}


def test_the_latest_in_the_order_of_time_and_short(territory, lead):
    for day in range(1, 23):
        factories.create_action(
            territory, lead, f"N{day}", starts_at=MORNING.replace(day=day), report="x" * 5000
        )
    passages = reminders_for(lead, territory, Step.STEP_1)["strategy"]
    assert [p.text.partition("N")[2].partition(",")[0] for p in passages] == [
        str(day) for day in range(3, 23)
    ]
    assert max(len(passage.text) for passage in passages) < 800


def test_the_page_offers_them(client_of, url_of, step_1, lead, partner, reader, visit):
    page = client_of(lead).get(url_of(step_1)).text
    assert page.count("Vos actions de repérage (1)") == 4
    assert 'data-into="process.comment.visit" data-ticks="visit"' in page
    assert 'data-into="strategy" data-ticks=""' in page
    for other in (partner, reader):
        assert "La marche" not in client_of(other).get(url_of(step_1)).text


def test_a_hostile_title_stays_text(client_of, url_of, step_1, lead, territory):
    factories.create_action(territory, lead, '"><script>alert(1)</script>')
    page = client_of(lead).get(url_of(step_1)).text
    assert "<script>alert" not in page
    assert page.count("&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;") == 2


@pytest.mark.parametrize(("who", "count"), [("lead", 13), ("partner", 14)])
def test_what_the_page_costs(
    request, client_of, url_of, query_counts, step_1, territory, lead, who, count
):
    client = client_of(request.getfixturevalue(who))

    def add(n):
        for number in range(n):
            factories.create_action(territory, lead, f"N{number}", internal_participants="Nous")

    counts = query_counts(lambda: client.get(url_of(step_1)), add)
    assert counts == [count, count, count]
