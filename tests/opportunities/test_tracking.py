from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from django.db import connection

from journal.models import Entry
from opportunities import tracking, writing
from opportunities.enums import Kind, Stage
from opportunities.models import Opportunity, Share, StageChange
from territories.enums import Role
from tests import factories
from tests.rows import stored

KEY = UUID("9a3c8c0e-5f1f-4c0e-9d8a-0d6f3c1a2b4e")


def trace(opportunity):
    return list(
        opportunity.stage_changes.values_list("from_stage", "to_stage", "reason", "by__name")
    )


def journal():
    entries = Entry.objects.order_by("pk")
    return list(entries.values_list("verb", "actor__name", "scope", "target", "data"))


def test_create(territory, lead, district, commune):
    opportunity = tracking.create_opportunity(
        territory=territory,
        by=lead,
        kind=Kind.CREATOR,
        title="Atelier de couture",
        stage=Stage.EXPLORED,
        district=district,
        commune=commune,
        place="3e étage",
        description=" deux\n espaces ",
    )
    opportunity = stored(opportunity)
    assert (opportunity.kind, opportunity.stage, opportunity.version) == ("creator", "explored", 1)
    assert (opportunity.district, opportunity.commune) == (district, commune)
    assert opportunity.description == " deux\n espaces "
    assert (opportunity.created_by, opportunity.updated_by) == (lead, lead)
    assert opportunity.created_at == opportunity.updated_at
    assert trace(opportunity) == [("", "explored", "", "Alice Lambert")]
    scope, target = f"territory:{territory.ref}", f"opportunity:{opportunity.ref}"
    assert journal() == [("opportunity.created", "Alice Lambert", scope, target, {})]


def test_the_same_request_creates_once(territory, lead):
    first, second = (
        tracking.create_opportunity(
            territory=territory, by=lead, kind=Kind.FRICHE, title="La halle", request_key=KEY
        )
        for _ in range(2)
    )
    assert first == second
    assert Opportunity.objects.count() == StageChange.objects.count() == Entry.objects.count() == 1


def test_the_same_request_with_another_text_is_not_swallowed(territory, lead):
    arguments = {"territory": territory, "by": lead, "kind": Kind.FRICHE, "request_key": KEY}
    first = tracking.create_opportunity(title="La halle", **arguments)
    with pytest.raises(writing.AlreadyCreated) as conflict:
        tracking.create_opportunity(title="La cour", **arguments)
    assert conflict.value.first == first
    assert list(Opportunity.objects.values_list("title", flat=True)) == ["La halle"]


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_the_same_moment_create_once(territory, lead):
    together = Barrier(2)

    def create(_):
        together.wait(timeout=10)
        try:
            return tracking.create_opportunity(
                territory=territory, by=lead, kind=Kind.FRICHE, title="La halle", request_key=KEY
            ).ref
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        refs = set(pool.map(create, range(2)))
    assert refs == set(Opportunity.objects.values_list("ref", flat=True))
    assert Opportunity.objects.count() == StageChange.objects.count() == Entry.objects.count() == 1


def test_two_people_may_draw_the_same_key(territory, lead, contributor):
    for user in (lead, contributor):
        tracking.create_opportunity(
            territory=territory, by=user, kind=Kind.FRICHE, title="La halle", request_key=KEY
        )
    assert Opportunity.objects.count() == 2


def test_change(opportunity, contributor, district):
    before = opportunity.updated_at
    Entry.objects.all().delete()
    assert tracking.change_opportunity(
        opportunity=opportunity,
        version=1,
        by=contributor,
        kind=Kind.FRICHE,
        title="La halle du port",
        district=district,
    )
    assert (opportunity.title, opportunity.version) == ("La halle du port", 2)
    opportunity = stored(opportunity)
    assert (opportunity.title, opportunity.district) == ("La halle du port", district)
    assert opportunity.description == "Trois mille mètres carrés."
    assert (opportunity.version, opportunity.updated_by) == (2, contributor)
    assert opportunity.updated_at > before
    ((verb, actor, _, target, data),) = journal()
    assert (verb, actor, target) == ("opportunity.changed", "Bruno Carlier", opportunity.target)
    assert data == {"facts": ["title", "district"]}


def test_a_change_that_changes_nothing_leaves_no_trace(opportunity, contributor):
    Entry.objects.all().delete()
    assert not tracking.change_opportunity(
        opportunity=opportunity, version=1, by=contributor, title=opportunity.title
    )
    assert (stored(opportunity).version, stored(opportunity).updated_by) == (
        1,
        opportunity.created_by,
    )
    assert journal() == []


@pytest.mark.parametrize("fetched", ["before", "after"])
def test_a_stale_change_overwrites_nothing(opportunity, lead, contributor, fetched):
    """Whether the other's change came before or during the request that carries the stale one."""
    mine = stored(opportunity)
    tracking.change_opportunity(opportunity=opportunity, version=1, by=lead, title="De Alice")
    if fetched == "after":
        mine = stored(opportunity)
    with pytest.raises(writing.StaleFacts):
        tracking.change_opportunity(opportunity=mine, version=1, by=contributor, title="De Bruno")
    assert stored(opportunity).title == mine.title == "De Alice"


def test_a_change_sent_twice_is_no_conflict(opportunity, lead):
    again = stored(opportunity)
    assert tracking.change_opportunity(opportunity=opportunity, version=1, by=lead, title="Cour")
    assert not tracking.change_opportunity(opportunity=again, version=1, by=lead, title="Cour")
    assert stored(opportunity).version == 2


def test_move(opportunity, contributor):
    Entry.objects.all().delete()
    assert tracking.move_to_stage(
        opportunity=opportunity, stage=Stage.QUALIFIED, reason="Visite", by=contributor
    )
    assert (opportunity.stage, stored(opportunity).stage) == ("qualified", "qualified")
    # The facts did not change: an edit begun before is not stale.
    assert (stored(opportunity).version, stored(opportunity).updated_by) == (1, contributor)
    assert trace(opportunity) == [
        ("detected", "qualified", "Visite", "Bruno Carlier"),
        ("", "detected", "", "Alice Lambert"),
    ]
    ((verb, _, _, target, data),) = journal()
    assert (verb, target) == ("opportunity.moved", opportunity.target)
    assert data == {"from_stage": "detected", "to_stage": "qualified"}


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_abandoning_asks_for_a_reason(opportunity, lead, reason):
    with pytest.raises(tracking.ReasonMissing) as refusal:
        tracking.move_to_stage(
            opportunity=opportunity, stage=Stage.ABANDONED, reason=reason, by=lead
        )
    assert str(refusal.value) == "Dites pourquoi cette opportunité est abandonnée."
    assert stored(opportunity).stage == Stage.DETECTED


def test_an_abandoned_opportunity_can_be_taken_up_again(opportunity, lead):
    tracking.move_to_stage(opportunity=opportunity, stage=Stage.ABANDONED, reason="Vendu", by=lead)
    tracking.move_to_stage(opportunity=opportunity, stage=Stage.EXPLORED, by=lead)
    assert [(change[0], change[1]) for change in trace(opportunity)] == [
        ("abandoned", "explored"),
        ("detected", "abandoned"),
        ("", "detected"),
    ]


def test_moving_to_where_it_is_does_nothing(opportunity, lead):
    assert not tracking.move_to_stage(opportunity=opportunity, stage=Stage.DETECTED, by=lead)
    assert len(trace(opportunity)) == 1


def test_a_stale_move_says_who_moved_it_where(opportunity, lead, contributor):
    stale = stored(opportunity)
    tracking.move_to_stage(opportunity=opportunity, stage=Stage.EXPLORED, by=lead)
    with pytest.raises(tracking.StaleStage) as conflict:
        tracking.move_to_stage(opportunity=stale, stage=Stage.QUALIFIED, by=contributor)
    assert str(conflict.value) == (
        "Entre-temps, Alice Lambert l’a passée à l’étape «\N{NO-BREAK SPACE}En exploration"
        "\N{NO-BREAK SPACE}». Votre choix n’a pas été enregistré\N{NO-BREAK SPACE}; il est encore "
        "dans la page."
    )
    assert stale.stage == stored(opportunity).stage == Stage.EXPLORED


def test_two_reasons_to_abandon_are_not_one(opportunity, lead, contributor):
    arguments = {"opportunity": opportunity, "stage": Stage.ABANDONED, "from_stage": "detected"}
    assert tracking.move_to_stage(reason="Vendu", by=lead, **arguments)
    assert not tracking.move_to_stage(reason="Vendu", by=lead, **arguments)  # sent twice
    with pytest.raises(tracking.StaleStage):
        tracking.move_to_stage(reason="Incendie", by=contributor, **arguments)
    assert len(trace(opportunity)) == 2


def test_share_and_unshare(opportunity, lead, partner):
    Entry.objects.all().delete()
    for _ in range(2):
        tracking.share(opportunity=opportunity, partner=partner, by=lead)
    assert list(Share.objects.values_list("opportunity", "user", "shared_by")) == [
        (opportunity.pk, partner.pk, lead.pk)
    ]
    for _ in range(2):
        tracking.unshare(opportunity=opportunity, partner=partner, by=lead)
    assert list(Share.objects.all()) == []
    assert [(verb, data) for verb, _, _, _, data in journal()] == [
        ("opportunity.shared", {"partner": "Chloé Delattre"}),
        ("opportunity.unshared", {"partner": "Chloé Delattre"}),
    ]


@pytest.mark.parametrize("who", ["reader", "outsider", "other_partner"])
def test_only_partners_of_the_territory_are_shared_with(
    request, opportunity, lead, other_territory, who
):
    if who == "other_partner":
        user = factories.create_user("Paul Voisin")
        factories.grant(user, other_territory, Role.PARTNER)
    else:
        user = request.getfixturevalue(who)
    with pytest.raises(tracking.NotAPartner) as refusal:
        tracking.share(opportunity=opportunity, partner=user, by=lead)
    assert str(refusal.value) == f"{user.name} n’est pas partenaire de ce territoire."
    assert list(Share.objects.all()) == []


def test_partners_of(territory, other_territory, partner, shared_partner, reader):
    gone = factories.create_user("Partie")
    factories.grant(gone, territory, Role.PARTNER, until="2020-01-01")
    closed = factories.create_user("Fermé", is_active=False)
    factories.grant(closed, territory, Role.PARTNER)
    factories.grant(factories.create_user("Ailleurs"), other_territory, Role.PARTNER)
    assert list(tracking.partners_of(territory)) == [partner, shared_partner]


def test_a_failure_undoes_the_whole_act(opportunity, lead, partner, reader):
    Entry.objects.all().delete()
    with pytest.raises(tracking.NotAPartner):
        tracking.change_sharing(
            opportunity=opportunity, added=[partner, reader], removed=[], by=lead
        )
    assert list(Share.objects.all()) == []
    assert journal() == []
