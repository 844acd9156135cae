"""The files of an opportunity or of a detection action: attached, removed, and the disk kept in
agreement with the base."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import PurePath
from typing import IO
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from opportunities import documents, photos
from opportunities.models import Attachment, DetectionAction, Opportunity
from opportunities.models.attachments import NAME_LENGTH
from opportunities.uploads import Refused, content_of
from opportunities.writing import record_act

# What a browser offers to choose from; what is accepted is decided on the content.
ACCEPTED = ("image/jpeg", "image/png", "image/webp", "image/heic", *documents.SUFFIXES)
MAX_FILES = 50  # of one opportunity or action
# Of one request, which ends when the last photo is drawn again: up to 3 s for each of the largest.
MAX_AT_ONCE = 20  # static/js/attachments.js says it too
FOLDER = "attachments"
# A file is written before its row: one that has no row after this long never will.
SETTLED = timedelta(hours=1)

# What Windows takes in no file name.
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|]+')


class TooMany(Refused):
    def __init__(self):
        super().__init__(
            f"Il y a déjà {MAX_FILES} fichiers ici, c’est le plus possible : retirez-en un d’abord."
        )


def attach(
    *,
    upload: IO[bytes],
    by: User,
    opportunity: Opportunity | None = None,
    action: DetectionAction | None = None,
    request_key: UUID | None = None,
) -> Attachment:
    """Keeps `upload` (its `name` is what it is called) with the opportunity or with the action.

    A photo is drawn again (`photos.redraw`), a document is kept as it is (`documents.check`). The
    row, the freshness of what it belongs to and the journal's entry are written together; where
    that fails, no file stays. A `request_key` that `by` used before answers with what it made.
    Raises Refused, with why, for what isn't accepted.
    """
    if (first := _made_before(by, request_key)) is not None:
        return first
    attachment = Attachment(
        opportunity=opportunity, action=action, added_by=by, request_key=request_key
    )
    files = _checked(attachment, upload)
    try:
        _write_files(attachment, files)
        with transaction.atomic():
            _write_row(attachment)
    except IntegrityError:
        _delete_files(_stored_names(attachment))
        first = _made_before(by, request_key)
        if first is None:
            raise
        return first
    except BaseException:
        _delete_files(_stored_names(attachment))
        raise
    return attachment


@transaction.atomic
def remove(*, attachment: Attachment, by: User) -> bool:
    """Removes the file for good, from the disk once the transaction is over. Returns whether it was
    still there: removing twice is removing once."""
    names = _stored_names(attachment)
    deleted, _ = Attachment.objects.filter(pk=attachment.pk).delete()
    if not deleted:
        return False
    _record(
        "action.file_removed" if attachment.action_id else "opportunity.file_removed",
        attachment,
        by,
    )
    transaction.on_commit(lambda: _delete_files(names), robust=True)
    return True


def forget_files_of(attachments: Iterable[Attachment]) -> None:
    """Deletes from the disk, once the transaction is over, the files of `attachments`, whose rows
    are about to go with what they belong to."""
    names = [name for attachment in attachments for name in _stored_names(attachment)]
    transaction.on_commit(lambda: _delete_files(names), robust=True)


def stray_files() -> Iterator[str]:
    """Names of the files that no row knows: a transaction was rolled back, or the machine stopped,
    between the file and its row."""
    known = set(_known_names())
    settled = timezone.now() - SETTLED
    for name in _names_on_disk():
        if name not in known and default_storage.get_modified_time(name) < settled:
            yield name


def missing_files() -> Iterator[str]:
    """Names that rows tell of and the disk doesn't have: a backup restored without its files."""
    on_disk = set(_names_on_disk())
    return (name for name in _known_names() if name not in on_disk)


def _made_before(by, request_key):
    if request_key is None:
        return None
    return Attachment.objects.filter(added_by=by, request_key=request_key).first()


def _checked(attachment, upload):
    """Fills the attachment in; returns {field: content} of the files to write."""
    if photos.format_of(content_of(upload)):
        photo = photos.redraw(upload)
        suffix, attachment.media_type = photos.SUFFIX, photos.MEDIA_TYPE
        attachment.width, attachment.height = photo.width, photo.height
        files = {"file": photo.image, "thumbnail": photo.thumbnail}
    else:
        document = documents.check(upload)
        suffix, attachment.media_type = document.suffix, document.media_type
        files = {"file": document.content}
    attachment.name = _clean_name(getattr(upload, "name", None) or "", suffix)
    attachment.size = len(files["file"])
    return files


def _clean_name(name, suffix):
    """What the file was called, with the suffix of what it is: "devis.exe" that holds a PDF is
    "devis.pdf". What can't be seen goes, also what turns the direction of writing round."""
    stem = PurePath(unicodedata.normalize("NFC", name)).stem
    stem = _NOT_IN_NAMES.sub("-", stem)
    stem = "".join(sign for sign in stem if unicodedata.category(sign)[0] != "C")
    stem = " ".join(stem.split()).strip(".")
    return f"{stem[: NAME_LENGTH - len(suffix)] or 'Sans titre'}{suffix}"


def _write_files(attachment, files):
    for field, content in files.items():
        getattr(attachment, field).save(attachment.name, ContentFile(content), save=False)


def _write_row(attachment):
    owner = attachment.owner
    # First, so that whoever else attaches to the same thing waits, and the count stays true.
    now = attachment.added_at
    type(owner).objects.filter(pk=owner.pk).update(updated_at=now, updated_by=attachment.added_by)
    if owner.attachments.count() >= MAX_FILES:
        raise TooMany
    attachment.save(force_insert=True)
    _record(
        "action.file_added" if attachment.action_id else "opportunity.file_added",
        attachment,
        attachment.added_by,
    )


def _record(verb, attachment, by):
    record_act(verb, attachment.owner, by, file=attachment.name)


def _stored_names(attachment):
    return [file.name for file in (attachment.file, attachment.thumbnail) if file]


def _delete_files(names):
    for name in names:
        default_storage.delete(name)


def _known_names():
    for row in Attachment.objects.values_list("file", "thumbnail").iterator():
        yield from filter(None, row)


def _names_on_disk():
    if not default_storage.exists(FOLDER):
        return
    for folder in default_storage.listdir(FOLDER)[0]:
        for name in default_storage.listdir(f"{FOLDER}/{folder}")[1]:
            yield f"{FOLDER}/{folder}/{name}"
