from django import forms
from django.core.exceptions import ValidationError

from opportunities.models import SavedFilter


class SavedFilterForm(forms.ModelForm):
    """The name under which somebody keeps a filter. `instance` says whose filter it is, of which
    list: two of theirs can't have the same name there."""

    class Meta:
        model = SavedFilter
        fields = ["name"]
        labels = {"name": "Nom du filtre"}

    def clean(self):
        cleaned = super().clean()
        others = SavedFilter.objects.of(self.instance.user, self.instance.territory)
        if others.filter(name=cleaned.get("name")).exclude(pk=self.instance.pk).exists():
            raise ValidationError({"name": "Vous avez déjà un filtre de ce nom."})
        return cleaned


class NewSavedFilterForm(SavedFilterForm):
    class Meta(SavedFilterForm.Meta):
        fields = ["name", "query"]
        widgets = {"query": forms.HiddenInput}
