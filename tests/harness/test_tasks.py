import pytest
from django.core import mail
from django_tasks import task

from tests.harness.tasks import run_ready_tasks


@task()
def send(subject):
    mail.send_mail(subject, "", None, ["personne@tests.example"])


@task()
def fail():
    raise ZeroDivisionError


@task()
def enqueue_another():
    send.enqueue("la suite")


def test_tasks_wait_until_the_worker_runs(db, mailoutbox):
    send.enqueue("bonjour")
    assert mailoutbox == []
    assert run_ready_tasks() == 1
    assert [message.subject for message in mailoutbox] == ["bonjour"]
    assert run_ready_tasks() == 0


def test_what_a_task_enqueues_runs_too(db, mailoutbox):
    enqueue_another.enqueue()
    assert run_ready_tasks() == 2
    assert [message.subject for message in mailoutbox] == ["la suite"]


def test_a_failing_task_fails_the_test(db):
    fail.enqueue()
    with pytest.raises(ZeroDivisionError):
        run_ready_tasks()
