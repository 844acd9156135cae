"""What the pages of the history show, and when what they show was written."""

import re
from datetime import UTC, datetime
from html import unescape

NOON = datetime(2026, 10, 5, 10, tzinfo=UTC)  # in Paris
STRATEGY = "« Descriptif (de la préparation au repérage) »"
HISTORY = "reponses/strategy/historique/"


def seen(html, pattern):
    """The matches of `pattern` among the words of a page, in one line each."""
    words = unescape(re.sub(r"<[^>]+>", " ", re.sub(r"(?s).*<main", "<main", html)))
    return re.findall(pattern, " ".join(words.split()))


def changes(html):
    """(tag, text) of all that a page marks as added or removed, but for its key."""
    found = re.findall(
        r'<(ins|del)><span class="visually-hidden">(?:ajouté|retiré)&nbsp;: </span>(.*?)</\1>',
        html,
        re.DOTALL,
    )
    return [(tag, unescape(text)) for tag, text in found]


def timeline(page):
    """(who, what) of each event that a page tells."""
    return [
        (unescape(by), " ".join(unescape(said).split()))
        for by, said in re.findall(r"<p><strong>(.*?)</strong> (.*?)</p>", page)
    ]


def differing(page):
    """(question's place, its changes) of each answer that a comparison shows as changed."""
    rows = re.split(r'<div class="paper-row[^"]*" id="', page)[1:]
    return [(row.partition('"')[0], changes(row)) for row in rows if changes(row)]
