from django import forms

from opportunities.forms.fields import Version


class MergeForm(forms.Form):
    """Which of two opportunities goes on; the versions are those that the page showed, by
    reference."""

    kept = forms.ChoiceField(
        label="Laquelle garder",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez l’opportunité à garder.",
            "invalid_choice": "Choisissez l’une des deux opportunités.",
        },
    )

    def __init__(self, *args, pair, **kwargs):
        super().__init__(*args, **kwargs)
        self.pair = pair
        self.fields["kept"].choices = [(each.ref, each.title) for each in pair]
        for each in pair:
            self.fields[f"version-{each.ref}"] = Version(initial=each.version)

    def parts(self):
        """(the duplicate, the one that goes on, the versions of both in that order)."""
        into = next(each for each in self.pair if each.ref == self.cleaned_data["kept"])
        duplicate = next(each for each in self.pair if each is not into)
        versions = [self.cleaned_data[f"version-{each.ref}"] for each in (duplicate, into)]
        return duplicate, into, versions
