"""Each template file is one that something renders."""

import ast
import re
from pathlib import Path

from django.template.utils import get_app_template_dirs

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"
# What isn't French: comments, styles, code, and the logic of tags other than includes.
_NOT_FRENCH = re.compile(r"{#.*?#}|<style>.*?</style>|{%(?! include).*?%}", re.DOTALL)
_BREAKABLE = re.compile(r"""[\w’»)>}] [:;!?»](?=[\s"'<{.,)]|$)|« """)
_QUOTED = re.compile(r"""["']([^"'\s]+\.(?:html|txt|svg|xml))(?:#[\w-]+)?["']""")


def names_in_python(source):
    """Patterns of the template names that `source` says, f-strings included: what such a string
    fills in stays within one folder, and its folder has to be said."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr):
            parts = [
                re.escape(part.value) if isinstance(part, ast.Constant) else "[^/]+"
                for part in node.values
            ]
            if "/" in parts[0]:
                yield "".join(parts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield re.escape(node.value.partition("#")[0])


def names_in_template(source):
    return [re.escape(name) for name in _QUOTED.findall(source)]


def replaces_one_of_a_library(name):
    """Whether a library has a template of that name; a message that it has as text only may be
    given its HTML by us."""
    names = {name, name.replace("_message.html", "_message.txt")}
    folders = get_app_template_dirs("templates")
    return any((folder / one).is_file() for folder in folders for one in names)


def unused(sources, templates):
    """The names of `templates` (name -> text) that neither the Python texts `sources` nor another
    template say."""
    patterns = {pattern for source in sources for pattern in names_in_python(source)}
    said = re.compile("|".join(sorted(patterns)) or "(?!)")
    for name in templates:
        others = (text for other, text in templates.items() if other != name)
        said_by_others = (p for text in others for p in names_in_template(text))
        if not said.fullmatch(name) and re.escape(name) not in said_by_others:
            yield name


def test_every_template_is_used():
    apps = [folder.parent for folder in ROOT.glob("*/__init__.py") if folder.parent.name != "tests"]
    sources = [path.read_text() for app in apps for path in app.rglob("*.py")]
    templates = {
        str(path.relative_to(TEMPLATES)): path.read_text()
        for path in TEMPLATES.rglob("*")
        if path.is_file()
    }
    found = [name for name in unused(sources, templates) if not replaces_one_of_a_library(name)]
    assert found == []


def test_no_line_begins_with_a_punctuation_mark():
    """In French a space goes before : ; ! ? », and it doesn't break."""
    found = [
        f"{path.relative_to(TEMPLATES)}: {line.strip()}"
        for path in TEMPLATES.rglob("*.*")
        for line in _NOT_FRENCH.sub("", path.read_text()).splitlines()
        if _BREAKABLE.search(line)
    ]
    assert found == []


def test_an_unused_template_would_be_found():
    sources = ['render(request, "a/page.html#part")', 'f"a/kinds/{kind}.html"', 'f"{name}.html"']
    templates = {
        "a/page.html": '{% extends "base.html" %}',
        "a/kinds/list.html": "",
        "a/kinds/deep/list.html": "",
        "a/unused.html": '{% include "a/unused.html" %}',
        "base.html": "",
    }
    assert list(unused(sources, templates)) == ["a/kinds/deep/list.html", "a/unused.html"]
