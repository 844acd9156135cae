"""What somebody who isn't signed in may open: this list, literally, and nothing else."""

from django.urls import URLPattern, get_resolver

PUBLIC = {
    "admin:login",
}


def named_views(patterns, namespace=""):
    """(route name with its namespace, view function) of each address under `patterns`."""
    for entry in patterns:
        if isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}", entry.callback
        else:
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from named_views(entry.url_patterns, inner)


def test_public_pages():
    views = named_views(get_resolver().url_patterns)
    assert {name for name, view in views if not getattr(view, "login_required", True)} == PUBLIC
