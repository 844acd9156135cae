from datetime import date

import pytest
from django.urls import reverse

from accounts.wording import MAX_LENGTH
from journal.models import Entry
from opportunities.enums import Kind, Stage
from opportunities.merging import AlreadyMerged, DuplicateInUse, NotTwo, merge
from opportunities.models import Attachment, Opportunity, Person, Share
from opportunities.people import add_person
from opportunities.tracking import change_opportunity, create_opportunity, move_to_stage
from opportunities.writing import StaleFacts
from tests import factories
from tests.opportunities.test_people import facts as facts_of_person
from tests.rows import stored


@pytest.fixture
def duplicate(territory, contributor):
    return create_opportunity(
        territory=territory,
        by=contributor,
        kind=Kind.FRICHE,
        title="L’ancienne halle",
        description="Le toit fuit.",
        land_area=3200,
        longitude=2.3,
        latitude=51.0,
        next_action="Visiter",
    )


def merged(duplicate, into, by, **changes):
    versions = (stored(duplicate).version, stored(into).version)
    merge(
        **{"duplicate": duplicate, "into": into, "versions": versions, "by": by, "may_share": True}
        | changes
    )


def test_what_one_does_not_say_the_other_says(opportunity, duplicate, lead):
    change_opportunity(
        opportunity=opportunity,
        version=1,
        by=lead,
        building_area=900,
        next_action="Appeler",
        next_action_on=date(2026, 12, 1),
    )
    merged(duplicate, opportunity, lead)
    kept, gone = stored(opportunity), stored(duplicate)
    assert (kept.title, kept.building_area, kept.land_area) == (
        "La halle de la rue du Port",
        900,
        3200,
    )
    assert (kept.longitude, kept.latitude) == (2.3, 51.0)
    assert (kept.next_action, kept.next_action_on) == ("Appeler", date(2026, 12, 1))
    assert kept.description == (
        "Trois mille mètres carrés.\n\n«\N{NO-BREAK SPACE}L’ancienne halle\N{NO-BREAK SPACE}»\n"
        "Le toit fuit."
    )
    assert "fuit" in kept.search_text
    assert (kept.version, kept.updated_by, gone.merged_into) == (3, lead, kept)
    assert gone.description == "Le toit fuit."
    assert list(Opportunity.objects.current()) == [kept]


@pytest.mark.parametrize(
    ("kept", "of_the_duplicate", "together"),
    [
        ("", "Le toit fuit.", "Le toit fuit."),
        ("Le même.", "Le même.", "Le même."),
        ("Le mien.", " ", "Le mien."),
        ("é" * (MAX_LENGTH - 3), "Le toit fuit.", "é" * (MAX_LENGTH - 3)),
    ],
)
def test_two_descriptions(opportunity, duplicate, lead, kept, of_the_duplicate, together):
    for each, text in ((opportunity, kept), (duplicate, of_the_duplicate)):
        Opportunity.objects.filter(pk=each.pk).update(description=text)
        each.refresh_from_db()
    merged(duplicate, opportunity, lead)
    assert stored(opportunity).description == together
    assert stored(duplicate).description == of_the_duplicate


def test_what_hangs_on_the_duplicate_follows(
    territory, opportunity, duplicate, lead, partner, shared_partner
):
    person = add_person(opportunity=duplicate, by=lead, **facts_of_person())
    document = Attachment.objects.create(
        opportunity=duplicate, name="plan.pdf", media_type="application/pdf", size=1, added_by=lead
    )
    for user in (partner, shared_partner):
        factories.share(duplicate, user, lead)
    earlier = factories.create_opportunity(territory, lead, "Un premier doublon")
    merged(earlier, duplicate, lead)
    merged(stored(duplicate), opportunity, lead)
    assert Person.objects.get() == person
    assert Person.objects.get().opportunity == opportunity
    assert Attachment.objects.get(pk=document.pk).opportunity == opportunity
    assert set(opportunity.shares.values_list("user", flat=True)) == {
        partner.pk,
        shared_partner.pk,
    }
    assert Share.objects.count() == 2
    assert set(opportunity.merged.all()) == {duplicate, earlier}


def test_only_a_lead_opens_more_to_a_partner(
    client_of, opportunity, duplicate, lead, contributor, partner
):
    factories.share(duplicate, partner, lead)
    page = address(duplicate, avec=opportunity.ref)
    data = {"kept": opportunity.ref} | {
        f"version-{each.ref}": 1 for each in (opportunity, duplicate)
    }
    response = client_of(contributor).post(page, data)
    assert response.status_code == 409
    assert "Seul un référent peut les fusionner" in response.text
    assert (stored(duplicate).merged_into, opportunity.shares.count()) == (None, 0)
    assert client_of(lead).post(page, data).status_code == 302
    assert opportunity.shares.get().user == partner


def test_a_contributor_merges_what_the_same_partners_read(
    opportunity, duplicate, lead, contributor, partner
):
    for each in (opportunity, duplicate):
        factories.share(each, partner, lead)
    merged(duplicate, opportunity, contributor, may_share=False)
    assert opportunity.shares.get().user == partner


def test_both_histories_are_kept(opportunity, duplicate, lead, contributor):
    move_to_stage(opportunity=duplicate, stage=Stage.QUALIFIED, by=contributor)
    merged(duplicate, opportunity, lead)
    assert duplicate.stage_changes.count() == 2
    told = Entry.objects.filter(target__in=[opportunity.target, duplicate.target])
    assert sorted(told.values_list("verb", flat=True)) == [
        "opportunity.created",
        "opportunity.created",
        "opportunity.merged",
        "opportunity.merged_into",
        "opportunity.moved",
    ]


def test_a_duplicate_noted_later_does_not_change_the_stage(client_of, opportunity, duplicate, lead):
    move_to_stage(opportunity=duplicate, stage=Stage.ABANDONED, reason="Vendue", by=lead)
    merged(duplicate, opportunity, lead)
    page = client_of(lead).get(
        f"/territoires/{opportunity.territory.ref}/opportunites/{opportunity.ref}/"
    )
    trace = [(change.opportunity, change.is_current) for change in page.context["trace"]]
    assert trace == [(duplicate, False), (duplicate, False), (opportunity, True)]


def test_the_name_it_had_elsewhere_follows(opportunity, duplicate, lead):
    Opportunity.objects.filter(pk=duplicate.pk).update(external_ref="SIG-12")
    duplicate.refresh_from_db()
    merged(duplicate, opportunity, lead)
    assert (stored(opportunity).external_ref, stored(duplicate).external_ref) == ("SIG-12", "")


def test_a_merge_sent_twice_is_done_once(opportunity, duplicate, lead):
    merged(duplicate, opportunity, lead)
    merged(stored(duplicate), stored(opportunity), lead)
    assert stored(opportunity).version == 2


def test_merges_that_make_no_sense(opportunity, duplicate, other_territory, outsider, lead):
    foreign = factories.create_opportunity(other_territory, outsider, "Ailleurs")
    for one, other in ((opportunity, opportunity), (foreign, opportunity)):
        with pytest.raises(NotTwo):
            merged(one, other, lead)
    merged(duplicate, opportunity, lead)
    third = factories.create_opportunity(opportunity.territory, lead, "Une troisième")
    with pytest.raises(AlreadyMerged, match="ancienne halle"):
        merged(third, stored(duplicate), lead)
    with pytest.raises(AlreadyMerged, match="ancienne halle"):
        merged(stored(duplicate), third, lead)
    assert stored(third).merged_into is None


@pytest.mark.parametrize("who", [0, 1])
def test_a_version_that_nobody_saw(opportunity, duplicate, lead, who):
    versions = [1, 1]
    versions[who] = 7
    with pytest.raises(StaleFacts):
        merged(duplicate, opportunity, lead, versions=versions)
    assert (stored(duplicate).merged_into, stored(opportunity).version) == (None, 1)


def test_a_duplicate_of_which_a_worksheet_tells(opportunity, duplicate, lead, programme, grids):
    factories.create_worksheet(duplicate.territory, programme, lead, opportunities=[duplicate])
    with pytest.raises(DuplicateInUse, match="ancienne halle"):
        merged(duplicate, opportunity, lead)
    merged(opportunity, duplicate, lead)
    assert stored(opportunity).merged_into == duplicate


# The pages


def address(opportunity, **query):
    args = [opportunity.territory.ref, opportunity.ref]
    return reverse("opportunities:merge", args=args, query=query)


def test_candidates_are_shown_and_others_searched(
    client_of, lead, opportunity, duplicate, other_territory, outsider
):
    factories.create_opportunity(other_territory, outsider, "La halle d’ailleurs")
    client = client_of(lead)
    response = client.get(address(opportunity))
    assert [each.opportunity for each in response.context["candidates"]] == [duplicate]
    assert list(response.context["found"]) == []
    change_opportunity(opportunity=duplicate, version=1, by=lead, title="Un moulin")
    response = client.get(address(opportunity, q="MOULINS"))
    assert [each.opportunity for each in response.context["candidates"]] == []
    assert list(response.context["found"]) == [duplicate]


def test_two_are_compared_and_merged(client_of, contributor, opportunity, duplicate):
    client = client_of(contributor)
    page = address(duplicate, avec=opportunity.ref)
    response = client.get(page)
    assert response.context["form"].initial["kept"] == opportunity.ref  # the elder
    assert (
        "3\N{NARROW NO-BREAK SPACE}200" in response.text
        or "3\N{NO-BREAK SPACE}200" in response.text
    )
    versions = {f"version-{each.ref}": 1 for each in (opportunity, duplicate)}
    data = versions | {"kept": opportunity.ref}
    response = client.post(page, data)
    detail = reverse("opportunities:detail", args=[opportunity.territory.ref, opportunity.ref])
    assert (response.status_code, response.url) == (302, detail)
    assert stored(duplicate).merged_into == opportunity
    assert client.post(page, data).url == detail
    text = client.get(detail).text
    assert "L’ancienne halle" in text


def test_the_one_of_a_worksheet_is_proposed_to_be_kept(
    client_of, lead, opportunity, duplicate, programme, grids
):
    factories.create_worksheet(duplicate.territory, programme, lead, opportunities=[duplicate])
    page = address(opportunity, avec=duplicate.ref)
    assert client_of(lead).get(page).context["form"].initial["kept"] == duplicate.ref
    versions = {f"version-{each.ref}": 1 for each in (opportunity, duplicate)}
    response = client_of(lead).post(page, versions | {"kept": opportunity.ref})
    assert response.status_code == 409
    assert "Une fiche parle de" in response.text
    assert stored(duplicate).merged_into is None


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"kept": ""}, 400),
        ({"kept": "autre"}, 400),
        ({"version": "x"}, 400),
        ({"version": "0"}, 400),
        ({"version": "99999999999999999999"}, 400),
        ({"version": 3}, 409),
    ],
)
def test_a_refused_merge(client_of, lead, opportunity, duplicate, changes, status):
    sent = {"kept": opportunity.ref, "version": 1} | changes
    data = {
        "kept": sent["kept"],
        f"version-{duplicate.ref}": sent["version"],
        f"version-{opportunity.ref}": 1,
    }
    response = client_of(lead).post(address(duplicate, avec=opportunity.ref), data)
    assert response.status_code == status
    assert stored(duplicate).merged_into is None


def test_who_may_merge(request, client_of, opportunity, duplicate, shared_partner, other_territory):
    foreign = factories.create_opportunity(
        other_territory, request.getfixturevalue("outsider"), "Ailleurs"
    )
    pages = [address(opportunity), address(opportunity, avec=duplicate.ref)]
    expected = {
        "lead": [200, 200],
        "contributor": [200, 200],
        "shared_partner": [403, 403],
        "reader": [403, 403],
        "trainer": [403, 403],
        "observer": [403, 403],
        "partner": [404, 404],
        "staff": [404, 404],
        "outsider": [404, 404],
    }
    for name, statuses in expected.items():
        client = client_of(request.getfixturevalue(name))
        assert [client.get(page).status_code for page in pages] == statuses, name
    lead = client_of(request.getfixturevalue("lead"))
    assert lead.get(address(opportunity, avec=foreign.ref)).status_code == 404
    assert lead.get(address(opportunity, avec=opportunity.ref)).status_code == 404
    assert lead.post(address(opportunity)).status_code == 404


def test_creating_something_alike_shows_it_first(client_of, lead, opportunity, facts):
    client = client_of(lead)
    page = reverse("opportunities:create", args=[opportunity.territory.ref])
    data = facts(stage="detected", request_key="0b9f2d54-7c33-4b1c-9a0e-3f2f0e8d7c11")
    response = client.post(page, data | {"description": "Mon texte"})
    assert response.status_code == 409
    assert "Rien n’est encore enregistré" in response.text
    assert "Mon texte" in response.text
    assert Opportunity.objects.count() == 1
    data["seen"] = [opportunity.ref]
    first = client.post(page, data)
    again = client.post(page, data | {"seen": []})
    assert first.status_code == again.status_code == 302
    assert first.url == again.url
    assert Opportunity.objects.count() == 2


def test_what_nobody_has_qualified_says_what_it_resembles(
    client_of, lead, reader, opportunity, duplicate
):
    args = [opportunity.territory.ref, duplicate.ref]
    detail = reverse("opportunities:detail", args=args)
    hint = "Elle ressemble à «\N{NO-BREAK SPACE}La halle de la rue du Port\N{NO-BREAK SPACE}»"
    assert hint in client_of(lead).get(detail).text.replace("&nbsp;", "\N{NO-BREAK SPACE}")
    assert "Elle ressemble" not in client_of(reader).get(detail).text
    move_to_stage(opportunity=duplicate, stage=Stage.QUALIFIED, by=lead)
    assert "Elle ressemble" not in client_of(lead).get(detail).text
