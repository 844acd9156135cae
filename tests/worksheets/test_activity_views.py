"""The feed of a territory, what is new to somebody there, and how a page says that it was seen."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from journal.models import Entry, Visit
from journal.recording import record
from journal.visits import last_visit, mark_seen
from territories.models import Grant
from tests import factories
from tests.visits import by_role
from worksheets.activity.feed import PAGE_SIZE
from worksheets.activity.news import MOST_COUNTED

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def address(territory):
    return reverse("worksheets:activity", args=[territory.ref])


@pytest.fixture
def did(territory, lead):
    """`did(verb, target, by, ago)` writes the journal; by default what the lead did just now."""

    def write(verb, target, by=lead, ago=timedelta(0), **data):
        entry = record(verb=verb, by=by, scope=territory.scope, target=target, **data)
        Entry.objects.filter(pk=entry.pk).update(at=timezone.now() - ago)

    return write


@pytest.fixture
def came():
    """`came(user, ago, territory)`: their last visit there ended then; to a worksheet likewise."""

    def visit(user, ago, *things):
        for thing in things:
            scope = getattr(thing, "scope", None) or thing.target
            mark_seen(scopes=[scope], by=user)
        Visit.objects.filter(user=user).update(since=timezone.now() - ago, at=timezone.now() - ago)

    return visit


def told(response):
    return [
        (happening.author, happening.before.split()[1], happening.is_new)
        for _, happenings in response.context["feed"].days
        for happening in happenings
    ]


# The feed


def test_the_feed_tells_day_by_day(client_of, lead, address, did, shared):
    did("opportunity.changed", shared.target)
    did("opportunity.archived", shared.target, ago=DAY)
    did("opportunity.restored", shared.target, ago=300 * DAY)
    response = client_of(lead).get(address)
    titles = [title for title, _ in response.context["feed"].days]
    assert [title.split(",")[0] for title in titles[:2]] == ["Aujourd’hui", "Hier"]
    assert len(titles) == 3
    assert told(response) == [
        ("Alice Lambert", "modifié", False),
        ("Alice Lambert", "archivé", False),
        ("Alice Lambert", "remis", False),
    ]
    assert f'href="{reverse("opportunities:detail", args=[shared.territory.ref, shared.ref])}"' in (
        response.text
    )


def test_what_the_address_asks_for(
    client_of, lead, contributor, address, did, came, territory, shared, step_1
):
    visit = factories.create_action(territory, lead)
    did("worksheet.answered", step_1.target)
    did("action.held", visit.target, by=contributor)
    did("opportunity.changed", shared.target, by=contributor, ago=3 * DAY)
    did("team.member_joined", territory.scope, by=contributor, ago=9 * DAY)
    came(lead, 5 * DAY, territory)
    grant = Grant.objects.get(user=contributor)
    day = timezone.localdate() - 4 * DAY
    client = client_of(lead)
    found = {
        query: [(verb, is_new) for _, verb, is_new in told(client.get(f"{address}?{query}"))]
        for query in (
            "quoi=fiches",
            "quoi=opportunites",
            "quoi=reperage",
            "quoi=equipe",
            f"qui={grant.ref}",
            f"depuis={day:%Y-%m-%d}",
            "nouveau=oui",
            f"qui={grant.ref}&quoi=opportunites&nouveau=oui",
            f"quoi=fiches&qui={grant.ref}",
            "quoi=rien&qui=personne&depuis=2026-13-45&avant=demain",
        )
    }
    answered, held = ("complété", False), ("rendu", True)
    changed, joined = ("modifié", True), ("rejoint", False)
    assert list(found.values()) == [
        [answered],
        [changed],
        [held],
        [joined],
        [held, changed, joined],
        [held, answered, changed],
        [held, changed],
        [changed],
        [],
        [held, answered, changed, joined],
    ]
    assert "Nouveau" in client.get(address).text


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("", "Rien pour l’instant"),
        ("?quoi=fiches", "Rien ne correspond"),
        ("?nouveau=oui", "Rien de nouveau"),
    ],
)
def test_an_empty_feed_says_why(client_of, lead, territory, address, came, query, sentence):
    came(lead, DAY, territory)
    assert sentence in client_of(lead).get(address + query).text


def test_pages_follow_each_other_and_lose_nothing(client_of, lead, address, did, shared):
    count = 2 * PAGE_SIZE + 5
    for number in range(count):
        did("opportunity.file_added", shared.target, file=f"{number}.pdf")
        did("opportunity.moved", shared.target)
    Entry.objects.filter(verb="opportunity.file_added").delete()
    moment = timezone.now()
    Entry.objects.filter(pk__lt=Entry.objects.latest("pk").pk - 10).update(at=F("at") - DAY)
    # Three of the same instant, around the end of the first page.
    at_end = [entry.pk for entry in Entry.objects.order_by("-at", "-pk")[38:41]]
    Entry.objects.filter(pk__in=at_end).update(at=moment - DAY + HOUR)
    client, query, shown, pages = client_of(lead), "", 0, 0
    while query is not None:
        response = client.get(address + query)
        shown += len(told(response))
        pages += 1
        older = response.context["feed"].older
        query = f"?avant={older}" if older else None
    assert pages == 3
    assert shown >= count


@by_role(
    {
        "lead": 200,
        "partner": 200,
        "observer": 200,
        "staff": 404,
        "outsider": 404,
    }
)
def test_who_gets_the_feed_and_may_say_that_they_saw(
    actor, status, client_of, address, territory, step_1, step_2, lead, outsider
):
    factories.submit_worksheet(step_1, lead)
    client = client_of(actor)
    assert client.get(address).status_code == status
    names = [territory.ref, step_1.ref]
    posted = [
        client.post(reverse("worksheets:territory-visit", args=[territory.ref])),
        client.post(reverse("worksheets:worksheet-visit", args=names)),
        client.post(reverse("worksheets:activity-mark-seen", args=[territory.ref])),
    ]
    expected = [204, 204, 302] if status == 200 else [404, 404, 404]
    assert [response.status_code for response in posted] == expected
    scopes = set(Visit.objects.filter(user=actor).values_list("scope", flat=True))
    seen = {territory.scope, step_1.target}
    if status == 404:
        assert scopes == set()
    else:  # an observer has no business with a draft that was never submitted
        assert scopes == (seen if actor.name.startswith("Odile") else seen | {step_2.target})


@pytest.mark.parametrize("which", ["feed", "home"])
def test_what_a_page_costs(
    query_counts, client_of, lead, contributor, territory, address, home_address, came, which
):
    came(lead, DAY, territory)

    def add(count):
        for _ in range(count):
            opportunity = factories.create_opportunity(territory, lead)
            record(
                verb="opportunity.created",
                by=contributor if opportunity.pk % 2 else lead,
                scope=territory.scope,
                target=opportunity.target,
            )

    url, cost = {"feed": (address, 10), "home": (home_address, 18)}[which]
    client = client_of(lead)
    assert query_counts(lambda: client.get(url), add) == [cost, cost, cost]


# What is new


def test_a_page_that_is_read_says_so_itself(client_of, lead, territory, address, home_address):
    client = client_of(lead)
    said = f'data-visit="{reverse("worksheets:territory-visit", args=[territory.ref])}"'
    for page in (address, home_address):
        assert said in client.get(page).text
    assert Visit.objects.count() == 0
    client.post(reverse("worksheets:territory-visit", args=[territory.ref]))
    assert Visit.objects.get().scope == territory.scope


def test_the_home_tells_what_others_did_since_the_last_visit(
    client_of, lead, contributor, territory, home_address, did, came, shared, step_1
):
    client = client_of(lead)
    did("opportunity.changed", shared.target, by=contributor, ago=9 * DAY)
    assert "Depuis votre dernière visite" not in client.get(home_address).text  # never came
    came(lead, 5 * DAY, territory)
    assert "Rien de nouveau depuis votre dernière visite" in client.get(home_address).text
    did("worksheet.answered", step_1.target, by=contributor, ago=DAY)
    did("opportunity.file_added", shared.target, by=contributor, ago=HOUR, file="a.pdf")
    did("opportunity.file_added", shared.target, by=contributor, ago=HOUR, file="b.pdf")
    did("opportunity.archived", shared.target, by=lead)
    response = client.get(home_address)
    recently = response.context["recently"]
    assert [(one.author, one.before) for one in recently.news] == [
        ("Bruno Carlier", "a joint 2 fichiers à "),
        ("Bruno Carlier", "a complété la fiche "),
    ]
    assert [(part.value, count) for part, count in recently.parts] == [
        ("fiches", 1),
        ("opportunites", 2),
    ]
    assert [one.before for one in recently.rest] == ["a archivé ", "a modifié "]
    assert "3 nouveautés" in response.text
    client.post(reverse("worksheets:activity-mark-seen", args=[territory.ref]), {"page": "home"})
    assert client.get(home_address).context["recently"].news == []


def test_after_a_long_absence_not_all_is_counted(
    client_of, lead, contributor, territory, home_address, did, came, shared
):
    came(lead, DAY, territory)
    for _ in range(MOST_COUNTED + 1):
        did("opportunity.changed", shared.target, by=contributor)
    text = client_of(lead).get(home_address).text
    assert f"Plus de {MOST_COUNTED} nouveautés" in text


def test_one_comes_back_to_the_page_where_one_asked(client_of, lead, territory, address):
    url = reverse("worksheets:activity-mark-seen", args=[territory.ref])
    client = client_of(lead)
    assert client.post(url, {"page": "activity"}).url == address
    assert "Tout est marqué comme vu." in client.get(address).text
    assert last_visit(lead, territory.scope)


def test_who_follows_several_territories_sees_where_something_is_new(
    client_of, lead, outsider, trainer, programme, territory, other_territory, did, came, shared
):
    factories.grant(lead, other_territory, "reader")
    came(lead, DAY, territory, other_territory)
    came(trainer, DAY, territory)
    did("opportunity.changed", shared.target, by=outsider)
    did("opportunity.changed", shared.target, by=lead)
    record(
        verb="team.member_joined",
        by=outsider,
        scope=other_territory.scope,
        target=other_territory.scope,
    )
    rows = client_of(lead).get("/").context["territories"]
    assert [(place, count) for place, _, count in rows] == [(other_territory, 1), (territory, 1)]
    response = client_of(trainer).get(reverse("worksheets:board", args=[programme.ref]))
    news = {row.territory: row.news_count for row in response.context["page"]}
    assert news == {territory: 2, other_territory: 0}
    assert "2 nouveautés" in response.text


# In a worksheet


@pytest.fixture
def answered(step_1, lead, contributor, partner, shared, unshared, came):
    """The contributor has answered about both opportunities since the others were there; the lead
    about none but before."""
    factories.write_answer(step_1, "strategy", "Une visite", lead)
    step_1.answers.update(saved_at=timezone.now() - 9 * DAY)
    came(lead, DAY, step_1)
    came(partner, DAY, step_1)
    for opportunity in (shared, unshared):
        factories.write_answer(step_1, "interest", "Un lieu", contributor, opportunity=opportunity)


def test_a_worksheet_marks_what_others_changed(
    client_of, lead, contributor, step_1, url_of, answered
):
    text = client_of(lead).get(url_of(step_1)).text
    assert "2 réponses modifiées depuis votre visite" in text
    assert text.count("Modifiée depuis votre visite") == 2
    mark_seen(scopes=[step_1.target], by=lead)
    assert "depuis votre visite" not in client_of(lead).get(url_of(step_1)).text
    assert "depuis votre visite" not in client_of(contributor).get(url_of(step_1)).text


def test_a_partner_isn_t_told_of_the_rest(client_of, partner, territory, step_1, url_of, answered):
    client = client_of(partner)
    assert "1 réponse modifiée depuis votre visite" in client.get(url_of(step_1)).text
    lines = reverse("worksheets:list", args=[territory.ref])
    assert "1 réponse modifiée depuis votre visite" in client.get(lines).text
