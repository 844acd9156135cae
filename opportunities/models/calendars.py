from django.conf import settings
from django.db import models
from django.utils import timezone

from journal.references import new_reference
from territories.models import Territory


class CalendarSubscription(models.Model):
    """An address at which a person's calendar application fetches the actions of a territory,
    without a session. It opens nothing by itself: what it gives is what the person may see at that
    moment, and deleting the row closes it."""

    ref = models.CharField(max_length=8, unique=True, default=new_reference, editable=False)
    territory = models.ForeignKey(Territory, models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "abonnement au calendrier"
        verbose_name_plural = "abonnements au calendrier"
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "user"], name="opportunities_calendar_subscribed_once"
            )
        ]

    def __str__(self):
        return f"{self.territory_id} → {self.user_id}"
