from django.db import models


class Role(models.TextChoices):
    """What somebody is to a territory's work. The first four are granted per territory,
    the last two per programme (grids.md, "Who may do what")."""

    LEAD = "lead", "référent"
    CONTRIBUTOR = "contributor", "contributeur"
    PARTNER = "partner", "partenaire"
    READER = "reader", "lecteur"
    TRAINER = "trainer", "formateur"
    OBSERVER = "observer", "observateur"


TEAM_ROLES = (Role.LEAD, Role.CONTRIBUTOR, Role.PARTNER, Role.READER)
PROGRAMME_ROLES = (Role.TRAINER, Role.OBSERVER)
