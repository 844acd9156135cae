"""What `opportunities.wording` says of an opportunity, for templates."""

from django import template

from opportunities import kinds, wording

register = template.Library()
register.filter("freshness", wording.freshness)
register.filter("known_facts", wording.known_facts)
register.filter("main_figure", wording.main_figure)
register.filter("unknown_facts", wording.unknown_facts)


@register.filter
def kind_title(opportunity):
    return kinds.TITLES[opportunity.kind]


@register.filter
def is_late(opportunity):
    return wording.freshness(opportunity).is_late
