from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from journal.models import Entry
from opportunities import keeping
from opportunities.enums import Kind
from opportunities.keeping import StillReferredTo, purge, to_purge
from opportunities.models import Attachment, Opportunity, Person, StageChange
from opportunities.tracking import create_opportunity
from opportunities.views import keeping as views
from opportunities.writing import MergedMeanwhile
from tests import factories
from tests.opportunities.addresses import address
from tests.rows import stored

NOW = timezone.now()


def said(response):
    return [str(message) for message in response.context["messages"]]


def journal(opportunity):
    entries = Entry.objects.filter(target=opportunity.target).order_by("pk")
    return [(entry.verb, entry.actor) for entry in entries if entry.verb != "opportunity.created"]


@pytest.fixture
def deleted(opportunity, lead):
    keeping.delete(opportunity=opportunity, by=lead)
    opportunity.refresh_from_db()
    return opportunity


@pytest.fixture
def old(deleted):
    """Deleted 31 days ago."""
    Opportunity.objects.update(deleted_at=NOW - timedelta(days=31))
    return deleted


@pytest.fixture
def worksheet(territory, programme, lead, grids, opportunity):
    return factories.create_worksheet(territory, programme, lead, opportunities=[opportunity])


# Archiving


def test_archived_twice_then_restored_twice(opportunity, lead, contributor):
    keeping.archive(opportunity=opportunity, by=lead)
    keeping.archive(opportunity=opportunity, by=contributor)
    assert stored(opportunity).archived_by == lead
    assert (list(Opportunity.objects.archived()), list(Opportunity.objects.current())) == (
        [opportunity],
        [],
    )
    keeping.restore(opportunity=opportunity, by=contributor)
    keeping.restore(opportunity=opportunity, by=lead)
    assert (list(Opportunity.objects.archived()), list(Opportunity.objects.current())) == (
        [],
        [opportunity],
    )
    assert journal(opportunity) == [
        ("opportunity.archived", lead),
        ("opportunity.restored", contributor),
    ]


def test_an_archived_one_is_read_and_says_so(client_of, reader, opportunity, lead):
    keeping.archive(opportunity=opportunity, by=lead)
    response = client_of(reader).get(address("detail", opportunity))
    assert "Cette opportunité est archivée depuis le" in response.text


def test_archive_and_restore_by_their_buttons(client_of, contributor, opportunity):
    client = client_of(contributor)
    assert address("archive", opportunity) in client.get(address("detail", opportunity)).text
    response = client.post(address("archive", opportunity), follow=True)
    assert said(response) == [
        "L’opportunité est archivée\N{NO-BREAK SPACE}: elle a quitté les listes."
    ]
    assert address("restore", opportunity) in response.text
    response = client.post(address("restore", opportunity), follow=True)
    assert said(response) == ["L’opportunité est de retour dans les listes."]
    assert stored(opportunity).archived_at is None


# Deleting


def test_deleting_asks_then_hides_it_everywhere(client_of, lead, opportunity):
    client = client_of(lead)
    question = client.get(address("delete", opportunity))
    assert "Supprimer cette opportunité\N{NO-BREAK SPACE}?" in question.text
    assert "30&nbsp;jours" in question.text
    response = client.post(address("delete", opportunity), follow=True)
    assert said(response) == [
        f"«\N{NO-BREAK SPACE}{opportunity.title}\N{NO-BREAK SPACE}» est dans la corbeille."
    ]
    assert response.redirect_chain[-1][0] == reverse(
        "opportunities:list", args=[opportunity.territory.ref]
    )
    assert response.context["filter"].total.number == 0
    for name in ("detail", "edit", "delete"):
        assert client.get(address(name, opportunity)).status_code == 404
    for name in ("archive", "restore", "move", "share"):
        assert client.post(address(name, opportunity)).status_code == 404
    assert journal(opportunity) == [("opportunity.deleted", lead)]


def test_what_a_worksheet_tells_of_isn_t_deleted(client_of, lead, opportunity, worksheet):
    client = client_of(lead)
    for response, status in (
        (client.get(address("delete", opportunity)), 200),
        (client.post(address("delete", opportunity)), 409),
    ):
        assert response.status_code == status
        assert "Une fiche parle de cette opportunité" in response.text
        assert address("archive", opportunity) in response.text
        assert f'action="{address("delete", opportunity)}"' not in response.text
    assert stored(opportunity).deleted_at is None
    with pytest.raises(StillReferredTo):
        keeping.delete(opportunity=opportunity, by=lead)
    assert journal(opportunity) == []


def test_its_own_duplicates_don_t_hold_it_back(opportunity, territory, lead):
    factories.create_opportunity(territory, lead, "La même halle", merged_into=opportunity)
    keeping.delete(opportunity=opportunity, by=lead)
    assert stored(opportunity).deleted_by == lead


# Who may: archive, restore, ask to delete, delete, see the bin, take back.
STATUSES = {
    "lead": [302, 302, 200, 302, 200, 302],
    "contributor": [302, 302, 200, 302, 200, 302],
    "partner": [404, 404, 404, 404, 403, 404],
    "shared_partner": [403, 403, 403, 403, 403, 404],
    "reader": [403, 403, 403, 403, 403, 404],
    "trainer": [403, 403, 403, 403, 403, 404],
    "observer": [403, 403, 403, 403, 403, 404],
    "staff": [404, 404, 404, 404, 404, 404],
    "outsider": [404, 404, 404, 404, 404, 404],
    "former": [404, 404, 404, 404, 404, 404],
}


@pytest.mark.parametrize("who", STATUSES)
def test_who_may(request, client_of, opportunity, lead, territory, who):
    client = client_of(request.getfixturevalue(who))
    trashed = create_opportunity(territory=territory, by=lead, kind=Kind.FRICHE, title="Secrète")
    keeping.delete(opportunity=trashed, by=lead)
    before = list(Opportunity.objects.order_by("pk").values())
    responses = [
        client.post(address("archive", opportunity)),
        client.post(address("restore", opportunity)),
        client.get(address("delete", opportunity)),
        client.post(address("delete", opportunity)),
        client.get(reverse("opportunities:bin", args=[territory.ref])),
        client.post(address("undelete", trashed)),
    ]
    assert [response.status_code for response in responses] == STATUSES[who]
    if STATUSES[who][0] != 302:
        assert list(Opportunity.objects.order_by("pk").values()) == before
        assert [each for each in responses if "Secrète" in each.text] == []


def test_the_bin_shows_what_can_be_taken_back(
    client_of, contributor, deleted, outsider, other_territory
):
    theirs = factories.create_opportunity(other_territory, outsider, "Le silo des étrangers")
    keeping.delete(opportunity=theirs, by=outsider)
    client = client_of(contributor)
    response = client.get(reverse("opportunities:bin", args=[deleted.territory.ref]))
    assert list(response.context["deleted"]) == [deleted]
    assert "Supprimée par Alice Lambert" in response.text
    back = client.post(address("undelete", deleted), follow=True)
    assert said(back) == [f"«\N{NO-BREAK SPACE}{deleted.title}\N{NO-BREAK SPACE}» est de retour."]
    assert back.redirect_chain[-1][0] == address("detail", deleted)
    assert stored(deleted).deleted_by is None
    assert journal(deleted)[-1] == ("opportunity.undeleted", contributor)


def test_the_bin_is_empty(client_of, lead, territory):
    response = client_of(lead).get(reverse("opportunities:bin", args=[territory.ref]))
    assert "La corbeille est vide" in response.text


def test_the_bin_costs_the_same_however_full(client_of, lead, territory, query_counts):
    client = client_of(lead)

    def add(count):
        for _ in range(count):
            factories.create_opportunity(territory, lead, deleted_at=NOW, deleted_by=lead)

    visit = lambda: client.get(reverse("opportunities:bin", args=[territory.ref]))  # noqa: E731
    assert query_counts(visit, add) == [7, 7, 7]


def test_what_was_taken_back_is_not_in_the_bin_any_more(client_of, lead, deleted):
    client = client_of(lead)
    client.post(address("undelete", deleted))
    assert client.post(address("undelete", deleted)).status_code == 404


# Purging


@pytest.fixture
def kept_file(opportunity, lead):
    attachment = Attachment(opportunity=opportunity, added_by=lead, name="plan.pdf", size=4)
    attachment.media_type = "application/pdf"
    attachment.file.save("plan.pdf", ContentFile(b"%PDF"))
    return attachment.file.name


def test_purge_removes_all_of_it(
    old, territory, lead, kept_file, django_capture_on_commit_callbacks
):
    duplicate = factories.create_opportunity(territory, lead, "La même", merged_into=old)
    Person.objects.create(
        opportunity=old,
        role="owner",
        name="Madame Propriétaire",
        kept_until=timezone.localdate(),
        created_by=lead,
        updated_by=lead,
    )
    with django_capture_on_commit_callbacks(execute=True):
        purge(Opportunity.objects.get(pk=old.pk))
    models = (Opportunity, Person, Attachment, StageChange)
    assert [list(model.objects.all()) for model in models] == [[], [], [], []]
    assert not default_storage.exists(kept_file)
    assert journal(old)[-1] == ("opportunity.purged", None)
    assert journal(duplicate) == [("opportunity.purged", None)]


def test_what_was_taken_back_meanwhile_isn_t_purged(old, lead):
    keeping.undelete(opportunity=old, by=lead)
    purge(old)
    assert stored(old) == old


@pytest.mark.parametrize(("days", "is_due"), [(29, False), (31, True)])
def test_what_is_purged_when(deleted, days, is_due):
    Opportunity.objects.update(deleted_at=NOW - timedelta(days=days))
    assert to_purge().exists() is is_due


def test_the_command_says_then_does(old, territory, lead, capsys):
    factories.create_opportunity(territory, lead, "Hier", deleted_at=NOW, deleted_by=lead)
    call_command("purge_opportunities", "--dry-run")
    assert capsys.readouterr().out == f"{old.ref} (CU de Dunkerque) serait supprimée.\n"
    assert Opportunity.objects.count() == 2
    call_command("purge_opportunities")
    assert capsys.readouterr().out == f"{old.ref} (CU de Dunkerque) est supprimée.\n"
    assert [each.title for each in Opportunity.objects.all()] == ["Hier"]
    call_command("purge_opportunities")
    assert capsys.readouterr().out == ""


def test_the_command_leaves_what_a_worksheet_tells_of(old, worksheet, capsys):
    call_command("purge_opportunities")
    told = capsys.readouterr()
    assert (told.out, told.err) == (
        "",
        f"{old.ref} (CU de Dunkerque) reste\N{NO-BREAK SPACE}: une fiche en parle.\n",
    )
    assert stored(old) == old


# Merged


def test_a_merged_one_leads_to_the_one_that_goes_on(
    client_of, reader, opportunity, territory, lead
):
    merged = factories.create_opportunity(territory, lead, "La même", merged_into=opportunity)
    response = client_of(reader).get(address("detail", merged))
    assert (response.status_code, response.url) == (302, address("detail", opportunity))


def test_what_is_merged_meanwhile_is_neither_archived_nor_deleted(opportunity, territory, lead):
    read_before = factories.create_opportunity(territory, lead, "La même")
    Opportunity.objects.filter(pk=read_before.pk).update(merged_into=opportunity)
    for act in (keeping.archive, keeping.restore, keeping.delete):
        with pytest.raises(MergedMeanwhile):
            act(opportunity=read_before, by=lead)
    merged = stored(read_before)
    assert (merged.archived_at, merged.deleted_at, journal(merged)) == (None, None, [])


def test_a_worksheet_that_tells_of_it_meanwhile(client_of, lead, opportunity, monkeypatch):
    def told_meanwhile(**whatever):
        raise StillReferredTo

    monkeypatch.setattr(keeping, "delete", told_meanwhile)
    response = client_of(lead).post(address("delete", opportunity))
    assert response.status_code == 409
    assert "Une fiche parle de cette opportunité" in response.text


def test_two_people_delete_at_once(client_of, lead, contributor, opportunity, monkeypatch):
    """The second one has read the row before the first one wrote."""
    read_before = stored(opportunity)
    monkeypatch.setattr(views, "visible_or_404", lambda *args: read_before)
    answers = [client_of(user).post(address("delete", opportunity)) for user in (lead, contributor)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert journal(opportunity) == [("opportunity.deleted", lead)]


def test_a_merged_one_that_one_may_not_see_leads_nowhere(
    client_of, shared_partner, opportunity, territory, lead
):
    merged = factories.create_opportunity(territory, lead, "La même", merged_into=opportunity)
    assert client_of(shared_partner).get(address("detail", merged)).status_code == 404
