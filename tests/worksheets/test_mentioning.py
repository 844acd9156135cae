"""Where mentions stand in a text, and which wait for an answer."""

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.wording import MAX_LENGTH
from tests import factories
from worksheets.content import Slot
from worksheets.discussing import comment, resolve_thread
from worksheets.mentioning import mentions_of, pieces_of
from worksheets.models import Comment


@pytest.fixture
def say(step_1):
    def write(body, by, thread=None, question="strategy", opportunity=None):
        return comment(
            worksheet=step_1,
            slot=Slot(step_1.grid.by_key[question]),
            opportunity_id=opportunity and opportunity.pk,
            body=body,
            by=by,
            thread=thread,
        )

    return write


def test_a_text_is_cut_where_it_mentions():
    zoe = User(pk=1, name="Zoé")
    text = "À @Zoe\u0301, puis @ZOÉ."
    assert list(pieces_of(text, [zoe])) == [
        ("À ", []),
        ("@Zoe\u0301", [zoe]),
        (", puis ", []),
        ("@ZOÉ", [zoe]),
        (".", []),
    ]
    assert list(pieces_of(text, [])) == [(text, [])]


def test_a_text_of_nothing_but_signs_is_soon_read():
    people = [User(pk=n, name=f"Anne Personne{n:03}") for n in range(300)]
    text = "@anne personne" * (MAX_LENGTH // 14)
    began = timezone.now()
    assert list(pieces_of(text, people)) == [(text, [])]
    assert (timezone.now() - began).total_seconds() < 2


def waiting(user, territory):
    return list(mentions_of(user, territory))


def test_a_mention_waits_until_one_answers(say, territory, lead, trainer):
    thread = say("@Alice Lambert ?", trainer)
    say("@Alice Lambert : autre chose", trainer, question="lessons")
    say("Je ne mentionne personne", trainer)
    assert [found.body for found in waiting(lead, territory)] == [
        "@Alice Lambert : autre chose",
        "@Alice Lambert ?",
    ]
    assert {found.how_many for found in waiting(lead, territory)} == {2}
    assert waiting(trainer, territory) == []
    say("Oui.", lead, thread)
    assert [found.question for found in waiting(lead, territory)] == ["lessons"]
    again = say("Vraiment, @Alice Lambert ?", trainer, thread)
    last = say("@Alice Lambert ?!", trainer, thread)
    assert waiting(lead, territory)[0] == last
    assert again not in waiting(lead, territory)


def test_what_is_dealt_with_waits_no_more(step_1, say, territory, lead, trainer):
    thread = say("Qui ?", trainer)
    say("@Alice Lambert ?", trainer, thread)
    resolve_thread(thread=thread, slot=Slot(step_1.grid.by_key["strategy"]), by=trainer)
    assert waiting(lead, territory) == []


def test_who_reads_no_more_is_not_told(say, step_1, territory, lead, trainer, partner, shared):
    say("@Chloé Delattre", lead, question="obstacles", opportunity=shared)
    say("@Thomas Formateur", lead)
    assert [found.question for found in waiting(partner, territory)] == ["obstacles"]
    assert [found.question for found in waiting(trainer, territory)] == ["strategy"]
    shared.shares.all().delete()
    step_1.opportunity = None
    trainer.grants.all().delete()
    assert (waiting(partner, territory), waiting(trainer, territory)) == ([], [])


def test_what_is_said_of_an_opportunity_not_chosen_any_more_waits_no_more(
    say, step_1, territory, lead, trainer, unshared
):
    say("@Alice Lambert", trainer, question="obstacles", opportunity=unshared)
    step_1.chosen.filter(opportunity=unshared).delete()
    assert waiting(lead, territory) == []


def test_the_home_shows_what_waits(client_of, say, territory, lead, trainer, reader):
    written = [say(f"@Alice Lambert {n}", trainer, question="lessons") for n in range(6)]
    page = client_of(lead).get(f"/territoires/{territory.ref}/").text
    assert "On vous a mentionné" in page
    assert f"#echange-{written[5].ref}" in page
    assert f"#echange-{written[0].ref}" not in page
    assert "Les 5 plus récentes, sur 6." in page
    assert "On vous a mentionné" not in client_of(reader).get(f"/territoires/{territory.ref}/").text


def test_what_the_list_costs(query_counts, step_1, territory, lead, trainer):
    def add(n):
        made = Comment.objects.bulk_create(
            Comment(
                worksheet=step_1, question="strategy", body="@Alice Lambert", written_by=trainer
            )
            for _ in range(n)
        )
        links = Comment.mentioned.through
        links.objects.bulk_create(links(comment=each, user=lead) for each in made)

    def visit():
        return [(each.worksheet.title, each.written_by.name) for each in waiting(lead, territory)]

    assert query_counts(visit, add) == [1, 1, 1]


def test_a_person_deleted_is_mentioned_no_more(say, step_1, territory, trainer):
    guest = factories.create_user("Guy Passage")
    factories.grant(guest, territory, "reader")
    written = say("@Guy Passage ?", trainer)
    guest.delete()
    assert (written.mentioned.count(), Comment.objects.get().body) == (0, "@Guy Passage ?")
