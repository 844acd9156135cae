from datetime import date, timedelta

import pytest
from django.utils import timezone

from programmes.enums import Step
from programmes.models import Programme
from programmes.permissions import centres_open_to
from territories.enums import Role
from territories.models import ResourceCentre
from territories.permissions import roles_of
from tests import factories
from tests.visits import as_shown, by_role, messages_of


@pytest.fixture
def stranger(db):
    """Trains another programme, of another centre, which enrols another territory."""
    centre = ResourceCentre.objects.create(name="Un autre centre")
    programme = factories.create_programme("Ailleurs", centre=centre)
    factories.enrol(factories.create_territory("Ailleurs"), programme)
    user = factories.create_user("Serge Ailleurs")
    factories.join_programme(user, programme)
    return user


@pytest.fixture
def session(programme):
    return factories.create_session(programme)


def page(programme):
    return f"/formations/{programme.ref}/"


# Who reaches what (the users' table, row "open and run programmes, grids, sessions"). 404: the
# programme is private; 403: it is seen but not run; 302: done.
READ = {
    "lead": 200,
    "contributor": 200,
    "partner": 200,
    "reader": 200,
    "trainer": 200,
    "observer": 200,
    "staff": 200,
    "stranger": 404,
}
RUN = {
    "lead": 403,
    "contributor": 403,
    "partner": 403,
    "reader": 403,
    "trainer": 302,
    "observer": 403,
    "staff": 302,
    "stranger": 404,
}
OPEN = RUN | {"stranger": 302}  # in the name of their own centre


@by_role(READ)
def test_who_reads_a_programme(actor, status, programme, client_of):
    assert client_of(actor).get(page(programme)).status_code == status


@by_role(OPEN)
def test_who_opens_a_programme(actor, status, programme, client_of):
    form = client_of(actor).get("/formations/ouvrir/")
    assert form.status_code == (200 if status == 302 else 403)
    own_centre = centres_open_to(actor).first() or programme.centre
    data = {"centre": own_centre.pk, "name": "La suite", "horizon": 2030}
    assert client_of(actor).post("/formations/ouvrir/", data).status_code == status
    assert Programme.objects.filter(name="La suite").exists() == (status == 302)


@by_role(RUN)
def test_who_enrols_a_territory(actor, status, programme, client_of):
    new = factories.create_territory("Lens-Liévin")
    answer = client_of(actor).post(f"{page(programme)}inscrire/", {"territory": new.pk})
    assert answer.status_code == status
    assert programme.enrolments.filter(territory=new).exists() == (status == 302)


@by_role(RUN)
def test_who_adds_a_session(actor, status, programme, client_of):
    data = {"title": "Séance", "held_on": "2026-10-01"}
    answer = client_of(actor).post(f"{page(programme)}seances/ajouter/", data)
    assert answer.status_code == status
    assert programme.sessions.exists() == (status == 302)


@by_role(RUN)
def test_who_changes_a_session(actor, status, programme, session, client_of):
    data = {"title": "Déplacée", "held_on": "2026-10-08"}
    answer = client_of(actor).post(f"{page(programme)}seances/{session.ref}/", data)
    assert answer.status_code == status
    session.refresh_from_db()
    assert (session.title == "Déplacée") == (status == 302)


@by_role(RUN)
def test_who_cancels_a_session(actor, status, programme, session, client_of):
    answer = client_of(actor).post(f"{page(programme)}seances/{session.ref}/supprimer/")
    assert answer.status_code == status
    assert programme.sessions.exists() == (status != 302)


@by_role(RUN)
def test_who_sets_deadlines(actor, status, programme, client_of):
    answer = client_of(actor).post(f"{page(programme)}echeances/", {"etape-1": "2026-10-01"})
    assert answer.status_code == status
    assert programme.deadlines.exists() == (status == 302)


def test_staff_run_programmes_without_seeing_the_teams(staff, programme, territory, client_of):
    client = client_of(staff)
    assert f"/territoires/{territory.ref}/" not in client.get(page(programme)).text
    assert client.get(f"/territoires/{territory.ref}/equipe/").status_code == 404
    client.post(f"{page(programme)}inscrire/", {"territory": factories.create_territory("X").pk})
    assert roles_of(staff, territory) == frozenset()


def test_the_sessions_of_another_programme_are_out_of_reach(trainer, programme, client_of):
    elsewhere = factories.create_session(factories.create_programme("Ailleurs"), "Intacte")
    url = f"{page(programme)}seances/{elsewhere.ref}/"
    data = {"title": "Déplacée", "held_on": "2026-10-08"}
    assert client_of(trainer).post(url, data).status_code == 404
    client_of(trainer).post(f"{url}supprimer/")
    elsewhere.refresh_from_db()
    assert elsewhere.title == "Intacte"


# What the pages show


def test_the_page_tells_what_is_past_next_and_to_come(programme, reader, client_of):
    today = timezone.localdate()
    factories.create_session(programme, "Passée", today - timedelta(days=1))
    factories.create_deadline(programme, Step.STEP_1, today)
    factories.create_session(programme, "À venir", today + timedelta(days=9))
    context = client_of(reader).get(page(programme)).context
    assert [item.title for item in context["calendar"]] == ["Passée", "Étape 1", "À venir"]
    assert context["next_item"].title == "Étape 1"


def test_only_who_runs_it_sees_forms(programme, session, reader, trainer, client_of):
    factories.create_territory("Lens-Liévin")
    pages = [client_of(user).get(page(programme)).text for user in (reader, trainer)]
    forms = [as_shown(text).count("<form") for text in pages]
    assert forms == [1, 2]  # signing out; enrolling


def test_when_every_territory_is_enrolled_the_page_says_so(programme, trainer, client_of):
    assert (
        "Tous les territoires ouverts sont inscrits."
        in client_of(trainer).get(page(programme)).text
    )


def test_trainers_see_who_has_no_lead(programme, territory, lead, trainer, client_of):
    text = client_of(trainer).get(page(programme)).text
    assert text.count("Sans référent") == 1


def test_links_lead_only_to_open_territories(
    programme, reader, territory, other_territory, outsider, client_of
):
    text = client_of(reader).get(page(programme)).text
    assert [f"/territoires/{t.ref}/" in text for t in (territory, other_territory)] == [True, False]
    assert other_territory.name in text


def test_enrolled_territories_are_not_offered(programme, trainer, client_of):
    new = factories.create_territory("Lens-Liévin")
    form = client_of(trainer).get(page(programme)).context["form"]
    assert list(form.fields["territory"].queryset) == [new]


def test_the_list_shows_what_one_may_see(programme, reader, stranger, client_of):
    answer = client_of(reader).get("/formations/")
    assert [(one.name, one.territory_count) for one in answer.context["programmes"]] == [
        ("Développement économique des quartiers", 2)
    ]


def test_an_empty_list_says_why(db, client_of):
    text = client_of(factories.create_user()).get("/formations/").text
    assert "Aucune formation" in text
    assert "Ouvrir une formation" not in text


def test_the_programme_page_costs_the_same_for_many(trainer, client_of, query_counts):
    programme = factories.create_programme("Vide")
    factories.join_programme(trainer, programme)
    client = client_of(trainer)

    def add_rows(number):
        for _ in range(number):
            programme.enrolments.create(territory=factories.create_territory())
            user = factories.create_user()
            programme.members.create(user=user, role=Role.OBSERVER)
            factories.create_session(programme, user.email)

    assert query_counts(lambda: client.get(page(programme)), add_rows) == [14, 14, 14]


def test_the_list_costs_the_same_for_many(trainer, client_of, query_counts):
    client = client_of(trainer)

    def add_rows(number):
        for _ in range(number):
            name = factories.create_user().email
            factories.join_programme(trainer, factories.create_programme(name))

    assert query_counts(lambda: client.get("/formations/"), add_rows) == [6, 6, 6]


# What forms refuse


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"centre": ""}, "centre"),
        ({"centre": "0"}, "centre"),
        ({"name": ""}, "name"),
        ({"name": "\x00"}, "name"),
        ({"name": "Développement économique des quartiers"}, "__all__"),
        ({"horizon": "1999"}, "horizon"),
        ({"horizon": "99999"}, "horizon"),
        ({"horizon": "bientôt"}, "horizon"),
    ],
)
def test_the_opening_form_refuses(trainer, programme, client_of, change, field):
    data = {"centre": programme.centre_id, "name": "La suite", "horizon": 2030} | change
    answer = client_of(trainer).post("/formations/ouvrir/", data)
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, [field])
    assert Programme.objects.count() == 1


def test_a_line_too_long_is_refused_whole(trainer, programme, session, client_of):
    opening = {"centre": programme.centre_id, "name": "N" * 121, "horizon": 2030}
    meeting = {"title": "T" * 121, "held_on": "2026-10-08", "place": "P" * 121}
    for path, data, fields in [
        ("/formations/ouvrir/", opening, ["name"]),
        (f"{page(programme)}seances/ajouter/", meeting, ["title", "place"]),
        (f"{page(programme)}seances/{session.ref}/", meeting, ["title", "place"]),
    ]:
        answer = client_of(trainer).post(path, data)
        assert (answer.status_code, list(answer.context["form"].errors)) == (413, fields)
    assert (Programme.objects.get(), programme.sessions.get()) == (programme, session)


def test_what_no_screen_can_show_goes(trainer, programme, client_of):
    data = {"title": "Séance\x00", "held_on": "2026-10-08", "place": "Lille\x07"}
    client_of(trainer).post(f"{page(programme)}seances/ajouter/", data)
    added = programme.sessions.get()
    assert (added.title, added.place) == ("Séance", "Lille")


def test_a_trainer_opens_in_the_name_of_their_own_centre_only(trainer, stranger, client_of):
    elsewhere = ResourceCentre.objects.get(name="Un autre centre")
    data = {"centre": elsewhere.pk, "name": "La suite", "horizon": 2030}
    answer = client_of(trainer).post("/formations/ouvrir/", data)
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["centre"])


@pytest.mark.parametrize("value", ["", "0", "abc"])
def test_the_enrolment_form_refuses(trainer, programme, client_of, value):
    answer = client_of(trainer).post(f"{page(programme)}inscrire/", {"territory": value})
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["territory"])


def test_a_second_click_on_enrolling_is_no_error(trainer, programme, client_of):
    new = factories.create_territory("Lens-Liévin")
    answers = [
        client_of(trainer).post(f"{page(programme)}inscrire/", {"territory": new.pk})
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert programme.enrolments.filter(territory=new).count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "\x00"}, "title"),
        ({"held_on": ""}, "held_on"),
        ({"held_on": "32/13/2026"}, "held_on"),
    ],
)
def test_the_session_form_refuses(trainer, programme, session, client_of, change, field):
    data = {"title": "Séance", "held_on": "2026-10-08", "place": "Lille"} | change
    for path in ("ajouter", session.ref):
        answer = client_of(trainer).post(f"{page(programme)}seances/{path}/", data)
        assert (answer.status_code, list(answer.context["form"].errors)) == (400, [field])
    assert programme.sessions.get() == session


def test_a_second_click_on_adding_a_session_is_no_error(trainer, programme, client_of):
    data = {"title": "Séance", "held_on": "2026-10-08"}
    first, second = (
        client_of(trainer).post(f"{page(programme)}seances/ajouter/", data) for _ in range(2)
    )
    assert [first.status_code, second.status_code] == [302, 302]
    assert messages_of(second) == [
        "La séance «\N{NO-BREAK SPACE}Séance\N{NO-BREAK SPACE}» est déjà au calendrier."
    ]
    assert programme.sessions.count() == 1


def test_a_second_click_on_cancelling_is_no_error(trainer, programme, session, client_of):
    url = f"{page(programme)}seances/{session.ref}/supprimer/"
    first, second = (client_of(trainer).post(url) for _ in range(2))
    assert [first.status_code, second.status_code] == [302, 302]
    assert messages_of(second) == ["Cette séance a déjà été supprimée."]


def test_the_session_form_shows_what_is(trainer, programme, session, client_of):
    text = client_of(trainer).get(f"{page(programme)}seances/{session.ref}/").text
    assert 'value="2026-10-01"' in text


def test_the_deadlines_form_shows_what_is_and_refuses(trainer, programme, client_of):
    factories.create_deadline(programme, Step.STEP_1, date(2026, 10, 1))
    client, url = client_of(trainer), f"{page(programme)}echeances/"
    assert 'value="2026-10-01"' in client.get(url).text
    answer = client.post(url, {"etape-1": "demain"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["etape-1"])
    assert programme.deadlines.get().due_on == date(2026, 10, 1)


@pytest.mark.parametrize("action", ["inscrire/", "seances/inconnu2/supprimer/"])
def test_acts_need_a_post(trainer, programme, client_of, action):
    assert client_of(trainer).get(f"{page(programme)}{action}").status_code == 405
