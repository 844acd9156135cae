"""How the comments on an answer are shown."""

from uuid import uuid4

from django import template
from django.utils.html import format_html, format_html_join

from worksheets.mentioning import pieces_of

register = template.Library()


@register.filter
def with_mentions(comment, reader):
    """The text of a comment, whom it mentions being marked, `reader` above all."""
    pieces = pieces_of(comment.body, comment.mentioned.all())
    return format_html_join("", "{}", ((_piece(text, users, reader),) for text, users in pieces))


def _piece(text, users, reader):
    if not users:
        return text
    name = "mention mention-you" if reader in users else "mention"
    return format_html('<span class="{}">{}</span>', name, text)


@register.simple_tag
def request_key():
    """What tells two requests of one form from the same request sent twice."""
    return uuid4().hex
