import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
import shapely
from django.core.management import CommandError, call_command

from tests import factories


def located(longitude, latitude):
    output = StringIO()
    call_command("locate", longitude, latitude, stdout=output)
    return json.loads(output.getvalue())


@pytest.mark.django_db
def test_prints_codes():
    epci = factories.create_epci(siren="245900428")
    factories.create_contract(code="245900428", epcis=[epci])
    commune = factories.create_commune(code="97411", epci=epci)
    district = factories.create_district(code="QN97401M", communes=[commune])
    factories.outline(district, shapely.box(55.44, -20.90, 55.46, -20.88))
    factories.create_district(code="QN97402M", longitude=55.5, latitude=-21.0)
    place = {"commune": "97411", "epci": "245900428", "contract": "245900428"}
    nothing = {"commune": None, "epci": None, "contract": None}

    assert located("55.45", "-20.89") == {
        "district": "QN97401M",
        "near": None,
        **place,
        "to_confirm": False,
    }
    assert located("55.461", "-20.89") == {
        "district": None,
        "near": "QN97401M",
        **place,
        "to_confirm": False,
    }
    assert located("55.501", "-21") == {
        "district": "QN97402M",
        "near": None,
        **nothing,
        "to_confirm": True,
    }
    assert located("-61.5", "16.2") == {
        "district": None,
        "near": None,
        **nothing,
        "to_confirm": False,
    }


@pytest.mark.parametrize("point", [("x", "50"), ("", "50"), ("nan", "50"), ("3", "95")])
def test_refuses_what_is_no_position_with_a_sentence(point):
    with pytest.raises(CommandError, match=r"n’est pas une position.* en degrés"):
        call_command("locate", *point)


def test_fails_as_a_command_does():
    answer = subprocess.run(
        [sys.executable, "manage.py", "locate", "200", "50"],
        cwd=Path(__file__).parents[2],
        env=os.environ | {"SECRET_KEY": "nothing"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr.startswith("CommandError: « 200 ; 50 » n’est pas une position")
