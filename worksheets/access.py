"""Who may do what on a worksheet: the truth table of the product, in one place.

`Access` is one person before one worksheet, fetched through `Worksheet.objects.open_to(user)`, the
one door: what one may not see is not fetched at all. Its `can_…` properties answer; its
`check_can_…` methods raise, with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.core.exceptions import PermissionDenied

from accounts.models import User
from opportunities.permissions import refs_shared_with
from territories.enums import Role
from worksheets.content import Content, Slot
from worksheets.models import READS_EVERYTHING, Worksheet


@dataclass(frozen=True)
class Access:
    """One person before one worksheet fetched by `open_to`."""

    user: User
    worksheet: Worksheet

    @cached_property
    def roles(self) -> frozenset[Role]:
        return frozenset(map(Role, self.worksheet.held_roles.split(",")))

    def is_one_of(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)

    @property
    def sees_whole_draft(self) -> bool:
        """Reads all that is being written: the team and the trainers (the team sees that)."""
        return self.is_one_of(*READS_EVERYTHING)

    @property
    def sees_every_block(self) -> bool:
        """Reads what is said of the worksheet as a whole: not a partner where it also tells of what
        isn't shared with them."""
        return self.sees_whole_draft or self.worksheet.opportunity_id is not None

    @property
    def sees_draft(self) -> bool:
        """Observers see what was submitted, not what is being written; partners their part."""
        return self.sees_whole_draft or Role.PARTNER in self.roles

    @cached_property
    def shared_refs(self) -> frozenset[str]:
        """References of the opportunities of this territory shared with the person."""
        return refs_shared_with(self.user, self.worksheet.territory)

    def sees_about(self, ref: str | None) -> bool:
        """Whether they see what is being written about the opportunity `ref`; None: about none."""
        return self.sees_draft and (self.sees_every_block or ref in self.shared_refs)

    def draft_part(self, content: Content) -> Content:
        """What this person may see of what is being written."""
        return content if self.sees_whole_draft else content.only_about(self.shared_refs)

    def submitted_part(self, content: Content) -> Content:
        """What this person may see of a submitted version."""
        if self.sees_whole_draft or Role.OBSERVER in self.roles:
            return content
        return content.only_about(self.shared_refs)

    @property
    def can_write(self) -> bool:
        """May write answers, while the team has the worksheet in hand."""
        return self.writes_everything or Role.PARTNER in self.roles

    @property
    def writes_everything(self) -> bool:
        """A partner writes about what is shared with them, however much of the rest another role
        lets them read."""
        return self.is_one_of(Role.LEAD, Role.CONTRIBUTOR)

    def can_answer(self, slot: Slot) -> bool:
        """May write there, `slot` being one that they see."""
        if slot.question.is_derived or not self.can_write:
            return False
        if self.writes_everything or self.worksheet.opportunity_id:
            return True
        return slot.subject is not None and slot.subject.ref in self.shared_refs

    @property
    def can_choose_opportunities(self) -> bool:
        return self.is_one_of(Role.LEAD, Role.CONTRIBUTOR)

    @property
    def can_send(self) -> bool:
        """May submit, and withdraw before the review begins."""
        return Role.LEAD in self.roles

    @property
    def can_comment(self) -> bool:
        return self.is_one_of(Role.LEAD, Role.CONTRIBUTOR, Role.PARTNER, Role.READER, Role.TRAINER)

    @property
    def can_review(self) -> bool:
        """May return, validate and reopen."""
        return Role.TRAINER in self.roles

    @property
    def can_record_opinion(self) -> bool:
        """May write down a decision-maker's opinion in the table of step 2."""
        return Role.LEAD in self.roles

    @property
    def can_sign_opinion(self) -> bool:
        """May give their own opinion as a decision-maker, signed with their name."""
        return Role.READER in self.roles

    def check_can_write(self) -> None:
        if not self.can_write:
            raise PermissionDenied("Vous pouvez lire cette fiche, pas la modifier.")

    def check_can_choose_opportunities(self) -> None:
        if not self.can_choose_opportunities:
            raise PermissionDenied(
                "Seuls le référent et les contributeurs choisissent les opportunités de la fiche."
            )

    def check_can_send(self) -> None:
        if not self.can_send:
            raise PermissionDenied("Seul le référent du territoire transmet ou retire la fiche.")

    def check_can_comment(self) -> None:
        if not self.can_comment:
            raise PermissionDenied("Vous pouvez lire cette fiche, pas la commenter.")

    def check_can_review(self) -> None:
        if not self.can_review:
            raise PermissionDenied("Seuls les formateurs relisent les fiches.")

    def check_can_sign_opinion(self) -> None:
        if not self.can_sign_opinion:
            raise PermissionDenied("Seuls les lecteurs de l’équipe signent leur propre avis.")
