"""The three grids, word for word: the users' own text, and how it is published."""

import pytest
from django.db import transaction

from programmes.enums import Step
from tests import factories
from worksheets.grids import publishing
from worksheets.grids.declarations import GRIDS, SELF_DIAGNOSIS, STEP_1, STEP_2
from worksheets.grids.publishing import publish_grids
from worksheets.grids.schema import Block, Grid, Group, Question
from worksheets.models import GridVersion


def printed(grid):
    """The grid as lines: blocks, groups and questions, with all that the users read of them."""
    lines = []
    for block in grid.blocks:
        lines.append(f"# {block.title}{' (par opportunité)' if block.per_opportunity else ''}")
        if block.subject_label:
            lines.append(f"{block.subject_label} | {block.subject_help}")
        for group in block.groups:
            if group.label:
                lines.append(f"## {group.number}. {group.label}")
                lines += [f"   ({group.help})"] if group.help else []
            for question in group.questions:
                lines += printed_question(question)
    return lines


def printed_question(question):
    marks = [
        f"{question.offered} offertes" if question.offered else "",
        "facultative" if question.optional else "",
        "suite" if question.continues else "",
        "déduite" if question.is_derived else "",
        "avec texte" if question.has_text else "",
    ]
    number = f"{question.number}. " if question.number else ""
    kind = ", ".join([question.kind.value, *filter(None, marks)])
    lines = [f"{number}{question.label} [{kind}]"]
    lines += [f"   ({question.help})"] if question.help else []
    lines += [f"   - {choice.label}" for choice in question.choices]
    for column in question.columns:
        choices = " / ".join(choice.label for choice in column.choices)
        kind = " [date]" if column.is_date else f" [{choices}]" if choices else ""
        lines.append(f"   | {column.label}{kind}")
    return lines


def test_the_steps_in_their_order():
    assert [(grid.step, grid.title, grid.heading) for grid in GRIDS] == [
        (
            "auto-diagnostic",
            "Auto-diagnostic",
            "Développement économique urbain, auto-diagnostic rapide",
        ),
        (
            "etape-1",
            "Étape 1\u00a0: Détecter les opportunités",
            "Détecter et appuyer des opportunités de développement économique sur votre "
            "territoire.",
        ),
        ("etape-2", "Étape 2\u00a0: De l’opportunité au projet", "De l’opportunité au projet"),
    ]


def test_self_diagnosis():
    assert printed(SELF_DIAGNOSIS) == [
        "# Développement économique urbain, auto-diagnostic rapide",
        "1. Les collaborations qui s’organisent sur la question [text]",
        "   (Les acteurs concernés, les espaces de dialogue et de travail, les sujets abordés)",
        "2. Réalisation(s) concrète(s) depuis le lancement du contrat de ville [list, 3 offertes]",
        "   (dans ou hors contrat de ville)",
        "3. Effets, visibilité, interrogations [text, suite]",
        "4. Les perspectives jusqu’en {horizon} [list, 3 offertes]",
        "   (en classant par ordre de priorité)",
        "## 5. Les conditions nécessaires pour les concrétiser",
        "   (ressources, partenaires, accompagnement...)",
        "5.1. Celles qui sont faciles à réunir [list, 2 offertes]",
        "5.2. Celles qui posent difficultés [list, 2 offertes]",
        "6. Autres éléments [text, facultative]",
    ]


def test_step_1():
    assert printed(STEP_1) == [
        "# D’ici la prochaine séance",
        "## 1. Se mettre d’accord en interne (dans votre collectivité), en externe (autre "
        "collectivité, association, club d’entreprise...) sur un process de repérage des projets",
        "Process de repérage [choices]",
        "   - Visite de quartier avec des professionnels de différents services, des "
        "associations...",
        "   - Espace de dialogue avec la société civile autour de la question (chefs "
        "d’entreprise, commerçants, conseil citoyen, associations locales)",
        "   - Entretiens avec des porteurs de projets potentiels, déjà repérés",
        "   - Appel à manifestation d’intérêt (les délais sont un peu courts)",
        "en interne [text]",
        "en externe [text]",
        "Ce point est fait [mark, facultative]",
        "## 2. Tester ce processus et repérer une, deux ou trois opportunités à approfondir",
        "Ce point est fait [mark, facultative, déduite]",
        "## 3. Compléter pour une, deux ou trois opportunités détectées sur votre territoire la "
        "fiche ci-dessous pour préparer la prochaine séance (le canevas est indicatif, vous "
        "pouvez l’adapter, l’améliorer...)",
        "Ce point est fait [mark, facultative]",
        "# Votre stratégie de détection d’opportunités",
        "1. Descriptif (de la préparation au repérage) [text]",
        "2. Ce qui vous a satisfait dans l’approche [text]",
        "3. Ce que vous retenez pour la suite du travail sur le développement économique de "
        "votre territoire [text]",
        "4. Les axes de progrès [text]",
        "# Opportunités repérées (par opportunité)",
        "Type d’opportunité | Une friche, un créateur/développeur, des locaux vacants en "
        "mutation, des ressources culturelles, l’arrivée d’un nouvel acteur économique sur le "
        "territoire, une structure collective avec un projet de développement (club "
        "d’entreprises, collectif citoyen, Centre social, établissement de l’Éducation nationale "
        "spécialisé...)",
        "1. Descriptif des opportunités possibles [text]",
        "2. Le principal intérêt (pour vous, pour le territoire, pour le contrat de ville...) à "
        "travailler sur cette opportunité dans le cadre du développement économique des "
        "quartiers [text]",
        "3. Ce qui pourrait vous freiner [text]",
        "4. Quelle place occuperait votre collectivité dans la concrétisation du projet "
        "[choices, avec texte]",
        "   (accompagnement/ingénierie technique et financière ; mise à disposition de "
        "ressources : locaux / avance / prise de participations / appui à la promotion du "
        "projet...)",
        "   - accompagnement/ingénierie technique et financière",
        "   - mise à disposition de ressources : locaux",
        "   - avance",
        "   - prise de participations",
        "   - appui à la promotion du projet",
        "5. Les modes de portage de l’initiative qui peuvent déjà s’esquisser "
        "[choices, avec texte]",
        "   (public / mixte (SCIC par exemple) / privé)",
        "   - public",
        "   - mixte (SCIC par exemple)",
        "   - privé",
        "6. Les éléments autour desquels vous souhaitez travailler, échanger avec les autres "
        "participants à la formation lors de notre prochaine journée de travail afin d’avancer "
        "sur votre projet [list, 2 offertes]",
    ]


def test_the_introduction_of_step_1():
    assert [STEP_1.introduction, *STEP_1.purposes, STEP_1.introduction_end] == [
        "Il ne s’agit pas d’un exercice fictif mais d’un réel travail qui vous est demandé et "
        "qui doit vous amener selon les opportunités que vous repérerez sur vos territoires à :",
        "Faire émerger un ou des projets économiques qu’ils soient structurants ou non sur les "
        "quartiers prioritaires.",
        "Vous confronter de manière concrète à la question du développement économique dans les "
        "quartiers pour faire évoluer la manière d’aborder ce pilier dans le contrat de ville.",
        "Structurer des modalités de travail collaboratives entre les acteurs du développement "
        "économique et du développement social du territoire qui pourraient servir de modèles "
        "pour la suite du contrat de ville (ou pour d’autres territoires).",
        "Présenter un ou des initiatives prometteuses lors d’une journée régionale, en présence "
        "d’acteurs économiques du territoire.",
        "La grille ci-dessous vous permet d’organiser votre réflexion et votre action d’ici "
        "notre prochaine rencontre.",
    ]


def test_step_2():
    assert printed(STEP_2) == [
        "# Une fois l’opportunité détectée, comment je/nous organisons une exploration plus "
        "étayée de cette opportunité",
        "1. Temps de réflexion avec le(s) porteur(s) de projet potentiel(s) [table, 2 offertes]",
        "   | Date [date]",
        "   | Participants",
        "   | Ce qui en est ressorti",
        "## 2. Formalisation des grandes lignes du projet",
        "Activités / actions à déployer [text]",
        "Moyens / ressources [text]",
        "Partenaires [list, 3 offertes]",
        "Budget prévisionnel [budget, 2 offertes]",
        "3. Présentation du projet à différents décideurs pour validation de l’intérêt du "
        "projet [table, 2 offertes]",
        "   | Date [date]",
        "   | Décideur",
        "   | Avis [favorable / réservé / défavorable / en attente]",
        "   | Remarques",
        "# Ce que nous savons faire et les besoins d’accompagnement",
        "Savoir-faire et besoins d’accompagnement [table, 4 offertes]",
        "   | Ce que nous savons faire sur le territoire (en interne ou en mobilisant des acteurs "
        "ressources présents sur le territoire)",
        "   | Les besoins d’accompagnement",
    ]


@pytest.mark.parametrize("grid", GRIDS, ids=lambda grid: grid.step)
def test_a_grid_comes_back_from_json_the_same(grid):
    assert Grid.from_json(grid.to_json()) == grid


@pytest.mark.parametrize("grid", GRIDS, ids=lambda grid: grid.step)
def test_keys_are_unique_and_fit_in_addresses_and_columns(grid):
    keys = [question.key for block in grid.blocks for question in block.questions]
    assert len(set(keys)) == len(keys)
    assert [key for key in keys if "--" in key or "." in key or len(key) > 40] == []


def test_a_declaration_of_before_is_still_read():
    """Versions in the database don't know of what questions got since."""
    declaration = STEP_1.to_json()
    for block in declaration["blocks"]:
        for group in block["groups"]:
            for question in group["questions"]:
                del question["is_derived"]
    before = Grid.from_json(declaration)
    assert [q.key for q in before.by_key.values()] == [q.key for q in STEP_1.by_key.values()]
    assert not any(question.is_derived for question in before.by_key.values())


def test_publishing_is_done_once(db):
    published = publish_grids()
    assert [(version.step, version.number) for version in published] == [
        ("auto-diagnostic", 1),
        ("etape-1", 1),
        ("etape-2", 1),
    ]
    assert [version.grid for version in GridVersion.objects.order_by("pk")] == list(GRIDS)
    assert publish_grids() == []
    assert GridVersion.objects.count() == 3


def test_a_changed_grid_is_another_version_and_worksheets_keep_theirs(
    monkeypatch, territory, programme, lead, grids
):
    worksheet = factories.create_worksheet(territory, programme, lead)
    shorter = Grid(
        step=Step.STEP_1,
        title="Étape 1",
        blocks=(Block("only", "Un bloc", (Group("", (Question("new", "text", "Nouvelle"),)),)),),
    )
    monkeypatch.setattr(publishing, "GRIDS", (SELF_DIAGNOSIS, shorter, STEP_2))

    [published] = publish_grids()

    assert (published.step, published.number) == ("etape-1", 2)
    assert GridVersion.objects.latest_of(Step.STEP_1) == published
    worksheet.refresh_from_db()
    assert worksheet.grid == STEP_1
    later = factories.create_worksheet(
        factories.create_territory("Lens-Liévin"), programme, lead, step=Step.STEP_1
    )
    assert later.grid == shorter


def test_a_version_is_immutable(grids):
    version = grids[Step.STEP_1]
    version.declaration = {}
    with pytest.raises(TypeError):
        version.save()
    with pytest.raises(TypeError):
        GridVersion.objects.filter(pk=version.pk).update(number=9)
    with pytest.raises(TypeError), transaction.atomic():
        GridVersion.objects.bulk_update([version], ["declaration"])
    assert GridVersion.objects.get(pk=version.pk).grid == STEP_1
