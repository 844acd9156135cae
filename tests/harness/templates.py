"""Undefined template variables, also those that `{% if %}` and `|default` pass over in silence.

Django says each failed look-up to the logger `django.template`, at the level DEBUG, and goes on.
"""

import logging
from pathlib import Path

from tests.harness import violations

OURS = Path(__file__).resolve().parents[2]


def watch():
    logger = logging.getLogger("django.template")
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    logger.addHandler(_Watcher(logging.DEBUG))


class _Watcher(logging.Handler):
    def emit(self, record):
        if record.exc_info is None:
            return
        # The failed look-up's own frame knows the template that is being rendered right now;
        # the message only names the outermost one.
        context = record.exc_info[2].tb_frame.f_locals["context"]
        template = context.render_context.template
        if _is_ours(context.template) and _is_ours(template):
            variable = record.args[0]
            violations.add(f"the undefined variable '{variable}' in the template {template.name}")


def _is_ours(template):
    """Whether the text is the project's: a file of ours, or a string in our code."""
    origin = Path(template.origin.name)
    return not origin.is_absolute() or (
        origin.is_relative_to(OURS) and "site-packages" not in origin.parts
    )
