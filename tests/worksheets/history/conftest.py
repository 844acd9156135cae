from datetime import timedelta

import pytest

from tests import factories
from tests.worksheets.history.reading import NOON
from worksheets.models import Answer, Revision, Worksheet


@pytest.fixture
def write(step_1):
    """`write(text, by, minutes)` saves the strategy of step 1 so many minutes after noon."""
    Worksheet.objects.filter(pk=step_1.pk).update(created_at=NOON - timedelta(days=1))
    step_1.refresh_from_db()

    def save(text, by, minutes, key="strategy", opportunity=None):
        version = factories.write_answer(step_1, key, text, by, opportunity=opportunity)
        at = NOON + timedelta(minutes=minutes)
        answers = Answer.objects.filter(worksheet=step_1, question=key, opportunity=opportunity)
        answers.update(saved_at=at)
        Revision.objects.filter(answer=answers.get(), version=version).update(saved_at=at)
        return version

    return save


@pytest.fixture
def get(client_of, url_of, step_1):
    """`get(user, path, **asked)` is the response of a page of step 1."""
    return lambda user, path, **asked: client_of(user).get(url_of(step_1, path), asked)
