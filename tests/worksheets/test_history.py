"""The history of an answer and of a worksheet, and two versions compared."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.utils import timezone

from journal.models import Entry
from journal.recording import SITTING
from opportunities.keeping import delete
from territories.enums import Role
from territories.teams import join
from tests import factories
from tests.worksheets.test_writing import alerts
from worksheets.comparing import content_at, key_of_moment
from worksheets.lifecycle import Verb, withdraw
from worksheets.models import Answer, Comment, Revision, Worksheet
from worksheets.reviewing import decide
from worksheets.signing import sign_opinion
from worksheets.starting import choose_opportunities

NOON = datetime(2026, 10, 5, 10, tzinfo=UTC)  # in Paris
INTEREST = "« Le principal intérêt (pour vous, pour le territoire, pour le contrat … »"
STRATEGY = "« Descriptif (de la préparation au repérage) »"
HISTORY = "reponses/strategy/historique/"


@pytest.fixture
def write(step_1):
    """`write(text, by, minutes)` saves the strategy of step 1 so many minutes after noon."""
    Worksheet.objects.filter(pk=step_1.pk).update(created_at=NOON - timedelta(days=1))
    step_1.refresh_from_db()

    def save(text, by, minutes, key="strategy", opportunity=None):
        version = factories.write_answer(step_1, key, text, by, opportunity=opportunity)
        at = NOON + timedelta(minutes=minutes)
        answers = Answer.objects.filter(worksheet=step_1, question=key, opportunity=opportunity)
        answers.update(saved_at=at)
        Revision.objects.filter(answer=answers.get(), version=version).update(saved_at=at)
        return version

    return save


@pytest.fixture
def get(client_of, url_of, step_1):
    """`get(user, path, **asked)` is the response of a page of step 1."""
    return lambda user, path, **asked: client_of(user).get(url_of(step_1, path), asked)


def seen(html, pattern):
    """The matches of `pattern` among the words of a page, in one line each."""
    words = unescape(re.sub(r"<[^>]+>", " ", re.sub(r"(?s).*<main", "<main", html)))
    return re.findall(pattern, " ".join(words.split()))


def changes(html):
    """(tag, text) of all that a page marks as added or removed, but for its key."""
    found = re.findall(
        r'<(ins|del)><span class="visually-hidden">(?:ajouté|retiré)&nbsp;: </span>(.*?)</\1>',
        html,
        re.DOTALL,
    )
    return [(tag, unescape(text)) for tag, text in found]


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


def timeline(page):
    """(who, what) of each event that a page tells."""
    return [
        (unescape(by), " ".join(unescape(said).split()))
        for by, said in re.findall(r"<p><strong>(.*?)</strong> (.*?)</p>", page)
    ]


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


def differing(page):
    """(question's place, its changes) of each answer that a comparison shows as changed."""
    rows = re.split(r'<div class="paper-row[^"]*" id="', page)[1:]
    return [(row.partition('"')[0], changes(row)) for row in rows if changes(row)]


def test_a_submission_and_what_is_written_now(get, write, step_1, lead):
    write("Marcher.", lead, 0)
    write("Écouter.", lead, 0, "progress")
    factories.submit_worksheet(step_1, lead)
    withdraw(worksheet=step_1, by=lead)
    write("Marcher. Noter.", lead, 50)
    for asked in ({}, {"de": "version-1", "a": "maintenant"}):
        page = get(lead, "comparer/", **asked).text
        assert differing(page) == [("strategy", [("ins", " Noter.")])]
        assert seen(page, r"(\d+) réponses? sur \d+ \w+ changé") == ["1"]
        assert "Écouter." not in page
    page = get(lead, "comparer/", de="version-1", a="maintenant", tout="1").text
    assert "Écouter." in page
    back = get(lead, "comparer/", de="maintenant", a="version-1").text
    assert differing(back) == [("strategy", [("del", " Noter.")])]


def test_a_moment_is_rebuilt_from_the_revisions(get, write, step_1, shared, lead, contributor):
    write("Marcher.", lead, 0)
    write("Un lieu", contributor, 10, "interest", shared)
    write("Noter.", lead, 20)
    write("Une halle", contributor, 60, "interest", shared)
    place = f"interest--{shared.ref}"
    assert [
        content_at(step_1, NOON + timedelta(minutes=minutes)).answers
        for minutes in (-1, 0, 15, 25, 60)
    ] == [
        {},
        {"strategy": "Marcher."},
        {"strategy": "Marcher.", place: "Un lieu"},
        {"strategy": "Noter.", place: "Un lieu"},
        {"strategy": "Noter.", place: "Une halle"},
    ]
    keys = [key_of_moment(NOON + timedelta(minutes=minutes)) for minutes in (10, 20)]
    page = get(lead, "comparer/", de=keys[0], a=keys[1]).text
    assert differing(page) == [("strategy", [("del", "Marcher."), ("ins", "Noter.")])]
    assert seen(page, "De « le 5 octobre à 12 h 10, Bruno Carlier » à « le 5 octobre à 12 h 20")


def test_opportunities_that_differ_between_versions(get, write, step_1, shared, unshared, lead):
    write("Un lieu", lead, 0, "interest", shared)
    factories.submit_worksheet(step_1, lead)
    withdraw(worksheet=step_1, by=lead)
    before = timezone.now()
    choose_opportunities(worksheet=step_1, opportunities=[unshared], by=lead)
    chosen = timezone.now()
    unshared.stage = "qualified"
    unshared.save()
    page = get(lead, "comparer/", de="version-1", a="maintenant").text
    assert seen(page, "Opportunité (?:ajoutée|retirée) [^ ]+ la fiche") == [
        "Opportunité retirée de la fiche"
    ]
    assert differing(page)[-1] == (f"interest--{shared.ref}", [("del", "Un lieu")])
    assert changes(page)[:2] == [("del", "Repérée"), ("ins", "Qualifiée")]
    assert content_at(step_1, before).opportunities == ()  # as far as the journal tells
    assert [one.ref for one in content_at(step_1, chosen).opportunities] == [unshared.ref]
    choose_opportunities(worksheet=step_1, opportunities=[shared], by=lead)
    delete(opportunity=unshared, by=lead)
    assert content_at(step_1, chosen).opportunities == ()


@pytest.mark.parametrize(
    ("asked", "status", "refusal"),
    [
        ({"de": "version-1", "a": "version-1"}, 400, "Choisissez deux versions différentes."),
        ({"de": "version-1", "a": "version-7"}, 404, "Cette fiche n’a pas de version 7."),
        ({"de": "version-1"}, 400, "Cette adresse ne désigne aucune version de la fiche"),
        ({"de": "hier", "a": "maintenant"}, 400, "Cette adresse ne désigne aucune version"),
        ({"de": "2026-10-05T10:00:00", "a": "maintenant"}, 400, "Cette adresse ne désigne aucune"),
        ({"de": "1999-10-05T10:00:00Z", "a": "maintenant"}, 404, "de version de ce moment-là."),
        ({"de": "9999-12-31T23:59:59-23:59", "a": "maintenant"}, 404, "de ce moment-là."),
    ],
)
def test_versions_that_can_t_be_compared(get, write, step_1, lead, asked, status, refusal):
    write("Marcher.", lead, 0)
    factories.submit_worksheet(step_1, lead)
    response = get(lead, "comparer/", **asked)
    assert response.status_code == status
    assert refusal in alerts(response.text)[0]
    assert differing(response.text) == []


def test_nothing_to_compare_yet(get, step_1, lead):
    response = get(lead, "comparer/")
    assert response.status_code == 200
    assert "Il n’y a encore qu’une version à montrer" in response.text


def test_an_observer_compares_what_was_submitted(get, write, step_1, lead, observer):
    write("Marcher.", lead, 0)
    factories.submit_worksheet(step_1, lead)
    withdraw(worksheet=step_1, by=lead)
    write("Marcher. Noter.", lead, 10)
    factories.submit_worksheet(step_1, lead)
    withdraw(worksheet=step_1, by=lead)
    write("Secret.", lead, 20)
    page = get(observer, "comparer/").text
    assert differing(page) == [("strategy", [("ins", " Noter.")])]
    assert re.findall('<option value="([^"]+)"', page) == ["version-2", "version-1"] * 2
    for hidden in ("maintenant", key_of_moment(NOON + timedelta(minutes=20))):
        response = get(observer, "comparer/", de="version-1", a=hidden)
        assert response.status_code == 404 if hidden != "maintenant" else 400
        assert "Secret" not in response.text


def test_a_partner_compares_their_part(get, write, step_1, shared, unshared, lead, partner):
    write("Marcher.", lead, 0)
    write("Un lieu", lead, 60, "interest", shared)
    write("Un secret", lead, 120, "interest", unshared)
    page = get(
        partner,
        "comparer/",
        de=key_of_moment(NOON - timedelta(minutes=1)),
        a="maintenant",
        tout="1",
    ).text
    assert differing(page) == [(f"interest--{shared.ref}", [("ins", "Un lieu")])]
    assert "moulin" not in page
    # Nor is it said when somebody wrote elsewhere.
    assert re.findall('<option value="([^"]+)"', page)[:3] == [
        "maintenant",
        key_of_moment(NOON + timedelta(minutes=60)),
        key_of_moment(NOON - timedelta(minutes=1)),
    ]


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


def test_a_review_shows_what_changed_since_the_last_one(
    client_of, url_of, get, write, programme, step_1, lead, trainer
):
    def review_is_begun_by(user):
        return client_of(user).post(url_of(step_1, "relecture/commencer/"), follow=True).text

    write("Marcher.", lead, 0)
    write("Écouter.", lead, 0, "progress")
    factories.submit_worksheet(step_1, lead)
    assert "A changé depuis" not in review_is_begun_by(trainer)
    decide(
        worksheet=step_1,
        verb=Verb.RETURN,
        message="Notez.",
        comments=[],
        submission_number="1",
        by=trainer,
    )
    write("Marcher. Noter.", lead, 60)
    factories.submit_worksheet(step_1, lead)
    page = review_is_begun_by(trainer)
    assert differing(page) == [("strategy", [("ins", " Noter.")])]
    assert seen(page, r"Depuis ([^(]+) \(version 1.*?, (1 réponse a changé)") == [
        ("votre dernière relecture", "1 réponse a changé")
    ]
    link = f"{url_of(step_1, 'comparer/')}?de=version-1&a=version-2"
    assert f'href="{link}"' in unescape(page)
    assert differing(client_of(trainer).get(link).text) == differing(page)
    colleague = factories.create_user("Rachid Formateur")
    factories.join_programme(colleague, programme, Role.TRAINER)
    page = review_is_begun_by(colleague)
    assert seen(page, r"Depuis ([^(]+) \(version 1") == ["la relecture de Thomas Formateur"]
