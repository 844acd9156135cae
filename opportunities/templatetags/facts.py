"""What `opportunities.wording` says of an opportunity, for templates."""

from django import template

from opportunities import wording

register = template.Library()
register.filter("freshness", wording.freshness)
register.filter("main_figure", wording.main_figure)
