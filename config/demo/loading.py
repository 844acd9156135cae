from django.db import transaction

from accounts.demo import ACCOUNTS
from accounts.models import User
from config.demo import clock, reading
from config.demo.actions import plan_action
from config.demo.opportunities import plan_opportunity
from config.demo.setting import (
    BEGINNING,
    create_administrator,
    create_people,
    open_accounts,
    open_demo_programme,
    open_territory,
    plan_team,
)
from config.demo.story import Story
from config.demo.worksheets import ToldWorksheet
from journal.visits import note_visit
from territories.models import Grant
from worksheets.models import Worksheet

LAST_VISITS = "J-5 18:30"


def is_loaded():
    """Whether the demonstration was loaded here: all of it, since it is loaded in one transaction.
    What people did with it since is theirs; nothing is loaded over it."""
    return User.objects.filter(email__in=[email for email, _ in ACCOUNTS]).exists()


@transaction.atomic
def load(today):
    """Creates the accounts and plays the whole story, dated around `today` (Europe/Paris).

    Raises setting.ReferenceMissing, with nothing written, before manage.py load_reference.
    """
    story = Story(today)
    told_programme = reading.read(reading.CONTENT / "programme.toml")
    folders = reading.territory_folders()
    told = {folder: reading.read(folder / "territory.toml") for folder in folders}
    with clock.showing(clock.moment(BEGINNING, today)):
        administrator = create_administrator()
        for people in (told_programme["people"], *(told[folder]["people"] for folder in folders)):
            create_people(story, people)
        open_accounts()
        territories = {folder: open_territory(told[folder], by=administrator) for folder in folders}
        programme = open_demo_programme(story, told_programme, territories.values())
    trainer = story.people[told_programme["people"][0]["key"]]
    for folder, territory in territories.items():
        plan_team(story, territory, told[folder], trainer=trainer)
        for action in told[folder]["actions"]:
            plan_action(story, territory, action)
        for opportunity in told[folder]["opportunities"]:
            plan_opportunity(story, territory, opportunity)
        for path in reading.worksheet_files(folder):
            ToldWorksheet(story, territory, programme, reading.read(path))
    story.plan(LAST_VISITS, _visit_everything)
    story.play()


def _visit_everything():
    """Everybody reads what there is by then; the rest will be new to them."""
    for grant in Grant.objects.current().select_related("user", "territory"):
        worksheets = Worksheet.objects.visible_to(grant.user).filter(territory=grant.territory)
        for scope in (grant.territory.scope, *(worksheet.target for worksheet in worksheets)):
            note_visit(scope=scope, by=grant.user)
