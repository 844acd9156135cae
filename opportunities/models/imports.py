from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.wording import MAX_LENGTH
from journal.references import new_reference
from opportunities.enums import ImportState, Kind, RowOutcome
from opportunities.models.opportunity import Opportunity
from territories.enums import Role
from territories.models import Grant, Territory


def stored_name(file_import, filename):
    """Where the file is kept: under a name of ours, so that what it was called can't harm."""
    return f"imports/{file_import.ref}{Path(filename).suffix[:10]}"


class FileImportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Imports into the territories where `user` may add opportunities: colleagues may go on
        with what somebody else began."""
        team = Grant.objects.current().filter(user=user, role__in=(Role.LEAD, Role.CONTRIBUTOR))
        return self.filter(territory__in=team.values("territory"))


class FileImport(models.Model):
    """A spreadsheet on its way into a territory's opportunities: uploaded, its columns matched, its
    rows checked, then written all at once."""

    ref = models.CharField(max_length=8, unique=True, default=new_reference, editable=False)
    territory = models.ForeignKey(Territory, models.CASCADE, related_name="+")
    # Taken away once the rows are written, of which only those left aside stay for a while.
    file = models.FileField(upload_to=stored_name, max_length=100)
    name = models.CharField("nom du fichier", max_length=200)
    format = models.CharField(max_length=4)
    # One entry a column of the file, in its order: {"header", "column"}, the second a key of
    # `opportunities.exchange.columns`, or empty for what isn't imported.
    matching = models.JSONField(default=list)
    # Of the rows that don't say one.
    default_kind = models.CharField("type", max_length=12, choices=Kind, blank=True)
    state = models.CharField(max_length=8, choices=ImportState, default=ImportState.UPLOADED)
    # Grows with each check asked for: a task that was overtaken writes nothing.
    attempt = models.PositiveIntegerField(default=0)
    # Rows read so far by the current check, empty ones not counted.
    progress = models.PositiveIntegerField(default=0)
    progressed_at = models.DateTimeField(null=True, blank=True)
    # When the check began: what changed since is looked at again before writing.
    checked_at = models.DateTimeField(null=True, blank=True)
    # Why it stopped, for its reader.
    failure = models.TextField(max_length=MAX_LENGTH, blank=True)
    # {outcome: how many rows}, once checked.
    counts = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(null=True, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = FileImportQuerySet.as_manager()

    class Meta:
        verbose_name = "import"
        verbose_name_plural = "imports"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(written_at=None, written_by=None)
                | models.Q(written_at__isnull=False, written_by__isnull=False),
                name="opportunities_import_written_by_somebody",
            )
        ]

    def __str__(self):
        return self.name


class ImportRow(models.Model):
    """What one row of the file will do, as the check understood it."""

    file_import = models.ForeignKey(FileImport, models.CASCADE, related_name="rows")
    # Of the spreadsheet: the headers are on line 1.
    line = models.PositiveIntegerField()
    outcome = models.CharField(max_length=9, choices=RowOutcome)
    title = models.CharField(max_length=150, blank=True)
    # Kind, title and commune: what an opportunity without reference is recognised by.
    likeness = models.CharField(max_length=200, blank=True)
    # Names of fields to what is to be written, dates and numbers as text.
    values = models.JSONField(default=dict)
    # [column of the file or "", sentence] for each thing that is wrong.
    problems = models.JSONField(default=list)
    # The opportunity that it updates, with the version and the stage that the check saw.
    opportunity = models.ForeignKey(
        Opportunity, models.CASCADE, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField(null=True, blank=True)
    stage = models.CharField(max_length=12, blank=True)
    # [reference, title] of opportunities that this one might repeat.
    lookalikes = models.JSONField(default=list)

    class Meta:
        verbose_name = "ligne importée"
        verbose_name_plural = "lignes importées"
        ordering = ["line"]
        constraints = [
            models.UniqueConstraint(
                fields=["file_import", "line"], name="opportunities_import_row_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["file_import", "outcome", "line"], name="opportunities_import_outcomes"
            )
        ]

    def __str__(self):
        return f"{self.file_import_id}, ligne {self.line}"
