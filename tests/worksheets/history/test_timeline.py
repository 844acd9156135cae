"""The history of a worksheet."""

import re
from html import unescape

import pytest
from django.utils import timezone

from territories.enums import Role
from territories.teams import join
from tests import factories
from tests.worksheets.history.reading import HISTORY, STRATEGY, timeline
from worksheets.lifecycle import Verb, withdraw
from worksheets.models import Comment
from worksheets.reviewing import decide
from worksheets.starting import choose_opportunities

INTEREST = "« Le principal intérêt (pour vous, pour le territoire, pour le contrat … »"


def test_the_history_of_a_worksheet(
    client_of, get, write, territory, step_1, shared, unshared, lead, contributor, trainer
):
    write("Marcher.", lead, 0)
    write("Noter.", lead, 10, "progress")
    write("Un lieu", contributor, 20, "interest", shared)
    choose_opportunities(worksheet=step_1, opportunities=[unshared], by=lead)
    factories.submit_worksheet(step_1, lead)
    withdraw(worksheet=step_1, by=lead)
    factories.submit_worksheet(step_1, lead)
    remark = Comment.objects.create(
        worksheet=step_1, question="strategy", body="Précisez.", written_by=trainer
    )
    remark.resolved_at, remark.resolved_by = timezone.now(), lead
    remark.save()
    decide(
        worksheet=step_1,
        verb=Verb.RETURN,
        message="Complétez l’approche.",
        comments=[],
        submission_number="2",
        by=trainer,
    )
    newcomer = factories.create_user("Inès Nouvelle")
    join(territory=territory, role=Role.CONTRIBUTOR, granted_by=lead, by=newcomer)
    page = get(lead, "historique/").text
    assert timeline(page) == [
        ("Inès Nouvelle", "a rejoint l’équipe, avec le rôle de contributeur"),
        (trainer.name, "a demandé de compléter la fiche"),
        (lead.name, f"a marqué comme traitée la discussion sur {STRATEGY}"),
        (trainer.name, f"a ouvert une discussion sur {STRATEGY}"),
        (lead.name, "a transmis la version 2 aux formateurs"),
        (lead.name, "a retiré la fiche de la relecture"),
        (lead.name, "a transmis la version 1 aux formateurs"),
        (lead.name, "a choisi les opportunités de la fiche : « Le moulin réservé »"),
        (contributor.name, "a écrit dans 1 réponse"),
        (lead.name, "a écrit dans 2 réponses, de 12 h 00 à 12 h 10"),
        (lead.name, "a commencé la fiche"),
    ]
    assert "Complétez l’approche." in page
    # Each of them leads to a page that is there; what isn't chosen any more has none of its own.
    links = set(re.findall(r'<li><a href="([^"#]+)', page))
    assert len([link for link in links if "/historique/" in link]) == 2
    assert [client_of(lead).get(unescape(link)).status_code for link in links] == [200] * len(links)


def test_a_partner_is_told_of_their_part(
    get, write, step_1, shared, unshared, lead, partner, trainer
):
    write("Marcher.", lead, 0)
    write("Un lieu", lead, 60, "interest", shared)
    write("Un secret", lead, 120, "interest", unshared)
    for about, body in ((shared, "Où ?"), (unshared, "Qui ?"), (None, "Comment ?")):
        Comment.objects.create(
            worksheet=step_1,
            question="interest" if about else "strategy",
            opportunity=about,
            body=body,
            written_by=trainer,
        )
    factories.submit_worksheet(step_1, lead)
    decide(
        worksheet=step_1,
        verb=Verb.RETURN,
        message="Le moulin doit rester secret.",
        comments=[],
        submission_number="1",
        by=trainer,
    )
    page = get(partner, "historique/").text
    about = f"{INTEREST} (La halle partagée)"
    assert timeline(page) == [
        (trainer.name, "a demandé de compléter la fiche"),
        (lead.name, "a transmis la version 1 aux formateurs"),
        (trainer.name, f"a ouvert une discussion sur {about}"),
        (lead.name, "a écrit dans 1 réponse"),
        (lead.name, "a commencé la fiche"),
    ]
    assert "moulin" not in page


@pytest.mark.parametrize("path", ["historique/", HISTORY, f"{HISTORY}1/"])
def test_an_observer_has_no_history(get, write, step_1, lead, observer, path):
    write("Marcher.", lead, 0)
    factories.submit_worksheet(step_1, lead)
    assert get(observer, path).status_code == 404
