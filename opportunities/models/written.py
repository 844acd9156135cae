from django.conf import settings
from django.db import models
from django.utils import timezone


class WrittenByMany(models.Model):
    """What `opportunities.writing` needs of a row that several people write, so that nothing is
    created twice nor overwritten unseen."""

    # What a change of the facts compares and swaps.
    version = models.PositiveIntegerField(default=1)
    # Drawn with the form that creates: the same form sent twice makes one row.
    request_key = models.UUIDField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(default=timezone.now)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        abstract = True
