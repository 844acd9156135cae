"""What the service worker keeps on a device, so that some pages open without network.

A page with a shell is in SHELLS; what it needs, or what the copies of worksheets need, is in FILES
or MODULES.
"""

from hashlib import sha256
from urllib.parse import urljoin

from django.conf import settings
from django.templatetags.static import static

# By the route of a page, that of its shell: the same page with nobody's name on it.
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
    "css/pages/worksheet-discussion.css",
    "css/pages/worksheet-live.css",
    "css/pages/worksheet-paper.css",
    "css/pages/worksheet.css",
    "css/people.css",
    "css/print.css",
    "css/tokens.css",
    "django_htmx/htmx-2.min.js",
    "img/bricks.svg",
    "img/favicon.svg",
    "js/base.js",
    "js/capture.js",
    "js/offline.js",
    "js/visit.js",
    "js/worksheet-copy.js",
    "js/worksheet-discussion.js",
    "js/worksheet-live.js",
    "js/worksheet-page.js",
    "js/worksheet.js",
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
    "js/comment-drafts.js",
    "js/copies.js",
    "js/dialogs.js",
    "js/drafts.js",
    "js/mentions.js",
    "js/notices.js",
    "js/other-tabs.js",
    "js/requests.js",
    "js/shortcuts.js",
    "js/sign-in.js",
    "js/signing-out.js",
    "js/worksheet-arrivals.js",
    "js/worksheet-caret.js",
    "js/worksheet-counts.js",
    "js/worksheet-keeping.js",
    "js/worksheet-kept.js",
    "js/worksheet-length.js",
    "js/worksheet-notes.js",
    "js/worksheet-presence.js",
    "js/worksheet-question.js",
    "js/worksheet-reminders.js",
    "js/worksheet-rows.js",
    "js/worksheet-saving.js",
    "js/worksheet-sending.js",
    "js/worksheet-turns.js",
    "js/worksheet-unsent.js",
    "js/worksheet-widget.js",
    "npm/idb/index.js",
    "npm/idiomorph/idiomorph.esm.js",
)


def shell_files():
    """Addresses of everything that the shells load."""
    return [static(name) for name in FILES] + [plain_address(name) for name in MODULES]


def plain_address(name):
    """Without the hash of its content: as the import of a module resolves it."""
    return urljoin(settings.STATIC_URL, name)


def version_of(*shells):
    """Changes with the bytes of any of the `shells` and with the content of the files."""
    content = sha256()
    for name in (*FILES, *MODULES, "js/service-worker.js"):
        content.update(static(name).encode())  # its hash is in its name
    for shell in shells:
        content.update(shell)
    return content.hexdigest()[:16]
