from django.db import models


class Role(models.TextChoices):
    """What somebody is to a territory's work. The first four are granted per territory,
    the last two per programme. `tests/test_truth_table.py` says who may do what."""

    LEAD = "lead", "référent"
    CONTRIBUTOR = "contributor", "contributeur"
    PARTNER = "partner", "partenaire"
    READER = "reader", "lecteur"
    TRAINER = "trainer", "formateur"
    OBSERVER = "observer", "observateur"

    @property
    def summary(self):
        """What the role allows, in a few words for the interface."""
        return _SUMMARIES[self]


_SUMMARIES = {
    Role.LEAD: "écrit, transmet les fiches et gère l’équipe",
    Role.CONTRIBUTOR: "écrit dans toutes les fiches et opportunités",
    Role.PARTNER: "lit et écrit dans les opportunités partagées avec lui",
    Role.READER: "lit tout le travail de l’équipe",
    Role.TRAINER: "suit et relit les fiches",
    Role.OBSERVER: "lit les versions transmises",
}


TEAM_ROLES = (Role.LEAD, Role.CONTRIBUTOR, Role.PARTNER, Role.READER)
PROGRAMME_ROLES = (Role.TRAINER, Role.OBSERVER)


class ContourLevel(models.TextChoices):
    """What the imported contours are of."""

    COMMUNE = "commune", "commune"
    DEPARTEMENT = "departement", "département"
