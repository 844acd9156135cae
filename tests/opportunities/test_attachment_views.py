import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from opportunities import attachments
from opportunities.attachments import attach
from opportunities.forms import fields
from opportunities.merging import merge
from opportunities.models import Attachment, DetectionAction
from tests import factories
from tests.opportunities.files import PDF, on_disk, photo, upload

pytestmark = pytest.mark.usefixtures("media")
NAME = "Étude d’été « 1 ».pdf"


@pytest.fixture
def action(territory, lead):
    return factories.create_action(territory, lead)


@pytest.fixture
def document(opportunity, lead):
    return attach(opportunity=opportunity, by=lead, upload=upload(PDF, NAME))


@pytest.fixture
def picture(opportunity, lead):
    return attach(opportunity=opportunity, by=lead, upload=upload(photo(), "Halle.jpg"))


def address_of(attachment):
    return reverse("opportunities:attachment-read", args=[attachment.ref, attachment.name])


def preview_of(attachment):
    return reverse("opportunities:attachment-preview", args=[attachment.ref])


def removal_of(attachment):
    return reverse("opportunities:attachment-remove", args=[attachment.ref])


def page_of(owner):
    route = "action-attachments" if isinstance(owner, DetectionAction) else "attachments"
    return reverse(f"opportunities:{route}", args=[owner.territory.ref, owner.ref])


def get(client, address, **options):
    """The answer, read to its end: what streams a file holds it open until then."""
    response = client.get(address, **options)
    response.body = response.getvalue()
    return response


def send(client, owner, *files, key=None, **headers):
    data = {"files": list(files), "request_key": str(key or uuid.uuid4())}
    return client.post(page_of(owner), data, **headers)


# Reading


def test_a_document_is_downloaded(client_of, reader, document):
    response = get(client_of(reader), address_of(document))
    assert (response.status_code, response.body) == (200, PDF)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Length"] == str(len(PDF))
    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''"
        "%C3%89tude%20d%E2%80%99%C3%A9t%C3%A9%20%C2%AB%201%20%C2%BB.pdf"
    )


def test_a_photo_is_shown(client_of, reader, picture):
    client = client_of(reader)
    for address in (address_of(picture), preview_of(picture)):
        response = get(client, address)
        assert response["Content-Type"] == "image/jpeg"
        assert response["Content-Disposition"] == 'inline; filename="Halle.jpg"'
        assert response.body.startswith(b"\xff\xd8\xff")


def test_nothing_in_a_file_may_run(client_of, reader, document, picture):
    for address in (address_of(document), address_of(picture), preview_of(picture)):
        response = get(client_of(reader), address)
        assert response["X-Content-Type-Options"] == "nosniff"
        policy = sorted(response["Content-Security-Policy"].split("; "))
        assert policy == ["default-src 'none'", "sandbox"]
        assert response["X-Frame-Options"] == "DENY"
        assert response["Cross-Origin-Resource-Policy"] == "same-origin"
        assert response["Cache-Control"] == "private, no-cache"


def test_a_browser_that_has_it_gets_it_once(client_of, reader, outsider, picture):
    client = client_of(reader)
    for address in (address_of(picture), preview_of(picture)):
        response = get(client, address)
        again = client.get(address, headers={"If-None-Match": response["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again["Cache-Control"] == "private, no-cache"
        # Having had it once gives no right to it.
        headers = {"If-None-Match": response["ETag"]}
        assert client_of(outsider).get(address, headers=headers).status_code == 404


def test_head(client_of, reader, document):
    response = client_of(reader).head(address_of(document))
    assert (response.status_code, response["Content-Length"]) == (200, str(len(PDF)))
    assert response.getvalue() == b""


@pytest.mark.parametrize("wrong", ["autre.pdf", "vignette/", "a%00b.pdf", "..%2F..%2Fdb.sqlite3"])
def test_another_name_is_another_address(client_of, lead, document, wrong):
    address = address_of(document).rpartition("/")[0]
    assert client_of(lead).get(f"{address}/{wrong}").status_code == 404


def test_a_document_has_no_preview(client_of, lead, document):
    assert client_of(lead).get(preview_of(document)).status_code == 404


def test_a_file_that_the_disk_lost(client_of, lead, document, media, caplog):
    (media / document.file.name).unlink()
    assert client_of(lead).get(address_of(document)).status_code == 404
    assert f"The file {document.file.name} of attachment {document.ref} is missing" in caplog.text


READERS = {
    "lead": 200,
    "contributor": 200,
    "shared_partner": 200,
    "reader": 200,
    "trainer": 200,
    "observer": 200,
    "partner": 404,
    "former": 404,
    "outsider": 404,
    "staff": 404,
}


@pytest.mark.parametrize("who", READERS)
def test_who_reads_the_files_of_an_opportunity(
    request, client_of, programme, document, picture, who
):
    client = client_of(request.getfixturevalue(who))
    for address in (address_of(document), address_of(picture), preview_of(picture)):
        response = get(client, address)
        assert (address, response.status_code) == (address, READERS[who])


ACTION_READERS = READERS | {"shared_partner": 404, "observer": 404}


@pytest.mark.parametrize("who", ACTION_READERS)
def test_who_reads_the_files_of_an_action(request, client_of, programme, lead, action, who):
    user = request.getfixturevalue(who)
    kept = attach(action=action, by=lead, upload=upload(photo(), "Marche.jpg"))
    for address in (address_of(kept), preview_of(kept), page_of(action)):
        response = get(client_of(user), address)
        assert (address, response.status_code) == (address, ACTION_READERS[who])


def test_nobody_reads_without_signing_in(document):
    response = Client().get(address_of(document))
    assert (response.status_code, response["Location"].partition("?")[0]) == (302, "/connexion/")


def test_the_files_of_what_is_archived_deleted_or_no_longer_shared(
    client_of, lead, shared_partner, opportunity, document
):
    def statuses():
        clients = map(client_of, (lead, shared_partner))
        return [get(client, address_of(document)).status_code for client in clients]

    now = timezone.now()
    type(opportunity).objects.update(archived_at=now, archived_by=lead)
    assert statuses() == [200, 200]
    opportunity.shares.all().delete()
    assert statuses() == [200, 404]
    type(opportunity).objects.update(deleted_at=now, deleted_by=lead)
    assert statuses() == [404, 404]


def test_media_has_no_address(client_of, lead, document):
    for prefix in ("media", "static"):
        assert client_of(lead).get(f"/{prefix}/{document.file.name}").status_code == 404


# Attaching


def test_several_files_at_once(client_of, contributor, opportunity):
    client = client_of(contributor)
    response = send(
        client, opportunity, upload(photo("HEIF"), "IMG_1.HEIC"), upload(PDF, "Plan.pdf")
    )
    detail = reverse("opportunities:detail", args=[opportunity.territory.ref, opportunity.ref])
    assert (response.status_code, response["Location"]) == (302, detail)
    assert [one.name for one in Attachment.objects.all()] == ["IMG_1.jpg", "Plan.pdf"]
    page = client.get(detail).text
    assert "2 fichiers joints." in page
    assert "Plan.pdf" in page


def test_an_action_gets_files_too(client_of, lead, action):
    response = send(client_of(lead), action, upload(PDF, "Plan.pdf"))
    assert response["Location"] == reverse(
        "opportunities:action-detail", args=[action.territory.ref, action.ref]
    )
    assert Attachment.objects.get().owner == action


def test_what_is_refused_is_said_file_by_file_and_the_rest_is_kept(client_of, lead, opportunity):
    response = send(
        client_of(lead),
        opportunity,
        upload(b"du texte", "notes.txt"),
        upload(photo(), "Halle.jpg"),
        upload(b"", "vide.pdf"),
        upload(b"<svg/>", "<b>dessin</b>.svg"),
    )
    assert response.status_code == 400
    page = response.text
    assert "1 fichier joint." in page
    assert "Ces fichiers n’ont pas été joints" in page
    assert '<strong class="file-name">notes.txt</strong> – Ce format n’est pas accepté' in page
    assert '<strong class="file-name">vide.pdf</strong> – Ce fichier est vide.' in page
    assert "b&gt;.svg</strong> – Un dessin SVG n’est pas accepté" in page
    assert [one.name for one in Attachment.objects.all()] == ["Halle.jpg"]


def test_the_same_form_twice_is_once(client_of, lead, opportunity):
    key = uuid.uuid4()
    for files in ((PDF, photo()), (photo(), PDF), (PDF,)):
        response = send(client_of(lead), opportunity, *map(upload, files), key=key)
        assert response.status_code == 302
    assert Attachment.objects.count() == 2
    send(client_of(lead), opportunity, upload(PDF))
    assert Attachment.objects.count() == 3


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"request_key": str(uuid.uuid4())}, "Choisissez au moins un fichier."),
        ({"files": "du texte", "request_key": str(uuid.uuid4())}, "Choisissez au moins un"),
        ({}, "Choisissez au moins un fichier."),
    ],
)
def test_a_form_without_a_file(client_of, lead, opportunity, data, sentence):
    response = client_of(lead).post(page_of(opportunity), data)
    assert response.status_code == 400
    assert sentence in response.text


def test_more_files_than_one_may_send_at_once(client_of, lead, opportunity, monkeypatch):
    monkeypatch.setattr(fields, "MAX_AT_ONCE", 1)
    response = send(client_of(lead), opportunity, upload(PDF, "un.pdf"), upload(PDF, "deux.pdf"))
    assert (response.status_code, Attachment.objects.count()) == (400, 0)
    assert "C’est trop à la fois\N{NO-BREAK SPACE}: 20 fichiers au plus." in response.text
    assert "20\N{NO-BREAK SPACE}à la fois" in response.text


def test_htmx_gets_the_section_alone(client_of, lead, opportunity):
    client, headers = client_of(lead), {"HX-Request": "true"}
    response = send(client, opportunity, upload(PDF, "Plan.pdf"), headers=headers)
    assert response.status_code == 200
    assert "<html" not in response.text
    assert "1 fichier joint." in response.text
    assert "Plan.pdf" in response.text
    response = send(client, opportunity, upload(b"?", "x"), headers=headers)
    assert response.status_code == 400
    assert "<html" not in response.text
    assert "Ce fichier n’a pas été joint" in response.text


def test_too_many_files(client_of, lead, opportunity, monkeypatch):
    monkeypatch.setattr(attachments, "MAX_FILES", 1)
    response = send(client_of(lead), opportunity, upload(PDF, "un.pdf"), upload(photo(), "deux"))
    assert response.status_code == 400
    assert "retirez-en un d’abord" in response.text
    assert [one.name for one in Attachment.objects.all()] == ["un.pdf"]


WRITERS = {
    "lead": 302,
    "contributor": 302,
    "shared_partner": 302,
    "reader": 403,
    "trainer": 403,
    "observer": 403,
    "partner": 404,
    "former": 404,
    "outsider": 404,
    "staff": 404,
}


@pytest.mark.parametrize("who", WRITERS)
def test_who_attaches_and_removes(request, client_of, programme, opportunity, document, who, media):
    client = client_of(request.getfixturevalue(who))
    before = on_disk(media)
    assert send(client, opportunity, upload(photo())).status_code == WRITERS[who]
    assert (on_disk(media) != before) == (WRITERS[who] == 302)
    assert client.post(removal_of(document)).status_code == WRITERS[who]
    assert Attachment.objects.filter(pk=document.pk).exists() == (WRITERS[who] != 302)


@pytest.mark.parametrize("who", WRITERS)
def test_who_attaches_to_an_action(request, client_of, programme, action, who):
    expected = WRITERS | {"shared_partner": 404, "observer": 404}
    client = client_of(request.getfixturevalue(who))
    assert send(client, action, upload(PDF)).status_code == expected[who]
    assert Attachment.objects.count() == (expected[who] == 302)


def test_who_reads_without_writing_gets_no_form(client_of, reader, opportunity, document):
    page = client_of(reader).get(page_of(opportunity)).text
    assert document.name in page
    assert '<input class="form-control" type="file"' not in page
    assert removal_of(document) not in page


# Removing


def test_removing_asks_first(client_of, lead, opportunity, document, picture):
    client = client_of(lead)
    for attachment in (document, picture):
        page = client.get(removal_of(attachment))
        assert page.status_code == 200
        assert attachment.name in page.text
    assert Attachment.objects.count() == 2
    response = client.post(removal_of(document), follow=True)
    assert response.redirect_chain[0][0] == reverse(
        "opportunities:detail", args=[opportunity.territory.ref, opportunity.ref]
    )
    assert f"«\N{NO-BREAK SPACE}{NAME}\N{NO-BREAK SPACE}» est supprimé." in response.text
    assert list(Attachment.objects.all()) == [picture]
    assert client.post(removal_of(document)).status_code == 404


# How much


def test_the_page_of_files_costs_the_same_however_many(
    client_of, lead, opportunity, query_counts, monkeypatch
):
    client = client_of(lead)
    page = page_of(opportunity)

    def add(count):
        Attachment.objects.bulk_create(
            Attachment(
                opportunity=opportunity,
                added_by=lead,
                file="a",
                thumbnail="b",
                name="Halle.jpg",
                media_type="image/jpeg",
                size=1,
            )
            for _ in range(count)
        )

    one, three, many = query_counts(lambda: client.get(page), add)
    assert one == three == many


def test_files_of_another_opportunity_are_not_listed(client_of, lead, territory, document):
    other = factories.create_opportunity(territory, lead, "Une autre")
    page = client_of(lead).get(page_of(other)).text
    assert "Ni photo ni document" in page
    assert document.ref not in page


def test_nothing_is_attached_to_a_duplicate(client_of, lead, territory, opportunity):
    duplicate = factories.create_opportunity(territory, lead)
    merge(duplicate=duplicate, into=opportunity, versions=(1, 1), by=lead, may_share=True)
    response = send(client_of(lead), duplicate, upload(PDF, NAME))
    assert (response.status_code, Attachment.objects.count()) == (409, 0)
    assert "seront à joindre à nouveau" in response.text
    headers = {"HX-Request": "true"}
    response = send(client_of(lead), duplicate, upload(PDF, NAME), headers=headers)
    detail = reverse("opportunities:detail", args=[territory.ref, opportunity.ref])
    assert (response.status_code, response["HX-Redirect"]) == (409, detail)
