from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from opportunities.models import Opportunity
from worksheets.models.worksheet import Worksheet

USER = settings.AUTH_USER_MODEL


def slot_name(question, opportunity_ref):
    """What forms, addresses and anchors call the place of an answer: the key of its question, and
    the opportunity it is about, if any: "strategy", "interest--7f3kq2mx"."""
    return f"{question}--{opportunity_ref}" if opportunity_ref else question


class Answer(models.Model):
    """What is written under one question (about one opportunity in the blocks that ask per
    opportunity). `version` is what a save compares and swaps; it starts at 1."""

    worksheet = models.ForeignKey(Worksheet, models.CASCADE, related_name="answers")
    question = models.CharField(max_length=40)
    opportunity = models.ForeignKey(
        Opportunity, models.PROTECT, null=True, blank=True, related_name="+"
    )
    value = models.JSONField()
    is_blank = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    # The worksheet's change number as of this version: what changed since another is a filter.
    changed_in = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(default=timezone.now)
    saved_by = models.ForeignKey(USER, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "réponse"
        constraints = [
            models.UniqueConstraint(
                fields=["worksheet", "question"],
                condition=Q(opportunity=None),
                name="worksheets_answer_once",
            ),
            models.UniqueConstraint(
                fields=["worksheet", "question", "opportunity"],
                condition=Q(opportunity__isnull=False),
                name="worksheets_answer_once_per_opportunity",
            ),
        ]

    def __str__(self):
        return f"{self.question} v{self.version}"

    @property
    def slot_name(self):
        return slot_name(self.question, self.opportunity.ref if self.opportunity else None)


class Revision(models.Model):
    """What an answer was at one version. Append-only: nothing acknowledged is ever lost.

    `base_version` is the one that its author wrote on, null for those from before it was noted;
    `sent` is what they sent, where that was merged with what others had saved meanwhile.
    """

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField()
    value = models.JSONField()
    base_version = models.PositiveIntegerField(null=True)
    sent = models.JSONField(null=True)
    # Of the request that made it: the same one again changes nothing, however late it comes.
    fingerprint = models.CharField(max_length=32, blank=True)
    saved_at = models.DateTimeField(default=timezone.now)
    saved_by = models.ForeignKey(USER, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "révision"
        ordering = ["version"]
        constraints = [
            models.UniqueConstraint(fields=["answer", "version"], name="worksheets_revision_once")
        ]

    def __str__(self):
        return f"{self.answer_id} v{self.version}"
