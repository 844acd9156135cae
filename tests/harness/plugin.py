"""The pytest plugin of the harness, loaded by the options in pyproject.toml."""

import pytest

from tests.harness import violations


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item):
    violations.take()
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    result = yield
    _fail_on_findings()
    return result


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item):
    result = yield
    _fail_on_findings()  # a browser tells some only while it closes
    return result


def _fail_on_findings():
    if found := violations.take():
        pytest.fail("The harness found:\n" + "\n".join(f"- {one}" for one in found), pytrace=False)
