from django.conf import settings
from django.db import models
from django.utils import timezone

from worksheets.models.worksheet import Worksheet


class Presence(models.Model):
    """Who has the worksheet open, and at which place; a page says so again and again. Never a
    lock: it prevents nothing, and a row that is old says nothing."""

    worksheet = models.ForeignKey(Worksheet, models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    slot_name = models.CharField(max_length=60, blank=True)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "présence"
        constraints = [
            models.UniqueConstraint(fields=["worksheet", "user"], name="worksheets_presence_once")
        ]

    def __str__(self):
        return f"{self.user_id} : {self.slot_name}"
