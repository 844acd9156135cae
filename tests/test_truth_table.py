"""Who may do what: the users' own table, word for word, held against real requests.

Each row has a probe, which makes the requests of its verb and says in the table's words what it
got. Everybody has something to lose sight of: a shared and an unshared opportunity, what the
territory says once, drafts, submitted versions; and `outsider` leads a territory that is enrolled
in the same programme.
"""

from types import SimpleNamespace

import pytest
from django.db import transaction

from programmes.enums import Step
from programmes.models import Programme
from territories.enums import Role
from territories.models import Grant, Invitation
from tests import factories
from worksheets.comparing import key_of_moment
from worksheets.enums import State
from worksheets.models import Comment, Worksheet
from worksheets.opinions import QUESTION

TABLE = """
| | lead | contributor | partner | reader | trainer | observer | platform staff | anyone else |
|---|---|---|---|---|---|---|---|---|
| read opportunities | y | y | shared | y | y | y, without people | - | - |
| read people attached to an opportunity | y | y | - | - | - | - | - | - |
| read worksheets being written | y | y | shared | y | y (the team sees that) | - | - | - |
| read submitted versions | y | y | shared | y | y | y | - | - |
| write opportunities and answers | y | y | shared | - | - | - | - | - |
| submit, withdraw before the review begins | y | - | - | - | - | - | - | - |
| comment, reply | y | y | shared | y | y | - | - | - |
| return, validate, reopen a validated sheet | - | - | - | - | y | - | - | - |
| give a decision-maker's opinion on a Step 2 | records one | - | - | own, signed | - | - | - | - |
| invite, share, hand over | y | - | - | - | leads | - | - | - |
| open and run programmes, grids, sessions | - | - | - | - | y | - | y | - |
| users, geography, deployment | - | - | - | - | - | - | y | - |
"""
COLUMNS = {
    "lead": "lead",
    "contributor": "contributor",
    "partner": "partner",
    "reader": "reader",
    "trainer": "trainer",
    "observer": "observer",
    "platform staff": "staff",
    "anyone else": "outsider",
}
SAME = {"y, without people": "y", "y (the team sees that)": "y"}

ONCE, SHARED, UNSHARED = "Dit une fois", "Dit de la halle", "Dit du moulin"
ALL = (ONCE, SHARED, UNSHARED)


def cells():
    """(row, column, word) of each cell of TABLE."""
    header, _, *rows = (
        [cell.strip() for cell in line.strip("|").split("|")] for line in TABLE.split("\n") if line
    )
    for verb, *words in rows:
        for column, word in zip(header[1:], words, strict=True):
            yield verb, column, word


@pytest.fixture
def world(request, territory, programme, lead, partner, grids, client_of, monkeypatch):
    """All that the probes ask for, whoever is looking; `client` is nobody's yet."""
    monkeypatch.setattr("worksheets.typesetting.pdf_of", str.encode)  # only what it says matters
    for role in COLUMNS.values():
        request.getfixturevalue(role)
    shared = factories.create_opportunity(territory, lead, "La halle", description=SHARED)
    unshared = factories.create_opportunity(territory, lead, "Le moulin", description=UNSHARED)
    factories.share(shared, partner, lead)
    second = factories.create_programme("Seconde formation")
    factories.enrol(territory, second)
    for role in (Role.TRAINER, Role.OBSERVER):
        factories.join_programme(request.getfixturevalue(role.value), second, role)
    found = SimpleNamespace(
        territory=territory,
        programme=programme,
        shared=shared,
        unshared=unshared,
        draft=_step_1(territory, programme, lead, shared, unshared),
        sent=_step_1(territory, second, lead, shared, unshared),
    )
    factories.submit_worksheet(found.sent, lead)
    for name in ("shared", "unshared"):
        opportunity = getattr(found, name)
        factories.add_person(opportunity, lead, _person_of(opportunity))
        worksheet = factories.create_worksheet(
            territory, programme, lead, step=Step.STEP_2, opportunity=opportunity
        )
        factories.write_answer(worksheet, "means", opportunity.description, lead)
        setattr(found, f"{name}_step_2", worksheet)
    return found


def _person_of(opportunity):
    return f"Inès, de {opportunity.title}"


def _step_1(territory, programme, lead, shared, unshared):
    worksheet = factories.create_worksheet(
        territory, programme, lead, opportunities=[shared, unshared]
    )
    factories.write_answer(worksheet, "strategy", ONCE, lead)
    factories.write_answer(worksheet, "obstacles", SHARED, lead, opportunity=shared)
    factories.write_answer(worksheet, "obstacles", UNSHARED, lead, opportunity=unshared)
    for question, opportunity in (
        ("strategy", None),
        ("obstacles", shared),
        ("obstacles", unshared),
    ):
        Comment.objects.create(
            worksheet=worksheet,
            question=question,
            opportunity=opportunity,
            body=opportunity.description if opportunity else ONCE,
            written_by=lead,
        )
    return worksheet


def address(worksheet, page=""):
    return f"/territoires/{worksheet.territory.ref}/fiches/{worksheet.ref}/{page}"


def read(client, url):
    """Which of the three texts the page says; none where it is refused or leads elsewhere."""
    response = client.get(url)
    assert response.status_code in {200, 302, 403, 404}, url
    return {text: response.status_code == 200 and text in response.text for text in ALL}


def done(client, url, data, *, status=302):
    """Whether the POST did its act, as `status` says; else it must have been refused."""
    response = client.post(url, data)
    assert response.status_code in {status, 403, 404}, (url, response.status_code)
    return response.status_code == status


def word_of(outcome):
    """The table's word, from whether each of the three parts was reached."""
    got = {part for part, is_reached in outcome.items() if is_reached}
    if got == outcome.keys():
        return "y"
    assert got <= {SHARED}, f"neither all, nor the shared part, nor nothing: {got}"
    return "shared" if got else "-"


def read_opportunities(client, world):
    url = f"/territoires/{world.territory.ref}/opportunites/"
    yield word_of(
        {
            SHARED: read(client, f"{url}{world.shared.ref}/")[SHARED],
            UNSHARED: read(client, f"{url}{world.unshared.ref}/")[UNSHARED],
        }
    )
    listed = client.get(url)
    titles = {SHARED: world.shared.title, UNSHARED: world.unshared.title}
    yield word_of({part: title in listed.text for part, title in titles.items()})


def read_people(client, world):
    url = f"/territoires/{world.territory.ref}/"
    details = {
        part: client.get(f"{url}opportunites/{opportunity.ref}/")
        for part, opportunity in opportunities(world)
    }
    listed = client.get(f"{url}personnes/")
    for pages in (details, dict.fromkeys(details, listed)):
        yield word_of(
            {
                part: _person_of(opportunity) in pages[part].text
                for part, opportunity in opportunities(world)
            }
        )


def read_drafts(client, world):
    def now(worksheet):
        return address(worksheet)

    def printed(worksheet):
        return address(worksheet, "fiche.pdf")

    def since_it_was_begun(worksheet):
        begun = key_of_moment(worksheet.created_at)
        return address(worksheet, f"comparer/?de={begun}&a=maintenant")

    for page_of in (now, printed, since_it_was_begun):
        for worksheet in (world.draft, world.sent):
            yield word_of(read(client, page_of(worksheet)))
        yield word_of(
            {
                SHARED: read(client, page_of(world.shared_step_2))[SHARED],
                UNSHARED: read(client, page_of(world.unshared_step_2))[UNSHARED],
            }
        )


def read_submitted(client, world):
    for page in ("versions/1/", "versions/1/fiche.pdf"):
        yield word_of(read(client, address(world.sent, page)))
        assert not any(read(client, address(world.draft, page)).values())


def write(client, world):
    def answers(worksheet, name, text):
        data = {f"{name}.version": 1, name: text}
        return done(client, address(worksheet, f"reponses/{name}/"), data, status=200)

    about = {part: f"obstacles--{o.ref}" for part, o in opportunities(world)}
    yield word_of(
        {ONCE: answers(world.draft, "strategy", ONCE + ".")}
        | {part: answers(world.draft, name, part + ".") for part, name in about.items()}
    )
    yield word_of(
        {
            SHARED: answers(world.shared_step_2, "means", SHARED + "."),
            UNSHARED: answers(world.unshared_step_2, "means", UNSHARED + "."),
        }
    )
    facts = {"kind": "friche", "district": "", "commune": "", "place": ""}
    yield word_of(
        {
            part: done(
                client,
                f"/territoires/{world.territory.ref}/opportunites/{opportunity.ref}/modifier/",
                facts | {"title": opportunity.title, "description": part, "version": 1},
            )
            for part, opportunity in opportunities(world)
        }
    )


def opportunities(world):
    return [(SHARED, world.shared), (UNSHARED, world.unshared)]


def send_and_take_back(client, world):
    number = Worksheet.objects.values_list("change_number", flat=True).get(pk=world.draft.pk)
    data = {"change_number": number}
    yield "y" if done(client, address(world.draft, "transmettre/"), data) else "-"
    yield "y" if done(client, address(world.sent, "retirer/"), {}) else "-"


def comment(client, world):
    parts = {ONCE: "strategy"} | {part: f"obstacles--{o.ref}" for part, o in opportunities(world)}
    for worksheet in (world.draft, world.sent):
        yield word_of(
            {
                part: done(client, address(worksheet, f"commentaires/{name}/"), {"body": part})
                for part, name in parts.items()
            }
        )


def review(client, world):
    decision = {"submission_number": "1", "message": "Précisez."}
    for verb in ("return", "validate"):
        data = decision | {"decision": verb}
        yield "y" if done(client, address(world.sent, "relecture/"), data) else "-"
        Worksheet.objects.filter(pk=world.sent.pk).update(state=State.SUBMITTED)
    Worksheet.objects.filter(pk=world.sent.pk).update(state=State.VALIDATED)
    yield "y" if done(client, address(world.sent, "rouvrir/"), {"message": "Un oubli."}) else "-"


def give_opinion(client, world):
    row = {
        f"{QUESTION}.version": 0,
        f"{QUESTION}.id": "00000000-0000-4000-8000-000000000001",
        f"{QUESTION}.date": "",
        f"{QUESTION}.decision-maker": "Maire",
        f"{QUESTION}.opinion": "favourable",
        f"{QUESTION}.remarks": "",
    }
    step_2 = world.shared_step_2
    records = done(client, address(step_2, f"reponses/{QUESTION}/"), row, status=200)
    signs = done(client, address(step_2, "avis/"), {"opinion": "favourable", "remarks": ""})
    yield {(True, False): "records one", (False, True): "own, signed", (False, False): "-"}[
        records, signs
    ]


def invite_share_hand_over(client, world):
    team = f"/territoires/{world.territory.ref}/equipe/"
    for role in ("lead", "contributor"):
        data = {"email": f"{role}@ailleurs.example", "role": role}
        assert client.post(f"{team}inviter/", data).status_code in {302, 400, 403, 404}
    invited = set(Invitation.objects.values_list("role", flat=True))
    share = {"partners": ["partner@tests.example"], "shown": []}
    opportunity = f"/territoires/{world.territory.ref}/opportunites/{world.unshared.ref}/"
    shared = done(client, f"{opportunity}partage/", share)
    assert world.unshared.shares.exists() is shared
    contributor = Grant.objects.get(territory=world.territory, role=Role.CONTRIBUTOR)
    handed_over = done(client, f"{team}{contributor.ref}/passer-la-main/", {})
    if shared and handed_over:
        assert invited == {"lead", "contributor"}
        yield "y"
    else:
        assert (shared, handed_over) == (False, False)
        yield {frozenset({"lead"}): "leads", frozenset(): "-"}[frozenset(invited)]


def run_programmes(client, world):
    data = {"centre": world.programme.centre_id, "name": "Une nouvelle", "horizon": 2030}
    opened = done(client, "/formations/ouvrir/", data)
    assert Programme.objects.filter(name="Une nouvelle").exists() is opened
    yield "y" if opened else "-"
    programme = f"/formations/{world.programme.ref}/"
    session = {"title": "Deuxième journée", "held_on": "2027-01-15", "place": ""}
    yield "y" if done(client, f"{programme}seances/ajouter/", session) else "-"
    yield "y" if done(client, f"{programme}echeances/", {"etape-1": "2027-01-10"}) else "-"


def administer(client, world):
    for page in ("accounts/user/", "territories/citycontract/", "programmes/programme/", ""):
        response = client.get(f"/administration/{page}")
        assert response.status_code in {200, 302}
        yield "y" if response.status_code == 200 else "-"


PROBES = {
    "read opportunities": read_opportunities,
    "read people attached to an opportunity": read_people,
    "read worksheets being written": read_drafts,
    "read submitted versions": read_submitted,
    "write opportunities and answers": write,
    "submit, withdraw before the review begins": send_and_take_back,
    "comment, reply": comment,
    "return, validate, reopen a validated sheet": review,
    "give a decision-maker's opinion on a Step 2": give_opinion,
    "invite, share, hand over": invite_share_hand_over,
    "open and run programmes, grids, sessions": run_programmes,
    "users, geography, deployment": administer,
}


def test_every_row_has_its_probe():
    assert list(dict.fromkeys(verb for verb, _, _ in cells())) == list(PROBES)


@pytest.mark.parametrize("verb", PROBES)
def test_who_may_do_what(request, client_of, world, verb):
    expected = {column: word for row, column, word in cells() if row == verb}
    found = {}
    for column in expected:
        client = client_of(request.getfixturevalue(COLUMNS[column]))
        found[column] = words_of(verb, client, world)
    assert found == {column: {SAME.get(word, word)} for column, word in expected.items()}


@pytest.mark.parametrize(
    "verb", [verb for verb in PROBES if verb != "users, geography, deployment"]
)
def test_who_is_not_signed_in_may_do_nothing(client, world, verb):
    """Everything leads to the sign-in page, or is refused."""
    assert words_of(verb, _Anonymous(client), world) == {"-"}


def words_of(verb, client, world):
    """The words that the probe says; the world is afterwards what it was."""
    with transaction.atomic():
        words = set(PROBES[verb](client, world))
        transaction.set_rollback(True)
    return words


class _Anonymous:
    """A client for the probes: being led to the sign-in page is being refused."""

    def __init__(self, client):
        self.client = client

    def get(self, url):
        return self._refused(self.client.get(url))

    def post(self, url, data):
        return self._refused(self.client.post(url, data))

    def _refused(self, response):
        if response.status_code == 302:
            assert response.url.startswith("/connexion/")
            response.status_code = 403
        return response
