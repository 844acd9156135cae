"""What happened lately on a territory: its journal, told in French."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.text import Truncator

from accounts.templatetags.french import quoted
from journal.models import Entry
from opportunities.enums import Stage
from opportunities.models import DetectionAction, Opportunity
from programmes.enums import Step
from territories.enums import Role
from territories.models import Territory
from worksheets.models import Worksheet

# What follows the author's name. {target} becomes a link; the rest comes from the entry's data.
# Each sentence begins with "avoir", which agrees with nobody.
SENTENCES = {
    "worksheet.started": "a commencé la fiche {target}",
    "worksheet.answered": "a complété la fiche {target}",
    "worksheet.opportunities_chosen": "a choisi les opportunités de la fiche {target}",
    "worksheet.submitted": "a transmis la fiche {target} aux formateurs",
    "worksheet.withdrawn": "a retiré la fiche {target} de la relecture",
    "worksheet.review_started": "a commencé la relecture de la fiche {target}",
    "worksheet.commented": "a commenté {question} dans la fiche {target}",
    "worksheet.returned": "a demandé de compléter la fiche {target}",
    "worksheet.validated": "a validé la fiche {target}",
    "worksheet.reopened": "a rouvert la fiche {target}",
    "opportunity.created": "a ajouté {target}",
    "opportunity.changed": "a modifié {target}",
    "opportunity.moved": "a passé {target} à l’étape « {to_stage} »",
    "opportunities.imported": "a importé des opportunités depuis le fichier {file}",
    "opportunity.shared": "a partagé {target} avec un partenaire",
    "opportunity.unshared": "a mis fin au partage de {target} avec un partenaire",
    "opportunity.file_added": "a joint {file} à {target}",
    "opportunity.file_removed": "a supprimé {file} de {target}",
    "opportunity.merged": "a fusionné {title} dans {target}",
    "opportunity.merged_into": "a fusionné une opportunité en double dans {title}",
    "person.added": "a ajouté une personne à {target}",
    "person.changed": "a modifié une personne de {target}",
    "person.anonymised": "a anonymisé une personne de {target}",
    "person.erased": "a effacé une personne de {target}",
    "opportunity.archived": "a archivé {target}",
    "opportunity.restored": "a remis {target} dans les listes",
    "opportunity.deleted": "a supprimé {target}",
    "opportunity.purged": "a effacé {target} pour de bon",
    "opportunity.undeleted": "a repris {target} dans la corbeille",
    "action.created": "a ajouté l’action de repérage {target}",
    "action.changed": "a modifié l’action de repérage {target}",
    "action.file_added": "a joint {file} à l’action de repérage {target}",
    "action.file_removed": "a supprimé {file} de l’action de repérage {target}",
    "action.held": "a rendu compte de l’action de repérage {target}",
    "action.cancelled": "a annulé l’action de repérage {target}",
    "action.resumed": "a remis au programme l’action de repérage {target}",
    "territory.opened": "a ouvert le territoire",
    "territory.enrolled": "a inscrit le territoire à la formation {programme}",
    "team.member_joined": "a rejoint {target}, avec le rôle de {role}",
    "team.member_removed": "a retiré {name} de {target}",
    "team.role_changed": "a donné à {name} le rôle de {role} dans {target}",
    "team.lead_handed_over": "a donné à {name} le rôle de {role} dans {target}, en passant la main",
    "invitation.sent": "a invité quelqu’un dans {target}, avec le rôle de {role}",
    "invitation.withdrawn": "a retiré une invitation dans {target}",
}
UNKNOWN = "a travaillé ici : {target}"
UNKNOWN_ELSEWHERE = "a travaillé sur le territoire"
MAX_WORD = 60  # a question of the grid can be a paragraph
QUOTED = {"question", "file", "title", "programme"}
NOBODY = "La plateforme"
_LABELS = {"to_stage": dict(Stage.choices), "role": dict(Role.choices)}


@dataclass(frozen=True)
class Happening:
    """One sentence: `author` `before` `label` (a link to `url`) `after`."""

    at: datetime
    author: str
    before: str
    label: str
    url: str
    after: str


def recent_activity(user, territory: Territory, limit: int) -> list[Happening]:
    """The latest entries of the territory's journal about what `user` may see, newest first.

    Four queries. Callers decide who reads activity at all: those who read drafts, whole.
    """
    worksheets = Worksheet.objects.visible_to(user).filter(territory=territory)
    opportunities = Opportunity.objects.visible_to(user).filter(territory=territory)
    actions = DetectionAction.objects.visible_to(user).filter(territory=territory)
    entries = list(
        Entry.objects.of(territory.scope).filter(
            Q(target__in=_targets("worksheet:", worksheets))
            | Q(target__in=_targets("opportunity:", opportunities))
            | Q(target__in=_targets("action:", actions))
            | Q(verb="territory.enrolled")  # its target is the programme
            | Q(target=territory.scope)
        )[:limit]
    )
    links = {territory.scope: ("l’équipe", reverse("territories:team", args=[territory.ref]))}
    links |= _worksheet_links(territory, worksheets.filter(ref__in=_refs(entries, "worksheet:")))
    links |= _titled_links(
        "opportunity:",
        "opportunities:detail",
        opportunities.filter(ref__in=_refs(entries, "opportunity:")),
        territory,
    )
    links |= _titled_links(
        "action:",
        "opportunities:action-detail",
        actions.filter(ref__in=_refs(entries, "action:")),
        territory,
    )
    return [_told(entry, links) for entry in entries]


def _targets(prefix, queryset):
    """What the journal calls the rows of `queryset`."""
    return queryset.order_by().values_list(Concat(Value(prefix), "ref"))


def _refs(entries, prefix):
    return {
        entry.target.removeprefix(prefix) for entry in entries if entry.target.startswith(prefix)
    }


def _worksheet_links(territory, worksheets):
    titles = worksheets.values_list("ref", "step", "opportunity__title")
    links = {}
    for ref, step, about in titles:
        label = Step(step).label
        links[f"worksheet:{ref}"] = (
            f"{label} – {about}" if about else label,
            reverse("worksheets:worksheet-show", args=[territory.ref, ref]),
        )
    return links


def _titled_links(prefix, route, queryset, territory):
    return {
        f"{prefix}{ref}": (
            quoted(title),
            reverse(route, args=[territory.ref, ref]),
        )
        for ref, title in queryset.values_list("ref", "title")
    }


def _told(entry, links):
    label, url = links.get(entry.target, ("", ""))
    sentence = SENTENCES.get(entry.verb, UNKNOWN if label else UNKNOWN_ELSEWHERE)
    before, target, after = sentence.partition("{target}")
    if not target:
        label = url = ""
    words = _words(entry.data)
    return Happening(
        at=entry.at,
        author=entry.actor.name if entry.actor else NOBODY,
        before=before.format_map(words),
        label=label,
        url=url,
        after=after.format_map(words),
    )


def _words(data):
    """The entry's own words as the sentences show them; what an old entry doesn't say is empty."""
    words = defaultdict(str)
    for key, value in data.items():
        if isinstance(value, str):
            word = _LABELS.get(key, {}).get(value, value)
            word = Truncator(word).chars(MAX_WORD)
            words[key] = quoted(word) if key in QUOTED else word
    return words
