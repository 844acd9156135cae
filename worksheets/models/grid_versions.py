from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property

from programmes.enums import Step
from worksheets.grids.schema import Grid


class GridVersionQuerySet(models.QuerySet):
    def update(self, **kwargs):
        raise TypeError("A grid version is immutable: publish another one.")

    def latest_of(self, step):
        """The version that a worksheet begun now is pinned to."""
        return self.filter(step=step).order_by("-number").first()


class GridVersion(models.Model):
    """One published canvas. Immutable: an answer keeps the question it was given under."""

    step = models.CharField(max_length=20, choices=Step)
    number = models.PositiveSmallIntegerField()
    declaration = models.JSONField()
    published_at = models.DateTimeField(default=timezone.now)

    objects = GridVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "version de canevas"
        verbose_name_plural = "versions de canevas"
        constraints = [
            models.UniqueConstraint(fields=["step", "number"], name="worksheets_gridversion_once")
        ]

    def __str__(self):
        return f"{self.get_step_display()}, canevas {self.number}"

    def save(self, *args, **kwargs):
        if self.pk is not None:
            raise TypeError("A grid version is immutable: publish another one.")
        super().save(*args, **kwargs)

    @cached_property
    def grid(self):
        return Grid.from_json(self.declaration)
