from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.wording import MAX_LENGTH
from journal.references import new_reference
from opportunities.enums import Kind, Stage
from territories.enums import Role
from territories.models import Commune, District, Grant, Territory


class OpportunityQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The one door: everything of the territories where `user` holds a role, except for a
        mere partner, who sees what the lead shared with them. One query, whatever the roles."""
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
    description = models.TextField("description", max_length=MAX_LENGTH, blank=True)
    stage = models.CharField("étape", max_length=12, choices=Stage, default=Stage.DETECTED)
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
    # What an edit of the facts above compares and swaps; the stage has its own trace.
    version = models.PositiveIntegerField(default=1)
    # Drawn with the form that creates: the same form sent twice makes one opportunity.
    request_key = models.UUIDField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(default=timezone.now)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = OpportunityQuerySet.as_manager()

    class Meta:
        verbose_name = "opportunité"
        ordering = ["-updated_at", "-pk"]
        indexes = [
            models.Index(fields=["territory", "-updated_at"], name="opportunities_latest"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "created_by", "request_key"],
                name="opportunities_created_once",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def target(self):
        """How the journal calls this opportunity."""
        return f"opportunity:{self.ref}"

    @property
    def kind_in_words(self):
        return Kind(self.kind).in_words

    @property
    def place_in_words(self):
        """From the most precise: "12 rue du Mont, Dutemple, Valenciennes"; empty if unknown."""
        names = [part.name for part in (self.district, self.commune) if part]
        return ", ".join([self.place, *names] if self.place else names)


class StageChange(models.Model):
    """The trace of a move from one stage to another; the first one, at creation, comes from
    nowhere."""

    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="stage_changes")
    from_stage = models.CharField(max_length=12, choices=Stage, blank=True)
    to_stage = models.CharField(max_length=12, choices=Stage)
    reason = models.TextField(max_length=MAX_LENGTH, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "changement d’étape"
        verbose_name_plural = "changements d’étape"
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(to_stage=Stage.ABANDONED) | ~Q(reason=""),
                name="opportunities_abandoned_with_a_reason",
                violation_error_message="Dites pourquoi cette opportunité est abandonnée.",
            ),
            models.CheckConstraint(
                condition=~Q(from_stage=F("to_stage")), name="opportunities_stage_really_changed"
            ),
        ]

    def __str__(self):
        return f"{self.opportunity_id} : {self.from_stage or '…'} → {self.to_stage}"


class Share(models.Model):
    """An opportunity that the lead opened to one partner of the team."""

    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="shares")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    shared_at = models.DateTimeField(default=timezone.now)
    shared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "partage"
        constraints = [
            models.UniqueConstraint(fields=["opportunity", "user"], name="opportunities_share_once")
        ]

    def __str__(self):
        return f"{self.opportunity_id} → {self.user_id}"
