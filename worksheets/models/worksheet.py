"""A worksheet, what it tells of, and its course from the team to the trainers and back."""

from django.conf import settings
from django.db import models
from django.db.models import Aggregate, Exists, OuterRef, Q, Subquery
from django.utils import timezone

from journal.references import new_reference
from opportunities.models import Opportunity, Share
from programmes.enums import Step
from programmes.models import Programme
from territories.enums import Role
from territories.models import Grant, Territory
from worksheets.enums import WRITABLE, State
from worksheets.models.grid_versions import GridVersion

USER = settings.AUTH_USER_MODEL
MAX_OPPORTUNITIES = 3  # "une, deux ou trois opportunités détectées"
READS_EVERYTHING = (Role.LEAD, Role.CONTRIBUTOR, Role.READER, Role.TRAINER)


class WorksheetQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The worksheets that `user` may open: all of their territory for the team, and of their
        programme for its trainers; submitted at least once for observers; about an opportunity
        shared with them for partners."""
        return self.filter(Exists(grants_of(user)))

    def written_before(self, user):
        """Those that `user` sees being written, whole: not an observer, nor a partner where the
        worksheet also tells of what isn't shared with them."""
        whole = Exists(grants_of(user).filter(role__in=READS_EVERYTHING))
        shared = Exists(grants_of(user).filter(role=Role.PARTNER))
        return self.filter(whole | shared & Q(opportunity__isnull=False))

    def open_to(self, user):
        """`visible_to` with what a page needs, in one query: relations, and `held_roles`, the
        roles of `user` there separated by commas, which `access.Access` reads."""
        by_territory = grants_of(user).order_by().values("territory")
        held = by_territory.annotate(held=Joined("role")).values("held")
        return (
            self.visible_to(user)
            .annotate(held_roles=Subquery(held))
            .select_related(
                "territory__contract",
                "programme__centre",
                "grid_version",
                "opportunity__district",
                "opportunity__commune",
                "changed_by",
                "review_started_by",
            )
        )


class Joined(Aggregate):
    """The texts of a group, separated by commas."""

    function = "GROUP_CONCAT"
    output_field = models.CharField()

    def as_postgresql(self, compiler, connection, **context):
        template = "STRING_AGG(%(expressions)s, ',')"
        return self.as_sql(compiler, connection, template=template, **context)


def grants_of(user):
    """Grants of `user` that count for the worksheet of the outer query: those of its team, and
    those that its own programme gives. That of an observer counts once the worksheet was
    submitted; that of a partner where it is about something shared with them, whatever else lets
    them see it."""
    worksheet = OuterRef(OuterRef("pk"))
    shares = Share.objects.filter(user=user)
    is_about_it = Exists(shares.filter(opportunity=OuterRef(OuterRef("opportunity"))))
    tells_of_it = Exists(
        ChosenOpportunity.objects.filter(
            worksheet=worksheet, opportunity__in=shares.values("opportunity")
        )
    )
    is_submitted = Exists(Submission.objects.filter(worksheet=worksheet))
    return Grant.objects.current().filter(
        Q(role__in=READS_EVERYTHING)
        | Q(role=Role.OBSERVER) & is_submitted
        | Q(role=Role.PARTNER) & (is_about_it | tells_of_it),
        Q(programme_ref="") | Q(programme_ref=OuterRef("programme__ref")),
        user=user,
        territory=OuterRef("territory"),
    )


class Worksheet(models.Model):
    """A fiche: a territory's answers to one grid of one programme (and, at step 2, about one
    opportunity). It belongs to the territory, never to a person."""

    ref = models.CharField(max_length=8, unique=True, default=new_reference, editable=False)
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="worksheets")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="worksheets")
    step = models.CharField(max_length=20, choices=Step)
    opportunity = models.ForeignKey(
        Opportunity, models.PROTECT, null=True, blank=True, related_name="+"
    )
    grid_version = models.ForeignKey(GridVersion, models.PROTECT, related_name="worksheets")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    # Grows with each change of any answer: what a live page polls.
    change_number = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    # Who took the review of the last submission, so that two trainers don't decide twice.
    review_started_at = models.DateTimeField(null=True, blank=True)
    review_started_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    held_roles: str  # annotated by `open_to`

    objects = WorksheetQuerySet.as_manager()

    class Meta:
        verbose_name = "fiche"
        ordering = ["programme_id", "step", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "programme", "step"],
                condition=Q(opportunity=None),
                name="worksheets_worksheet_once",
            ),
            models.UniqueConstraint(
                fields=["programme", "step", "opportunity"],
                condition=Q(opportunity__isnull=False),
                name="worksheets_worksheet_once_per_opportunity",
            ),
            models.CheckConstraint(
                condition=Q(step=Step.STEP_2, opportunity__isnull=False)
                | ~Q(step=Step.STEP_2) & Q(opportunity=None),
                name="worksheets_only_step_2_is_about_an_opportunity",
            ),
            models.CheckConstraint(
                condition=Q(review_started_at=None, review_started_by=None)
                | Q(review_started_at__isnull=False, review_started_by__isnull=False),
                name="worksheets_review_started_at_and_by",
            ),
        ]

    def __str__(self):
        return f"{self.title} – {self.territory_id}"

    @property
    def grid(self):
        return self.grid_version.grid

    @property
    def title(self):
        """What the interface calls it: the step, and the opportunity at step 2."""
        name = self.grid.title
        return f"{name} – {self.opportunity.title}" if self.opportunity else name

    @property
    def is_with_team(self):
        """Whether the team has it in hand, and may write."""
        return self.state in WRITABLE

    @property
    def target(self):
        """How the journal calls this worksheet."""
        return f"worksheet:{self.ref}"


class ChosenOpportunity(models.Model):
    """One of the one to three opportunities that a step 1 worksheet tells of."""

    worksheet = models.ForeignKey(Worksheet, models.CASCADE, related_name="chosen")
    opportunity = models.ForeignKey(Opportunity, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["worksheet", "opportunity"], name="worksheets_chosen_once"
            ),
            models.UniqueConstraint(
                fields=["worksheet", "position"], name="worksheets_chosen_position_once"
            ),
            models.CheckConstraint(
                condition=Q(position__gte=1, position__lte=MAX_OPPORTUNITIES),
                name="worksheets_one_two_or_three_opportunities",
            ),
        ]

    def __str__(self):
        return f"{self.position}. {self.opportunity_id}"


class Submission(models.Model):
    """A frozen copy of what was sent. `content` is complete: grid reference, facts of the
    opportunities and answers; it doesn't change when they do."""

    worksheet = models.ForeignKey(Worksheet, models.PROTECT, related_name="submissions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    is_late = models.BooleanField(default=False)
    missing_count = models.PositiveSmallIntegerField(default=0)
    submitted_at = models.DateTimeField(default=timezone.now)
    submitted_by = models.ForeignKey(USER, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "version transmise"
        verbose_name_plural = "versions transmises"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["worksheet", "number"], name="worksheets_submission_once"
            )
        ]

    def __str__(self):
        return f"version {self.number}"


class Transition(models.Model):
    """The trace of one change of state, with what its author said of it."""

    worksheet = models.ForeignKey(Worksheet, models.PROTECT, related_name="transitions")
    verb = models.CharField(max_length=12)
    from_state = models.CharField(max_length=10, choices=State)
    to_state = models.CharField(max_length=10, choices=State)
    message = models.TextField(blank=True)
    submission = models.ForeignKey(Submission, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.verb} : {self.from_state} → {self.to_state}"
