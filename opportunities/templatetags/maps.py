"""What the container of a map says of its background."""

from django import template
from django.conf import settings
from django.utils.html import format_html

register = template.Library()


@register.simple_tag
def basemap():
    """Attributes of a container that static/js/basemap.js draws in."""
    return format_html(
        'data-tiles="{}" data-attribution="{}"', settings.MAP_TILES_URL, settings.MAP_ATTRIBUTION
    )
