from datetime import datetime, time

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from journal.references import new_reference
from programmes.enums import Step
from territories.enums import PROGRAMME_ROLES, Role
from territories.models import Grant, ResourceCentre, Territory


class ProgrammeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Programmes that `user` trains or observes, or that enrol a territory of whose team
        `user` is; for the platform's staff, who open and run them, all."""
        if user.is_staff:
            return self
        teams = Grant.objects.current().of_team().filter(user=user)
        return self.filter(
            models.Q(pk__in=Member.objects.filter(user=user).values("programme"))
            | models.Q(
                pk__in=Enrolment.objects.filter(territory__in=teams.values("territory")).values(
                    "programme"
                )
            )
        )


class Programme(models.Model):
    """A formation of a resource centre: dated sessions, enrolled territories, trainers."""

    ref = models.CharField(max_length=8, unique=True, default=new_reference, editable=False)
    centre = models.ForeignKey(
        ResourceCentre,
        models.PROTECT,
        verbose_name="centre de ressources",
        related_name="programmes",
    )
    name = models.CharField("nom", max_length=120)
    horizon = models.PositiveSmallIntegerField(
        "horizon des perspectives",
        default=2030,
        validators=[MinValueValidator(2000), MaxValueValidator(2100)],
        help_text="L’année citée dans l’auto-diagnostic.",
    )

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = "formation"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "name"],
                name="programmes_programme_name_once",
                violation_error_message="Ce centre a déjà une formation de ce nom.",
            )
        ]

    def __str__(self):
        return self.name

    @property
    def scope(self):
        """How the journal calls this programme."""
        return f"programme:{self.ref}"


class Session(models.Model):
    """A dated training day, or the regional day that ends the programme."""

    ref = models.CharField(max_length=8, unique=True, default=new_reference, editable=False)
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="sessions")
    title = models.CharField("intitulé", max_length=120)
    held_on = models.DateField("date")
    place = models.CharField("lieu", max_length=120, blank=True)
    is_regional_day = models.BooleanField("journée régionale", default=False)

    class Meta:
        verbose_name = "séance"
        ordering = ["held_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "title", "held_on"],
                name="programmes_session_once",
                violation_error_message="Cette séance est déjà au calendrier.",
            )
        ]

    def __str__(self):
        return f"{self.title} ({self.held_on:%d/%m/%Y})"


class Deadline(models.Model):
    """The day by which the worksheets of a step are due."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="deadlines")
    step = models.CharField("étape", max_length=20, choices=Step)
    due_on = models.DateField("à transmettre le")

    class Meta:
        verbose_name = "échéance"
        ordering = ["due_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "step"],
                name="programmes_deadline_once",
                violation_error_message="Cette étape a déjà une échéance.",
            )
        ]

    def __str__(self):
        return f"{self.get_step_display()} : {self.due_on:%d/%m/%Y}"

    @property
    def ends_at(self):
        """The last instant that is in time: 23:59:59.999999 Europe/Paris on the day."""
        return timezone.make_aware(datetime.combine(self.due_on, time.max))

    def is_over(self, at):
        """Whether something sent at the instant `at` is late."""
        return at > self.ends_at


class Enrolment(models.Model):
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="enrolments")
    territory = models.ForeignKey(
        Territory, models.PROTECT, verbose_name="territoire", related_name="enrolments"
    )

    class Meta:
        verbose_name = "inscription"
        ordering = ["territory__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "territory"],
                name="programmes_enrolment_once",
                violation_error_message="Ce territoire est déjà inscrit.",
            )
        ]

    def __str__(self):
        return f"{self.territory} – {self.programme}"


class Member(models.Model):
    """A trainer or an observer of a programme; `programmes.enrolment` writes the matching
    grants on each enrolled territory."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="personne", related_name="+"
    )
    role = models.CharField(
        "rôle", max_length=12, choices=[(r, r.label) for r in PROGRAMME_ROLES], default=Role.TRAINER
    )

    class Meta:
        verbose_name = "formateur ou observateur"
        verbose_name_plural = "formateurs et observateurs"
        ordering = ["role", "user__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "user"],
                name="programmes_member_once",
                violation_error_message="Cette personne est déjà dans cette formation.",
            )
        ]

    def __str__(self):
        return f"{self.user} – {self.programme}"
