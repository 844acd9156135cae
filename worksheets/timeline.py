"""What happened to a worksheet, told in French, newest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from accounts.templatetags.french import hour, moment, plural, quoted
from journal.models import Entry
from territories.enums import Role
from worksheets.comparing import just_before, key_of_moment, key_of_submission
from worksheets.histories import RESTORED, sittings_in
from worksheets.lifecycle import Verb
from worksheets.models import slot_name
from worksheets.sheet import Sheet

MAX_NAME = 70  # characters: a question of the grid can be a paragraph
_MOVED = {
    Verb.WITHDRAW: "a retiré la fiche de la relecture",
    Verb.RETURN: "a demandé de compléter la fiche",
    Verb.VALIDATE: "a validé la fiche",
    Verb.REOPEN: "a rouvert la fiche",
}


@dataclass(frozen=True)
class Event:
    """One line: `by` `said`. `message` is what its author wrote to others; `links` are (label,
    address); `icon` is a name of Bootstrap Icons."""

    at: datetime
    by: str
    said: str
    icon: str
    message: str = ""
    links: tuple[tuple[str, str], ...] = ()

    @property
    def day(self):
        return timezone.localdate(self.at)


def events_of(sheet: Sheet) -> list[Event]:
    """All that happened to the worksheet and that the person may know, newest first. Whoever sees
    a part of it is told of that part: neither of what the trainers say of all of it, nor of the
    team. Six queries, without the texts of the answers."""
    told = _Told(sheet)
    events = [
        *told.beginning(),
        *told.moves(),
        *told.entries(),
        *told.sittings(),
        *told.discussions(),
    ]
    return sorted(events, key=lambda event: event.at, reverse=True)


class _Told:
    """The events of one worksheet for one person, source by source."""

    def __init__(self, sheet):
        self.worksheet, self.access = sheet.worksheet, sheet.access
        self.names = {
            question.key: group.name_of(question).replace("{horizon}", str(sheet.content.horizon))
            for block in self.worksheet.grid.blocks
            for group in block.groups
            for question in group.questions
        }
        # Those that the page of the worksheet still shows: the others have no history to open.
        self.shown = {slot.name for slot in sheet.slots}

    def _url(self, route, *args):
        worksheet = self.worksheet
        return reverse(f"worksheets:{route}", args=[worksheet.territory.ref, worksheet.ref, *args])

    def _comparison(self, before, after):
        return f"{self._url('worksheet-compare')}?{urlencode({'de': before, 'a': after})}"

    def _name(self, key, title=""):
        name = Truncator(self.names.get(key, key)).chars(MAX_NAME)
        return f"{quoted(name)} ({title})" if title else quoted(name)

    def beginning(self) -> Iterator[Event]:
        worksheet = self.worksheet
        yield Event(worksheet.created_at, worksheet.created_by.name, "a commencé la fiche", "flag")

    def moves(self) -> Iterator[Event]:
        """Submissions and decisions. Their messages are about all of the worksheet."""
        rows = self.worksheet.transitions.values_list(
            "verb", "at", "by__name", "message", "submission__number", "submission__is_late"
        )
        for verb, at, by, message, number, is_late in rows:
            if verb == Verb.SUBMIT:
                late = ", après l’échéance" if is_late else ""
                said = f"a transmis la version {number} aux formateurs{late}"
                links = [(f"Voir la version {number}", self._url("submission-show", number))]
                if number > 1:
                    keys = key_of_submission(number - 1), key_of_submission(number)
                    links.append(("Comparer avec la version précédente", self._comparison(*keys)))
                yield Event(at, by, said, "send", links=tuple(links))
            else:
                shown = message if self.access.sees_every_block else ""
                icon = "check-circle" if verb == Verb.VALIDATE else "arrow-return-left"
                yield Event(at, by, _MOVED[Verb(verb)], icon, message=shown)

    def entries(self) -> Iterator[Event]:
        """What only the journal knows."""
        worksheet = self.worksheet
        wanted = Q(
            target=worksheet.target,
            verb__in=["worksheet.opportunities_chosen", "worksheet.review_started", RESTORED],
        )
        if self.access.sees_whole_draft:
            wanted |= Q(
                target=worksheet.territory.scope,
                verb="team.member_joined",
                at__gte=worksheet.created_at,
            )
        for entry in Entry.objects.of(worksheet.territory.scope).filter(wanted):
            by = entry.actor.name if entry.actor else "La plateforme"
            if entry.verb == RESTORED:
                yield from self._restored(entry, by)
            elif entry.verb == "team.member_joined":
                role = dict(Role.choices).get(entry.data.get("role", ""), "")
                said = "a rejoint l’équipe" + (f", avec le rôle de {role}" if role else "")
                yield Event(entry.at, by, said, "person-plus")
            elif entry.verb == "worksheet.review_started":
                yield Event(entry.at, by, "a commencé la relecture", "eye")
            elif self.access.sees_every_block:
                titles = ", ".join(quoted(title) for title in entry.data["opportunities"])
                said = f"a choisi les opportunités de la fiche\u00a0: {titles or 'aucune'}"
                yield Event(entry.at, by, said, "bullseye")

    def _restored(self, entry, by):
        key, _, ref = entry.data["slot"].partition("--")
        if self.access.sees_about(ref or None):
            when = moment(datetime.fromisoformat(entry.data["written_at"]))
            said = f"a rétabli la version écrite {when} de la réponse {self._name(key)}"
            yield Event(
                entry.at, by, said, "arrow-counterclockwise", links=self._places({(key, ref): ""})
            )

    def sittings(self) -> Iterator[Event]:
        for sitting in sittings_in(self.worksheet, self.access.sees_about):
            count = len(sitting.places)
            began, ended = hour(sitting.began_at), hour(sitting.ended_at)
            until = f", de {began} à {ended}" if began != ended else ""
            said = f"a écrit dans {count} réponse{plural(count)}{until}"
            keys = key_of_moment(just_before(sitting.began_at)), key_of_moment(sitting.ended_at)
            links = (
                *self._places(sitting.places),
                ("Comparer avec la version précédente", self._comparison(*keys)),
            )
            yield Event(sitting.ended_at, sitting.by, said, "pencil", links=links)

    def _places(self, places):
        """Links to the history of each answer."""
        return tuple(
            (self._name(key, title), self._url("answer-history", slot_name(key, ref)))
            for (key, ref), title in places.items()
            if slot_name(key, ref) in self.shown
        )

    def discussions(self) -> Iterator[Event]:
        threads = self.worksheet.comments.filter(thread=None).values_list(
            "ref",
            "question",
            "opportunity__ref",
            "opportunity__title",
            "body",
            "written_at",
            "written_by__name",
            "resolved_at",
            "resolved_by__name",
        )
        for ref, key, about, title, body, at, by, resolved_at, resolver in threads:
            if not self.access.sees_about(about):
                continue
            name = self._name(key, title or "")
            links: tuple = ()
            if slot_name(key, about) in self.shown:
                links = (("Voir la discussion", f"{self._url('worksheet-show')}#echange-{ref}"),)
            message = Truncator(body).chars(2 * MAX_NAME)
            said = f"a ouvert une discussion sur {name}"
            yield Event(at, by, said, "chat-left-text", message, links)
            if resolved_at:
                said = f"a marqué comme traitée la discussion sur {name}"
                yield Event(resolved_at, resolver, said, "chat-left-dots", links=links)
