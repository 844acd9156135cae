"""Which opportunities a list shows, as its address says: `?type=friche&etape=detected&q=halle`."""

import django_filters
from django import forms
from django.db.models import Count, Q

from opportunities.enums import Kind, Stage
from opportunities.models import Opportunity


class OpportunityFilter(django_filters.FilterSet):
    """Filters of a queryset already limited to what the reader may see; how many each choice
    would give is counted in it too. A value that doesn't exist filters nothing."""

    type = django_filters.MultipleChoiceFilter(
        label="Type", field_name="kind", widget=forms.CheckboxSelectMultiple
    )
    etape = django_filters.MultipleChoiceFilter(
        label="Étape", field_name="stage", widget=forms.CheckboxSelectMultiple
    )
    quartier = django_filters.MultipleChoiceFilter(
        label="Quartier", field_name="district", widget=forms.CheckboxSelectMultiple
    )
    # A sentence is enough; thousands of words would make more conditions than SQLite takes.
    q = django_filters.CharFilter(label="Chercher", method="search", max_length=100)
    tri = django_filters.ChoiceFilter(
        label="Trier",
        method="sort",
        choices=[("recent", "Les plus récentes d’abord"), ("intitule", "Par intitulé")],
        empty_label=None,
    )

    class Meta:
        model = Opportunity
        fields = []

    def __init__(self, data, queryset):
        super().__init__(data, queryset)
        kinds, stages = self._count("kind"), self._count("stage")
        places = queryset.exclude(district=None).order_by("district__name", "district")
        districts = places.values_list("district", "district__name", Count("pk"))
        self.total = sum(kinds.values())
        self._labels = {
            "type": dict(Kind.choices),
            "etape": dict(Stage.choices),
            "quartier": {code: name for code, name, _ in districts},
        }
        counts = {"type": kinds, "etape": stages, "quartier": {code: n for code, _, n in districts}}
        for name, labels in self._labels.items():
            self.filters[name].extra["choices"] = [
                (value, f"{label} ({counts[name].get(value, 0)})")
                for value, label in labels.items()
            ]
        self.form.full_clean()  # leaves in cleaned_data what is valid

    def _count(self, field):
        return dict(self.queryset.order_by().values_list(field).annotate(Count("pk")))

    def search(self, queryset, name, value):
        """Each word in the title, the place or the description."""
        for word in value.split():
            queryset = queryset.filter(
                Q(title__icontains=word)
                | Q(description__icontains=word)
                | Q(place__icontains=word)
                | Q(district__name__icontains=word)
                | Q(commune__name__icontains=word)
            )
        return queryset

    def sort(self, queryset, name, value):
        return queryset.order_by("title", "pk") if value == "intitule" else queryset

    def boxes(self):
        """The filters of which several values may be ticked."""
        return [self.form[name] for name in self._labels]

    def in_force(self):
        """(what it is, address of the list without it) for each filter in force."""
        chosen = [
            (name, value, labels[value])
            for name, labels in self._labels.items()
            for value in self.form.cleaned_data.get(name, [])
        ]
        if words := self.form.cleaned_data.get("q"):
            chosen.append(("q", words, f"« {words} »"))
        return [(label, self._address_without(name, value)) for name, value, label in chosen]

    def _address_without(self, name, value):
        query = self.data.copy()
        query.pop("page", None)
        query.setlist(name, [other for other in query.getlist(name) if other != value])
        return f"?{query.urlencode()}"
