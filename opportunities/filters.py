"""Which opportunities a list, a board, a map or an export shows, as its address says:
`?type=friche&etape=detected&q=halle`."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

import django_filters
from django import forms
from django.db.models import Count, F, Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import number_format

from accounts.templatetags.french import quoted
from library.enums import Theme
from opportunities import searching
from opportunities.enums import Kind, Stage
from opportunities.models import Opportunity
from territories.models import District, Territory

# Counting further would cost more than the page, and nobody reads beyond.
COUNTED_UP_TO = 10_000
# Of those that a search finds among more: their words must be read to be counted.
SEARCHED_UP_TO = 1_000
YES = "oui"
RECENT, QUIET, ASLEEP, LATE = "recente", "calme", "en-sommeil", "en-retard"
_DAYS = {RECENT: 30, QUIET: 30, ASLEEP: 90}
FRESHNESS = [
    (RECENT, "Mise à jour depuis moins de 30 jours"),
    (QUIET, "Sans action depuis 30 jours"),
    (ASLEEP, "Sans action depuis 90 jours"),
    (LATE, "Prochaine action dépassée"),
]
_GONE = "Une partie des filtres de cette adresse n’existe pas ou plus ; elle est ignorée."
DEFAULT_ORDER = "recent"
_SOONEST = F("next_action_on").asc(nulls_last=True)
ORDERS = {
    DEFAULT_ORDER: ("Les plus récentes d’abord", ("-updated_at", "-pk")),
    "ancien": ("Les plus anciennes d’abord", ("updated_at", "pk")),
    "intitule": ("Par intitulé", ("title", "pk")),
    "action": ("Par date de la prochaine action", (_SOONEST, "-pk")),
}


@dataclass(frozen=True)
class Tally:
    """How many there are, at least."""

    number: int
    is_capped: bool

    @classmethod
    def of(cls, queryset, up_to=None):
        up_to = up_to or COUNTED_UP_TO
        number = queryset.order_by()[: up_to + 1].count()
        return cls(min(number, up_to), number > up_to)

    def __str__(self):
        number = number_format(self.number, force_grouping=True)
        return f"plus de {number}" if self.is_capped else number


class AnyOf(django_filters.MultipleChoiceFilter):
    """Has one of the values: without the DISTINCT of its parent, which sorts every row."""

    def __init__(self, **options):
        super().__init__(widget=forms.CheckboxSelectMultiple, **options)

    def filter(self, qs, value):
        return qs.filter(**{f"{self.field_name}__in": value}) if value else qs


class YesFilter(django_filters.ChoiceFilter):
    """A box that is ticked or not."""

    def __init__(self, **options):
        super().__init__(choices=[(YES, options["label"])], **options)


class OpportunityFilter(django_filters.FilterSet):
    """Filters of what `user` may see in `territories`. Each choice says how many it would give
    alone, unless there is too much to count. A value that doesn't exist filters nothing, and
    `form.errors` says so."""

    type = AnyOf(label="Type", field_name="kind")
    etape = AnyOf(label="Étape", field_name="stage")
    territoire = AnyOf(label="Territoire", field_name="territory", method="by_territory")
    quartier = AnyOf(label="Quartier", field_name="district")
    theme = AnyOf(label="Thème", field_name="theme")
    fraicheur = django_filters.ChoiceFilter(
        label="Fraîcheur", method="by_freshness", choices=FRESHNESS, empty_label="Toutes"
    )
    miennes = YesFilter(label="Ajoutées par moi", method="by_author")
    archives = YesFilter(label="Archives", method="by_archive")
    # A sentence is enough; thousands of words would make more conditions than SQLite takes.
    # Declared after the others: whether anything has the words is asked of what they leave.
    q = django_filters.CharFilter(
        label="Chercher",
        method="by_words",
        max_length=100,
        error_messages={
            "max_length": (
                "Recherche trop longue : %(limit_value)d caractères au plus. Elle est ignorée."
            )
        },
    )
    tri = django_filters.ChoiceFilter(
        label="Trier",
        method="in_order",
        choices=[(value, label) for value, (label, _) in ORDERS.items()],
        empty_label=None,
    )

    class Meta:
        model = Opportunity
        fields = []

    def __init__(self, data, queryset, *, user, territories, territory=None):
        archived = data.get("archives") == YES
        super().__init__(data, queryset.archived() if archived else queryset.current())
        self.user, self.territories = user, territories
        self._with_words = None
        self.is_near = False  # nothing has the words of the query: what follows resembles them
        if territory:
            del self.filters["territoire"]
        self._several = [name for name, each in self.filters.items() if isinstance(each, AnyOf)]
        self.total = Tally.of(self.queryset)
        facets = self._facets()
        self._labels = self._labels_of_choices(facets)
        for name in self._several:
            self.filters[name].extra["choices"] = [
                (value, label if self.total.is_capped else f"{label} ({facets[name][value]})")
                for value, label in self._labels[name].items()
            ]
        self.form.full_clean()  # leaves in cleaned_data what is valid

    @cached_property
    def count(self):
        """How many the filters leave."""
        if not self.narrows:
            return self.total
        rows = self.qs
        return self._with_words or Tally.of(rows)

    @property
    def narrows(self):
        return any(name not in {"archives", "tri"} for name, _, _ in self._chosen())

    def _facets(self):
        """{filter: Counter of its values}, empty where there is too much to count."""
        facets = {name: Counter() for name in self._several}
        if not self.total.is_capped:
            fields = [self.filters[name].field_name for name in self._several]
            groups = self.queryset.order_by().values_list(*fields).annotate(Count("pk"))
            for *values, count in groups:
                for name, value in zip(self._several, values, strict=True):
                    facets[name][value] += count
        if "territoire" in facets:
            counted = facets["territoire"]
            facets["territoire"] = Counter(
                {each.ref: counted[each.pk] for each in self.territories}
            )
        return facets

    def _labels_of_choices(self, facets):
        """{filter: {value: label}}"""
        return {
            "type": dict(Kind.choices),
            "etape": dict(Stage.choices),
            "territoire": {each.ref: each.name for each in self.territories},
            "quartier": {each.code: each.name for each in self._districts(facets["quartier"])},
            "theme": dict(Theme.choices),
        }

    def _districts(self, counted):
        """Those where there is something; where that can't be counted, those of the territories
        that are chosen and those that the address names."""
        if not self.total.is_capped:
            found = Q(pk__in=[code for code in counted if code])
        else:
            refs = self.data.getlist("territoire")
            chosen = [
                each.contract_id
                for each in self.territories
                if each.ref in refs or "territoire" not in self.filters
            ]
            asked = [code for code in self.data.getlist("quartier") if code.isalnum()]
            found = Q(contracts__in=chosen) | Q(pk__in=asked)
        return District.objects.filter(found).distinct().order_by("name", "pk")

    # What each filter does

    def by_territory(self, queryset, name, refs):
        chosen = [each.pk for each in self.territories if each.ref in refs]
        return queryset.filter(territory__in=chosen) if refs else queryset

    def by_freshness(self, queryset, name, value):
        if value == LATE:
            return queryset.filter(next_action_on__lt=timezone.localdate())
        days_ago = timezone.now() - timedelta(days=_DAYS[value])
        if value == RECENT:
            return queryset.filter(updated_at__gte=days_ago)
        return queryset.filter(updated_at__lt=days_ago)

    def by_author(self, queryset, name, value):
        return queryset.filter(created_by=self.user)

    def by_archive(self, queryset, name, value):
        return queryset  # it chose where the others choose from

    def by_words(self, queryset, name, value):
        """What has the words; where nothing has them, what resembles them."""
        is_small = not self.total.is_capped
        found = searching.matching(queryset, value, reads_each=is_small)
        # Also what `count` says: only the order comes after.
        self._with_words = Tally.of(found, COUNTED_UP_TO if is_small else SEARCHED_UP_TO)
        if self._with_words.number or not searching.tolerates_slips():
            return found
        self._with_words = None
        self.is_near = True
        return searching.resembling(queryset, value)

    def in_order(self, queryset, name, value):
        """As asked; by default the most recent first, or the most alike."""
        return queryset if value == DEFAULT_ORDER else queryset.order_by(*ORDERS[value][1])

    # What the page shows

    def boxes(self):
        """The filters of which several values may be ticked, where there is something to tick."""
        return [self.form[name] for name in self._several if self._labels[name]]

    def in_force(self):
        """(what it is, address of the list without it) for each filter in force."""
        return [
            (label, self._address_without(name, value)) for name, value, label in self._chosen()
        ]

    def ignored(self):
        """Sentences on what the address asks in vain."""
        errors = dict(self.form.errors)
        sentences = errors.pop("q", [])
        if errors:
            return [*sentences, _GONE]
        return sentences

    def query(self):
        """The filters in force and the order, as an address says them: neither the page, nor the
        view that shows it."""
        query = QueryDict(mutable=True)
        for name, value, _ in self._chosen():
            query.appendlist(name, value)
        order = self.form.cleaned_data.get("tri")
        if order and order != DEFAULT_ORDER:
            query["tri"] = order
        return query.urlencode()

    def _chosen(self):
        """(filter, value, what it is) for each value in force."""
        cleaned = self.form.cleaned_data
        chosen = [
            (name, value, self._labels[name][value])
            for name in self._several
            for value in cleaned.get(name, ())
        ]
        if freshness := cleaned.get("fraicheur"):
            chosen.append(("fraicheur", freshness, dict(FRESHNESS)[freshness]))
        chosen += [
            (name, YES, self.filters[name].label)
            for name in ("miennes", "archives")
            if cleaned.get(name)
        ]
        if words := cleaned.get("q"):
            chosen.append(("q", words, quoted(words)))
        return chosen

    def _address_without(self, name, value):
        query = self.data.copy()
        query.pop("page", None)
        query.setlist(name, [other for other in query.getlist(name) if other != value])
        return f"?{query.urlencode()}"


def filtered_for(user, data, territory=None):
    """The filter `data` (a QueryDict) of all that `user` may see, or of what they may see in
    `territory`, which they were found to see. Its `qs` is what a list, a board, a map or an export
    shows."""
    territories = [territory] if territory else list(Territory.objects.visible_to(user))
    # The door is `visible_to`; naming the territories too lets PostgreSQL read in their order an
    # index that holds them, where it can't foresee what a subquery will answer.
    visible = Opportunity.objects.visible_to(user).filter(
        territory__in=[each.pk for each in territories]
    )
    return OpportunityFilter(data, visible, user=user, territories=territories, territory=territory)
