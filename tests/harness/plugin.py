"""The pytest plugin of the harness, loaded by the options in pyproject.toml."""

import gc

import pytest

from tests.harness import violations

# New objects before Python looks for what nobody holds any more; 700 by itself.
OBJECTS = 50_000


def pytest_addoption(parser):
    parser.addoption(
        "--another-database",
        action="store_true",
        help="after a whole run on a first database: only the tests that use one",
    )


def pytest_collection_modifyitems(config, items):
    if config.getoption("--another-database"):
        settled = [item for item in items if not _uses_a_database(item)]
        config.hook.pytest_deselected(items=settled)
        items[:] = [item for item in items if _uses_a_database(item)]


def pytest_collection_finish():
    """What is loaded by now stays: looking through it for garbage, again and again, would be a
    tenth of the time of the tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS)


def _uses_a_database(item):
    has_fixture = not {"db", "transactional_db"}.isdisjoint(item.fixturenames)
    return has_fixture or item.get_closest_marker("django_db") is not None


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
