"""A full step 1 worksheet about three opportunities, in the database: the usual large one."""

from uuid import uuid4

from accounts.models import User
from opportunities.enums import Kind
from opportunities.models import Opportunity
from programmes.enums import Step
from programmes.models import Programme
from territories.enums import Role
from territories.models import CityContract, Grant, ResourceCentre, Territory
from worksheets.content import Content
from worksheets.enums import QuestionKind
from worksheets.grids.publishing import publish_grids
from worksheets.models import Answer, ChosenOpportunity, GridVersion, Revision, Worksheet

EMAIL, PASSWORD = "lead@bench.example", "bench-quartiers"
PARAGRAPH = (
    "Trois visites de quartier ont réuni les services de l’habitat, du développement économique "
    "et de la jeunesse, le club d’entreprises et le conseil citoyen. Elles ont montré ce que "
    "chacun savait sans l’avoir dit : une halle hors d’eau, des cellules vacantes en pied "
    "d’immeuble, des habitants qui réparent, cuisinent et livrent sans statut."
)
KINDS = {
    "La halle de la rue du Port": Kind.FRICHE,
    "Les cellules de la place de l’Europe": Kind.PREMISES,
    "L’atelier de couture des Glacis": Kind.CREATOR,
}


def full_step_1():
    """The worksheet, created once; whoever signs in as EMAIL leads its territory."""
    found = Worksheet.objects.first()
    if found:
        return found
    lead = User.objects.create_user(EMAIL, "Camille Mesure", PASSWORD)
    return create_step_1("CU de Dunkerque", create_programme(), [lead])


def create_programme():
    """The programme that all the worksheets are of, and the grids."""
    publish_grids()
    centre = ResourceCentre.objects.create(name="Centre de ressources")
    return Programme.objects.create(centre=centre, name="Développement économique")


def create_step_1(name, programme, leads):
    """A full worksheet of a territory called `name`, which `leads` lead."""
    lead = leads[0]
    contract = CityContract.objects.create(code=f"2{CityContract.objects.count():08}", name=name)
    territory = Territory.objects.create(name=name, contract=contract)
    for each in leads:
        Grant.objects.create(user=each, territory=territory, role=Role.LEAD)
    worksheet = Worksheet.objects.create(
        territory=territory,
        programme=programme,
        step=Step.STEP_1,
        grid_version=GridVersion.objects.latest_of(Step.STEP_1),
        created_by=lead,
    )
    for position, (title, kind) in enumerate(KINDS.items(), start=1):
        opportunity = Opportunity.objects.create(
            territory=territory,
            kind=kind,
            title=title,
            place="rue du Port",
            description=PARAGRAPH,
            created_by=lead,
            updated_by=lead,
        )
        ChosenOpportunity.objects.create(
            worksheet=worksheet, opportunity=opportunity, position=position
        )
    _fill(worksheet, lead)
    return worksheet


def _fill(worksheet, lead):
    chosen = {choice.opportunity.ref: choice.opportunity for choice in worksheet.chosen.all()}
    answers = Answer.objects.bulk_create(
        Answer(
            worksheet=worksheet,
            question=slot.question.key,
            opportunity=chosen[slot.subject.ref] if slot.subject else None,
            value=_value(slot.question),
            saved_by=lead,
        )
        for slot in Content.of(worksheet).slots()
    )
    Revision.objects.bulk_create(
        Revision(answer=answer, version=1, value=answer.value, saved_by=lead) for answer in answers
    )


def _value(question):
    match question.kind:
        case QuestionKind.TEXT:
            return f"{PARAGRAPH}\n\n{PARAGRAPH}"
        case QuestionKind.LIST:
            return [{"id": str(uuid4()), "text": PARAGRAPH} for _ in range(3)]
        case QuestionKind.CHOICES:
            ticked = {choice.key: "avec le club d’entreprises" for choice in question.choices[::2]}
            return {"ticked": ticked, "other": "", "text": PARAGRAPH * question.has_text}
        case QuestionKind.MARK:
            return True
        case kind:
            raise NotImplementedError(f"Step 1 asks no {kind}.")
