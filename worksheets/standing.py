"""What somebody is to the work of one territory, and may therefore see of it and begin there.

`access` says the same of one worksheet that exists; this says it of what the territory is to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from accounts.models import User
from opportunities.permissions import refs_shared_with
from programmes.models import Programme
from territories.enums import TEAM_ROLES, Role
from territories.models import Grant, Territory
from worksheets.models import READS_EVERYTHING, Worksheet
from worksheets.sketches import Sketch


@dataclass(frozen=True)
class Standing:
    """`grants` are the current roles of `user` on the work of `territory`, each with the reference
    of the programme that gives it (empty for those of the team)."""

    user: User
    territory: Territory
    grants: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, user: User, territory: Territory) -> Standing:
        """One query."""
        grants = Grant.objects.current().filter(user=user, territory=territory)
        return cls(user, territory, tuple(grants.values_list("role", "programme_ref")))

    def roles_in(self, programme: Programme) -> frozenset[Role]:
        """The roles that count for the worksheets of `programme`: those of the team always."""
        return frozenset(Role(role) for role, ref in self.grants if ref in ("", programme.ref))

    @cached_property
    def team_roles(self) -> frozenset[Role]:
        return frozenset(Role(role) for role, _ in self.grants if role in TEAM_ROLES)

    @property
    def can_start(self) -> bool:
        """May begin worksheets and note opportunities: whoever may write all of them."""
        return not self.team_roles.isdisjoint((Role.LEAD, Role.CONTRIBUTOR))

    def check_can_start(self) -> None:
        if not self.can_start:
            raise PermissionDenied(
                "Seuls le référent et les contributeurs du territoire commencent une fiche."
            )

    @property
    def can_write(self) -> bool:
        """May write in the worksheets that they see."""
        return self.can_start or Role.PARTNER in self.team_roles

    @property
    def reads_activity(self) -> bool:
        """Follows the daily work: the team but for mere partners, and the trainers."""
        return any(role in READS_EVERYTHING for role, _ in self.grants)

    def can_review(self, programme: Programme) -> bool:
        return Role.TRAINER in self.roles_in(programme)

    def sees_whole_drafts(self, programme: Programme) -> bool:
        """Sees what is being written, whole."""
        return not self.roles_in(programme).isdisjoint(READS_EVERYTHING)

    def sees_expected(self, programme: Programme) -> bool:
        """Sees which worksheets don't exist yet. A mere partner can't tell them from those that
        they may not see."""
        return self.sees_whole_drafts(programme) or Role.OBSERVER in self.roles_in(programme)

    @cached_property
    def shared_refs(self) -> frozenset[str]:
        """References of the opportunities of this territory shared with the person."""
        return refs_shared_with(self.user, self.territory)

    def draft_part(self, worksheet: Worksheet, sketch: Sketch) -> Sketch | None:
        """What the person may know of a worksheet that is being written (`access.draft_part`)."""
        if self.sees_whole_drafts(worksheet.programme):
            return sketch
        if Role.PARTNER not in self.team_roles:
            return None
        return sketch if worksheet.opportunity_id else sketch.only_about(self.shared_refs)

    def programmes(self) -> QuerySet[Programme]:
        """The programmes of which the person may know what the territory does in them, with their
        dates: for the team all that enrol it, for others those that give them their role."""
        programmes = Programme.objects.filter(enrolments__territory=self.territory)
        if not self.team_roles:
            programmes = programmes.filter(ref__in={ref for _, ref in self.grants})
        return programmes.order_by("-pk").prefetch_related("sessions", "deadlines")
