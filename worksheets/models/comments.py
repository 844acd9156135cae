from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from journal.references import new_reference
from opportunities.models import Opportunity, Share
from territories.enums import Role
from worksheets.models.answers import slot_name
from worksheets.models.worksheet import READS_EVERYTHING, ChosenOpportunity, Worksheet, grants_of

USER = settings.AUTH_USER_MODEL


class CommentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those on the answers that `user` reads as they are being written: all of them but for a
        mere partner, who reads what is said of the opportunities shared with them."""
        worksheets = Worksheet.objects.all()
        shared = Share.objects.filter(user=user).values("opportunity")
        told_of = ChosenOpportunity.objects.filter(
            worksheet=OuterRef("worksheet"), opportunity=OuterRef("opportunity")
        )
        whole = worksheets.filter(Exists(grants_of(user).filter(role__in=READS_EVERYTHING)))
        partly = worksheets.filter(Exists(grants_of(user).filter(role=Role.PARTNER)))
        return self.filter(
            Q(worksheet__in=whole)
            | Q(worksheet__in=partly)
            & (Q(opportunity__in=shared) | Q(worksheet__opportunity__in=shared)),
            Q(opportunity=None) | Exists(told_of),
        )


class Comment(models.Model):
    """A remark on one question, from a trainer or the team. It opens a thread, or answers in the
    `thread` that another one opened; the one that opened it says whether all is dealt with."""

    ref = models.CharField(max_length=8, unique=True, default=new_reference, editable=False)
    worksheet = models.ForeignKey(Worksheet, models.CASCADE, related_name="comments")
    question = models.CharField(max_length=40)
    opportunity = models.ForeignKey(
        Opportunity, models.PROTECT, null=True, blank=True, related_name="+"
    )
    thread = models.ForeignKey("self", models.CASCADE, null=True, related_name="replies")
    body = models.TextField()
    mentioned: models.ManyToManyField = models.ManyToManyField(USER, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)
    written_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    # Written, dealt with, opened again: what an open page asks about.
    changed_at = models.DateTimeField(default=timezone.now)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    # Of the request that wrote it: the same one again writes nothing.
    fingerprint = models.CharField(max_length=32, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = "commentaire"
        ordering = ["written_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_at=None, resolved_by=None)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False),
                name="worksheets_comment_resolved_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(thread=None) | Q(resolved_at=None),
                name="worksheets_comment_resolved_as_a_thread",
            ),
            models.UniqueConstraint(
                fields=["worksheet", "written_by", "fingerprint"],
                condition=~Q(fingerprint=""),
                name="worksheets_comment_once",
            ),
        ]

    def __str__(self):
        return f"{self.question} : {self.body[:40]}"

    @property
    def slot_name(self):
        return slot_name(self.question, self.opportunity.ref if self.opportunity else None)
