"""Who may work where: territories, the roles granted on them, and invitations."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from journal.references import new_reference
from territories.enums import PROGRAMME_ROLES, TEAM_ROLES, Role
from territories.models.geography import CityContract


class ResourceCentre(models.Model):
    """A centre de ressources politique de la ville, which runs programmes."""

    ref = models.CharField(max_length=8, unique=True, default=new_reference, editable=False)
    name = models.CharField("nom", max_length=120, unique=True)

    class Meta:
        verbose_name = "centre de ressources"
        verbose_name_plural = "centres de ressources"
        ordering = ["name"]

    def __str__(self):
        return self.name


class TerritoryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Territories on whose work `user` holds any current role."""
        return self.filter(pk__in=Grant.objects.current().filter(user=user).values("territory"))


class Territory(models.Model):
    """The workspace of a team: one city contract."""

    ref = models.CharField(max_length=8, unique=True, default=new_reference, editable=False)
    contract = models.OneToOneField(
        CityContract, models.PROTECT, verbose_name="contrat de ville", related_name="territory"
    )
    name = models.CharField("nom", max_length=150)

    objects = TerritoryQuerySet.as_manager()

    class Meta:
        verbose_name = "territoire"
        ordering = ["name"]

    def __str__(self):
        return self.name

    @property
    def scope(self):
        """How the journal calls this territory."""
        return f"territory:{self.ref}"


class GrantQuerySet(models.QuerySet):
    def current(self):
        """Grants in force today (Europe/Paris)."""
        return self.filter(Q(until=None) | Q(until__gte=timezone.localdate()))

    def of_team(self):
        """Grants of the four team roles: neither trainers nor observers."""
        return self.filter(role__in=TEAM_ROLES)


class Grant(models.Model):
    """One role of one person on the work of one territory. The roles of trainers and observers
    are written here too, with the programme that gives them: every `visible_to` asks this table."""

    ref = models.CharField(max_length=8, unique=True, default=new_reference, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="personne", related_name="grants"
    )
    territory = models.ForeignKey(
        Territory, models.CASCADE, verbose_name="territoire", related_name="grants"
    )
    role = models.CharField("rôle", max_length=12, choices=Role)
    # A plain reference: `programmes` is above this app. Empty for team roles.
    programme_ref = models.CharField(max_length=8, blank=True, default="")
    # The last day in force; without one, until somebody ends it.
    until = models.DateField("jusqu’au", null=True, blank=True)
    granted_at = models.DateTimeField(default=timezone.now)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = "rôle accordé"
        verbose_name_plural = "rôles accordés"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "territory", "role", "programme_ref"],
                name="territories_grant_once",
                violation_error_message="Cette personne a déjà ce rôle.",
            ),
            models.CheckConstraint(
                condition=Q(role__in=PROGRAMME_ROLES) & ~Q(programme_ref="")
                | Q(role__in=TEAM_ROLES, programme_ref=""),
                name="territories_grant_programme_roles_name_their_programme",
            ),
            # No territory may lose its last lead because a day has passed.
            models.CheckConstraint(
                condition=~Q(role=Role.LEAD) | Q(until=None),
                name="territories_grant_lead_has_no_end",
                violation_error_message="Le rôle de référent n’a pas de date de fin.",
            ),
        ]

    def __str__(self):
        return f"{self.user} : {self.get_role_display()} – {self.territory}"


class InvitationQuerySet(models.QuerySet):
    def pending(self):
        """Invitations that nobody has accepted yet, expired ones included."""
        return self.filter(accepted_at=None)


class Invitation(models.Model):
    """An offer of a role sent to an address. Its link is signed, not stored
    (`territories.invitations`); the row stays once accepted, so that a used link still
    explains itself."""

    LIFETIME = timedelta(days=30)

    ref = models.CharField(max_length=8, unique=True, default=new_reference, editable=False)
    # In lower case: `invite` sees to it.
    email = models.EmailField("adresse électronique")
    territory = models.ForeignKey(Territory, models.CASCADE, related_name="invitations")
    role = models.CharField("rôle", max_length=12, choices=[(r, r.label) for r in TEAM_ROLES])
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # The last time a link left.
    sent_at = models.DateTimeField("envoyée le", default=timezone.now)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation"
        ordering = ["-sent_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="territories_invitation_accepted_at_and_by",
            ),
            models.UniqueConstraint(
                fields=["territory", "email", "role"],
                condition=Q(accepted_at=None),
                name="territories_invitation_one_pending",
                violation_error_message="Cette personne a déjà une invitation en attente.",
            ),
        ]

    def __str__(self):
        return f"{self.email} – {self.territory}"

    @property
    def expires_at(self):
        """When the last link that left stops working."""
        return self.sent_at + self.LIFETIME

    @property
    def has_expired(self):
        return self.accepted_at is None and self.expires_at < timezone.now()
