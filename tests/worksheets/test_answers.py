"""The endpoint that keeps one answer and says in JSON what became of it."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.wording import MAX_LENGTH, NORMALISED
from journal.models import Entry
from programmes.enums import Step
from tests import factories
from tests.worksheets.saves import rows, value_of
from worksheets.models import Revision, Worksheet

OUTDATED = "Cette page ne correspond plus à la fiche. Copiez votre texte, puis rechargez la page."
TRANSACTION = {"BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"}
ONE, TWO = str(uuid.UUID(int=1)), str(uuid.UUID(int=2))


@pytest.fixture
def save_raw(client_of, url_of):
    """`save_raw(user, worksheet, "strategy", b"…")` sends a body as a browser would encode it."""

    def post(user, worksheet, name, body):
        url = url_of(worksheet, f"reponses/{name}/")
        return client_of(user).post(url, body, "application/x-www-form-urlencoded")

    return post


def test_a_save_is_confirmed(save, step_1, lead, monkeypatch):
    monkeypatch.setattr("worksheets.views.answers.hour", lambda moment: "14\u00a0h\u00a032")
    response = save(lead, step_1, "strategy", {"": "Marcher."})
    assert response.status_code == 200
    assert response.json() == {
        "version": 1,
        "message": "Enregistré à 14\u00a0h\u00a032",
        "notice": "",
        "is_blank": False,
        "merged_with": "",
        "html": "",
    }
    assert response["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert value_of(step_1, "strategy") == "Marcher."


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<script>alert(1)</script><b>&amp;</b>",
        "{{ settings.SECRET_KEY }} {% include 'x' %}",
        "🏭👩🏽‍🔧",
        "مرحبا \u200fשלום",
        " \n deux espaces \n",
        "a" * MAX_LENGTH,
    ],
    ids=["empty", "html", "template", "emojis", "right-to-left", "spaces", "longest"],
)
def test_texts_are_kept_to_the_letter_and_shown_escaped(
    save, client_of, url_of, step_1, lead, text
):
    factories.write_answer(step_1, "strategy", "Avant.", lead)
    response = save(lead, step_1, "strategy", {"": text}, version=1)
    assert response.status_code == 200
    assert (response.json()["version"], response.json()["notice"]) == (2, "")
    assert value_of(step_1, "strategy") == text
    page = client_of(lead).get(url_of(step_1)).text
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert f"\n{escaped.replace(chr(39), '&#x27;')}</textarea>" in page


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        (b"a%00b", "ab"),
        (b"%01%1B%7F", ""),
        (b"saut%0Bde page%0C", "saut\nde page\n"),
        (b"l%C2%92%C3%A9t%C3%A9", "l’été"),
        (b"%ED%A0%80 seul", "\ufffd\ufffd\ufffd seul"),
        (b"%EF%BF%BD", "\ufffd"),  # what a browser makes of a lone surrogate
        (b"%FF", "\ufffd"),
    ],
)
def test_what_cannot_be_kept_is_normalised_and_said(save_raw, step_1, lead, body, kept):
    factories.write_answer(step_1, "strategy", "Avant.", lead)
    response = save_raw(lead, step_1, "strategy", b"strategy.version=1&strategy=" + body)
    assert response.status_code == 200
    assert response.json()["notice"] == NORMALISED
    assert value_of(step_1, "strategy") == kept


def test_line_ends_of_browsers_are_no_news(save, step_1, lead):
    response = save(lead, step_1, "strategy", {"": "a\r\nb"})
    assert response.json()["notice"] == ""
    assert value_of(step_1, "strategy") == "a\nb"


@pytest.mark.parametrize("worksheet", ["step_1", "step_2"])
def test_one_character_too_many(request, save, lead, worksheet):
    worksheet = request.getfixturevalue(worksheet)
    key = "strategy" if worksheet.step == Step.STEP_1 else "means"
    response = save(lead, worksheet, key, {"": "a" * (MAX_LENGTH + 1)})
    assert response.status_code == 413
    assert response.json()["message"].startswith("Ce texte compte 100\u202f001 caractères")
    assert not worksheet.answers.exists()


def test_a_body_too_large_is_refused_in_french(save, step_1, lead):
    response = save(lead, step_1, "strategy", {"": "a" * 21_000_000})
    assert response.status_code == 413
    assert not step_1.answers.exists()


@pytest.mark.parametrize(
    ("key", "controls", "value"),
    [
        (
            "process",
            {"ticked": ["call"], "comment.visit": "oui", "comment.call": "", "other": "x"},
            {"ticked": {"visit": "oui", "call": ""}, "other": "x", "text": ""},
        ),
        ("process-done", {"": "1"}, True),
    ],
)
def test_answers_of_step_1(save, step_1, lead, key, controls, value):
    assert save(lead, step_1, key, controls).status_code == 200
    assert value_of(step_1, key) == value


@pytest.mark.parametrize(
    ("key", "controls", "value"),
    [
        (
            "partners",
            rows((TWO, "BGE"), (ONE, ""), columns=["text"]),
            [{"id": TWO, "text": "BGE"}],
        ),
        (
            "reflection",
            rows((ONE, "2026-10-01", "Alice", ""), columns=["date", "participants", "outcome"]),
            [
                {
                    "id": ONE,
                    "cells": {"date": "2026-10-01", "participants": "Alice", "outcome": ""},
                }
            ],
        ),
        (
            "budget",
            {
                "expenses.id": [ONE],
                "expenses.label": ["Études"],
                "expenses.amount": ["1 234,56 €"],
                "resources.id": [],
            },
            {"expenses": [{"id": ONE, "label": "Études", "cents": 123456}], "resources": []},
        ),
    ],
)
def test_answers_of_step_2(save, step_2, lead, key, controls, value):
    assert save(lead, step_2, key, controls).status_code == 200
    assert value_of(step_2, key) == value


def test_an_answer_about_one_opportunity(save, step_1, lead, shared, unshared):
    name = f"obstacles--{shared.ref}"
    assert save(lead, step_1, name, {"": "Le prix."}).status_code == 200
    [answer] = step_1.answers.all()
    assert (answer.question, answer.opportunity, answer.value) == ("obstacles", shared, "Le prix.")


@pytest.mark.parametrize(
    ("key", "controls", "message"),
    [
        ("means", {}, "Cette réponse n’est pas un texte."),
        ("partners", {"id": [ONE], "text": []}, "Cette réponse n’est pas une liste."),
        (
            "partners",
            rows(("x", "a"), columns=["text"]),
            "Une ligne n’a pas d’identifiant valable.",
        ),
        (
            "partners",
            rows((ONE, "a"), (ONE, "b"), columns=["text"]),
            "Deux lignes portent le même identifiant.",
        ),
        (
            "partners",
            rows(*((str(uuid.UUID(int=n)), "a") for n in range(301)), columns=["text"]),
            "300 lignes au plus sont possibles\u00a0; il y en a 301.",
        ),
        ("reflection", {"id": [ONE], "date": ["2026-10-01"]}, "Cette réponse n’est pas une liste."),
        (
            "reflection",
            rows((ONE, "demain", "", ""), columns=["date", "participants", "outcome"]),
            "«\u00a0demain\u00a0» n’est pas une date\u00a0: écrivez-la comme 2026-12-31.",
        ),
        (
            "decision-makers",
            rows(
                (ONE, "", "", "ravi", ""), columns=["date", "decision-maker", "opinion", "remarks"]
            ),
            "«\u00a0ravi\u00a0» n’est pas un choix de la colonne «\u00a0Avis\u00a0».",
        ),
        (
            "budget",
            {"expenses.id": [ONE], "expenses.label": ["a"], "expenses.amount": ["beaucoup"]},
            "«\u00a0beaucoup\u00a0» n’est pas un montant\u00a0: "
            "écrivez par exemple 12 500 ou 1 234,56.",
        ),
        (
            "budget",
            {"expenses.id": [ONE], "expenses.label": ["a"], "expenses.amount": ["-3"]},
            "Un montant est entre 0 et mille milliards d’euros.",
        ),
        (
            "budget",
            {"expenses.id": [ONE, TWO], "expenses.label": ["a"], "expenses.amount": ["1"]},
            "Cette réponse n’est pas un budget.",
        ),
    ],
)
def test_wrong_types_are_refused_in_french(save, step_2, lead, key, controls, message):
    response = save(lead, step_2, key, controls)
    assert (response.status_code, response.json()) == (400, {"message": message})
    assert not step_2.answers.exists()


def test_an_unknown_choice_is_refused(save, step_1, lead):
    response = save(lead, step_1, "process", {"ticked": ["guess"]})
    assert (response.status_code, response.json()) == (
        400,
        {"message": "Un des choix n’est pas dans la question."},
    )


@pytest.mark.parametrize("version", ["", "deux", "1.5", "²", "-1", 2, 10**9, "9" * 5000])
def test_a_version_that_never_was_is_refused(save, step_1, lead, version):
    factories.write_answer(step_1, "strategy", "Avant.", lead)
    response = save(lead, step_1, "strategy", {"": "Après."}, version=version)
    assert (response.status_code, response.json()) == (400, {"message": OUTDATED})
    assert value_of(step_1, "strategy") == "Avant."


def test_no_version_at_all_is_refused(save_raw, step_1, lead):
    assert save_raw(lead, step_1, "strategy", b"strategy=a").status_code == 400


def test_a_version_of_an_answer_that_does_not_exist_is_refused(save, step_1, lead):
    response = save(lead, step_1, "strategy", {"": "Marcher."}, version=1)
    assert (response.status_code, response.json()) == (400, {"message": OUTDATED})


def test_a_late_save_is_merged_and_shown_as_it_stands(
    save, step_1, lead, contributor, shared, monkeypatch
):
    monkeypatch.setattr("worksheets.ancestry.moment", lambda instant: "hier à 9\u00a0h\u00a005")
    name = f"obstacles--{shared.ref}"
    factories.write_answer(step_1, "obstacles", "Le prix", lead, opportunity=shared)
    factories.write_answer(step_1, "obstacles", "Le prix <bas>", contributor, opportunity=shared)

    answer = save(lead, step_1, name, {"": "Tout le prix"}, version=1).json()

    # “Le” is another word now, and the one that follows stays between both changes.
    assert (answer["version"], answer["merged_with"]) == (
        3,
        "Fusionné avec ce qu’a écrit Bruno Carlier, hier à 9\u00a0h\u00a005.",
    )
    assert re.search(
        rf'<textarea[^>]* name="{name}" id="id_{name}"[^>]*>\nTout le prix &lt;bas&gt;</textarea>',
        answer["html"],
    )
    # Its author typed on meanwhile, without that word.
    own = {"": "Tout le prix.", "own": "1"}
    answer = save(lead, step_1, name, own, version=3).json()
    assert "Tout le prix. &lt;bas&gt;" in answer["html"]
    assert (answer["version"], answer["merged_with"]) == (4, "")


def test_a_contradiction_is_shown_side_by_side_with_the_ways_out(save, step_1, lead, contributor):
    factories.write_answer(step_1, "strategy", "Bien marcher.", lead)
    factories.write_answer(step_1, "strategy", "Bien <i>écouter</i>", contributor)

    response = save(lead, step_1, "strategy", {"": "Bien rouler."}, version=1)

    assert response.status_code == 409
    answer = response.json()
    assert (answer["version"], value_of(step_1, "strategy")) == (2, "Bien <i>écouter</i>")
    assert answer["message"].startswith("Bruno Carlier a enregistré une autre réponse")
    standing = answer["standing"]
    assert "Bien <del>&lt;i&gt;écouter&lt;/i&gt;</del>" in standing
    assert "Bien <ins>rouler.</ins>" in standing
    assert re.findall('data-keep="(.*?)"', standing) == ["mine", "theirs", "both"]
    fields = dict(re.findall(r"<template data-(.*?)>.*?>\n(.*?)</textarea>", standing, re.DOTALL))
    assert fields == {
        "theirs": "Bien &lt;i&gt;écouter&lt;/i&gt;",
        "both": "Bien &lt;i&gt;écouter&lt;/i&gt;\n\nBien rouler.",
    }
    assert "<strong>Bruno Carlier</strong> a écrit autre chose" in standing

    factories.write_answer(
        step_1, "strategy", "Bien mieux <i>écouter</i>", factories.create_user("Zoé Brasseur")
    )
    standing = save(lead, step_1, "strategy", {"": "Bien rouler."}, version=1).json()["standing"]
    assert "<strong>Bruno Carlier et Zoé Brasseur</strong> ont écrit autre chose" in standing


def test_a_contradiction_in_rows_says_what_differs(save, step_2, lead, contributor):
    for text, by in [("BGE", lead), ("BGE Flandre", contributor)]:
        factories.write_answer(step_2, "partners", [{"id": ONE, "text": text}], by)
    sent = rows((ONE, "BGE Hauts-de-France"), columns=["text"])
    standing = save(lead, step_2, "partners", sent, version=1).json()["standing"]
    assert '<li class="answer-text" dir="auto">BGE Flandre</li>' in standing
    assert "Entrée modifiée" in standing
    assert standing.count('name="partners.id" value="') == 3 + 3  # both sides, one row offered


def test_a_text_of_another_account_is_not_saved_under_this_one(save, step_1, lead, contributor):
    theirs = factories.create_user().device_key
    for owner, status in [(theirs, 403), (lead.device_key, 200)]:
        data = {"": "Marcher."}
        response = save(lead, step_1, "strategy", data, owner=owner)
        assert response.status_code == status
        assert step_1.answers.exists() is (status == 200)
        if status == 403:
            assert response.json()["sign_in"] == "/connexion/"
            assert response.json()["message"].startswith(
                "Ce texte a été écrit avec un autre compte"
            )


def test_a_double_submit_is_one_revision(save, step_1, lead):
    first = save(lead, step_1, "strategy", {"": "Marcher."})
    second = save(lead, step_1, "strategy", {"": "Marcher."})
    assert (second.status_code, second.json()) == (200, first.json())
    assert Revision.objects.count() == 1
    assert Worksheet.objects.get(pk=step_1.pk).change_number == 1
    assert Entry.objects.count() == 1


def test_what_a_save_costs(client_of, url_of, step_1, lead, monkeypatch):
    """Two for the session and the user, one to open, then what is written. The first save begins
    the sitting, and reads a grid that this process never read; one of the next prolongs it."""
    client, url = client_of(lead), url_of(step_1, "reponses/strategy/")
    costs = []
    for version, grain in [(0, 1), (1, 10**12), (2, 10**-6)]:
        monkeypatch.setattr("journal.recording.GRAIN", grain)
        data = {"strategy.version": version, "strategy": f"Version {version + 1}"}
        with CaptureQueriesContext(connection) as captured:
            assert client.post(url, data).status_code == 200
        statements = [query["sql"].split(" ", 1)[0] for query in captured]
        costs.append((len([s for s in statements if s not in TRANSACTION]), len(statements)))
    assert costs == [(9, 11), (6, 8), (7, 9)]


def test_what_a_partners_save_costs(client_of, url_of, step_1, partner, shared):
    name = f"obstacles--{shared.ref}"
    client = client_of(partner)
    with CaptureQueriesContext(connection) as captured:
        client.post(url_of(step_1, f"reponses/{name}/"), {f"{name}.version": 0, name: "a"})
    assert len(captured) == 11
