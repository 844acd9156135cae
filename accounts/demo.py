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
    ("reader@demo.example", "lecteur : un élu"),
    ("outsider@demo.example", "référent d’un autre territoire"),
    ("trainer@demo.example", "formateur"),
    ("observer@demo.example", "observateur de la formation"),
    ("admin@demo.example", "administre la plateforme"),
]

# Django's file-based backend writes a file per connection, hence one per message as we send them,
# called by the time and an identifier; a line of dashes ends it.
_FILE_NAME = re.compile(r"\d{8}-\d{6}-\d+\.log")
_END = b"-" * 79


@dataclass(frozen=True)
class SentMail:
    name: str  # of the file: what the address of its page says
    subject: str
    to: str
    sent_at: datetime
    text: str
    html: str  # "" where the message has none


def sent_mails():
    """The messages sent, newest first."""
    folder = Path(settings.EMAIL_FILE_PATH)
    mails = [_read(path) for path in folder.glob("*.log") if _FILE_NAME.fullmatch(path.name)]
    return sorted(mails, key=lambda mail: (mail.sent_at, mail.name), reverse=True)


def sent_mail(name):
    """The message of the file `name`, or None. A name that isn't one of ours reads no file."""
    path = Path(settings.EMAIL_FILE_PATH, name)
    return _read(path) if _FILE_NAME.fullmatch(name) and path.is_file() else None


def _read(path):
    source = path.read_bytes().rstrip().removesuffix(_END)
    message = message_from_bytes(source, policy=policy.default)
    return SentMail(
        name=path.name,
        subject=str(message["Subject"]),
        to=str(message["To"]),
        sent_at=parsedate_to_datetime(message["Date"]).replace(tzinfo=UTC),
        text=_body(message, "plain"),
        html=_body(message, "html"),
    )


def _body(message, kind):
    part = message.get_body(preferencelist=(kind,))
    return part.get_content().strip() if part else ""
