from django import forms
from django.contrib.auth import get_user_model

from accounts.fields import WrittenText
from opportunities.enums import Stage
from opportunities.tracking import partners_of

# It is read on a line of the history: more belongs to the description.
_REASON_LENGTH = 2_000


class StageForm(forms.Form):
    """A move to another stage; `from_stage` is the one its author saw."""

    from_stage = forms.ChoiceField(choices=Stage.choices, widget=forms.HiddenInput)
    stage = forms.ChoiceField(
        label="Nouvelle étape",
        choices=Stage.choices,
        error_messages={"required": "Choisissez la nouvelle étape."},
    )
    reason = WrittenText(
        label="Pourquoi (facultatif, sauf pour abandonner)",
        required=False,
        max_length=_REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="L’équipe et les formateurs le liront.",
    )

    def __init__(self, *args, opportunity, **kwargs):
        super().__init__(*args, initial={"from_stage": opportunity.stage}, **kwargs)
        # Only what is shown: a stale form may well name the stage where it is by now.
        others = [choice for choice in Stage.choices if choice[0] != opportunity.stage]
        self.fields["stage"].widget.choices = [("", "Choisir…"), *others]


class SharingForm(forms.Form):
    """Boxes of the territory's partners. The page also says which boxes it showed ticked, so that
    a partner added meanwhile by another lead isn't taken away unseen."""

    partners = forms.ModelMultipleChoiceField(
        label="Partenaires",
        queryset=get_user_model().objects.none(),
        to_field_name="email",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "%(value)s n’est plus partenaire de ce territoire."},
    )

    def __init__(self, *args, opportunity, **kwargs):
        partners = partners_of(opportunity.territory)
        shares = opportunity.shares.values("user")
        self.shown = [user.email for user in partners.filter(pk__in=shares)]
        super().__init__(*args, initial={"partners": self.shown}, **kwargs)
        self.fields["partners"].queryset = partners

    def changes(self):
        """(to share with, to unshare with), two lists of users."""
        ticked, shown = self.cleaned_data["partners"], set(self.data.getlist("shown"))
        added = [user for user in ticked if user.email not in shown]
        unticked = self.fields["partners"].queryset.exclude(pk__in=ticked)
        return added, [user for user in unticked if user.email in shown]
