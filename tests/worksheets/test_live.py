"""What changed in an open page, and who is here."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from programmes.enums import Step
from territories.enums import Role
from territories.models import Grant
from tests import factories
from worksheets.access import Access
from worksheets.enums import State
from worksheets.live import FRESH, access_by, glance
from worksheets.models import Answer, Comment, GridVersion, Presence, Worksheet
from worksheets.starting import choose_opportunities

EVERYBODY = ["lead", "contributor", "partner", "reader", "trainer", "observer", "outsider", "staff"]


@pytest.fixture
def ask(client_of, url_of):
    """`ask(user, worksheet, since, discussion)` is what an open page is told."""

    def get(user, worksheet, since=0, discussion=""):
        address = url_of(worksheet, "changements/")
        return client_of(user).get(address, {"depuis": since, "echanges": discussion})

    return get


@pytest.fixture
def tell(client_of, url_of):
    """`tell(user, worksheet, slot)` is what an open page says of where that person is."""

    def post(user, worksheet, slot="", **more):
        return client_of(user).post(url_of(worksheet, "presence/"), {"slot": slot, **more})

    return post


def discuss(worksheet, by, question="strategy", opportunity=None, **fields):
    return Comment.objects.create(
        worksheet=worksheet,
        question=question,
        opportunity=opportunity,
        body="Qui ?",
        written_by=by,
        **fields,
    )


def places(answer):
    return {person["name"]: person["slot"] for person in answer.json()["people"]}


def test_nothing_changed_costs_one_query(
    client_of, url_of, tell, step_1, lead, contributor, partner, shared
):
    factories.write_answer(step_1, "strategy", "La marche.", lead)
    discuss(step_1, lead)
    tell(contributor, step_1, "strategy")
    for user in (lead, partner):
        client, address = client_of(user), url_of(step_1, "changements/")
        known = client.get(address, {"depuis": 0}).json()
        where = {"depuis": known["number"], "echanges": known["discussion"]}
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address, where).json()
        assert len(queries) == 3  # the session, the user
        assert answer == {
            "number": 1,
            "state": "draft",
            "state_in_words": "Brouillon",
            "is_with_team": True,
            "discussion": known["discussion"],
            "people": [
                {
                    "name": "Bruno Carlier",
                    "initials": "BC",
                    "tint": contributor.tint,
                    "slot": "strategy" if user == lead else "",
                }
            ],
            "answers": [],
            "opportunities": None,
            "comments": None,
        }


def test_what_changed_costs_the_same_however_much_it_is(
    client_of, url_of, step_1, lead, contributor, query_counts
):
    """Of a grid with 300 questions, answered and discussed."""
    declaration = step_1.grid_version.declaration
    group = declaration["blocks"][0]["groups"][0]
    keys = [f"question-{number}" for number in range(300)]
    group["questions"] = [group["questions"][0] | {"key": key, "kind": "text"} for key in keys]
    step_1.grid_version = GridVersion.objects.create(
        step=step_1.step, number=99, declaration=declaration
    )
    step_1.change_number = 300
    step_1.save()
    texts = iter(keys)
    client = client_of(lead)

    def add(number):
        for _ in range(number):
            key = next(texts)
            discuss(step_1, contributor, key)
            Answer.objects.create(
                worksheet=step_1, question=key, value="Oui", changed_in=300, saved_by=contributor
            )

    def visit():
        return client.get(url_of(step_1, "changements/"), {"depuis": 1}).json()

    assert query_counts(visit, add) == [7, 7, 7]
    answer = visit()
    assert (len(answer["answers"]), len(answer["comments"])) == (300, 300)


def test_what_is_told_is_what_changed(ask, step_1, lead, contributor, shared, unshared):
    factories.write_answer(step_1, "strategy", "La marche.", lead)
    since = Worksheet.objects.get(pk=step_1.pk).change_number
    factories.write_answer(step_1, "interest", "Un signal.", contributor, opportunity=shared)
    told = ask(lead, step_1, since).json()
    [change] = told["answers"]
    html = change.pop("html")
    assert change == {
        "slot": f"interest--{shared.ref}",
        "version": 1,
        "author": "Bruno Carlier",
        "is_mine": False,
        "trace": "Bruno Carlier, à l’instant",
        "settled_trace": change["settled_trace"],
        "is_blank": False,
    }
    assert re.fullmatch(
        "Bruno Carlier, aujourd’hui à\u00a0\\d+\u00a0h\u00a0\\d\\d", change["settled_trace"]
    )
    assert f'<textarea dir="auto" class="writing" name="interest--{shared.ref}"' in html
    assert (told["number"], told["opportunities"]) == (since + 1, [shared.ref, unshared.ref])
    assert told["comments"] is None


def test_who_may_write_gets_the_control_of_the_page(
    ask, client_of, url_of, step_1, lead, contributor
):
    """The very one, from an older answer too, which is no longer of this instant."""
    factories.write_answer(step_1, "strategy", "La <marche>.", contributor)
    Answer.objects.update(saved_at=timezone.now() - timedelta(minutes=2))
    page = client_of(lead).get(url_of(step_1)).text
    [change] = ask(lead, step_1).json()["answers"]
    assert f'<div class="question-widget" data-widget>{change["html"]}</div>' in page
    assert change["trace"] == change["settled_trace"]


@pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED])
@pytest.mark.parametrize("actor", ["lead", "trainer"], indirect=True)
def test_who_may_not_gets_the_text(ask, step_1, lead, actor, state):
    factories.write_answer(step_1, "strategy", "La <marche>.", lead)
    Worksheet.objects.update(state=state)
    told = ask(actor, step_1).json()
    is_read = "La &lt;marche&gt;.</div>" in told["answers"][0]["html"]
    assert is_read == (actor != lead or state == State.SUBMITTED)
    assert (told["state"], told["is_with_team"]) == (state, state == State.DRAFT)


def test_an_emptied_answer_is_read_as_such(ask, step_1, lead, reader):
    factories.write_answer(step_1, "strategy", "La marche.", lead)
    factories.write_answer(step_1, "strategy", "", lead)
    assert ask(lead, step_1).json()["answers"][0]["is_mine"]
    [change] = ask(reader, step_1).json()["answers"]
    assert (change["version"], change["is_blank"]) == (2, True)
    assert change["html"].strip() == '<p class="paper-blank">Sans réponse</p>'


def test_other_opportunities_are_told(ask, step_1, lead, unshared):
    since = step_1.change_number
    choose_opportunities(worksheet=step_1, opportunities=[unshared], by=lead)
    told = ask(lead, step_1, since).json()
    assert (told["opportunities"], told["answers"]) == ([unshared.ref], [])


def test_a_partner_learns_of_their_part_alone(
    ask, tell, step_1, lead, contributor, partner, trainer, shared, unshared
):
    factories.write_answer(step_1, "strategy", "La marche.", lead)
    for opportunity in (shared, unshared):
        factories.write_answer(step_1, "interest", "Un signal.", lead, opportunity=opportunity)
        discuss(step_1, lead, "interest", opportunity)
    discuss(step_1, lead)
    tell(lead, step_1, f"interest--{shared.ref}")
    tell(contributor, step_1, f"interest--{unshared.ref}")
    tell(trainer, step_1, "strategy")
    theirs = f"interest--{shared.ref}"
    told = ask(partner, step_1)
    answer = told.json()
    assert [change["slot"] for change in answer["answers"]] == [theirs]
    assert (answer["opportunities"], answer["comments"]) == ([shared.ref], {theirs: 1})
    assert places(told) == {"Alice Lambert": theirs, "Bruno Carlier": "", "Thomas Formateur": ""}
    assert unshared.ref not in told.text
    discuss(step_1, contributor, "interest", unshared)
    again = ask(partner, step_1, answer["number"], answer["discussion"]).json()
    assert (again["discussion"], again["comments"]) == (answer["discussion"], None)
    discuss(step_1, contributor, "interest", shared)
    again = ask(partner, step_1, answer["number"], answer["discussion"]).json()
    assert again["comments"] == {theirs: 2}


def test_a_partner_sees_all_of_what_is_about_theirs(ask, tell, step_2, lead, partner):
    discuss(step_2, lead, "means")
    tell(lead, step_2, "means")
    told = ask(partner, step_2)
    assert (places(told), told.json()["comments"]) == ({"Alice Lambert": "means"}, {"means": 1})


def test_the_discussion_is_another_with_each_change(ask, step_1, lead, trainer):
    seen = [ask(lead, step_1).json()["discussion"]]
    comment = discuss(step_1, trainer)
    seen.append(ask(lead, step_1).json()["discussion"])
    discuss(step_1, lead, thread=comment)
    told = ask(lead, step_1, 0, seen[-1]).json()
    assert told["comments"] == {"strategy": 1}
    seen.append(told["discussion"])
    now = timezone.now()
    Comment.objects.filter(pk=comment.pk).update(resolved_at=now, resolved_by=lead, changed_at=now)
    told = ask(lead, step_1, 0, seen[-1]).json()
    assert told["comments"] == {}
    seen.append(told["discussion"])
    assert len(set(seen)) == 4


@pytest.mark.parametrize("since", ["", "-1", "un", "1.5", "9" * 5000, "١"])
def test_a_number_that_is_none_is_refused(ask, step_1, lead, since):
    answer = ask(lead, step_1, since)
    assert (answer.status_code, answer.json()) == (
        400,
        {"message": "Cette page ne sait plus où en est la fiche : rechargez-la."},
    )


def test_of_the_future_everything_is_told(ask, step_1, lead):
    factories.write_answer(step_1, "strategy", "La marche.", lead)
    Answer.objects.update(changed_in=0)  # as those from before changes were numbered
    told = ask(lead, step_1, 10**17).json()
    assert (told["number"], [change["slot"] for change in told["answers"]]) == (1, ["strategy"])


def test_signed_out_it_is_said_in_words(client, url_of, step_1):
    for answer in (
        client.get(url_of(step_1, "changements/"), {"depuis": 0}),
        client.post(url_of(step_1, "presence/")),
    ):
        assert (answer.status_code, set(answer.json())) == (403, {"message", "sign_in"})


def test_the_glance_is_for_those_who_may_open_the_draft(
    request, step_1, step_2, lead, programme, other_territory, unshared
):
    """It has its own reading of the rights, for speed: whatever `open_to` says, it says too."""
    people = {name: request.getfixturevalue(name) for name in EVERYBODY}
    elsewhere = factories.create_programme("Une autre formation")
    own = factories.create_programme("Sans partage")
    factories.enrol(step_1.territory, elsewhere)
    bare = factories.create_worksheet(
        step_1.territory, own, lead, step=Step.STEP_1, opportunities=[unshared]
    )
    diagnosis = factories.create_worksheet(
        step_1.territory, elsewhere, lead, step=Step.SELF_DIAGNOSIS
    )
    people["ended"] = factories.create_user()
    yesterday = timezone.localdate() - timedelta(days=1)
    factories.grant(people["ended"], step_1.territory, Role.CONTRIBUTOR, until=yesterday)
    people["last day"] = factories.create_user()
    factories.grant(people["last day"], step_1.territory, Role.READER, until=timezone.localdate())
    people["both"] = factories.create_user()
    for role in (Role.PARTNER, Role.READER):
        factories.grant(people["both"], step_1.territory, role)
    people["nobody's partner"] = factories.create_user()
    factories.grant(people["nobody's partner"], step_1.territory, Role.PARTNER)
    sheets = [step_1, step_2, bare, diagnosis, Worksheet.objects.get(territory=other_territory)]
    factories.submit_worksheet(step_1, lead)
    found, expected = {}, {}
    for name, user in people.items():
        for sheet in sheets:
            seen = Worksheet.objects.open_to(user).filter(pk=sheet.pk).first()
            reads = seen is not None and Access(user, seen).sees_draft
            expected[name, sheet.pk] = Access(user, seen).roles if reads else None
            glanced = glance(user, sheet.territory.ref, sheet.ref)
            found[name, sheet.pk] = access_by(glanced).roles if glanced else None
            assert glance(user, "autre", sheet.ref) is None
    assert found == expected
    assert len(set(found.values())) > 5


@pytest.mark.parametrize("actor", ["observer", "outsider", "staff"], indirect=True)
def test_who_does_not_read_drafts_learns_nothing(ask, tell, step_1, lead, actor):
    factories.submit_worksheet(step_1, lead)
    for answer in (ask(actor, step_1), tell(actor, step_1)):
        assert (answer.status_code, set(answer.json())) == (404, {"message"})
    assert not Presence.objects.exists()


def test_a_role_that_ended_is_told_at_once(ask, step_1, contributor):
    assert ask(contributor, step_1).status_code == 200
    Grant.objects.filter(user=contributor).delete()
    assert ask(contributor, step_1).status_code == 404


def test_people_are_where_they_were_last(ask, tell, step_1, lead, contributor, trainer):
    assert tell(contributor, step_1, "strategy").status_code == 204
    tell(contributor, step_1, "lessons")
    tell(trainer, step_1)
    tell(lead, step_1, "strategy")
    assert places(ask(lead, step_1)) == {"Bruno Carlier": "lessons", "Thomas Formateur": ""}
    tell(contributor, step_1, gone="1")
    assert places(ask(lead, step_1)) == {"Thomas Formateur": ""}


def test_who_says_nothing_more_is_gone(ask, tell, step_1, lead, contributor, trainer):
    tell(contributor, step_1, "strategy")
    Presence.objects.update(seen_at=timezone.now() - FRESH)
    assert places(ask(lead, step_1)) == {}
    tell(lead, step_1)
    tell(trainer, step_1)
    assert set(Presence.objects.values_list("user", flat=True)) == {lead.pk, trainer.pk}


@pytest.mark.parametrize(
    "slot", ["rien", "strategy--abcdefgh", "interest", "interest--\x00", "x" * 5000, "interest--{}"]
)
def test_a_place_that_there_is_not_is_none(tell, step_1, partner, unshared, slot):
    """To a partner, one that they don't see."""
    assert tell(partner, step_1, slot.format(unshared.ref)).status_code == 204
    assert Presence.objects.get().slot_name == ""


def test_numbers_that_a_page_sends_back_are_written_without_spaces(client_of, url_of, step_1, lead):
    factories.write_answer(step_1, "strategy", "La marche.", lead)
    Answer.objects.update(version=12_345)
    Worksheet.objects.update(change_number=67_890)
    page = client_of(lead).get(url_of(step_1)).text
    assert 'name="strategy.version" value="12345"' in page
    assert 'data-number="67890"' in page
    page = client_of(lead).get(url_of(step_1, "transmettre/")).text
    assert 'name="change_number" value="67890"' in page


def test_a_page_that_closes_says_so_with_the_token_in_its_body(step_1, lead, url_of):
    """A beacon can't have headers."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(lead)
    client.get(url_of(step_1))
    token = client.cookies["csrftoken"].value
    address = url_of(step_1, "presence/")
    Presence.objects.create(worksheet=step_1, user=lead)
    assert client.post(address, {"gone": "1"}).status_code == 403
    assert client.post(address, {"gone": "1", "csrfmiddlewaretoken": token}).status_code == 204
    assert not Presence.objects.exists()
