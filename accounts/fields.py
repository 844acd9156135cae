"""Form fields for what people write (`accounts.wording`), and what their forms then say."""

from django import forms

from accounts.wording import TextTooLong, normalise


class WrittenText(forms.CharField):
    """Text kept to the letter, save what no screen can show; `was_normalised` tells when that
    took something away."""

    widget: type[forms.Widget] = forms.Textarea
    was_normalised = False

    def __init__(self, *, strip=False, **kwargs):
        super().__init__(strip=strip, **kwargs)

    def to_python(self, value):
        text, self.was_normalised = normalise(super().to_python(value))
        return text

    def widget_attrs(self, widget):
        """No maxlength: the browser would cut a pasted text without a word."""
        return {}

    def run_validators(self, value):
        if self.max_length is not None and len(value) > self.max_length:
            refusal = TextTooLong(len(value), self.max_length)
            raise forms.ValidationError(str(refusal), code="max_length")
        super().run_validators(value)


class WrittenLine(WrittenText):
    """A text of one line: it also stands in page titles and in the subjects of messages."""

    widget = forms.TextInput

    def __init__(self, *, strip=True, **kwargs):
        super().__init__(strip=strip, **kwargs)

    def to_python(self, value):
        return " ".join(super().to_python(value).splitlines())


def was_normalised(form):
    """Whether some text of a cleaned form lost what no screen can show."""
    return any(getattr(field, "was_normalised", False) for field in form.fields.values())


def status_of(form):
    """The status of a page that shows `form`: 413 where a text is too long, 400 where something
    else is to mend, else 200."""
    codes = {error.code for errors in form.errors.as_data().values() for error in errors}
    if "max_length" in codes:
        return 413
    return 400 if codes else 200


def reasons_of(form):
    """All that a form has to mend, in one line: for an answer that isn't a page."""
    sentences = [str(error) for errors in form.errors.values() for error in errors]
    return " ".join(dict.fromkeys(sentences))  # longitude and latitude lack the same
