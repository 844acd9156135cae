"""What the environment decides of the pages' policy."""

import os
import subprocess
import sys

import pytest

PRINT = (
    "from config.settings import CONTENT_SECURITY_POLICY as it; print(*it['DIRECTIVES']['img-src'])"
)


def images_from(tmp_path, **variables):
    """The origins that images may come from, or the last line of what is wrong."""
    known = {"PATH": os.environ["PATH"], "SECRET_KEY": "x", "DEMO": "1", "VAR_DIR": str(tmp_path)}
    command = [sys.executable, "-c", PRINT]
    done = subprocess.run(
        command, env=known | variables, capture_output=True, text=True, check=False
    )
    return (done.stdout or done.stderr).strip().split("\n")[-1]


def test_images_come_from_the_map_that_is_set(tmp_path):
    assert images_from(tmp_path) == "'self' data: blob: https://data.geopf.fr"
    address = "https://cartes.example:8443/{z}/{x}/{y}.png"
    assert (
        images_from(tmp_path, MAP_TILES_URL=address)
        == "'self' data: blob: https://cartes.example:8443"
    )
    assert images_from(tmp_path, MAP_TILES_URL="") == "'self' data: blob:"


@pytest.mark.parametrize("address", ["https://{s}.cartes.example/{z}/{x}/{y}", "/{z}/{x}/{y}"])
def test_a_map_has_one_host(tmp_path, address):
    assert images_from(tmp_path, MAP_TILES_URL=address).startswith(
        "django.core.exceptions.ImproperlyConfigured: MAP_TILES_URL must begin with https://host/"
    )
