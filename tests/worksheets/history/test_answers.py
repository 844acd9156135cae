"""The history of one answer."""

import re
from html import unescape

from journal.recording import SITTING
from tests.worksheets.history.reading import HISTORY, changes, seen
from worksheets.models import Revision


def test_an_answer_is_told_by_author_and_sitting(get, write, lead, contributor):
    write("Marcher.", lead, 0)
    write("Marcher et noter.", lead, 20)
    write("Marcher et noter. Revenir.", contributor, 25)
    write("Marcher et noter. Revenir. Dire.", contributor, 25 + SITTING.seconds / 60 + 1)
    page = get(lead, HISTORY).text
    assert re.findall(r"<h3>(.*?)</h3>", page) == [contributor.name, contributor.name, lead.name]
    assert seen(page, r"le 5 octobre à (\d+ h \d\d) · version (\d)") == [
        ("12 h 56", "4"),
        ("12 h 25", "3"),
        ("12 h 20", "2"),
    ]
    assert changes(page) == [
        ("ins", " Dire."),
        ("ins", " Revenir."),
        ("ins", "Marcher et noter."),
    ]


def test_a_sitting_is_looked_at_save_by_save(get, write, lead):
    write("Marcher.", lead, 0)
    write("Marcher. Noter.", lead, 1)
    write("Marcher. Noter. Revenir.", lead, 2)
    assert "?seance=3" in get(lead, HISTORY).text
    page = get(lead, HISTORY, seance="3").text
    assert changes(page) == [("ins", " Revenir."), ("ins", " Noter."), ("ins", "Marcher.")]
    assert get(lead, HISTORY, seance="2").status_code == 404


def test_what_was_sent_before_a_merge_is_shown(get, write, lead, contributor):
    write("Marcher.", lead, 0)
    write("Marcher. Noter.", lead, 1)
    write("Marcher. Noter. Revenir.", contributor, 2)
    Revision.objects.filter(version=3).update(sent="Marcher. Revenir.", base_version=1)
    page = get(lead, HISTORY).text
    assert "Ce que Bruno Carlier avait envoyé, avant la fusion" in unescape(page)
    assert changes(page)[:2] == [("ins", " Revenir."), ("ins", "Noter. ")]


def test_the_history_of_what_nobody_answered(get, lead, step_1):
    assert "Personne n’a encore répondu" in get(lead, HISTORY).text
    assert get(lead, "reponses/nothing/historique/").status_code == 404
    assert get(lead, "reponses/opportunities-chosen/historique/").status_code == 404
    assert get(lead, f"{HISTORY}1/").status_code == 404


def test_a_partner_reads_the_history_of_their_part(get, write, shared, unshared, lead, partner):
    write("Un lieu", lead, 0, "interest", shared)
    write("Un secret", lead, 0, "interest", unshared)
    assert get(partner, f"reponses/interest--{shared.ref}/historique/").status_code == 200
    assert get(partner, f"reponses/interest--{unshared.ref}/historique/").status_code == 404
    assert get(partner, f"reponses/interest--{unshared.ref}/historique/1/").status_code == 404
