"""The direction of the apps, where import-linter can't see it: relations between models name
their target by a string. The order itself is written in pyproject.toml, for import-linter."""

import tomllib
from pathlib import Path

import grimp
from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
LAYERS = CONTRACTS["contracts"][0]["layers"]  # from the top down


def relations():
    """(app of the model, app of the target) of each relation that our models declare."""
    for label in LAYERS:
        for model in apps.get_app_config(label).get_models(include_auto_created=True):
            for field in model._meta.get_fields():
                if field.is_relation and not field.auto_created and field.related_model:
                    yield label, field.related_model._meta.app_label


def imports():
    """(importing app, imported app) of each import between modules of the project."""
    graph = grimp.build_graph(*LAYERS, cache_dir=None)
    for importer in graph.modules:
        for imported in graph.find_modules_directly_imported_by(importer):
            yield importer.split(".")[0], imported.split(".")[0]


def knots(pairs):
    """The pairs of apps that depend on each other, both ways."""
    pairs = set(pairs)
    return {(one, other) for one, other in pairs if one < other and (other, one) in pairs}


def test_every_app_of_ours_has_its_layer():
    ours = [config.label for config in apps.get_app_configs() if Path(config.path).parent == ROOT]
    assert sorted(ours) == sorted(LAYERS)


def test_relations_and_imports_are_seen():
    assert ("worksheets", "opportunities") in set(relations())
    assert ("worksheets", "opportunities") in set(imports())


def test_relations_point_down_the_layers():
    upward = {
        (app, target)
        for app, target in relations()
        if target in LAYERS and LAYERS.index(target) < LAYERS.index(app)
    }
    assert upward == set()


def test_no_two_apps_are_knotted():
    assert knots([*relations(), *imports()]) == set()


def test_a_knot_would_be_found():
    assert knots([("a", "b"), ("b", "c"), ("c", "b"), ("b", "b")]) == {("b", "c")}
