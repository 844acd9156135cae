"""What the service worker keeps on a device, so that some pages open without network.

A later page adds its path to SHELLS and what it needs to FILES or MODULES.
"""

from hashlib import sha256
from urllib.parse import urljoin

from django.conf import settings
from django.templatetags.static import static

# By the path of a page, the route of its shell: the same page with nobody's name on it.
SHELLS = {"opportunities:capture": "opportunities:capture-shell"}
# What a page asks for under a name that changes with the content. `css/app.css` imports the rest
# of the sheets, and they the fonts: a test follows them.
FILES = (
    "css/app.css",
    "css/base.css",
    "css/components.css",
    "css/controls.css",
    "css/documents.css",
    "css/forms.css",
    "css/layout.css",
    "css/pages/capture-map.css",
    "css/pages/capture-waiting.css",
    "css/pages/capture.css",
    "css/pages/entrance.css",
    "css/people.css",
    "css/print.css",
    "css/tokens.css",
    "django_htmx/htmx-2.min.js",
    "img/favicon.svg",
    "js/base.js",
    "js/capture.js",
    "npm/bootstrap-icons/bootstrap-icons.min.css",
    "npm/bootstrap-icons/fonts/bootstrap-icons.woff2",
    "npm/bootstrap/bootstrap.min.css",
    "npm/bricolage-grotesque/files/bricolage-grotesque-latin-ext-wght-normal.woff2",
    "npm/bricolage-grotesque/files/bricolage-grotesque-latin-wght-normal.woff2",
    "npm/bricolage-grotesque/index.css",
    "npm/source-sans-3/files/source-sans-3-latin-ext-wght-normal.woff2",
    "npm/source-sans-3/files/source-sans-3-latin-wght-normal.woff2",
    "npm/source-sans-3/index.css",
    "npm/source-sans-3/wght-italic.css",
)
# What a module imports, under the plain name that stands in its import.
MODULES = (
    "js/capture-draft.js",
    "js/capture-photos.js",
    "js/capture-position.js",
    "js/capture-queue.js",
    "js/capture-sending.js",
    "js/capture-waiting.js",
    "js/notices.js",
    "js/requests.js",
    "js/sign-in.js",
    "npm/idb/index.js",
)


def shell_files():
    """Addresses of everything that the shells load."""
    return [static(name) for name in FILES] + [plain_address(name) for name in MODULES]


def plain_address(name):
    """Without the hash of its content: as the import of a module resolves it."""
    return urljoin(settings.STATIC_URL, name)


def version_of(*shells):
    """Changes with the text of any of the `shells` (HTML) and with the content of their files."""
    content = sha256()
    for name in (*FILES, *MODULES, "js/service-worker.js"):
        content.update(static(name).encode())  # its hash is in its name
    for shell in shells:
        content.update(shell.encode())
    return content.hexdigest()[:16]
