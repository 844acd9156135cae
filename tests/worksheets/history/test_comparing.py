"""Two versions of a worksheet compared, also with what the last review saw."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from opportunities.keeping import delete
from territories.enums import Role
from tests import factories
from tests.worksheets.history.reading import NOON, changes, differing, seen
from tests.worksheets.pages import alerts
from worksheets.comparing import content_at, key_of_moment
from worksheets.lifecycle import Verb, withdraw
from worksheets.reviewing import decide
from worksheets.starting import choose_opportunities


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
    assert "<select" not in response.text


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
        assert response.status_code == 404
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
