from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from journal.references import new_reference
from opportunities.models.actions import DetectionAction
from opportunities.models.opportunity import Opportunity

NAME_LENGTH = 200


def stored_name(attachment, filename):
    """Where the file is kept: under a name of ours, so that what it was called can't harm."""
    return f"attachments/{attachment.ref[:2]}/{attachment.ref}{Path(filename).suffix}"


def thumbnail_name(attachment, filename):
    return f"attachments/{attachment.ref[:2]}/{attachment.ref}-small{Path(filename).suffix}"


class AttachmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The files of what `user` may see."""
        return self.filter(
            Q(opportunity__in=Opportunity.objects.visible_to(user))
            | Q(action__in=DetectionAction.objects.visible_to(user))
        )


class Attachment(models.Model):
    """A document or a photo of an opportunity or of a detection action. Its content was checked
    before it was kept; a photo was drawn again, without what the camera wrote in it."""

    ref = models.CharField(max_length=8, unique=True, default=new_reference, editable=False)
    opportunity = models.ForeignKey(
        Opportunity, models.CASCADE, null=True, blank=True, related_name="attachments"
    )
    action = models.ForeignKey(
        DetectionAction, models.CASCADE, null=True, blank=True, related_name="attachments"
    )
    file = models.FileField(upload_to=stored_name, max_length=200)
    name = models.CharField("nom du fichier", max_length=NAME_LENGTH)
    media_type = models.CharField("format", max_length=100)
    size = models.PositiveIntegerField("taille (octets)")
    # Of a photo alone.
    thumbnail = models.FileField(upload_to=thumbnail_name, max_length=200, blank=True)
    width = models.PositiveIntegerField("largeur (pixels)", null=True, blank=True)
    height = models.PositiveIntegerField("hauteur (pixels)", null=True, blank=True)
    # Drawn by the sender: the same file sent twice is kept once.
    request_key = models.UUIDField(null=True, blank=True, editable=False)
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = "pièce jointe"
        verbose_name_plural = "pièces jointes"
        ordering = ["added_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["added_by", "request_key"], name="opportunities_attachment_added_once"
            ),
            models.CheckConstraint(
                condition=Q(opportunity__isnull=False, action=None)
                | Q(opportunity=None, action__isnull=False),
                name="opportunities_attachment_of_one_thing",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def owner(self):
        """The opportunity or the action that it belongs to."""
        return self.opportunity or self.action

    @property
    def is_photo(self):
        return bool(self.thumbnail)
