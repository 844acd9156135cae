from django.db import models


class Step(models.TextChoices):
    """The steps of the journey; deadlines and grids refer to them."""

    SELF_DIAGNOSIS = "auto-diagnostic", "Auto-diagnostic"
    STEP_1 = "etape-1", "Étape 1"
    STEP_2 = "etape-2", "Étape 2"
