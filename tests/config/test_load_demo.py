from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.demo import ACCOUNTS, PASSWORD
from accounts.models import User
from territories.models import Territory

pytestmark = pytest.mark.django_db


def run(command="load_demo"):
    output = StringIO()
    call_command(command, stdout=output)
    return output.getvalue().splitlines()


def test_it_refuses_outside_a_demonstration():
    with pytest.raises(CommandError, match="La démonstration ne se charge qu’avec DEMO=1"):
        run()
    assert not User.objects.exists()


def test_without_the_reference_data_it_says_what_to_do_and_writes_nothing(settings):
    settings.DEMO = True
    with pytest.raises(CommandError, match=r"lancez d’abord manage\.py load_reference"):
        run()
    assert (User.objects.count(), Territory.objects.count()) == (0, 0)


def test_it_loads_once_prints_the_accounts_and_sends_the_messages_of_the_last_days(
    settings, django_capture_on_commit_callbacks, run_tasks, mailoutbox
):
    settings.DEMO = True
    run("load_reference")
    with django_capture_on_commit_callbacks(execute=True):
        first, second = run(), run()

    assert first[0] == (
        "Démonstration chargée\N{NO-BREAK SPACE}: 4 territoires, 25 opportunités, 14 fiches."
    )
    assert second[0] == "La démonstration est déjà chargée\N{NO-BREAK SPACE}: rien n’a été changé."
    assert first[1:] == second[1:]
    assert first[1] == f"Comptes, tous avec le mot de passe {PASSWORD} :"
    assert [line.split(maxsplit=1) for line in first[2:]] == [list(line) for line in ACCOUNTS]
    run_tasks()
    subjects = Counter(message.subject.split(" – ")[0] for message in mailoutbox)
    assert subjects == {
        "Fiche à compléter": 3,
        "Fiche à relire": 2,
        "Nadia Terril vous invite dans l’équipe : Valenciennes Métropole": 1,
    }
