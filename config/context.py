from django.conf import settings


def site(request):
    """What every page may name: the product, and whether this is a demo."""
    return {"site_name": settings.SITE_NAME, "is_demo": settings.DEMO}
