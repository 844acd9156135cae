"""The pytest plugin of the harness, loaded by the options in pyproject.toml."""

import pytest

from tests.harness import violations


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    violations.take()
    result = yield
    found = violations.take()
    if found:
        pytest.fail("The harness found:\n" + "\n".join(f"- {one}" for one in found), pytrace=False)
    return result
