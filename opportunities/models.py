from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from journal.references import new_reference
from opportunities.enums import Kind, Stage
from territories.enums import Role
from territories.models import Commune, District, Grant, Territory


class OpportunityQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Everything of the territories where `user` holds a role, except for a mere partner:
        only what the lead shared with them."""
        grants = Grant.objects.current().filter(user=user)
        return self.filter(
            Q(territory__in=grants.exclude(role=Role.PARTNER).values("territory"))
            | Q(
                pk__in=Share.objects.filter(user=user).values("opportunity"),
                territory__in=grants.filter(role=Role.PARTNER).values("territory"),
            )
        )


class Opportunity(models.Model):
    """A real economic opportunity detected in or near a district."""

    ref = models.CharField(max_length=8, unique=True, default=new_reference, editable=False)
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="opportunities")
    kind = models.CharField("type d’opportunité", max_length=12, choices=Kind)
    title = models.CharField("intitulé", max_length=150)
    description = models.TextField("description", blank=True)
    stage = models.CharField("étape", max_length=12, choices=Stage, default=Stage.DETECTED)
    abandoned_because = models.TextField("raison de l’abandon", blank=True)
    district = models.ForeignKey(
        District,
        models.PROTECT,
        verbose_name="quartier prioritaire",
        null=True,
        blank=True,
        related_name="+",
    )
    commune = models.ForeignKey(
        Commune, models.PROTECT, verbose_name="commune", null=True, blank=True, related_name="+"
    )
    place = models.CharField("lieu", max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(default=timezone.now)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = OpportunityQuerySet.as_manager()

    class Meta:
        verbose_name = "opportunité"
        ordering = ["-updated_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(stage=Stage.ABANDONED) | ~Q(abandoned_because=""),
                name="opportunities_abandoned_with_a_reason",
                violation_error_message="Dites pourquoi cette opportunité est abandonnée.",
            )
        ]

    def __str__(self):
        return self.title


class Share(models.Model):
    """An opportunity that the lead opened to one partner of the team."""

    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="shares")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    shared_at = models.DateTimeField(default=timezone.now)
    shared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "partage"
        constraints = [
            models.UniqueConstraint(
                fields=["opportunity", "user"], name="opportunities_share_once"
            )
        ]

    def __str__(self):
        return f"{self.opportunity} → {self.user}"
