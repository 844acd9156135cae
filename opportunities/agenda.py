"""Which detection actions a list shows, as its address says (`?type=visit&etat=held`), and in which
order."""

import django_filters
from django import forms
from django.db.models import Case, Count, F, IntegerField, Q, Value, When

from opportunities.enums import ActionKind, ActionState
from opportunities.models import DetectionAction

_RANKS = {ActionState.PLANNED: 0, ActionState.HELD: 1, ActionState.CANCELLED: 2}


def _choice(label, field_name, choices, empty_label):
    return django_filters.ChoiceFilter(
        label=label,
        field_name=field_name,
        choices=choices,
        empty_label=empty_label,
        widget=forms.Select(attrs={"class": "form-select"}),
    )


class AgendaFilter(django_filters.FilterSet):
    """Filters of a queryset already limited to what the reader may see. A value that doesn't exist
    filters nothing."""

    type = _choice("Type", "kind", ActionKind, "Tous les types")
    etat = _choice("État", "state", ActionState, "Tous les états")

    def __init__(self, data, queryset):
        super().__init__(data, queryset)
        self.form.full_clean()  # leaves in cleaned_data what is valid

    @property
    def is_in_force(self):
        return any(self.form.cleaned_data.values())


def in_agenda_order(actions):
    """Those to come first, the soonest at the head; then those held, the latest at the head; then
    those cancelled."""
    ranks = [When(state=state, then=Value(rank)) for state, rank in _RANKS.items()]
    return actions.annotate(
        rank=Case(*ranks, output_field=IntegerField()),
        coming_at=Case(When(state=ActionState.PLANNED, then="starts_at")),
    ).order_by("rank", F("coming_at").asc(nulls_last=True), "-starts_at", "-pk")


def with_revealed_count(actions):
    """Each with `revealed_count`, how many opportunities it revealed that still stand."""
    standing = Q(opportunities__deleted_at=None, opportunities__merged_into=None)
    return actions.annotate(revealed_count=Count("opportunities", filter=standing))


def planned_actions(user, territory):
    """Those of `territory` that `user` may see and that nobody said were held or cancelled, the
    soonest first."""
    planned = DetectionAction.objects.visible_to(user).filter(state=ActionState.PLANNED)
    return planned.filter(territory=territory).order_by("starts_at", "pk")
