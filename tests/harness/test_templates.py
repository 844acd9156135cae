import pytest
from django.template import Context, Template
from django.template.loader import render_to_string

from tests.harness import violations


@pytest.mark.parametrize(
    ("source", "findings"),
    [
        ("{{ present }}", []),
        ("{{ none|default_if_none:'' }}{% if none %}oui{% endif %}", []),
        ("{{ absent }}", ["absent"]),
        ("{{ absent|default:'' }}", ["absent"]),
        ("{{ present.absent }}", ["absent"]),
        ("{% if absent %}oui{% endif %}", ["absent"]),
        ("{% if not absent %}oui{% endif %}", ["absent"]),
        ("{% if absent == 'a' or other > 1 %}oui{% endif %}", ["absent", "other"]),
        ("{% for one in absent %}{{ one }}{% endfor %}", ["absent"]),
        ("{% for one in '12' %}{{ absent }}{% endfor %}", ["absent"]),
        ("{% with copy=absent %}{{ copy }}{% endwith %}", ["absent"]),
        ("{% load partials %}{% partialdef a inline %}{{ absent }}{% endpartialdef %}", ["absent"]),
    ],
)
def test_undefined_variables_are_found(source, findings):
    with violations.expected() as found:
        Template(source).render(Context({"present": "oui", "none": None}))
    assert found == [f"the undefined variable '{name}' in the template None" for name in findings]


def test_the_template_that_has_the_variable_is_named(settings, tmp_path):
    (tmp_path / "outer.html").write_text("{% include 'inner.html' %}")
    (tmp_path / "inner.html").write_text("{{ absent }}")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    with violations.expected() as found:
        render_to_string("outer.html")
    assert found == ["the undefined variable 'absent' in the template inner.html"]


def test_the_templates_of_others_are_left_alone():
    with violations.expected() as found:
        render_to_string("django/forms/widgets/input.html", {"widget": {"attrs": {}}})
    assert found == []
