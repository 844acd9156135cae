"""The three grids, word for word (the wording is the users' own and must not be edited here
without publishing a new grid version: `manage.py load_reference` does that).

`{horizon}` in a label is the programme's horizon, which the paper printed as "2020".
"""

from programmes.enums import Step
from worksheets.enums import QuestionKind
from worksheets.grids.schema import Block, Choice, Column, Grid, Group, Question

TEXT, LIST, CHOICES = QuestionKind.TEXT, QuestionKind.LIST, QuestionKind.CHOICES
TABLE, BUDGET, MARK = QuestionKind.TABLE, QuestionKind.BUDGET, QuestionKind.MARK


def _alone(question: Question) -> Group:
    """A question under its own label, with no heading above it."""
    return Group(label="", questions=(question,))


SELF_DIAGNOSIS = Grid(
    step=Step.SELF_DIAGNOSIS,
    title="Auto-diagnostic",
    heading="Développement économique urbain, auto-diagnostic rapide",
    blocks=(
        Block(
            key="diagnostic",
            title="Développement économique urbain, auto-diagnostic rapide",
            groups=(
                _alone(
                    Question(
                        "collaborations",
                        TEXT,
                        "Les collaborations qui s’organisent sur la question",
                        help="Les acteurs concernés, les espaces de dialogue et de travail, "
                        "les sujets abordés",
                        number="1",
                    )
                ),
                _alone(
                    Question(
                        "achievements",
                        LIST,
                        "Réalisation(s) concrète(s) depuis le lancement du contrat de ville",
                        help="dans ou hors contrat de ville",
                        number="2",
                        offered=3,
                    )
                ),
                _alone(
                    Question(
                        "effects",
                        TEXT,
                        "Effets, visibilité, interrogations",
                        number="3",
                        continues=True,
                    )
                ),
                _alone(
                    Question(
                        "perspectives",
                        LIST,
                        "Les perspectives jusqu’en {horizon}",
                        help="en classant par ordre de priorité",
                        number="4",
                        offered=3,
                    )
                ),
                Group(
                    label="Les conditions nécessaires pour les concrétiser",
                    help="ressources, partenaires, accompagnement...",
                    number="5",
                    questions=(
                        Question(
                            "conditions-easy",
                            LIST,
                            "Celles qui sont faciles à réunir",
                            number="5.1",
                            offered=2,
                        ),
                        Question(
                            "conditions-difficult",
                            LIST,
                            "Celles qui posent difficultés",
                            number="5.2",
                            offered=2,
                        ),
                    ),
                ),
                _alone(Question("other", TEXT, "Autres éléments", number="6", optional=True)),
            ),
        ),
    ),
)

_KINDS_IN_WORDS = (
    "Une friche, un créateur/développeur, des locaux vacants en mutation, des ressources "
    "culturelles, l’arrivée d’un nouvel acteur économique sur le territoire, une structure "
    "collective avec un projet de développement (club d’entreprises, collectif citoyen, Centre "
    "social, établissement de l’Éducation nationale spécialisé...)"
)

STEP_1 = Grid(
    step=Step.STEP_1,
    title="Étape 1 : Détecter les opportunités",
    heading="Détecter et appuyer des opportunités de développement économique sur votre "
    "territoire.",
    introduction=(
        "Il ne s’agit pas d’un exercice fictif mais d’un réel travail qui vous est demandé et qui "
        "doit vous amener selon les opportunités que vous repérerez sur vos territoires à :"
    ),
    purposes=(
        "Faire émerger un ou des projets économiques qu’ils soient structurants ou non sur les "
        "quartiers prioritaires.",
        "Vous confronter de manière concrète à la question du développement économique dans les "
        "quartiers pour faire évoluer la manière d’aborder ce pilier dans le contrat de ville.",
        "Structurer des modalités de travail collaboratives entre les acteurs du développement "
        "économique et du développement social du territoire qui pourraient servir de modèles "
        "pour la suite du contrat de ville (ou pour d’autres territoires).",
        "Présenter un ou des initiatives prometteuses lors d’une journée régionale, en présence "
        "d’acteurs économiques du territoire.",
    ),
    introduction_end=(
        "La grille ci-dessous vous permet d’organiser votre réflexion et votre action d’ici notre "
        "prochaine rencontre."
    ),
    blocks=(
        Block(
            key="before-next-session",
            title="D’ici la prochaine séance",
            groups=(
                Group(
                    number="1",
                    label="Se mettre d’accord en interne (dans votre collectivité), en externe "
                    "(autre collectivité, association, club d’entreprise...) sur un process de "
                    "repérage des projets",
                    questions=(
                        Question(
                            "process",
                            CHOICES,
                            "Process de repérage",
                            choices=(
                                Choice(
                                    "visit",
                                    "Visite de quartier avec des professionnels de différents "
                                    "services, des associations...",
                                ),
                                Choice(
                                    "dialogue",
                                    "Espace de dialogue avec la société civile autour de la "
                                    "question (chefs d’entreprise, commerçants, conseil citoyen, "
                                    "associations locales)",
                                ),
                                Choice(
                                    "interviews",
                                    "Entretiens avec des porteurs de projets potentiels, déjà "
                                    "repérés",
                                ),
                                Choice(
                                    "call",
                                    "Appel à manifestation d’intérêt (les délais sont un peu "
                                    "courts)",
                                ),
                            ),
                        ),
                        Question("process-internal", TEXT, "en interne"),
                        Question("process-external", TEXT, "en externe"),
                        Question("process-done", MARK, "Ce point est fait", optional=True),
                    ),
                ),
                Group(
                    number="2",
                    label="Tester ce processus et repérer une, deux ou trois opportunités à "
                    "approfondir",
                    questions=(
                        Question(
                            "detection-done",
                            MARK,
                            "Ce point est fait",
                            optional=True,
                            is_derived=True,
                        ),
                    ),
                ),
                Group(
                    number="3",
                    label="Compléter pour une, deux ou trois opportunités détectées sur votre "
                    "territoire la fiche ci-dessous pour préparer la prochaine séance (le canevas "
                    "est indicatif, vous pouvez l’adapter, l’améliorer...)",
                    questions=(
                        Question("completion-done", MARK, "Ce point est fait", optional=True),
                    ),
                ),
            ),
        ),
        Block(
            key="strategy",
            title="Votre stratégie de détection d’opportunités",
            groups=(
                _alone(
                    Question(
                        "strategy",
                        TEXT,
                        "Descriptif (de la préparation au repérage)",
                        number="1",
                    )
                ),
                _alone(
                    Question(
                        "satisfaction",
                        TEXT,
                        "Ce qui vous a satisfait dans l’approche",
                        number="2",
                    )
                ),
                _alone(
                    Question(
                        "lessons",
                        TEXT,
                        "Ce que vous retenez pour la suite du travail sur le développement "
                        "économique de votre territoire",
                        number="3",
                    )
                ),
                _alone(Question("progress", TEXT, "Les axes de progrès", number="4")),
            ),
        ),
        Block(
            key="opportunities",
            title="Opportunités repérées",
            per_opportunity=True,
            subject_label="Type d’opportunité",
            subject_help=_KINDS_IN_WORDS,
            groups=(
                _alone(
                    Question(
                        "description",
                        TEXT,
                        "Descriptif des opportunités possibles",
                        number="1",
                    )
                ),
                _alone(
                    Question(
                        "interest",
                        TEXT,
                        "Le principal intérêt (pour vous, pour le territoire, pour le contrat de "
                        "ville...) à travailler sur cette opportunité dans le cadre du "
                        "développement économique des quartiers",
                        number="2",
                    )
                ),
                _alone(Question("obstacles", TEXT, "Ce qui pourrait vous freiner", number="3")),
                _alone(
                    Question(
                        "role",
                        CHOICES,
                        "Quelle place occuperait votre collectivité dans la concrétisation du "
                        "projet",
                        help="accompagnement/ingénierie technique et financière ; mise à "
                        "disposition de ressources : locaux / avance / prise de participations / "
                        "appui à la promotion du projet...",
                        number="4",
                        has_text=True,
                        choices=(
                            Choice(
                                "support",
                                "accompagnement/ingénierie technique et financière",
                            ),
                            Choice("premises", "mise à disposition de ressources : locaux"),
                            Choice("advance", "avance"),
                            Choice("equity", "prise de participations"),
                            Choice("promotion", "appui à la promotion du projet"),
                        ),
                    )
                ),
                _alone(
                    Question(
                        "carrier",
                        CHOICES,
                        "Les modes de portage de l’initiative qui peuvent déjà s’esquisser",
                        help="public / mixte (SCIC par exemple) / privé",
                        number="5",
                        has_text=True,
                        choices=(
                            Choice("public", "public"),
                            Choice("mixed", "mixte (SCIC par exemple)"),
                            Choice("private", "privé"),
                        ),
                    )
                ),
                _alone(
                    Question(
                        "topics",
                        LIST,
                        "Les éléments autour desquels vous souhaitez travailler, échanger avec "
                        "les autres participants à la formation lors de notre prochaine journée "
                        "de travail afin d’avancer sur votre projet",
                        number="6",
                        offered=2,
                    )
                ),
            ),
        ),
    ),
)

STEP_2 = Grid(
    step=Step.STEP_2,
    title="Étape 2 : De l’opportunité au projet",
    heading="De l’opportunité au projet",
    blocks=(
        Block(
            key="exploration",
            title="Une fois l’opportunité détectée, comment je/nous organisons une exploration "
            "plus étayée de cette opportunité",
            groups=(
                _alone(
                    Question(
                        "reflection",
                        TABLE,
                        "Temps de réflexion avec le(s) porteur(s) de projet potentiel(s)",
                        number="1",
                        offered=2,
                        columns=(
                            Column("date", "Date", is_date=True),
                            Column("participants", "Participants"),
                            Column("outcome", "Ce qui en est ressorti"),
                        ),
                    )
                ),
                Group(
                    number="2",
                    label="Formalisation des grandes lignes du projet",
                    questions=(
                        Question("activities", TEXT, "Activités / actions à déployer"),
                        Question("means", TEXT, "Moyens / ressources"),
                        Question("partners", LIST, "Partenaires", offered=3),
                        Question("budget", BUDGET, "Budget prévisionnel", offered=2),
                    ),
                ),
                _alone(
                    Question(
                        "decision-makers",
                        TABLE,
                        "Présentation du projet à différents décideurs pour validation de "
                        "l’intérêt du projet",
                        number="3",
                        offered=2,
                        columns=(
                            Column("date", "Date", is_date=True),
                            Column("decision-maker", "Décideur"),
                            Column(
                                "opinion",
                                "Avis",
                                choices=(
                                    Choice("favourable", "favorable"),
                                    Choice("reserved", "réservé"),
                                    Choice("unfavourable", "défavorable"),
                                    Choice("pending", "en attente"),
                                ),
                            ),
                            Column("remarks", "Remarques"),
                        ),
                    )
                ),
            ),
        ),
        Block(
            key="know-how",
            title="Ce que nous savons faire et les besoins d’accompagnement",
            groups=(
                _alone(
                    Question(
                        "know-how-and-needs",
                        TABLE,
                        "Savoir-faire et besoins d’accompagnement",
                        offered=4,
                        columns=(
                            Column(
                                "know-how",
                                "Ce que nous savons faire sur le territoire (en interne ou en "
                                "mobilisant des acteurs ressources présents sur le territoire)",
                            ),
                            Column("needs", "Les besoins d’accompagnement"),
                        ),
                    )
                ),
            ),
        ),
    ),
)

GRIDS = (SELF_DIAGNOSIS, STEP_1, STEP_2)
