"""What `manage.py check --deploy` asks of a server beyond Django's own checks."""

from django.conf import settings
from django.core.checks import Tags, Warning, register


@register(Tags.security, deploy=True)
def demo_is_off(app_configs, **kwargs):
    """Whoever reads the sign-in codes of others enters as them."""
    if not settings.DEMO:
        return []
    return [
        Warning(
            "DEMO is on: /courriels/ shows everybody the messages, sign-in codes and password "
            "links included.",
            hint="Unset DEMO where real work is kept.",
            id="config.W001",
        )
    ]
