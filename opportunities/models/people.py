from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.wording import MAX_LENGTH
from journal.references import new_reference
from opportunities.enums import Consent, PersonRole
from opportunities.models.opportunity import Opportunity
from opportunities.models.written import WrittenByMany
from territories.enums import Role
from territories.models import Grant


class PersonQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Leads and contributors of the team, and nobody else (the truth table's "read people
        attached to an opportunity"); those of a deleted one too, whom the team still holds: who
        asks to read or to be forgotten doesn't wait until the bin is emptied."""
        team = Grant.objects.current().filter(user=user, role__in=(Role.LEAD, Role.CONTRIBUTOR))
        return self.filter(opportunity__territory__in=team.values("territory"))

    def known(self):
        """Those who can still be told who they are."""
        return self.filter(anonymised_at=None)

    def overdue(self):
        """Known, and kept beyond the day until which they may be (Europe/Paris)."""
        return self.known().filter(kept_until__lt=timezone.localdate())


class Person(WrittenByMany, models.Model):
    """Somebody attached to an opportunity, with why they are written down, how they agreed, and
    until when they may be kept (RGPD). Anonymised, the row keeps what they were to the
    opportunity and says nothing of who they were."""

    ref = models.CharField(max_length=8, unique=True, default=new_reference, editable=False)
    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="people")
    role = models.CharField("rôle", max_length=7, choices=PersonRole)
    name = models.CharField("nom", max_length=150, blank=True)
    organisation = models.CharField("structure", max_length=150, blank=True)
    email = models.EmailField("adresse électronique", blank=True)
    phone = models.CharField("téléphone", max_length=30, blank=True)
    note = models.TextField("note", max_length=MAX_LENGTH, blank=True)
    purpose = models.CharField("finalité", max_length=250, blank=True)
    consent = models.CharField("consentement", max_length=7, choices=Consent, blank=True)
    consent_on = models.DateField("date du consentement", null=True, blank=True)
    kept_until = models.DateField("à conserver jusqu’au")
    anonymised_at = models.DateTimeField(null=True, blank=True)
    # Null for what the retention period did by itself.
    anonymised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = "personne"
        ordering = ["role", "created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["opportunity", "created_by", "request_key"],
                name="opportunities_person_added_once",
            ),
            models.CheckConstraint(
                condition=Q(anonymised_at=None) & ~Q(name="")
                | Q(
                    anonymised_at__isnull=False,
                    name="",
                    organisation="",
                    email="",
                    phone="",
                    note="",
                    purpose="",
                ),
                name="opportunities_person_named_or_anonymised",
            ),
        ]

    def __str__(self):
        return self.name or "Personne anonymisée"
