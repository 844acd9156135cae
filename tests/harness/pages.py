"""What the Content-Security-Policy would stop in a browser, found in each HTML answer."""

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

from tests.harness import violations

# A script element of these types holds data; the browser runs nothing.
DATA_TYPES = {"application/json", "application/ld+json"}
# Elements whose address the browser loads by itself, as opposed to a link that somebody follows.
_LOADING = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "video": "src",
    "audio": "src",
    "embed": "src",
    "object": "data",
    "link": "href",
}

# Each finding has one of these in it, and most pages have none: reading a page whole takes a while.
_SUSPECT = re.compile(
    rf"""<style | <script(?![^>]*\ssrc=) | ["'\s/](style|on\w+|(data-)?hx-on[^\s=]*)\s*=
    | \b(javascript|js): | &\#(?!x27;) | <({"|".join(_LOADING)})\b[^>]*//""",
    re.IGNORECASE | re.VERBOSE,
)


# An e-mail has its styles in itself; a demonstration shows it in a frame with a policy of its own.
_MESSAGES = "accounts:sent-mail-preview"


def check_pages(get_response):
    def middleware(request):
        response = get_response(request)
        match = request.resolver_match
        if match and match.view_name == _MESSAGES:
            return response
        if response.get("Content-Type", "").startswith("text/html"):
            for finding in _of_policy(response):
                violations.add(f"{finding} at {request.path}")
            if not response.streaming:
                for finding in of_markup(response.text, host=request.get_host()):
                    violations.add(f"{finding} at {request.path}")
        return response

    return middleware


def _of_policy(response):
    policy = response.get("Content-Security-Policy")
    if policy is None:
        yield "no Content-Security-Policy header"
    elif "unsafe-" in policy or "*" in policy:
        yield f"a loose Content-Security-Policy ({policy})"


def of_markup(html, host):
    """The list of findings in `html`, a page or a fragment served by `host`."""
    if not _SUSPECT.search(html):
        return []
    parser = _Reader(host)
    parser.feed(html)
    parser.close()
    return parser.findings


class _Reader(HTMLParser):
    def __init__(self, host):
        super().__init__()
        self.host = host
        self.findings = []

    def handle_starttag(self, tag, attributes):
        attributes = {name: value or "" for name, value in attributes}
        if tag == "style":
            self.findings.append("an inline <style>")
        if tag == "script" and "src" not in attributes and attributes.get("type") not in DATA_TYPES:
            self.findings.append("an inline <script>")
        for name, value in attributes.items():
            self._check_attribute(tag, name, value)

    def _check_attribute(self, tag, name, value):
        if name == "style":
            self.findings.append(f"a style attribute on <{tag}>")
        elif name.startswith(("on", "hx-on", "data-hx-on")):
            self.findings.append(f"the inline handler {name} on <{tag}>")
        elif value.strip().lower().startswith(("javascript:", "js:")):
            self.findings.append(f"script in the attribute {name} of <{tag}>")
        elif name == _LOADING.get(tag) and self._is_outside(value):
            self.findings.append(f"<{tag}> loads {value}")

    def _is_outside(self, address):
        parts = urlsplit(address)
        return bool(parts.netloc) and parts.netloc != self.host
