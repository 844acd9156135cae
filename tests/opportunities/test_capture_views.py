"""The page /reperer/, and the requests of a telephone that sends what it kept."""

import uuid

import pytest
from django.test import Client

from opportunities.keeping import delete
from opportunities.merging import merge
from opportunities.models import Attachment, Opportunity
from territories.enums import Role
from territories.models import Grant
from tests import factories
from tests.opportunities import files

KEY = "5a0c1f5e-8a35-4b53-9b0f-3b6d1f0b7a10"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'/>"
JSON = {"headers": {"accept": "application/json"}}


@pytest.fixture
def telephone(client_of, lead):
    return client_of(lead)


def capture(where, by, **changes):
    return {
        "owner": by.device_key,
        "territory": where.ref,
        "kind": "premises",
        "sentence": "Une boulangerie fermée",
        "request_key": KEY,
        **changes,
    }


def send(client, data):
    return client.post("/reperer/envoi/", data, **JSON)


def send_photo(client, opportunity, file, by, **changes):
    data = {"owner": by.device_key, "request_key": str(uuid.uuid4()), "file": file, **changes}
    return client.post(f"/reperer/envoi/{opportunity.ref}/photos/", data, **JSON)


# The page


def test_the_page_offers_where_one_writes(telephone, territory, other_territory, lead):
    factories.grant(lead, other_territory, Role.READER)
    page = telephone.get("/reperer/")
    assert list(page.context["form"].fields["territory"].queryset) == [territory]
    assert page.context["profile"] == {
        "owner": lead.device_key,
        "territories": [
            {"ref": territory.ref, "name": territory.name, "contract": territory.contract.code}
        ],
    }
    assert "no-store" in page["Cache-Control"]


def test_who_writes_nowhere_is_told_so(client_of, partner):
    page = client_of(partner).get("/reperer/")
    assert page.status_code == 403
    assert "Seuls les référents et les contributeurs" in page.text


def test_without_javascript_the_form_creates_and_attaches(telephone, territory, lead):
    data = capture(territory, lead)
    data["photos"] = [files.upload(files.photo(), "un.jpg"), files.upload(SVG, "plan.svg")]
    for _ in range(2):  # a second click
        for photo in data["photos"]:
            photo.seek(0)
        page = telephone.post("/reperer/", data, follow=True)
    opportunity = Opportunity.objects.get()
    assert page.redirect_chain[-1][0].endswith(f"/opportunites/{opportunity.ref}/")
    assert [one.name for one in opportunity.attachments.all()] == ["un.jpg"]
    told = [str(message) for message in page.context["messages"]]
    assert told[0].replace("\N{NO-BREAK SPACE}", " ").startswith("« plan.svg » : ")
    assert told[1] == "L’opportunité est enregistrée."


def test_without_javascript_what_is_missing_is_said(telephone, territory, lead):
    page = telephone.post("/reperer/", capture(territory, lead, sentence=" ", kind=""))
    assert page.status_code == 400
    assert {name: errors[0] for name, errors in page.context["form"].errors.items()} == {
        "kind": "Choisissez un type d’opportunité.",
        "sentence": "Dites en une phrase ce que vous avez vu.",
    }


def test_without_javascript_too_many_photos_lose_no_word(telephone, territory, lead):
    data = capture(territory, lead)
    data["photos"] = [files.upload(b"x") for _ in range(21)]
    response = telephone.post("/reperer/", data)
    assert (response.status_code, Opportunity.objects.count()) == (400, 0)
    assert "20 fichiers au plus" in response.text
    assert data["sentence"] in response.text


def test_without_javascript_another_text_under_the_same_key_is_a_question(
    telephone, territory, lead
):
    telephone.post("/reperer/", capture(territory, lead))
    page = telephone.post("/reperer/", capture(territory, lead, sentence="Autre chose"))
    assert page.status_code == 409
    assert page.context["conflict"].first == Opportunity.objects.get()
    assert page.context["form"]["request_key"].value() != KEY


# What a telephone sends


def test_a_capture_is_created_once(telephone, territory, lead):
    answers = [send(telephone, capture(territory, lead)) for _ in range(2)]
    opportunity = Opportunity.objects.get()
    assert [(answer.status_code, answer.json()["ref"]) for answer in answers] == [
        (200, opportunity.ref)
    ] * 2
    assert (opportunity.kind, opportunity.created_by) == ("premises", lead)


def test_a_position_comes_with_it(telephone, territory, lead):
    send(telephone, capture(territory, lead, longitude="3.5201", latitude="50.3571"))
    opportunity = Opportunity.objects.get()
    assert (opportunity.longitude, opportunity.latitude) == (3.5201, 50.3571)


@pytest.mark.parametrize(
    ("changes", "status", "message"),
    [
        ({"sentence": ""}, 400, "Dites en une phrase ce que vous avez vu."),
        ({"kind": "moulin"}, 400, "Sélectionnez un choix valide. moulin n’en fait pas partie."),
        ({"longitude": "300", "latitude": "50"}, 400, None),
        ({"longitude": "nan", "latitude": "50"}, 400, None),
        ({"longitude": "x", "latitude": "y"}, 400, "Saisissez un nombre."),
        ({"request_key": "un"}, 400, None),
        ({"sentence": "a" * 100_001}, 413, None),
        ({"territory": "inconnu"}, 404, "Ce territoire n’existe plus"),
    ],
)
def test_a_refusal_says_why(telephone, territory, lead, changes, status, message):
    answer = send(telephone, capture(territory, lead, **changes))
    assert answer.status_code == status
    said = answer.json()["message"]
    assert message is None or (said.startswith(message), said.count(message)) == (True, 1)
    assert not Opportunity.objects.exists()


def test_a_territory_that_one_has_left(telephone, territory, lead):
    Grant.objects.all().delete()
    assert send(telephone, capture(territory, lead)).status_code == 404


def test_a_territory_where_one_only_reads(client_of, territory, reader):
    answer = send(client_of(reader), capture(territory, reader))
    assert answer.status_code == 403
    assert answer.json() == {
        "message": "Seuls les référents et les contributeurs du territoire ajoutent des "
        "opportunités."
    }


def test_the_territory_of_others_is_as_one_that_does_not_exist(telephone, lead, outsider):
    theirs = outsider.grants.get().territory
    assert send(telephone, capture(theirs, lead)).status_code == 404


def test_a_key_used_for_another_names_the_first(telephone, territory, lead):
    first = send(telephone, capture(territory, lead)).json()
    answer = send(telephone, capture(territory, lead, sentence="Autre chose"))
    assert answer.status_code == 409
    assert {name: answer.json()[name] for name in ("ref", "url")} == first


def test_signed_out_it_is_told_where_to_sign_in(territory, lead):
    requests = [
        send(Client(), capture(territory, lead)),
        Client().post("/reperer/envoi/inconnue/photos/", **JSON),
    ]
    assert [(answer.status_code, answer.json()["sign_in"]) for answer in requests] == [
        (403, "/connexion/")
    ] * 2


def test_another_account_does_not_send_it(client_of, territory, lead, contributor):
    answer = send(client_of(contributor), capture(territory, lead))
    assert (answer.status_code, answer.json()["sign_in"]) == (403, "/connexion/")
    assert not Opportunity.objects.exists()


def test_a_stale_token_is_answered_in_json(territory, lead):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(lead)
    assert send(strict, capture(territory, lead)).status_code == 403
    token = strict.get("/session/").json()["csrf_token"]
    answer = strict.post(
        "/reperer/envoi/",
        capture(territory, lead),
        headers={"accept": "application/json", "x-csrftoken": token},
    )
    assert answer.status_code == 200


def test_a_photo_is_kept_once(telephone, territory, lead):
    opportunity = factories.create_opportunity(territory, lead)
    for _ in range(2):
        photo = files.upload(files.photo())
        answer = send_photo(telephone, opportunity, photo, lead, request_key=KEY)
        assert answer.status_code == 200
    assert Attachment.objects.count() == 1


def test_a_refused_photo_says_why(telephone, territory, lead):
    opportunity = factories.create_opportunity(territory, lead)
    answer = send_photo(telephone, opportunity, files.upload(SVG, "plan.svg"), lead)
    assert answer.status_code == 400
    assert set(answer.json()) == {"message"}
    assert send_photo(telephone, opportunity, files.upload(b""), lead).status_code == 400
    assert not Attachment.objects.exists()


def test_a_photo_needs_an_opportunity_that_one_may_write(
    client_of, territory, lead, reader, outsider
):
    opportunity = factories.create_opportunity(territory, lead)
    statuses = [
        send_photo(client_of(who), opportunity, files.upload(files.photo()), who).status_code
        for who in (lead, reader, outsider)
    ]
    assert statuses == [200, 403, 404]


def test_a_photo_that_waited_goes_where_its_opportunity_was_merged(telephone, territory, lead):
    duplicate, kept = (factories.create_opportunity(territory, lead) for _ in range(2))
    merge(duplicate=duplicate, into=kept, versions=(1, 1), by=lead, may_share=True)
    assert send_photo(telephone, duplicate, files.upload(files.photo()), lead).status_code == 200
    assert Attachment.objects.get().opportunity == kept
    delete(opportunity=kept, by=lead)
    assert send_photo(telephone, duplicate, files.upload(files.photo()), lead).status_code == 404


def test_the_shell_has_nobody_on_it(client_of, lead, outsider, client):
    shells = [one.get("/reperer/hors-connexion/").text for one in (client, client_of(lead))]
    assert shells[0] == shells[1]
    assert lead.device_key not in shells[0]
    assert "csrfmiddlewaretoken" not in shells[0]
    assert "data-account" not in shells[0]
