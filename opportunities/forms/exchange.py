from django import forms

from opportunities.enums import Kind
from opportunities.exchange.columns import COLUMNS
from opportunities.exchange.tables import MAX_SIZE

# By one of these the rows of a file are recognised.
_IDENTITIES = {column.key for column in COLUMNS if column.field in {"title", "ref", "external_ref"}}


class UploadForm(forms.Form):
    file = forms.FileField(
        label="Fichier à importer",
        help_text=(
            "Un tableur Excel (.xlsx) ou LibreOffice (.ods), ou un fichier CSV, avec les intitulés "
            f"des colonnes sur la première ligne. {MAX_SIZE // 2**20} Mo au plus."
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.ods,.csv,.txt"}),
        error_messages={
            "required": "Choisissez un fichier.",
            "empty": "Ce fichier est vide.",
        },
    )


class MatchingForm(forms.Form):
    """What each column of a file is: a choice for each, in its order."""

    default_kind = forms.ChoiceField(
        label="Type des lignes qui n’en disent pas",
        choices=[("", "Aucun : chaque ligne doit le dire"), *Kind.choices],
        required=False,
    )

    def __init__(self, *args, file_import, **kwargs):
        super().__init__(*args, initial={"default_kind": file_import.default_kind}, **kwargs)
        self._names = []
        choices = [("", "Ne pas importer"), *((each.key, each.header) for each in COLUMNS)]
        for place, entry in enumerate(file_import.matching):
            name = f"column_{place}"
            header = entry["header"] or f"Colonne {place + 1}, sans intitulé"
            self.fields[name] = forms.ChoiceField(
                label=header, choices=choices, required=False, initial=entry["column"]
            )
            self._names.append(name)

    def columns(self):
        """The fields of the columns, in their order."""
        return [self[name] for name in self._names]

    @property
    def keys(self):
        return [self.cleaned_data[name] for name in self._names]

    def clean(self):
        data = super().clean()
        taken = {}
        for name in self._names:
            key = data.get(name)
            if not key:
                continue
            if key in taken:
                self.add_error(
                    name,
                    f"« {self.fields[taken[key]].label} » va déjà dans cette colonne : choisissez "
                    "l’une des deux.",
                )
            taken.setdefault(key, name)
        if not self.errors and not _IDENTITIES & taken.keys():
            raise forms.ValidationError("Dites au moins quelle colonne donne l’intitulé.")
        return data
