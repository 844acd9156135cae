from django import forms

from accounts.fields import WrittenLine
from programmes.enums import Step
from programmes.models import Programme, Session
from territories.models import Territory


def _day_input():
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class ProgrammeForm(forms.ModelForm):
    """A programme to open in the name of one of `centres`."""

    class Meta:
        model = Programme
        fields = ["centre", "name", "horizon"]
        field_classes = {"name": WrittenLine}

    def __init__(self, *args, centres, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["centre"].queryset = centres
        if len(centres) == 1:
            self.fields["centre"].initial = centres[0]


class SessionForm(forms.ModelForm):
    class Meta:
        model = Session
        fields = ["title", "held_on", "place", "is_regional_day"]
        labels = {
            "place": "Lieu (facultatif)",
            "is_regional_day": "C’est la journée régionale",
        }
        field_classes = {"title": WrittenLine, "place": WrittenLine}
        widgets = {"held_on": _day_input()}


class DeadlinesForm(forms.Form):
    """The last day of each step, named by the step; an empty one has no deadline."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for step in Step:
            self.fields[step.value] = forms.DateField(
                label=f"{step.label} (facultatif)", required=False, widget=_day_input()
            )


class EnrolmentForm(forms.Form):
    """Offers the territories that `programme` doesn't enrol yet. One that it does is accepted
    all the same: a second click is no error."""

    territory = forms.ModelChoiceField(
        Territory.objects.all(), label="Territoire", empty_label="Choisir un territoire"
    )

    def __init__(self, *args, programme, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.fields["territory"].queryset = Territory.objects.exclude(
                enrolments__programme=programme
            )
