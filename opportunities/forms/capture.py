from django import forms

from opportunities.enums import Kind
from opportunities.forms.facts import KindSelect
from opportunities.forms.fields import RequestKey, SeveralFiles, fact_field
from territories.models import Territory

_DEGREES = forms.HiddenInput(attrs={"autocomplete": "off"})


class SightingForm(forms.Form):
    """What was seen, in one sentence, and where. `position` is (longitude, latitude) or None."""

    kind = forms.ChoiceField(
        label="Qu’avez-vous vu ?",
        choices=Kind.choices,
        widget=KindSelect,
        error_messages={"required": "Choisissez un type d’opportunité."},
    )
    sentence = fact_field(
        "description",
        label="En une phrase",
        required=True,
        strip=True,
        error_messages={"required": "Dites en une phrase ce que vous avez vu."},
    )
    longitude = forms.FloatField(
        min_value=-180, max_value=180, required=False, widget=_DEGREES, localize=False
    )
    latitude = forms.FloatField(
        min_value=-90, max_value=90, required=False, widget=_DEGREES, localize=False
    )
    request_key = RequestKey()

    @property
    def position(self):
        point = self.cleaned_data["longitude"], self.cleaned_data["latitude"]
        return None if None in point else point


class CaptureForm(SightingForm):
    """The whole page, as a browser without JavaScript sends it."""

    territory = forms.ModelChoiceField(
        label="Territoire",
        queryset=Territory.objects.none(),
        to_field_name="ref",
        empty_label=None,
        error_messages={
            "invalid_choice": "Vous n’écrivez plus sur ce territoire : choisissez-en un autre."
        },
    )
    photos = SeveralFiles(label="Photos", required=False)

    def __init__(self, *args, territories, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["territory"].queryset = territories


class PhotoForm(forms.Form):
    """One photo, sent by itself once the server has the opportunity."""

    # Empty ones too: `attachments` says of each file why it isn't kept.
    file = forms.FileField(allow_empty_file=True)
    request_key = forms.UUIDField()
