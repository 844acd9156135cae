"""The page of a worksheet without JavaScript, written by its ordinary button."""

import re
import uuid
from html import unescape

import pytest

from accounts.wording import NORMALISED
from journal.models import Entry
from territories.enums import Role
from tests import factories
from tests.worksheets.pages import alerts
from tests.worksheets.saves import value_of
from worksheets.enums import State
from worksheets.lifecycle import Verb
from worksheets.models import Revision, Worksheet
from worksheets.reviewing import decide

ONE, TWO = str(uuid.UUID(int=1)), str(uuid.UUID(int=2))


@pytest.fixture
def send(client_of, url_of):
    """`send(user, worksheet, data)` presses the page's ordinary button."""

    def post(user, worksheet, data, **extra):
        return client_of(user).post(url_of(worksheet), data, **extra)

    return post


def written(page, name):
    """What the page has in the textarea `name`, and the version beside it."""
    page = re.sub("<template.*?</template>", "", page, flags=re.DOTALL)
    [text] = re.findall(rf'<textarea[^>]* name="{name}"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    [version] = re.findall(rf'name="{name}\.version" value="(\d+)"', page)
    return unescape(text), int(version)


@pytest.mark.parametrize("role", ["lead", "contributor", "partner"])
@pytest.mark.parametrize("state", [State.DRAFT, State.RETURNED])
def test_the_team_writes_while_it_has_the_worksheet(
    request, client_of, url_of, step_1, role, state
):
    step_1.state = state
    step_1.save()
    response = client_of(request.getfixturevalue(role)).get(url_of(step_1))
    assert response.templates[0].name == "worksheets/writing/worksheet.html"


def test_a_partner_who_reads_the_rest_writes_among_it(
    client_of, send, url_of, step_1, lead, partner, shared, unshared
):
    factories.grant(partner, step_1.territory, Role.READER)
    factories.write_answer(step_1, "strategy", "La marche.", lead)
    page = client_of(partner).get(url_of(step_1))
    fields = page.context["form"].fields
    assert {name.partition("--")[2] for name in fields} == {shared.ref}
    assert '<div class="answer-text" dir="auto">La marche.</div>' in page.text
    mine, others = f"obstacles--{shared.ref}", f"obstacles--{unshared.ref}"
    texts = {mine: "Le bail.", others: "Forcé.", "strategy": "Forcée."}
    versions = {f"{mine}.version": 0, f"{others}.version": 0, "strategy.version": 1}
    assert send(partner, step_1, texts | versions).status_code == 302
    assert set(step_1.answers.values_list("value", "opportunity")) == {
        ("La marche.", None),
        ("Le bail.", shared.pk),
    }


@pytest.mark.parametrize("step", ["step_1", "step_2"])
@pytest.mark.parametrize("role", ["contributor", "partner"])
def test_what_the_trainers_said_of_the_whole_is_not_for_who_sees_a_part(
    request, client_of, url_of, lead, trainer, role, step
):
    worksheet = request.getfixturevalue(step)
    submission = factories.submit_worksheet(worksheet, lead)
    decide(
        worksheet=worksheet,
        verb=Verb.RETURN,
        message="Le moulin réservé attend un budget.",
        comments=[],
        submission_number=str(submission.number),
        by=trainer,
    )
    page = client_of(request.getfixturevalue(role)).get(url_of(worksheet)).text
    assert "demande de compléter la fiche" in page
    is_said = "Le moulin réservé attend un budget." in page
    assert is_said == (role == "contributor" or step == "step_2")


def test_the_ordinary_button_saves_the_page(send, client_of, url_of, step_1, lead, monkeypatch):
    monkeypatch.setattr("worksheets.views.writing.hour", lambda moment: "14\u00a0h\u00a032")
    data = {"strategy.version": 0, "strategy": "<b>Marcher</b> {{ x }}", "anchor": "strategy"}
    response = send(lead, step_1, data)
    assert (response.status_code, response.url) == (302, f"{url_of(step_1)}#strategy")
    page = client_of(lead).get(url_of(step_1)).text
    assert written(page, "strategy") == ("<b>Marcher</b> {{ x }}", 1)
    response = send(lead, step_1, data | {"strategy.version": 1, "strategy": "b"}, follow=True)
    assert [str(m) for m in response.context["messages"]] == ["Enregistré à 14\u00a0h\u00a032."]


def test_what_is_normalised_is_said(send, step_1, lead):
    response = send(lead, step_1, {"strategy.version": 0, "strategy": "a\x00b"}, follow=True)
    assert str(list(response.context["messages"])[1]) == NORMALISED
    assert value_of(step_1, "strategy") == "ab"


def test_a_text_too_long_stays_in_the_page(send, step_1, lead):
    text = "é" * 100_001
    data = {"strategy.version": 0, "strategy": text, "lessons.version": 0, "lessons": "Court."}
    response = send(lead, step_1, data)
    assert response.status_code == 413
    assert written(response.text, "strategy") == (text, 0)
    assert written(response.text, "lessons") == ("Court.", 1)
    assert alerts(response.text) == [
        "1 réponse n’a pas été enregistrée : voyez ci-dessous. Tout le reste est enregistré, et "
        "vos textes sont dans la page."
    ]


@pytest.mark.parametrize(
    "controls",
    [
        {"partners.id": ["x"], "partners.text": ["BGE"]},
        {"partners.id": [ONE, ONE], "partners.text": ["BGE", "CCI"]},
        {"partners.id": [ONE], "partners.text": ["BGE", "CCI"]},
        {
            "partners.id": [str(uuid.UUID(int=n)) for n in range(301)],
            "partners.text": ["BGE"] * 301,
        },
        {
            "budget.version": 0,
            "budget.expenses.id": [ONE],
            "budget.expenses.label": ["a"],
            "budget.expenses.amount": ["beaucoup"],
        },
        {
            "budget.version": 0,
            "budget.expenses.id": [ONE, TWO],
            "budget.expenses.label": ["a"],
            "budget.expenses.amount": ["1"],
        },
        {"budget.version": 0, "budget.resources.id": [ONE]},
        {
            "reflection.version": 0,
            "reflection.id": [ONE],
            "reflection.date": ["hier"],
            "reflection.participants": [""],
            "reflection.outcome": [""],
        },
        {"means.version": 0},
    ],
)
def test_a_malformed_answer_is_refused_and_the_rest_is_kept(send, step_2, lead, controls):
    data = {"activities.version": 0, "activities": "Animer.", "partners.version": 0}
    response = send(lead, step_2, data | controls)
    assert response.status_code == 400
    assert list(step_2.answers.values_list("question", "value")) == [("activities", "Animer.")]
    assert written(response.text, "activities") == ("Animer.", 1)
    assert response.text.count('<p class="refusal">') == 1


def test_what_was_typed_wrongly_is_still_there(send, step_2, lead):
    data = {
        "budget.version": 0,
        "budget.expenses.id": [ONE],
        "budget.expenses.label": ["Études"],
        "budget.expenses.amount": ["beaucoup"],
        "budget.resources.id": [],
    }
    page = send(lead, step_2, data).text
    assert 'value="beaucoup"' in page
    assert ">\nÉtudes</textarea>" in page


@pytest.mark.parametrize(
    ("keep", "kept"),
    [
        ("", "Marcher."),
        ("mine:strategy", "Marcher."),
        ("theirs:strategy", "<i>Écouter</i>"),
        ("both:strategy", "<i>Écouter</i>\n\nMarcher."),
    ],
)
def test_a_contradiction_is_shown_and_settled_knowingly(
    send, step_1, lead, contributor, keep, kept
):
    factories.write_answer(step_1, "strategy", "a", lead)
    factories.write_answer(step_1, "strategy", "<i>Écouter</i>", contributor)
    mine = {"strategy.version": 1, "strategy": "Marcher."}

    response = send(lead, step_1, mine)

    assert response.status_code == 409
    assert written(response.text, "strategy") == ("Marcher.", 2)
    assert "<del>&lt;i&gt;Écouter&lt;/i&gt;</del>" in response.text
    assert not keep or f'name="keep" value="{keep}"' in response.text
    assert value_of(step_1, "strategy") == "<i>Écouter</i>"
    again = mine | {"strategy.version": 2, "keep": keep}
    assert send(lead, step_1, again).status_code == 302
    assert value_of(step_1, "strategy") == kept
    assert Revision.objects.count() == (2 if keep.startswith("theirs") else 3)


def test_settling_one_contradiction_settles_no_other(send, step_1, lead, contributor):
    mine = {}
    for name in ("strategy", "lessons"):
        factories.write_answer(step_1, name, "a", lead)
        factories.write_answer(step_1, name, "Écouter", contributor)
        mine |= {name: "Marcher.", f"{name}.version": 2, f"{name}.contradicted": "1"}

    for pressed in ({"keep": "mine:strategy"}, {"operate": "add:topics"}):
        page = send(lead, step_1, mine | pressed)
        assert page.status_code == 409
        assert 'name="keep" value="both:lessons"' in page.text
    assert value_of(step_1, "strategy") == "Marcher."
    assert value_of(step_1, "lessons") == "Écouter"


def test_what_was_merged_is_told(send, step_1, lead, contributor, monkeypatch):
    monkeypatch.setattr("worksheets.ancestry.moment", lambda instant: "hier à 9\u00a0h\u00a005")
    factories.write_answer(step_1, "lessons", "Un. Deux.", lead)
    factories.write_answer(step_1, "lessons", "Un. Deux. Trois.", contributor)
    data = {"lessons.version": 1, "lessons": "Zéro. Un. Deux."}
    response = send(lead, step_1, data, follow=True)
    assert written(response.text, "lessons") == ("Zéro. Un. Deux. Trois.", 3)
    assert str(next(iter(response.context["messages"]))) == (
        "Votre réponse à «\u00a0Ce que vous retenez pour la suite du travail sur le développement "
        "économique de votre territoire\u00a0»\u00a0: Fusionné avec ce qu’a écrit Bruno Carlier, "
        "hier à 9\u00a0h\u00a005."
    )


def test_a_page_shown_again_never_passes_an_old_text_for_a_new_one(send, step_1, lead, contributor):
    """The author left `lessons` alone while somebody else changed it; the page comes back because
    of another question, and is sent again as it is."""
    factories.write_answer(step_1, "lessons", "Avant.", lead)
    factories.write_answer(step_1, "lessons", "D’un autre.", contributor)
    data = {"lessons.version": 1, "lessons": "Avant.", "strategy.version": 0}

    page = send(lead, step_1, data | {"strategy": "a" * 100_001}).text

    assert written(page, "lessons") == ("D’un autre.", 2)
    again = {"lessons.version": 2, "lessons": "D’un autre.", "strategy.version": 0}
    assert send(lead, step_1, again | {"strategy": "Court."}).status_code == 302
    assert value_of(step_1, "lessons") == "D’un autre."


def test_a_double_submit_is_one_revision(send, step_1, lead):
    for _ in range(2):
        response = send(lead, step_1, {"strategy.version": 0, "strategy": "Marcher."})
        assert response.status_code == 302
    assert Revision.objects.count() == 1
    assert Entry.objects.count() == 1


@pytest.mark.parametrize("version", ["", "x", "-1", "1.0", "²", "9" * 5000, str(10**12)])
def test_an_odd_version_overwrites_nothing(send, step_1, lead, version):
    factories.write_answer(step_1, "strategy", "Avant.", lead)
    response = send(lead, step_1, {"strategy.version": version, "strategy": "Après."})
    assert response.status_code == 409
    assert value_of(step_1, "strategy") == "Avant."
    assert written(response.text, "strategy") == ("Après.", 1)


ROWS = {
    "partners.version": 0,
    "partners.id": [ONE, TWO],
    "partners.text": ["BGE", "CCI"],
}


@pytest.mark.parametrize(
    ("operation", "texts"),
    [
        (f"up:partners:{TWO}", ["CCI", "BGE"]),
        (f"down:partners:{ONE}", ["CCI", "BGE"]),
        (f"remove:partners:{ONE}", ["CCI"]),
        ("add:partners", ["BGE", "CCI"]),
    ],
)
def test_rows_are_moved_removed_and_added_by_buttons(
    send, client_of, step_2, lead, operation, texts
):
    response = send(lead, step_2, ROWS | {"operate": operation})
    assert response.status_code == 302
    assert [entry["text"] for entry in value_of(step_2, "partners")] == texts
    page = client_of(lead).get(response.url.partition("#")[0]).text
    offered = page.count('name="partners.text"')
    assert offered == (4 if operation.startswith("add") else 3)
    assert response.url.endswith("#partners")


@pytest.mark.parametrize("operation", ["burn:partners:x", "up:partners:x", "up", "remove:::"])
def test_an_unknown_button_saves_and_says_so(send, step_2, lead, operation):
    response = send(lead, step_2, ROWS | {"operate": operation})
    assert response.status_code == 400
    assert [entry["text"] for entry in value_of(step_2, "partners")] == ["BGE", "CCI"]


@pytest.mark.parametrize("state", [State.SUBMITTED, State.VALIDATED])
def test_what_was_typed_while_it_closed_is_shown_whole(send, step_2, lead, state):
    text = f"<b>Long</b> {'mot ' * 2000}fin"
    factories.write_answer(step_2, "activities", "Inchangé.", lead)
    step_2.state = state
    step_2.save()
    data = {
        "activities.version": 1,
        "activities": "Inchangé.",
        "means.version": 0,
        "means": text,
        "partners.version": 0,
        "partners.id": ["pas un identifiant"],
        "partners.text": ["Partenaire illisible"],
    }

    response = send(lead, step_2, data)

    assert response.status_code == 409
    assert response.templates[0].name == "worksheets/writing/closed.html"
    assert text in unescape(response.text)
    assert "Partenaire illisible" in response.text
    assert "pas un identifiant" not in response.text
    assert "Inchangé." not in response.text
    assert list(step_2.answers.values_list("question", flat=True)) == ["activities"]


def test_what_was_typed_while_it_was_being_submitted_is_shown_too(
    send, step_1, lead, contributor, monkeypatch
):
    """The worksheet is open when the page is read, closed when the answer is written."""

    def submit_first(**arguments):
        Worksheet.objects.filter(pk=step_1.pk).update(state=State.SUBMITTED)
        return save_page(**arguments)

    from worksheets.views.writing import save_page  # noqa: PLC0415  before it is replaced

    monkeypatch.setattr("worksheets.views.writing.save_page", submit_first)
    response = send(contributor, step_1, {"strategy.version": 0, "strategy": "Trop tard."})
    assert response.status_code == 409
    assert "Trop tard." in response.text
    assert "«\u00a0Transmise\u00a0»" in unescape(response.text)


@pytest.mark.parametrize("role", ["reader", "trainer"])
def test_who_reads_does_not_write(request, send, step_1, role):
    data = {"strategy.version": 0, "strategy": "a"}
    response = send(request.getfixturevalue(role), step_1, data)
    assert response.status_code == 403
    assert "Vous pouvez lire cette fiche, pas la modifier." in response.text
    assert not step_1.answers.exists()
