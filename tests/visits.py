"""What tests say of a visit to a page: who makes it, and what it is told."""

import re

import pytest
from django.contrib.messages import get_messages


def by_role(table, what="status"):
    """Parametrizes with `table`: a member of the cast (the fixture `actor`), and `what` is expected
    of them."""
    return pytest.mark.parametrize(
        ("actor", what), table.items(), indirect=["actor"], ids=table.keys()
    )


def messages_of(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


def as_shown(html):
    """The page without what its scripts may add later."""
    return re.sub(r"<template\b.*?</template>", "", html, flags=re.DOTALL)
