"""What an import says of itself."""

from collections.abc import Iterator
from dataclasses import dataclass, field


class UnusableFile(Exception):
    """Nothing can be taken from the file, and nothing was written. The message is in French."""


class Refused(Exception):
    """One line or object cannot be taken; the message is the reason, in French."""


@dataclass
class Report:
    """What became of one kind of thing. `refusals` are (place in the file, reason) pairs;
    `notes` are sentences on what was decided for the reader."""

    subject: str
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    refusals: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def refuse(self, where: str, reason: str) -> None:
        self.refusals.append((where, reason))

    def count(self, *, wanted: set, created: set, updated: set) -> None:
        """Counts the keys `wanted`; what was created is not counted again as updated."""
        self.created += len(created)
        self.updated += len(updated - created)
        self.unchanged += len(wanted - created - updated)

    def require(self, accepted) -> None:
        """Raises UnusableFile when the file gave nothing at all, with the first reason."""
        if accepted:
            return
        if not self.refusals:
            raise UnusableFile("Ce fichier n’a aucune ligne sous son en-tête.")
        where, reason = self.refusals[0]
        raise UnusableFile(
            f"Aucune ligne utilisable sur {len(self.refusals)}. La première, {where} : {reason}"
        )

    def lines(self) -> Iterator[str]:
        """The summary, then a line for each note and for each refusal."""
        yield (
            f"{self.subject} – créés : {self.created}, mis à jour : {self.updated}, "
            f"inchangés : {self.unchanged}, supprimés : {self.removed}, "
            f"refusés : {len(self.refusals)}"
        )
        for note in self.notes:
            yield f"  à noter : {note}"
        for where, reason in self.refusals:
            yield f"  refusé, {where} : {reason}"
