from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.templatetags.french import hour, weekday
from accounts.wording import MAX_LENGTH
from journal.references import new_reference
from opportunities.enums import ActionKind, ActionState
from opportunities.models.written import WrittenByMany
from territories.enums import Role
from territories.models import Grant, Territory

# The detection process is read by whoever reads the worksheets being written: neither a mere
# partner nor an observer.
READERS = frozenset({Role.LEAD, Role.CONTRIBUTOR, Role.READER, Role.TRAINER})


class DetectionActionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Every action of the territories where `user` is one of READERS today."""
        grants = Grant.objects.current().filter(user=user, role__in=READERS)
        return self.filter(territory__in=grants.values("territory"))


class DetectionAction(WrittenByMany, models.Model):
    """An action de repérage: planned, then held or cancelled."""

    ref = models.CharField(max_length=8, unique=True, default=new_reference, editable=False)
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="detection_actions")
    kind = models.CharField("type d’action", max_length=10, choices=ActionKind)
    title = models.CharField("intitulé", max_length=150)
    state = models.CharField("état", max_length=9, choices=ActionState, default=ActionState.PLANNED)
    starts_at = models.DateTimeField("début")
    ends_at = models.DateTimeField("fin", null=True, blank=True)
    place = models.CharField("lieu", max_length=200, blank=True)
    # As written, one person or structure a line: people who were there have no account here.
    internal_participants = models.TextField(
        "participants internes", max_length=MAX_LENGTH, blank=True
    )
    external_participants = models.TextField(
        "participants externes", max_length=MAX_LENGTH, blank=True
    )
    report = models.TextField("compte rendu", max_length=MAX_LENGTH, blank=True)

    objects = DetectionActionQuerySet.as_manager()

    class Meta:
        verbose_name = "action de repérage"
        verbose_name_plural = "actions de repérage"
        ordering = ["-starts_at", "-pk"]
        indexes = [
            models.Index(fields=["territory", "-starts_at"], name="opportunities_actions_latest"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "created_by", "request_key"],
                name="opportunities_action_created_once",
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gte=F("starts_at")),
                name="opportunities_action_ends_after_its_start",
                violation_error_message="La fin ne peut pas précéder le début.",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def target(self):
        """How the journal calls this action."""
        return f"action:{self.ref}"

    @property
    def when_in_words(self):
        """In Paris: "mardi 24 novembre 2026 à 14 h 00", "… de 14 h 00 à 16 h 30", or from one day
        to another."""
        first, from_hour = weekday(self.starts_at), hour(self.starts_at)
        if self.ends_at is None:
            return f"{first} à\N{NO-BREAK SPACE}{from_hour}"
        last, to_hour = weekday(self.ends_at), hour(self.ends_at)
        if first == last:
            return f"{first} de\N{NO-BREAK SPACE}{from_hour} à\N{NO-BREAK SPACE}{to_hour}"
        return f"du {first} à\N{NO-BREAK SPACE}{from_hour} au {last} à\N{NO-BREAK SPACE}{to_hour}"

    @property
    def is_unsettled(self):
        """Its hour has passed, and nobody said whether it was held."""
        over = self.ends_at or self.starts_at
        return self.state == ActionState.PLANNED and over < timezone.now()
