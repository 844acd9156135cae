"""`python -m bench [name…]` measures all, or what is named. The exit code is 1 where a limit is
passed. Runs as in production, in a directory of its own that is removed afterwards."""

import os
import sys
import tempfile

import django
from django.core.management import call_command


def main(names):
    with tempfile.TemporaryDirectory(prefix="bench-") as directory:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "SECRET_KEY": "the-measurements-sign-nothing-of-value",
            "DEBUG": "0",
            "DEMO": "1",  # messages go to files
            "VAR_DIR": directory,
            "DATABASE_URL": f"sqlite:///{directory}/db.sqlite3",
        }
        os.environ.pop("SITE_URL", None)
        django.setup()
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)

        from bench import (  # noqa: PLC0415  once Django is set up
            exchange,
            locating,
            memory,
            opportunities,
            pdf,
            saving,
        )

        measures = {
            "pdf": pdf.measure,
            "memory": memory.measure,
            "opportunities": opportunities.measure,
            "locating": locating.measure,
            "exchange": exchange.measure,
            "saving": saving.measure,
        }
        unknown = set(names) - measures.keys()
        if unknown:
            sys.exit(f"Unknown: {', '.join(sorted(unknown))}. Known: {', '.join(measures)}.")
        figures = []
        for name in names or measures:
            found = measures[name]()
            for figure in found if isinstance(found, list) else [found]:
                figures.append(figure)
                print(figure, flush=True)  # noqa: T201  what it is for
    return 0 if all(figure.is_within for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
