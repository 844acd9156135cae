from django.db import models


class State(models.TextChoices):
    """Where a worksheet is between the team and the trainers."""

    DRAFT = "draft", "Brouillon"
    SUBMITTED = "submitted", "Transmise"
    RETURNED = "returned", "À compléter"
    VALIDATED = "validated", "Validée"


WRITABLE = (State.DRAFT, State.RETURNED)  # the team has the worksheet in hand


class QuestionKind(models.TextChoices):
    """The kinds of answers a grid can ask for; `kinds` says how each is stored."""

    TEXT = "text", "texte"
    LIST = "list", "liste"
    CHOICES = "choices", "choix"
    TABLE = "table", "tableau"
    BUDGET = "budget", "budget"
    MARK = "mark", "fait"
