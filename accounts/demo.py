"""What a demonstration shows to everybody: its accounts, and the messages that it sent.

With DEMO=1 the messages go to files of settings.EMAIL_FILE_PATH instead of leaving."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings

PASSWORD = "demo-quartiers"  # noqa: S105  no secret: the sign-in page shows it
ACCOUNTS = [
    ("lead@demo.example", "référent d’un territoire"),
    ("contributor@demo.example", "contributeur de la même équipe"),
    ("partner@demo.example", "partenaire, sur ce qui lui est partagé"),
    ("reader@demo.example", "lecteur : un élu"),
    ("outsider@demo.example", "référent d’un autre territoire"),
    ("trainer@demo.example", "formateur"),
    ("observer@demo.example", "observateur de la formation"),
    ("admin@demo.example", "administre la plateforme"),
]

# Django's file-based backend names its files by the second and an identifier that may come again
# within it: a file holds one message or more, each ended by a line of dashes.
_FILE_NAME = re.compile(r"\d{8}-\d{6}-\d+\.log")
_NAME = re.compile(r"(?P<file>\d{8}-\d{6}-\d+)-(?P<place>[0-9]{1,4})")
_END = b"-" * 79 + b"\n"


@dataclass(frozen=True)
class SentMail:
    name: str  # what the address of its page says: of the file, and its place in it
    subject: str
    to: str
    sent_at: datetime
    text: str
    html: str  # "" where the message has none


def sent_mails():
    """The messages sent, newest first."""
    folder = Path(settings.EMAIL_FILE_PATH)
    files = [path for path in folder.glob("*.log") if _FILE_NAME.fullmatch(path.name)]
    mails = [mail for path in files for mail in _read(path)]
    return sorted(mails, key=lambda mail: (mail.sent_at, mail.name), reverse=True)


def sent_mail(name):
    """The message of that name, or None. A name that isn't one of ours reads no file."""
    found = _NAME.fullmatch(name)
    path = Path(settings.EMAIL_FILE_PATH, f"{found['file']}.log") if found else None
    if path is None or not path.is_file():
        return None
    return next((mail for mail in _read(path) if mail.name == name), None)


def _read(path):
    sources = [source for source in path.read_bytes().split(_END) if source.strip()]
    for place, source in enumerate(sources):
        message = message_from_bytes(source, policy=policy.default)
        yield SentMail(
            name=f"{path.stem}-{place}",
            subject=str(message["Subject"]),
            to=str(message["To"]),
            sent_at=parsedate_to_datetime(message["Date"]).replace(tzinfo=UTC),
            text=_body(message, "plain"),
            html=_body(message, "html"),
        )


def _body(message, kind):
    part = message.get_body(preferencelist=(kind,))
    return part.get_content().strip() if part else ""
