"""What the journal's entries are in French: what follows the author's name.

Each sentence begins with "avoir", which agrees with nobody. {target} becomes a link; the rest comes
from the entry's data.
"""

from __future__ import annotations

from collections import defaultdict
from string import Formatter
from typing import Any

from django.utils.text import Truncator

from accounts.templatetags.french import quoted
from opportunities.enums import Stage
from territories.enums import Role

SENTENCES = {
    "worksheet.started": "a commencé la fiche {target}",
    "worksheet.answered": "a complété la fiche {target}",
    "worksheet.answer_restored": "a rétabli la réponse {question} dans la fiche {target}",
    "worksheet.opportunities_chosen": "a choisi les opportunités de la fiche {target}",
    "worksheet.submitted": "a transmis la fiche {target} aux formateurs",
    "worksheet.withdrawn": "a retiré la fiche {target} de la relecture",
    "worksheet.review_started": "a commencé la relecture de la fiche {target}",
    "worksheet.commented": "a commenté {question} dans la fiche {target}",
    "worksheet.mentioned": "a mentionné {names} à propos de {question} dans la fiche {target}",
    "worksheet.thread_resolved": "a traité un commentaire sur {question} dans la fiche {target}",
    "worksheet.thread_reopened": "a rouvert un commentaire sur {question} dans la fiche {target}",
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
# Several entries of one kind in a row, by the same person.
FOLDED = {
    "worksheet.commented": "a laissé {count} commentaires dans la fiche {target}",
    "worksheet.thread_resolved": "a traité {count} commentaires dans la fiche {target}",
    "worksheet.answer_restored": "a rétabli {count} textes antérieurs dans la fiche {target}",
    "opportunity.created": "a ajouté {count} opportunités",
    "opportunity.archived": "a archivé {count} opportunités",
    "opportunity.deleted": "a supprimé {count} opportunités",
    "opportunity.file_added": "a joint {count} fichiers à {target}",
    "opportunity.file_removed": "a supprimé {count} fichiers de {target}",
    "action.file_added": "a joint {count} fichiers à l’action de repérage {target}",
    "action.file_removed": "a supprimé {count} fichiers de l’action de repérage {target}",
    "person.added": "a ajouté {count} personnes à {target}",
    "person.anonymised": "a anonymisé {count} personnes de {target}",
    "person.erased": "a effacé {count} personnes de {target}",
    "invitation.sent": "a envoyé {count} invitations dans {target}",
}
UNKNOWN = "a travaillé ici : {target}"
UNKNOWN_ELSEWHERE = "a travaillé sur le territoire"
MAX_WORD = 60  # a question of the grid can be a paragraph
QUOTED = {"question", "file", "title", "programme"}
_LABELS = {"to_stage": dict(Stage.choices), "role": dict(Role.choices)}


def _fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


# Said once for several: what names nothing but its target says no less so.
_FOLDED = {verb: text for verb, text in SENTENCES.items() if _fields(text) == {"target"}} | FOLDED


def folds(verb: str) -> bool:
    """Whether several entries of `verb` in a row, of the same person, are told as one."""
    return verb in _FOLDED


def folds_targets(verb: str) -> bool:
    """Whether that goes for entries about different things too."""
    return "{target}" not in _FOLDED[verb]


def sentence_of(entries: list, *, has_target: bool, horizon: str) -> tuple[str, bool, str]:
    """(before the link, whether there is one, after it) of `entries` told as one; `has_target` says
    whether what they are about can be named, `horizon` what questions say of theirs."""
    first = entries[0]
    if len(entries) > 1:
        sentence = _FOLDED[first.verb]
    else:
        unknown = UNKNOWN if has_target else UNKNOWN_ELSEWHERE
        sentence = SENTENCES.get(first.verb, unknown)
    before, target, after = sentence.partition("{target}")
    words = _words(first.data, horizon)
    words["count"] = str(len(entries))
    return before.format_map(words), bool(target), after.format_map(words)


def _words(data: dict[str, Any], horizon: str) -> defaultdict[str, str]:
    """The entry's own words as the sentences show them; what an old entry doesn't say is empty."""
    words: defaultdict[str, str] = defaultdict(str)
    for key, value in data.items():
        if isinstance(value, str):
            word = _LABELS.get(key, {}).get(value, value)
            if key == "question":
                word = word.replace("{horizon}", horizon)
            word = Truncator(word).chars(MAX_WORD)
            words[key] = quoted(word) if key in QUOTED else word
    return words
