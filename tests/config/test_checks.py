import pytest
from django.core.checks import run_checks


@pytest.mark.parametrize(("is_demo", "found"), [(True, ["config.W001"]), (False, [])])
def test_a_demo_is_no_deployment(settings, is_demo, found):
    settings.DEMO = is_demo
    messages = run_checks(include_deployment_checks=True)
    assert [message.id for message in messages if message.id.startswith("config.")] == found
    assert "config.W001" not in [message.id for message in run_checks()]
