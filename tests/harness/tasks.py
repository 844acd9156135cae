"""The background worker of the tests: tasks wait in the database, as in production, until a test
says that the worker runs. So a test sees what left at once and what left later."""

from django_tasks_db.models import DBTaskResult


def run_ready_tasks():
    """Runs what is ready, in order, also what these tasks enqueue; returns how many ran."""
    count = 0
    while (waiting := DBTaskResult.objects.ready().first()) is not None:
        waiting.claim("tests")
        result = waiting.task_result
        waiting.set_successful(waiting.task.call(*result.args, **result.kwargs))
        count += 1
    return count
