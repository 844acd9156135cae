"""What several people write: nothing is created twice, nothing is overwritten unseen.

A row written so is a models.written.WrittenByMany.
Callers are inside a transaction, in which they write their journal too.
"""

import hashlib
import json
from datetime import UTC, date, datetime
from decimal import Decimal

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import capfirst

from accounts.templatetags.french import day, hour, quoted
from journal.recording import record


class AlreadyCreated(Exception):
    """The form that creates was sent a second time, with something else in it."""

    def __init__(self, first):
        self.first = first
        super().__init__(
            f"Vous avez déjà enregistré {quoted(first)} depuis cette page. "
            f"Pour ajouter une deuxième {first._meta.verbose_name}, enregistrez à nouveau."
        )


class StaleFacts(Exception):
    """Somebody changed the facts since they were read; `row` holds what they wrote."""

    def __init__(self, row):
        self.row = row
        super().__init__(
            f"Cette {row._meta.verbose_name} a été modifiée pendant que vous écriviez. Rien n’est "
            "perdu : votre texte est dans la page, comparez puis enregistrez."
        )


class WrongFact(Exception):
    """What the facts of a form say together can't be so; `fact` is the one to correct."""

    fact: str


class MergedMeanwhile(Exception):
    """The opportunity was merged into another since its page was read."""

    def __init__(self, opportunity):
        self.opportunity = opportunity
        super().__init__(
            f"Entre-temps, {quoted(opportunity)} a été fusionnée avec une autre opportunité du "
            "territoire : rien de ce que vous venez d’envoyer n’a été enregistré."
        )


def create_once(model, *, by, request_key, facts, alongside, **within):
    """A row of `model` with `facts`, `within` the territory, or whatever else its keys are unique
    in; `alongside(row)` writes, with it or not at all, what goes with a new one. A request that
    bears a key used before answers with what the first one created; raises AlreadyCreated when the
    facts are not the same."""
    now = timezone.now()
    identity = {**within, "created_by": by, "request_key": request_key}
    try:
        with transaction.atomic():
            row = model.objects.create(
                **identity, **facts, created_at=now, updated_at=now, updated_by=by
            )
            alongside(row)
    except IntegrityError:
        first = model.objects.filter(**identity).first()
        if request_key is None or first is None:
            raise
        if differing(first, facts):
            raise AlreadyCreated(first) from None
        return first
    return row


def write_facts(row, *, version, by, facts):
    """Writes `facts` over `version` of the row; returns the names of those that differed.

    Raises StaleFacts when the row is no longer at `version`, unless it already says the same: a
    form sent twice is no conflict. `row` then holds what the other wrote.
    """
    changed = differing(row, facts)
    if not changed:
        return []
    values = {name: facts[name] for name in changed}
    values |= {"version": version + 1, "updated_at": timezone.now(), "updated_by": by}
    if not type(row).objects.filter(pk=row.pk, version=version).update(**values):
        row.refresh_from_db()
        if differing(row, facts):
            raise StaleFacts(row)
        return []
    take(row, values)
    return changed


def record_act(verb, row, by, **data):
    """The journal's entry of what `by` did to a row of a territory; nobody where a delay has run
    out."""
    record(verb=verb, by=by, scope=row.territory.scope, target=row.target, **data)


def differing(row, facts):
    """Names of the `facts` that `row` doesn't say."""
    return [name for name, value in facts.items() if getattr(row, name) != value]


def take(row, values):
    """The row in memory says what was written to the base."""
    for name, value in values.items():
        setattr(row, name, value)


def fingerprints(row, names):
    """What a page that shows these facts of the row says it showed: a few letters for each."""
    return {name: _fingerprint(getattr(row, name)) for name in names}


def _fingerprint(value):
    if isinstance(value, Decimal):
        value = value.normalize()
    if isinstance(value, datetime):
        value = value.astimezone(UTC)
    value = getattr(value, "pk", value)
    plain = json.dumps(value, cls=DjangoJSONEncoder).encode()
    return hashlib.blake2b(plain, digest_size=6).hexdigest()


def bring_together(row, facts, shown):
    """What a form says, brought to what the row says now: (facts, disputed).

    `shown` are the fingerprints of the page that the form was in. A fact that its author left as it
    was shown is now that of the row; `disputed` are the names of those that both changed, to
    something else each."""
    together = {
        name: getattr(row, name) if shown.get(name) == _fingerprint(value) else value
        for name, value in facts.items()
    }
    now = fingerprints(row, facts)
    return together, [name for name in differing(row, together) if shown.get(name) != now[name]]


def differences(row, facts):
    """(label, what is written now, what the form says) for each of the `facts` that differs, in
    words."""
    return [
        (
            capfirst(row._meta.get_field(name).verbose_name),
            *(_in_words(row, name, value) for value in (getattr(row, name), facts[name])),
        )
        for name in differing(row, facts)
    ]


def _in_words(row, name, value):
    if isinstance(value, datetime):
        return f"{day(value)} à {hour(value)}"
    if isinstance(value, date):
        return day(value)
    labels = dict(row._meta.get_field(name).flatchoices)
    return labels.get(value, value) or ""
