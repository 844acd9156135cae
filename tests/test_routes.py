"""Every address of ours, as everybody gets it: the status of a GET, by role, written out."""

from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from opportunities.attachments import attach
from opportunities.calendars import address_of, subscribe
from opportunities.models import SavedFilter
from programmes.enums import Step
from territories.invitations import link_token
from territories.models import Grant, Invitation
from tests import factories
from tests.opportunities.files import photo, upload
from tests.test_public_pages import named_views
from worksheets.models import Comment
from worksheets.reviewing import start_review

ROLES = (
    "lead",
    "contributor",
    "partner",
    "reader",
    "trainer",
    "observer",
    "staff",
    "outsider",
    "anonymous",
)
# A row: the route, what its address names (attributes of `named`), then a status for each of ROLES.
# 405: what may only be posted. 302: to sign in, for whoever isn't; else to a page of theirs.
TABLE = """
home : 302 302 302 302 302 302 200 302 302
worksheets:territory-home territory : 200 200 200 200 200 200 404 404 302
worksheets:activity territory : 200 200 200 200 200 200 404 404 302
worksheets:territory-visit territory : 405 405 405 405 405 405 405 405 302
worksheets:activity-mark-seen territory : 405 405 405 405 405 405 405 405 302
worksheets:worksheet-visit territory sheet : 405 405 405 405 405 405 405 405 302
worksheets:list territory : 200 200 200 200 200 200 404 404 302
worksheets:worksheet-start territory : 405 405 405 405 405 405 405 405 302
worksheets:worksheet-show territory sheet : 200 200 200 200 200 302 404 404 302
worksheets:opportunities-choose territory sheet : 302 302 403 403 403 403 404 404 302
worksheets:answer-save territory sheet shared_slot : 405 405 405 405 405 405 405 405 405
worksheets:changes-read territory sheet : 400 400 400 400 400 400 400 400 403
worksheets:presence-tell territory sheet : 405 405 405 405 405 405 405 405 405
worksheets:answer-history territory sheet shared_slot : 200 200 200 200 200 404 404 404 302
worksheets:answer-restore territory sheet shared_slot number : 200 200 200 200 200 404 404 404 302
worksheets:worksheet-history territory sheet : 200 200 200 200 200 404 404 404 302
worksheets:worksheet-compare territory sheet : 200 200 200 200 200 200 404 404 302
worksheets:worksheet-submit territory sheet : 200 403 403 403 403 403 404 404 302
worksheets:worksheet-withdraw territory sheet : 405 405 405 405 405 405 405 405 302
worksheets:submission-show territory sheet number : 200 200 200 200 200 200 404 404 302
worksheets:submission-pdf territory sheet number : 200 200 200 200 200 200 404 404 302
worksheets:worksheet-pdf territory sheet : 200 200 200 200 200 404 404 404 302
worksheets:blank-pdf territory sheet : 200 200 200 200 200 404 404 404 302
worksheets:review territory sheet : 403 403 403 403 200 403 404 404 302
worksheets:review-start territory sheet : 405 405 405 405 405 405 405 405 302
worksheets:worksheet-reopen territory sheet : 403 403 403 403 200 403 404 404 302
worksheets:comment-add territory sheet shared_slot : 200 200 200 200 200 403 404 404 302
worksheets:discussion-show territory sheet : 400 400 400 400 400 403 404 404 302
worksheets:mention-list territory sheet shared_slot : 200 200 200 200 200 403 404 404 302
worksheets:comment-resolve territory sheet comment : 405 405 405 405 405 405 405 405 302
worksheets:opinion-sign territory step_2 : 403 403 403 200 403 404 404 404 302
worksheets:opportunity-worksheets territory opportunity : 200 200 200 200 200 200 404 404 302
worksheets:board programme : 404 404 404 404 200 200 404 404 302
opportunities:list territory : 200 200 200 200 200 200 404 404 302
opportunities:map-data territory : 400 400 400 400 400 400 404 404 302
opportunities:map-data-all : 400 400 400 400 400 400 400 400 302
opportunities:list-all : 200 200 200 200 200 200 200 200 302
opportunities:filter-list : 200 200 200 200 200 200 200 200 302
opportunities:filter-save : 405 405 405 405 405 405 405 405 302
opportunities:filter-rename saved_filter : 200 404 404 404 404 404 404 404 302
opportunities:filter-delete saved_filter : 405 405 405 405 405 405 405 405 302
opportunities:bin territory : 200 200 403 403 403 403 404 404 302
opportunities:undelete territory opportunity : 405 405 405 405 405 405 405 405 302
opportunities:archive territory opportunity : 405 405 405 405 405 405 405 405 302
opportunities:restore territory opportunity : 405 405 405 405 405 405 405 405 302
opportunities:delete territory opportunity : 200 200 403 403 403 403 404 404 302
opportunities:import-start territory : 200 200 403 403 403 403 404 404 302
opportunities:import-template territory : 200 200 403 403 403 403 404 404 302
opportunities:import-show territory file_import : 200 200 404 404 404 404 404 404 302
opportunities:import-match territory file_import : 405 405 405 405 405 405 405 405 302
opportunities:import-reopen territory file_import : 405 405 405 405 405 405 405 405 302
opportunities:import-check territory file_import : 405 405 405 405 405 405 405 405 302
opportunities:import-write territory file_import : 405 405 405 405 405 405 405 405 302
opportunities:import-discard territory file_import : 405 405 405 405 405 405 405 405 302
opportunities:import-errors territory file_import : 200 200 404 404 404 404 404 404 302
opportunities:export territory extension : 200 200 200 200 200 200 404 404 302
opportunities:export-all extension : 200 200 200 200 200 200 200 200 302
opportunities:friches-show territory : 200 200 200 200 200 200 404 404 302
opportunities:friches-show-all : 200 200 200 200 200 200 200 200 302
opportunities:friches-export territory : 200 200 200 200 200 200 404 404 302
opportunities:friches-export-all : 200 200 200 200 200 200 200 200 302
opportunities:capture : 200 200 403 403 403 403 403 200 302
opportunities:capture-shell : 200 200 200 200 200 200 200 200 200
opportunities:capture-send : 405 405 405 405 405 405 405 405 403
opportunities:capture-send-photo opportunity : 405 405 405 405 405 405 405 405 403
opportunities:create territory : 200 200 403 403 403 403 404 404 302
opportunities:detail territory opportunity : 200 200 200 200 200 200 404 404 302
opportunities:edit territory opportunity : 200 200 200 403 403 403 404 404 302
opportunities:move territory opportunity : 405 405 405 405 405 405 405 405 302
opportunities:share territory opportunity : 405 405 405 405 405 405 405 405 302
opportunities:merge territory opportunity : 200 200 403 403 403 403 404 404 302
opportunities:person-list territory : 200 200 404 404 404 404 404 404 302
opportunities:person-add territory opportunity : 200 200 404 404 404 404 404 404 302
opportunities:person-change territory person : 200 200 404 404 404 404 404 404 302
opportunities:person-export territory person : 200 200 404 404 404 404 404 404 302
opportunities:person-forget territory person : 200 200 404 404 404 404 404 404 302
opportunities:attachments territory opportunity : 200 200 200 200 200 200 404 404 302
opportunities:action-attachments territory action : 200 200 404 200 200 404 404 404 302
opportunities:attachment-read attachment file_name : 200 200 200 200 200 200 404 404 302
opportunities:attachment-preview attachment : 200 200 200 200 200 200 404 404 302
opportunities:attachment-remove attachment : 200 200 200 403 403 403 404 404 302
opportunities:action-list territory : 200 200 404 200 200 404 404 404 302
opportunities:action-create territory : 200 200 404 403 403 404 404 404 302
opportunities:action-detail territory action : 200 200 404 200 200 404 404 404 302
opportunities:action-edit territory action : 200 200 404 403 403 404 404 404 302
opportunities:action-hold territory action : 200 200 404 403 403 404 404 404 302
opportunities:action-cancel territory action : 405 405 405 405 405 405 405 405 302
opportunities:action-resume territory action : 405 405 405 405 405 405 405 405 302
opportunities:event-download territory action : 200 200 404 200 200 404 404 404 302
opportunities:calendar-download territory : 200 200 404 200 200 404 404 404 302
opportunities:calendar-subscribe territory : 405 405 405 405 405 405 405 405 302
opportunities:calendar-unsubscribe territory : 405 405 405 405 405 405 405 405 302
opportunities:calendar-fetch calendar : 200 200 200 200 200 200 200 200 200
programmes:list : 200 200 200 200 200 200 200 200 302
programmes:open : 403 403 403 403 200 403 200 403 302
programmes:detail programme : 200 200 200 200 200 200 200 200 302
programmes:territory-enrol programme : 405 405 405 405 405 405 405 405 302
programmes:deadlines-set programme : 403 403 403 403 200 403 200 403 302
programmes:session-add programme : 403 403 403 403 200 403 200 403 302
programmes:session-change programme session : 403 403 403 403 200 403 200 403 302
programmes:session-cancel programme session : 405 405 405 405 405 405 405 405 302
territories:point-locate : 400 400 400 400 400 400 400 400 302
territories:address-search : 400 400 400 400 400 400 400 400 302
territories:map-features : 400 400 400 400 400 400 400 400 302
territories:team territory : 200 200 200 200 200 200 404 404 302
territories:invitation-send territory : 405 405 405 405 405 405 405 405 302
territories:invitation-resend territory invitation : 405 405 405 405 405 405 405 405 302
territories:invitation-withdraw territory invitation : 405 405 405 405 405 405 405 405 302
territories:member-change territory member : 200 403 403 403 403 403 404 404 302
territories:lead-hand-over territory member : 405 405 405 405 405 405 405 405 302
territories:member-remove territory member : 405 405 405 405 405 405 405 405 302
territories:invitation link : 403 403 403 403 403 403 403 403 200
territories:invitation-renew link : 405 405 405 405 405 405 405 405 405
account_login : 302 302 302 302 302 302 302 302 200
account_request_login_code : 302 302 302 302 302 302 302 302 200
account_confirm_login_code : 302 302 302 302 302 302 302 302 302
account_logout : 200 200 200 200 200 200 200 200 302
account_signup : 302 302 302 302 302 302 302 302 200
account_inactive : 200 200 200 200 200 200 200 200 200
account_change_password : 200 200 200 200 200 200 200 200 302
account_set_password : 302 302 302 302 302 302 302 302 302
account_reset_password : 200 200 200 200 200 200 200 200 200
account_reset_password_done : 200 200 200 200 200 200 200 200 200
account_reset_password_from_key_done : 200 200 200 200 200 200 200 200 200
account_reset_password_from_key nobody key : 200 200 200 200 200 200 200 200 200
accounts:session-show : 200 200 200 200 200 200 200 200 200
accounts:sent-mail-list : 404 404 404 404 404 404 404 404 404
accounts:sent-mail-show mail : 404 404 404 404 404 404 404 404 404
accounts:sent-mail-preview mail : 404 404 404 404 404 404 404 404 404
about : 200 200 200 200 200 200 200 200 200
manifest : 200 200 200 200 200 200 200 200 200
offline : 200 200 200 200 200 200 200 200 200
service-worker : 200 200 200 200 200 200 200 200 200
accessibility : 200 200 200 200 200 200 200 200 200
"""


def table():
    """{route: (what its address names, {role: status})}"""
    rows = {}
    for line in filter(None, TABLE.split("\n")):
        place, statuses = line.split(" : ")
        route, *arguments = place.split()
        by_role = dict(zip(ROLES, map(int, statuses.split()), strict=True))
        rows[route] = (arguments, by_role)
    return rows


def status_of(client, address):
    response = client.get(address)
    response.getvalue()  # a file that is given is open until it is read to its end
    return response.status_code


@pytest.fixture
def named(
    media,
    territory,
    programme,
    lead,
    contributor,
    partner,
    reader,
    trainer,
    observer,
    outsider,
    grids,
):
    """What addresses name. `sheet` is a step 1 under review; `opportunity`, which it tells
    of, is shared with the partner; `outsider` leads another territory of the same programme."""
    opportunity = factories.create_opportunity(territory, lead)
    factories.share(opportunity, partner, lead)
    sheet = factories.create_worksheet(territory, programme, lead, opportunities=[opportunity])
    factories.write_answer(sheet, "interest", "Un lieu", lead, opportunity=opportunity)
    factories.submit_worksheet(sheet, lead)
    start_review(worksheet=sheet, by=trainer)
    step_2 = factories.create_worksheet(
        territory, programme, lead, step=Step.STEP_2, opportunity=opportunity
    )
    comment = Comment.objects.create(
        worksheet=sheet, question="strategy", body="Qui ?", written_by=trainer
    )
    invitation = Invitation.objects.create(
        email="invite@tests.example", territory=territory, role="reader", invited_by=lead
    )
    return SimpleNamespace(
        territory=territory.ref,
        programme=programme.ref,
        session=factories.create_session(programme).ref,
        opportunity=opportunity.ref,
        saved_filter=SavedFilter.objects.create(user=lead, name="Friches", query="type=friche").ref,
        action=factories.create_action(territory, lead).ref,
        attachment=attach(opportunity=opportunity, by=lead, upload=upload(photo())).ref,
        file_name="photo.jpg",
        person=factories.add_person(opportunity, lead).ref,
        calendar=address_of(subscribe(territory=territory, by=lead)).rpartition("/")[2][:-4],
        sheet=sheet.ref,
        number=1,
        step_2=step_2.ref,
        shared_slot=f"interest--{opportunity.ref}",
        comment=comment.ref,
        member=Grant.objects.get(user=contributor).ref,
        invitation=invitation.ref,
        link=link_token(invitation),
        file_import=factories.upload_spreadsheet(territory, lead).ref,
        extension="csv",
        mail="20260101-120000-1.log",
        nobody="1",
        key="x",
    )


def test_every_route_is_in_the_table():
    names = {name for name, _ in named_views(get_resolver().url_patterns)}
    ours = {name for name in names if not name.startswith("admin:")}
    missing, gone = sorted(ours - table().keys()), sorted(table().keys() - ours)
    assert (missing, gone) == ([], []), (
        "Add to TABLE the routes that are new, with the status that each role gets, and take out "
        "those that are gone."
    )


@pytest.mark.parametrize("role", ROLES)
def test_what_everybody_gets(request, named, client_of, monkeypatch, role):
    monkeypatch.setattr("worksheets.typesetting.pdf_of", str.encode)  # who gets it, not what
    signed_in = None if role == "anonymous" else client_of(request.getfixturevalue(role))
    found, expected = {}, {}
    for route, (arguments, statuses) in table().items():
        address = reverse(route, args=[getattr(named, argument) for argument in arguments])
        found[route] = status_of(signed_in or Client(), address)
        expected[route] = statuses[role]
    assert found == expected


@pytest.mark.parametrize("role", ["lead", "trainer"])
def test_no_address_is_an_error(request, named, client_of, role):
    """A NUL in an address must not reach the database: PostgreSQL would not take it."""
    client = client_of(request.getfixturevalue(role))
    for route, (arguments, _) in table().items():
        values = [getattr(named, argument) for argument in arguments]
        for place, value in enumerate(values):
            if isinstance(value, str):
                odd = [*values[:place], "odd-address", *values[place + 1 :]]
                address = reverse(route, args=odd).replace("odd-address", "a%00b")
                for response in (client.get(address), client.post(address)):
                    assert response.status_code < 500, address


@pytest.mark.parametrize("role", ["lead", "trainer"])
def test_no_query_is_an_error(request, named, client_of, monkeypatch, role):
    """What stands after the question mark is text of anybody's."""
    monkeypatch.setattr("worksheets.typesetting.pdf_of", str.encode)
    client = client_of(request.getfixturevalue(role))
    names = ["page", "filtre", "avec", "ajouter", "next", "vue", "type", "etape", "territoire"]
    names += ["etat", "action", "quoi", "qui", "depuis", "avant"]
    names += ["quartier", "theme", "fraicheur", "miennes", "archives", "q", "tri", "cadre", "zoom"]
    for route, (arguments, statuses) in table().items():
        if statuses[role] == 405:
            continue
        address = reverse(route, args=[getattr(named, argument) for argument in arguments])
        for odd in ("a%00b%ED%A0%80", "-1", "9" * 30):
            query = "&".join(f"{name}={odd}" for name in names)
            assert status_of(client, f"{address}?{query}") < 500, address


def test_no_form_is_an_error(named, client_of, lead, monkeypatch):
    """What a form says under any name is text of anybody's too."""
    monkeypatch.setattr("worksheets.typesetting.pdf_of", str.encode)
    names = ["territory", "territoire", "owner", "kind", "title", "sentence", "request_key", "name"]
    names += ["query", "district", "commune", "revealed_by", "seen", "partners", "kept", "stage"]
    names += ["version", "column_0", "default_kind", "role", "email", "kept_until", "starts_at"]
    for route, (arguments, _) in table().items():
        address = reverse(route, args=[getattr(named, argument) for argument in arguments])
        response = client_of(lead).post(address, dict.fromkeys(names, "a\0b"))
        response.getvalue()
        assert response.status_code < 500, address
