"""Undefined template variables, also those that `{% if %}` and `|default` pass over in silence.

Django says each failed look-up to the logger `django.template`, at the level DEBUG, and goes on;
tests/settings.py has the watcher listen. A filter and not a handler: what a handler gets, those of
pytest get as well, and write out with its traceback, which takes longer than the page itself.
"""

import logging
import sysconfig

from tests.harness import violations


class Watcher(logging.Filter):
    def filter(self, record):
        # The failed look-up's own frame knows the template that is being rendered right now;
        # the message only names the outermost one.
        context = record.exc_info[2].tb_frame.f_locals["context"]
        template = context.render_context.template
        if _is_ours(context.template) and _is_ours(template):
            variable = record.args[0]
            violations.add(f"the undefined variable '{variable}' in the template {template.name}")
        return False


def _is_ours(template):
    return not template.origin.name.startswith(sysconfig.get_path("purelib"))
