from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from journal.references import new_reference
from territories.models import Territory


class SavedFilterQuerySet(models.QuerySet):
    def of(self, user, territory):
        """What `user` keeps for the list of `territory`; with None, for that of all of them."""
        return self.filter(user=user, territory=territory)


class SavedFilter(models.Model):
    """A filter that somebody keeps under a name, for themselves: the query of its address."""

    ref = models.CharField(max_length=8, unique=True, default=new_reference, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    # Null for a filter over all the territories that the user sees.
    territory = models.ForeignKey(
        Territory, models.CASCADE, null=True, blank=True, related_name="+"
    )
    name = models.CharField("nom", max_length=60)
    query = models.CharField(max_length=2000)
    saved_at = models.DateTimeField(default=timezone.now)

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        verbose_name = "filtre enregistré"
        verbose_name_plural = "filtres enregistrés"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "territory", "name"],
                condition=Q(territory__isnull=False),
                name="opportunities_saved_filter_once",
                violation_error_message="Vous avez déjà un filtre de ce nom.",
            ),
            models.UniqueConstraint(
                fields=["user", "name"],
                condition=Q(territory=None),
                name="opportunities_saved_filter_of_all_once",
                violation_error_message="Vous avez déjà un filtre de ce nom.",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def address(self):
        """Of the list that it filters."""
        if self.territory:
            page = reverse("opportunities:list", args=[self.territory.ref])
        else:
            page = reverse("opportunities:list-all")
        return f"{page}?{self.query}"
