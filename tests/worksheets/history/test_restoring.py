"""What an answer was, brought back."""

import re

import pytest

from journal.models import Entry
from territories.enums import Role
from tests import factories
from tests.worksheets.history.reading import HISTORY, STRATEGY, changes, seen, timeline
from tests.worksheets.pages import alerts
from worksheets.models import Answer
from worksheets.signing import sign_opinion


def restore(client, address, standing):
    return client.post(address, {"standing": standing})


def test_an_old_version_is_brought_back(client_of, url_of, get, write, step_1, lead):
    write("Marcher.", lead, 0)
    write("Tout changer.", lead, 40)
    assert changes(get(lead, f"{HISTORY}1/").text) == [
        ("del", "Tout changer."),
        ("ins", "Marcher."),
    ]
    response = client_of(lead).post(url_of(step_1, f"{HISTORY}1/"), {"standing": "2"}, follow=True)
    assert response.redirect_chain == [(url_of(step_1, HISTORY), 302)]
    assert seen(response.text, r"Vous avez rétabli la version écrite [^.]*\.") == [
        "Vous avez rétabli la version écrite le 5 octobre à 12 h 00."
    ]
    assert re.findall(r"<h3>(.*?)</h3>", response.text) == [
        f"{lead.name} a rétabli la version écrite le\xa05\xa0octobre à\xa012\xa0h\xa000",
        lead.name,
        lead.name,
    ]
    answer = Answer.objects.get()
    assert (answer.value, answer.version) == ("Marcher.", 3)
    assert list(answer.revisions.values_list("value", flat=True)) == [
        "Marcher.",
        "Tout changer.",
        "Marcher.",
    ]
    entry = Entry.objects.get(verb="worksheet.answer_restored")
    assert (entry.actor, entry.target) == (lead, step_1.target)
    assert (entry.data["slot"], entry.data["version"], entry.data["restored"]) == ("strategy", 3, 1)
    assert timeline(get(lead, "historique/").text)[:2] == [
        (
            lead.name,
            f"a rétabli la version écrite le 5 octobre à 12 h 00 de la réponse {STRATEGY}",
        ),
        (lead.name, "a écrit dans 1 réponse"),
    ]


@pytest.mark.parametrize("standing", ["1", "3", "", "deux", "-1", "9" * 30])
def test_an_answer_that_changed_meanwhile_is_shown_and_asked_about(
    client_of, url_of, write, step_1, lead, contributor, standing
):
    write("Marcher.", lead, 0)
    write("Noter.", contributor, 1)
    response = client_of(lead).post(url_of(step_1, f"{HISTORY}1/"), {"standing": standing})
    assert response.status_code == 409
    assert "La réponse a changé depuis que vous avez ouvert cette page." in alerts(response.text)[0]
    assert changes(response.text) == [("del", "Noter."), ("ins", "Marcher.")]
    assert '<input type="hidden" name="standing" value="2">' in response.text
    assert Answer.objects.get().value == "Noter."


def test_nothing_is_brought_back_once_submitted(client_of, url_of, write, step_1, lead):
    write("Marcher.", lead, 0)
    write("Noter.", lead, 40)
    factories.submit_worksheet(step_1, lead)
    client, address = client_of(lead), url_of(step_1, f"{HISTORY}1/")
    assert "Rétablir cette version" not in client.get(address).text
    response = client.post(address, {"standing": "2"})
    assert response.status_code == 409
    assert "La fiche est maintenant « Transmise »" in alerts(response.text)[0].replace("\xa0", " ")
    assert Answer.objects.get().version == 2


def test_who_only_reads_brings_nothing_back(client_of, url_of, write, step_1, lead, reader):
    write("Marcher.", lead, 0)
    write("Noter.", lead, 40)
    client, address = client_of(reader), url_of(step_1, f"{HISTORY}1/")
    assert "Rétablir cette version" not in client.get(address).text
    assert client.post(address, {"standing": "2"}).status_code == 403
    assert Answer.objects.get().version == 2


def test_a_partner_who_reads_the_rest_brings_only_theirs_back(
    client_of, url_of, write, territory, step_1, shared, lead, partner
):
    factories.grant(partner, territory, Role.READER)
    write("Marcher.", lead, 0)
    write("Noter.", lead, 40)
    write("Un lieu", lead, 0, "interest", shared)
    write("Une halle", lead, 40, "interest", shared)
    client = client_of(partner)
    theirs = f"reponses/interest--{shared.ref}/historique/1/"
    assert client.post(url_of(step_1, f"{HISTORY}1/"), {"standing": "2"}).status_code == 403
    assert client.post(url_of(step_1, theirs), {"standing": "2"}).status_code == 302
    assert sorted(Answer.objects.values_list("value", flat=True)) == ["Noter.", "Un lieu"]


def test_a_signed_opinion_stays_when_an_older_table_comes_back(
    client_of, url_of, step_2, lead, contributor, reader
):
    cells = {"date": "", "decision-maker": "Le maire", "opinion": "", "remarks": ""}
    row = {"id": "8d6a43c0-5e0f-4d2a-9b5e-0f3e6c7d8e91", "cells": cells}
    factories.write_answer(step_2, "decision-makers", [row], lead)
    sign_opinion(worksheet=step_2, opinion="favourable", remarks="", by=reader)
    other = row | {"cells": cells | {"remarks": "À revoir"}}
    signed = Answer.objects.get().value[1]
    factories.write_answer(step_2, "decision-makers", [other, signed], lead)
    response = client_of(contributor).post(
        url_of(step_2, "reponses/decision-makers/historique/1/"), {"standing": "3"}
    )
    assert response.status_code == 302
    assert Answer.objects.get().value == [row, signed]


def test_the_opinion_of_another_isn_t_brought_back_by_a_contributor(
    client_of, url_of, step_2, lead, contributor
):
    cells = {"date": "", "decision-maker": "Le maire", "opinion": "favourable", "remarks": ""}
    row = {"id": "8d6a43c0-5e0f-4d2a-9b5e-0f3e6c7d8e91", "cells": cells}
    factories.write_answer(step_2, "decision-makers", [row], lead)
    factories.write_answer(step_2, "decision-makers", [], lead)
    address = url_of(step_2, "reponses/decision-makers/historique/1/")
    response = client_of(contributor).post(address, {"standing": "2"})
    assert response.status_code == 403
    assert alerts(response.text)[0].startswith("Seul le référent enregistre ou retire l’avis")
    assert Answer.objects.get().value == []
