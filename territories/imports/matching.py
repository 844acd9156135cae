"""Making tables hold what a file says, in few queries, and knowing what really changed."""

from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db import models

from territories.imports.reports import Refused


def check_fields(row: models.Model, names: Iterable[str]) -> None:
    """Raises Refused with what the model's own validation says of the fields `names`."""
    labels = {field.name: field.verbose_name for field in row._meta.fields}
    try:
        row.clean_fields(exclude=labels.keys() - set(names))
    except ValidationError as error:
        name, reasons = next(iter(error.message_dict.items()))
        raise Refused(
            f"{labels[name]} « {str(getattr(row, name))[:60]} » : {' '.join(reasons)}"
        ) from error


def write_rows(
    rows: Iterable[models.Model], *, compare: list[str], stamp: Iterable[str] = ()
) -> tuple[set, set]:
    """Creates or updates `rows`, instances of one model with a natural primary key.

    Only the fields named in `compare` are compared and written; `stamp` names the dates that
    move with them. Answers the primary keys created and those updated.
    """
    rows = list(rows)
    if not rows:
        return set(), set()
    model = type(rows[0])
    stored = {
        pk: [_comparable(value) for value in values]
        for pk, *values in model._default_manager.values_list("pk", *compare)
    }
    created = {row.pk for row in rows if row.pk not in stored}
    updated = {
        row.pk
        for row in rows
        if row.pk in stored and [getattr(row, name) for name in compare] != stored[row.pk]
    }
    model._default_manager.bulk_create(
        [row for row in rows if row.pk in created or row.pk in updated],
        update_conflicts=True,
        unique_fields=[model._meta.pk.name],
        update_fields=[model._meta.get_field(name).name for name in (*compare, *stamp)],
    )
    return created, updated


def _comparable(value):
    # PostgreSQL gives binary columns as memoryviews, SQLite as bytes.
    return bytes(value) if isinstance(value, memoryview) else value


def write_links(relation, wanted: Mapping[str, set[str]]) -> set[str]:
    """Makes a many-to-many relation (`District.communes`) hold exactly `wanted`, a set of keys
    for each owner; other owners are left alone. Answers the owners whose links changed."""
    through = relation.through
    owner = f"{relation.field.m2m_field_name()}_id"
    target = f"{relation.field.m2m_reverse_field_name()}_id"
    stored = {
        (owner_key, target_key): pk
        for pk, owner_key, target_key in through.objects.values_list("pk", owner, target)
        if owner_key in wanted
    }
    pairs = {(key, other) for key, others in wanted.items() for other in others}
    missing, stale = pairs - stored.keys(), stored.keys() - pairs
    through.objects.bulk_create(
        through(**{owner: key, target: other}) for key, other in sorted(missing)
    )
    through.objects.filter(pk__in=[stored[pair] for pair in stale]).delete()
    return {key for key, _ in missing | stale}


def is_referenced(row: models.Model) -> bool:
    """Whether any row of any application points at `row`, many-to-many tables included."""
    return any(
        relation.field.model._base_manager.filter(**{relation.field.name: row}).exists()
        for relation in row._meta.get_fields(include_hidden=True)
        if isinstance(relation, models.ManyToOneRel)
    )


def remove_vanished(model: type[models.Model], wanted: set[str]) -> tuple[int, list[str]]:
    """Deletes the rows whose keys are no longer `wanted`, save those that something points at.
    Answers how many were deleted and the keys kept."""
    vanished = set(model._default_manager.values_list("pk", flat=True)) - wanted
    kept = [
        row.pk
        for row in model._default_manager.filter(pk__in=vanished).order_by("pk")
        if is_referenced(row)
    ]
    model._default_manager.filter(pk__in=vanished - set(kept)).delete()
    return len(vanished) - len(kept), kept
