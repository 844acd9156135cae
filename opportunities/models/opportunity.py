from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.wording import MAX_LENGTH
from journal.references import new_reference
from library.enums import Theme
from opportunities.enums import Kind, Nearness, Stage
from opportunities.models.actions import DetectionAction
from opportunities.models.facts import (
    ActorFacts,
    CollectiveFacts,
    CreatorFacts,
    CultureFacts,
    SiteFacts,
)
from opportunities.models.written import WrittenByMany
from territories.enums import Role
from territories.models import Commune, District, Grant, Territory

# What is worked on.
CURRENT = Q(archived_at=None, merged_into=None)


class OpportunityQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The one door: everything of the territories where `user` holds a role, except for a
        mere partner, who sees what the lead shared with them. What is deleted is in nobody's sight:
        `deleted_for` finds it again. One query, whatever the roles."""
        return self._open_to(user).filter(deleted_at=None)

    def deleted_for(self, user):
        """Deleted and not yet purged, of the territories where `user` may write them back."""
        return self.filter(
            territory__in=Grant.objects.current()
            .filter(user=user, role__in=(Role.LEAD, Role.CONTRIBUTOR))
            .values("territory")
        ).exclude(deleted_at=None)

    def current(self):
        """What is worked on: neither archived nor merged into another."""
        return self.filter(CURRENT)

    def archived(self):
        return self.filter(merged_into=None).exclude(archived_at=None)

    def _open_to(self, user):
        grants = Grant.objects.current().filter(user=user)
        return self.filter(
            Q(territory__in=grants.exclude(role=Role.PARTNER).values("territory"))
            | Q(
                pk__in=Share.objects.filter(user=user).values("opportunity"),
                territory__in=grants.filter(role=Role.PARTNER).values("territory"),
            )
        )


class Opportunity(
    SiteFacts, CreatorFacts, CultureFacts, ActorFacts, CollectiveFacts, WrittenByMany, models.Model
):
    """A real economic opportunity detected in or near a district: one common core, and the columns
    of every kind, of which `opportunities.kinds` says which ones are shown. `version` is that of
    the facts; the stage has its own trace."""

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
    # A point, WGS 84 degrees: both or none. With it, how the district was found from it; empty
    # where somebody chose the district by hand.
    longitude = models.FloatField("longitude", null=True, blank=True)
    latitude = models.FloatField("latitude", null=True, blank=True)
    nearness = models.CharField("situation", max_length=6, choices=Nearness, blank=True)
    theme = models.CharField("thème", max_length=11, choices=Theme, blank=True)
    next_action = models.CharField("prochaine action", max_length=200, blank=True)
    next_action_on = models.DateField("date de la prochaine action", null=True, blank=True)
    source = models.CharField("source", max_length=200, blank=True)
    revealed_by = models.ForeignKey(
        DetectionAction,
        models.PROTECT,
        verbose_name="action de repérage",
        null=True,
        blank=True,
        related_name="opportunities",
    )
    # How another tool calls it, where it came from a file: what importing again updates.
    external_ref = models.CharField("identifiant d’origine", max_length=100, blank=True)
    # What a search looks into; `opportunities.searching` writes it with the rest.
    search_text = models.TextField(editable=False, default="")
    archived_at = models.DateTimeField(null=True, blank=True)
    archived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # The duplicate keeps its row and its history; its address leads to the one that goes on.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged"
    )

    objects = OpportunityQuerySet.as_manager()

    class Meta:
        verbose_name = "opportunité"
        ordering = ["-updated_at", "-pk"]
        indexes = [
            models.Index(fields=["territory", "-updated_at"], name="opportunities_latest"),
            models.Index(fields=["-updated_at", "-id"], name="opportunities_latest_of_all"),
            # All that a list of current ones asks to count them, without reading their rows.
            models.Index(
                fields=["territory", "-updated_at", "-id"],
                condition=Q(deleted_at=None, archived_at=None, merged_into=None),
                name="opportunities_current",
            ),
            models.Index(fields=["stage", "-updated_at"], name="opportunities_by_stage"),
            models.Index(fields=["longitude", "latitude"], name="opportunities_by_position"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "created_by", "request_key"],
                name="opportunities_created_once",
            ),
            models.UniqueConstraint(
                fields=["territory", "external_ref"],
                condition=~Q(external_ref=""),
                name="opportunities_external_ref_once",
                violation_error_message="Cet identifiant d’origine est déjà pris.",
            ),
            models.CheckConstraint(
                condition=Q(longitude=None, latitude=None)
                | Q(longitude__range=(-180, 180), latitude__range=(-90, 90)),
                name="opportunities_position_whole",
                violation_error_message="Une position a une longitude et une latitude.",
            ),
            models.CheckConstraint(
                condition=Q(archived_at=None, archived_by=None)
                | Q(archived_at__isnull=False, archived_by__isnull=False),
                name="opportunities_archived_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(deleted_at=None, deleted_by=None)
                | Q(deleted_at__isnull=False, deleted_by__isnull=False),
                name="opportunities_deleted_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=F("pk")), name="opportunities_merged_into_another"
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
        commune = self.commune.name if self.commune else ""
        return ", ".join(filter(None, (self.place, self.district_in_words, commune)))

    @property
    def district_in_words(self):
        """The district, with what the position says of it; empty if there is none."""
        if not self.district:
            return ""
        name = self.district.name
        if self.nearness == Nearness.NEAR:
            return f"{self.get_nearness_display()} {name}"
        return f"{name} (à confirmer)" if self.nearness == Nearness.LIKELY else name


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
