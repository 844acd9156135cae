"""What somebody who isn't signed in may open: this list, literally, and nothing else."""

from django.urls import URLPattern, get_resolver

PUBLIC = {
    "about",
    "accessibility",
    "account_confirm_login_code",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_request_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_signup",
    "accounts:sent-mail-list",
    "accounts:sent-mail-preview",
    "accounts:sent-mail-show",
    "accounts:session-show",  # says that nobody is signed in
    "admin:login",
    "opportunities:capture-send",  # these two answer 403 in JSON: the telephone keeps what waits
    "opportunities:capture-send-photo",
    "manifest",  # nobody's name is on it, nor on the next ones
    "offline",
    "service-worker",
    "opportunities:capture-shell",
    "opportunities:calendar-fetch",  # its address is a secret of the person, checked at each fetch
    "territories:invitation",
    "territories:invitation-renew",
    "worksheets:answer-save",  # answers 403 in JSON, so that the page keeps the text
    "worksheets:changes-read",  # these two as well: an open page asks them by itself
    "worksheets:presence-tell",
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
