from django import forms
from django.core.exceptions import ValidationError

from opportunities.mapping import DEEPEST_ZOOM
from territories.drawing import NotAFrame, frame_of

# A mistyped number of any length is said to be wrong without being read.
_LONGEST_FRAME = 200


class SeenForm(forms.Form):
    """What a map shows: its frame, "west,south,east,north" in degrees, and its zoom."""

    cadre = forms.CharField(
        max_length=_LONGEST_FRAME, error_messages={"required": "Il manque le cadre de la carte."}
    )
    zoom = forms.IntegerField(
        min_value=0,
        max_value=DEEPEST_ZOOM,
        error_messages={"required": "Il manque le zoom de la carte."},
    )

    def clean_cadre(self):
        try:
            return frame_of(self.cleaned_data["cadre"])
        except NotAFrame as error:
            raise ValidationError(str(error)) from None
