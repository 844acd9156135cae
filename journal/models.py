from django.conf import settings
from django.db import models
from django.utils import timezone


class EntryQuerySet(models.QuerySet):
    def of(self, scope):
        """Entries of one scope, such as "territory:7f3kq2mx", newest first."""
        return self.filter(scope=scope).select_related("actor").order_by("-at", "-pk")


class Entry(models.Model):
    """Who did what when. `scope` and `target` are plain references ("territory:7f3kq2mx",
    "worksheet:9qw2…"): the journal depends on nothing it tells of, and outlives it. A `verb` is the
    kind of thing and what was done, in the past: "worksheet.submitted", "team.member_joined"."""

    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    verb = models.CharField(max_length=60)
    scope = models.CharField(max_length=60)
    target = models.CharField(max_length=60)
    data = models.JSONField(default=dict)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = "entrée du journal"
        verbose_name_plural = "entrées du journal"
        indexes = [
            models.Index(fields=["scope", "-at"], name="journal_scope_at"),
            models.Index(fields=["target", "-at"], name="journal_target_at"),
        ]

    def __str__(self):
        return f"{self.at:%d/%m/%Y %H:%M} {self.verb} {self.target}"


class Visit(models.Model):
    """When somebody last read the journal of a scope. A visit lasts as long as its pages are less
    than recording.SITTING apart; `since` is the end of the one before: what is new to them came
    after it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    scope = models.CharField(max_length=60)
    since = models.DateTimeField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "visite"
        constraints = [models.UniqueConstraint(fields=["user", "scope"], name="journal_visit_once")]

    def __str__(self):
        return f"{self.user_id} : {self.scope}"
