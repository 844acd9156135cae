import socket
import warnings

import pytest
from pytest_socket import SocketConnectBlockedError


def test_a_finding_fails_the_test(pytester):
    pytester.makepyfile(
        """
        from tests.harness import violations

        def test_with_a_finding():
            violations.add("something")

        def test_without():
            pass
        """
    )
    result = pytester.runpytest_inprocess(
        *("-p", "tests.harness.plugin"),
        *("-p", "no:django", "-p", "no:playwright", "-p", "no:randomly"),
    )
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["The harness found:", "- something"])


def test_another_database_takes_the_tests_that_use_one(pytester):
    pytester.makepyfile(
        """
        import pytest

        @pytest.fixture
        def db():
            pass

        @pytest.fixture
        def lead(db):
            pass

        def test_with_a_fixture_of_a_fixture(lead):
            pass

        @pytest.mark.django_db
        def test_with_the_mark():
            pass

        def test_without():
            pass
        """
    )
    apart = ("-p", "no:django", "-p", "no:playwright", "-p", "no:randomly")
    plugin = ("-p", "tests.harness.plugin", "-W", "ignore::pytest.PytestUnknownMarkWarning")
    whole = pytester.runpytest_inprocess(*plugin, *apart)
    whole.assert_outcomes(passed=3)
    again = pytester.runpytest_inprocess(*plugin, *apart, "--another-database")
    again.assert_outcomes(passed=2, deselected=1)


def test_a_warning_is_an_error():
    with pytest.raises(UserWarning, match="careful"):
        warnings.warn("careful", stacklevel=1)


def test_the_network_is_out_of_reach():
    with pytest.warns(match="192.0.2.1"), pytest.raises(SocketConnectBlockedError):
        socket.create_connection(("192.0.2.1", 80))


def test_the_order_is_random(pytestconfig):
    assert pytestconfig.pluginmanager.hasplugin("randomly")
