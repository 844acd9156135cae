"""The columns of an exchanged file: one declaration for the way in and for the way out.

Headers are the labels of the product. Reading recognises them in any spelling, and the names of
the CNIG standard of the friches.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable
from typing import Any, cast

from django.db import models
from django.utils.text import capfirst, slugify

from accounts.wording import MAX_LENGTH
from opportunities import kinds
from opportunities.enums import Stage
from opportunities.exchange import values
from opportunities.models import Opportunity

REASON = "reason"  # of the last move, to "abandonné"


@dataclasses.dataclass(frozen=True)
class Column:
    """`field` is the attribute of an opportunity that the column fills, `key` what a GeoJSON
    property or a matching calls it. `read` takes a cell that isn't blank (`exchange.values`),
    `write` an opportunity; `names` are headers, other than its own, by which it is recognised."""

    header: str
    field: str
    read: values.Reader
    write: Callable[[Any], Any]
    names: tuple[str, ...] = ()
    key: str = dataclasses.field(init=False)

    def __post_init__(self):
        object.__setattr__(self, "key", slugify(self.header).replace("-", "_"))


def _field(name: str) -> models.Field:
    return cast(models.Field, Opportunity._meta.get_field(name))


def _of_field(name: str, *names: str, header: str = "") -> Column:
    """The column of a field of the model, read and written as its type says."""
    source = _field(name)
    label = header or capfirst(str(source.verbose_name))
    if source.choices:
        labels = dict(source.choices)
        return Column(
            label,
            name,
            values.choice(labels),
            lambda row: labels.get(getattr(row, name), ""),
            names,
        )
    return Column(label, name, _reader(source), lambda row: getattr(row, name), names)


def _reader(source: models.Field) -> values.Reader:
    match source:
        case models.TextField():
            return values.text_of(source.max_length or 0)
        case models.CharField():
            return values.line_of(source.max_length or 0)
        case models.IntegerField():
            return values.whole_number(source)
        case models.DecimalField():
            return values.amount(source)
        case models.DateField():
            return values.day
    raise TypeError(source)


def _abandoned_because(row: Any) -> str:
    """`row.reasons` is prepared by `exporting`: the last moves to "abandonné", newest first."""
    if row.stage != Stage.ABANDONED or not row.reasons:
        return ""
    return row.reasons[0].reason


# The names that the CNIG standard (v1.0.6) gives to what it shares with us.
_CNIG = {
    "site_type": "site_type",
    "site_status": "site_statut",
    "site_occupation": "site_occupation",
    "land_area": "unite_fonciere_surface",
    "building_area": "bati_surface",
    "building_condition": "bati_etat",
    "building_vacancy": "bati_vacance",
    "building_pollution": "bati_pollution",
    "soil_pollution": "sol_pollution_existe",
    "owner_type": "proprio_personne",
    "last_activity": "activite_libelle",
    "last_activity_year": "activite_fin_annee",
}

COLUMNS = (
    Column(
        "Référence",
        "ref",
        lambda cell: values.line_of(8)(cell).lower(),
        lambda row: row.ref,
        ("ref",),
    ),
    _of_field("external_ref", "site_id", "identifiant", "id"),
    _of_field("kind", "type", "catégorie", "nature"),
    _of_field("title", "titre", "nom", "libellé", "site_nom", "opportunité"),
    _of_field("stage", "avancement", "état", "statut de l’opportunité"),
    Column(
        "Raison de l’abandon",
        REASON,
        values.text_of(MAX_LENGTH),
        _abandoned_because,
        ("motif de l’abandon",),
    ),
    _of_field("description", "commentaire", "présentation", "observations"),
    Column(
        "Code du quartier prioritaire",
        "district_id",
        values.line_of(8),
        lambda row: row.district_id or "",
        ("code qpv", "code_qp", "code quartier", "qpv code"),
    ),
    Column(
        "Quartier prioritaire",
        "district_name",
        values.line_of(200),
        lambda row: row.district.name if row.district else "",
        ("quartier", "qpv", "lib_qp", "nom du quartier"),
    ),
    Column(
        "Code INSEE",
        "commune_id",
        values.line_of(5),
        lambda row: row.commune_id or "",
        ("code commune", "insee", "comm_insee", "code insee de la commune", "insee_com"),
    ),
    Column(
        "Commune",
        "commune_name",
        values.line_of(200),
        lambda row: row.commune.name if row.commune else "",
        ("ville", "comm_nom", "nom de la commune"),
    ),
    _of_field("place", "adresse", "site_adresse", "localisation"),
    Column("Longitude", "longitude", values.degrees(180), lambda row: row.longitude, ("lon", "x")),
    Column("Latitude", "latitude", values.degrees(90), lambda row: row.latitude, ("lat", "y")),
    _of_field("theme"),
    _of_field("next_action", "action à venir"),
    _of_field("next_action_on", "échéance", "pour le"),
    _of_field("source", "source_nom", "origine"),
    *(_of_field(name, *([_CNIG[name]] if name in _CNIG else [])) for name in kinds.ALL),
)
BY_KEY = {column.key: column for column in COLUMNS}

_PARENTHESES = re.compile(r"\(.*?\)")


def _spellings(column: Column) -> Iterable[str]:
    yield column.header
    yield _PARENTHESES.sub("", column.header)
    yield column.key
    yield from column.names


_BY_SPELLING: dict[str, str] = {}
for _column in COLUMNS:  # the first that claims a spelling has it, its own header before all
    _BY_SPELLING.setdefault(values.fold(_column.header), _column.key)
for _column in COLUMNS:
    for _spelling in _spellings(_column):
        _BY_SPELLING.setdefault(values.fold(_spelling), _column.key)


def propose(headers: Iterable[str]) -> list[str]:
    """For each header of a file, the key of the column that it seems to be, or "". A column is
    proposed once."""
    taken: set[str] = set()
    answer = []
    for header in headers:
        key = _BY_SPELLING.get(values.fold(header)) or _BY_SPELLING.get(
            values.fold(_PARENTHESES.sub("", header)), ""
        )
        answer.append("" if key in taken else key)
        taken.add(key)
    return answer
