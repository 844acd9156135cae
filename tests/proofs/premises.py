"""The worksheet that the proofs write in, and its people.

python -m tests.proofs.premises create   in the base of DATABASE_URL; says where it is, in JSON
python -m tests.proofs.premises audit    says what is kept of it, in JSON
"""

import json
import sys
from dataclasses import asdict
from types import SimpleNamespace

import django

from programmes.enums import Step
from territories.enums import Role

NAMES = {
    "Alice Lambert": Role.LEAD,
    "Bruno Carlier": Role.CONTRIBUTOR,
    "Chloé Delattre": Role.PARTNER,
    "Éric Vasseur": Role.CONTRIBUTOR,
}
LAST_WORD = 1_000  # of what the lead wrote first: those of a test come after


def create():
    """A step 2 worksheet of `typed.GRID`, answered by the lead where that says so; its opportunity
    is shared with the partner, who may answer all of it too."""
    from tests import factories  # noqa: PLC0415  once Django is set up
    from tests.proofs import typed  # noqa: PLC0415
    from worksheets.models import GridVersion  # noqa: PLC0415

    territory = factories.create_territory()
    programme = factories.create_programme()
    factories.enrol(territory, programme)
    people = {name: factories.create_user(name) for name in NAMES}
    for name, role in NAMES.items():
        factories.grant(people[name], territory, role)
    lead, _, partner, _ = people.values()
    opportunity = factories.create_opportunity(territory, lead)
    factories.share(opportunity, partner, lead)
    GridVersion.objects.create(step=Step.STEP_2, number=1, declaration=typed.GRID.to_json())
    worksheet = factories.create_worksheet(
        territory, programme, lead, step=Step.STEP_2, opportunity=opportunity
    )
    words = typed.Words()
    for question in typed.ANSWERED:
        factories.write_answer(worksheet, question.key, typed.filled(question, words), lead)
    worksheet.refresh_from_db()
    return SimpleNamespace(
        worksheet=worksheet,
        people=list(people.values()),
        address=f"/territoires/{territory.ref}/fiches/{worksheet.ref}/",
    )


def main(what):
    django.setup()
    from django.test import Client  # noqa: PLC0415  once Django is set up

    from tests.proofs.kept import Moment  # noqa: PLC0415
    from worksheets.models import Worksheet  # noqa: PLC0415

    if what == "audit":
        return asdict(Moment.of(Worksheet.objects.get()))
    premises = create()
    sessions = {}
    for person in premises.people:
        client = Client()
        client.force_login(person)
        sessions[person.name] = client.cookies["sessionid"].value
    return {"address": premises.address, "sessions": sessions}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*sys.argv[1:])) + "\n")
