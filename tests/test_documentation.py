"""Lists that are kept by hand, compared with what they list."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def first_cells(table):
    """The names in backquotes in the first cell of each row of a Markdown table."""
    for row in table.splitlines():
        if row.startswith("| `"):
            yield from re.findall(r"`([^`]+)`", row.split("|")[1])


def test_each_environment_variable_is_documented():
    source = (ROOT / "config/settings.py").read_text()
    read = set(re.findall(r'(?:\benv\.\w+|\brequired)\(\s*"(\w+)"', source))
    text = (ROOT / "docs/operations/settings.md").read_text()
    assert sorted(first_cells(text.partition("Read elsewhere")[0])) == sorted(read)


def test_each_npm_package_has_its_reason():
    package = json.loads((ROOT / "package.json").read_text())
    text = (ROOT / "docs/front-end-libraries.md").read_text()
    assert sorted(first_cells(text)) == sorted(package["dependencies"] | package["devDependencies"])


def test_each_python_dependency_has_its_reason():
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
    start, end = lines.index("dependencies = ["), lines.index("[tool.pytest.ini_options]")
    entries = [line for line in lines[start:end] if re.match(r' +"|\w+ = \["', line)]
    assert len(entries) > 20
    assert [line for line in entries if "  # " not in line] == []
