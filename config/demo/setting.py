"""What stands before the story begins: the people, their territories, the programme."""

from django.contrib.auth.hashers import make_password

from accounts.demo import ACCOUNTS, PASSWORD
from accounts.models import User
from config.demo import clock
from programmes.enrolment import enrol, name_member, open_programme
from programmes.models import Session
from programmes.scheduling import schedule_session, set_deadlines
from territories import teams
from territories.enums import Role
from territories.invitations import invite
from territories.models import CityContract, ResourceCentre, Territory
from territories.permissions import check_user_can_invite

BEGINNING = "J-60 09:00"


class ReferenceMissing(Exception):
    """A contract of the story isn't in the database; the message says what to do."""


def create_people(story, told):
    """The users of `told`, who sign in by an e-mailed code, until `open_accounts`."""
    for person in told:
        story.people[person["key"]] = User.objects.create_user(
            f"{person['key']}@demo.example",
            person["name"],
            date_joined=clock.moment(person.get("joined", BEGINNING), story.today),
        )


def create_administrator():
    return User.objects.create_superuser("admin@demo.example", "Ariane Pupitre")


def open_accounts():
    """Gives the accounts that are shown to everybody their common password. One hash serves them
    all: it is slow on purpose, and hides nothing here."""
    accounts = User.objects.filter(email__in=[email for email, _ in ACCOUNTS])
    accounts.update(password=make_password(PASSWORD))


def open_territory(told, *, by):
    """The workspace of the contract that `told` names, unless there is one already."""
    try:
        contract = CityContract.objects.get(code=told["contract"])
    except CityContract.DoesNotExist:
        raise ReferenceMissing(
            f"Le contrat de ville {told['contract']} n’est pas dans la base : lancez d’abord "
            "manage.py load_reference."
        ) from None
    territory = Territory.objects.filter(contract=contract).first()
    return territory or teams.open_territory(
        territory=Territory(contract=contract, name=told["name"]), by=by
    )


def open_demo_programme(story, told, territories):
    """The programme of `told` with its dates, people and enrolled `territories`; its first trainer
    does it all."""
    trainer, *others = told["people"]
    by = story.people[trainer["key"]]
    days = [clock.day(session["on"], story.today) for session in told["sessions"]]
    years = "-".join(str(year) for year in sorted({days[0].year, days[-1].year}))
    centre, _ = ResourceCentre.objects.get_or_create(name=told["centre"])
    programme = open_programme(
        centre=centre, name=told["name"].format(years=years), horizon=told["horizon"], by=by
    )
    for held_on, session in zip(days, told["sessions"], strict=True):
        facts = {name: value for name, value in session.items() if name != "on"}
        schedule_session(session=Session(programme=programme, held_on=held_on, **facts), by=by)
    due_on = {step: clock.day(when, story.today) for step, when in told["deadlines"].items()}
    set_deadlines(programme=programme, due_on=due_on, by=by)
    for person in others:
        user = story.people[person["key"]]
        name_member(programme=programme, user=user, role=Role(person["role"]), by=by)
    for territory in territories:
        enrol(programme=programme, territory=territory, by=by)
    return programme


def plan_team(story, territory, told, *, trainer):
    """Those who join, in the order of `told`: the lead first, whom the trainer found; and those
    who were invited and haven't come."""
    lead = story.people[told["people"][0]["key"]]
    for person in told["people"]:
        user = story.people[person["key"]]
        story.plan(
            person["joined"],
            teams.join,
            territory=territory,
            role=Role(person["role"]),
            granted_by=trainer if user == lead else lead,
            by=user,
        )
    for invitation in told.get("invitations", ()):
        story.plan(
            invitation["when"],
            _invite,
            territory=territory,
            email=invitation["email"],
            role=Role(invitation["role"]),
            by=story.people[invitation["by"]],
        )


def _invite(*, territory, email, role, by):
    check_user_can_invite(by, territory)
    invite(territory=territory, email=email, role=role, by=by)
