import pytest
from django.db import IntegrityError

from accounts.models import User
from tests.factories import create_user


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Nadia Lefebvre", "NL"), ("Jean de la Fontaine", "JF"), ("Madonna", "M"), ("", "?")],
)
def test_initials(name, initials):
    assert User(name=name).initials == initials


def test_the_tint_of_a_name_is_one_of_four():
    tints = {
        User(name=name).tint for name in ("Alice", "Bruno", "Chloé", "Denis", "Émile", "Fanny")
    }
    assert tints <= {1, 2, 3, 4}
    assert User(name="Alice").tint == User(name="Alice").tint


def test_an_address_is_one_person_in_any_case(db):
    create_user(email="alice@tests.example")
    with pytest.raises(IntegrityError):
        User.objects.create(email="Alice@Tests.example", name="Une autre")


def test_the_address_is_kept_in_lower_case(db):
    user = create_user(email=" Alice@Tests.Example ")
    assert user.email == "alice@tests.example"
    assert User.objects.get_by_natural_key("ALICE@tests.example") == user
