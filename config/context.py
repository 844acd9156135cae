from django.conf import settings
from django.utils.functional import SimpleLazyObject

from config.navigation import navigation


def site(request):
    """What every page may name: the product, whether this is a demo, and the items of the
    navigation (asked of the database only by the pages that show them)."""
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "is_demo": settings.DEMO,
        "navigation": SimpleLazyObject(lambda: navigation(request)),
    }
