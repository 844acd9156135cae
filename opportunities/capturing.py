"""What somebody saw in the street, in one sentence: an opportunity of its own, to be completed
later. A telephone may send it several times, after hours without network."""

from __future__ import annotations

from typing import IO
from uuid import UUID

from accounts.models import User
from opportunities import photos
from opportunities.attachments import attach
from opportunities.models import Attachment, Opportunity
from opportunities.placing import facts_of_position
from opportunities.tracking import change_opportunity, create_opportunity
from opportunities.writing import AlreadyCreated, StaleFacts, differing
from territories.models import Territory

SOURCE = "Repérage sur place"
_TITLE_LENGTH: int = Opportunity._meta.get_field("title").max_length or 0


def capture(
    *,
    territory: Territory,
    by: User,
    kind: str,
    sentence: str,
    position: tuple[float, float] | None,
    request_key: UUID,
) -> Opportunity:
    """The opportunity that `sentence` tells of, at `position` (longitude, latitude in degrees) or
    nowhere yet. The same capture sent again answers with the first one, even if the place would
    be found otherwise by now; raises AlreadyCreated where `request_key` was used for another."""
    elsewhere = Opportunity.objects.filter(created_by=by, request_key=request_key)
    if first := elsewhere.exclude(territory=territory).first():
        raise AlreadyCreated(first)
    title, description = _written(sentence)
    longitude, latitude = position or (None, None)
    said = {"kind": kind, "title": title, "description": description}
    said |= {"longitude": longitude, "latitude": latitude}
    place = facts_of_position(*position) if position else {}
    try:
        return create_opportunity(
            territory=territory,
            by=by,
            request_key=request_key,
            source=SOURCE,
            **said | place,
        )
    except AlreadyCreated as conflict:
        if differing(conflict.first, said):
            raise
        return conflict.first


def add_photo(
    *, opportunity: Opportunity, upload: IO[bytes], by: User, request_key: UUID
) -> Attachment:
    """Attaches a photo, once for each `request_key`. Where the telephone gave no position, the one
    that its camera wrote in the photo places the opportunity: nothing keeps it otherwise. Raises
    opportunities.uploads.Refused."""
    attachment = attach(upload=upload, by=by, opportunity=opportunity, request_key=request_key)
    if attachment.is_photo and not (opportunity.district or opportunity.longitude is not None):
        _place(opportunity, photos.position_of(upload), by)
    return attachment


def _written(sentence):
    """(title, description): a sentence too long for a title is cut there, and whole below."""
    line = " ".join(sentence.split())
    if len(line) <= _TITLE_LENGTH:
        return line, ""
    start = line[: _TITLE_LENGTH - 1]
    return (start.rpartition(" ")[0] or start).rstrip(" ,;:–-") + "…", sentence


def _place(opportunity, position, by):
    if position is None:
        return
    facts = facts_of_position(*position)
    try:
        change_opportunity(opportunity=opportunity, version=opportunity.version, by=by, **facts)
    except StaleFacts:
        # A colleague is completing it already: what they say of the place is worth more.
        return
