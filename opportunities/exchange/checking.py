"""What each row of a file will do: create an opportunity, update one, nothing, or be corrected.

Reading only: nothing is written here but the rows of the import (`ImportRow`). Rows go by batches,
so that the memory taken doesn't depend on how many there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

from journal.references import is_reference
from opportunities.duplicates import all_of
from opportunities.enums import RowOutcome, Stage
from opportunities.exchange import tables
from opportunities.exchange.columns import BY_KEY, REASON, Column
from opportunities.exchange.places import Places
from opportunities.exchange.values import Refused, fold, is_blank, shown
from opportunities.models import FileImport, ImportRow, Opportunity
from opportunities.placing import are_swapped, nearness_of
from territories.locating import Location, locate_many
from territories.models import Territory

BATCH = 500  # rows


@dataclass
class Draft:
    """A row being understood: `found` is fields to values, `problems` (field, sentence); `inferred`
    is what follows of the district and the commune, for a row that is new."""

    line: int
    found: dict[str, Any] = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)
    opportunity: Opportunity | None = None
    location: Location | None = None
    inferred: dict[str, str | None] = field(default_factory=dict)

    @property
    def has_position(self) -> bool:
        return {"longitude", "latitude"} <= self.found.keys()

    @property
    def likeness(self) -> str:
        said = self.inferred | self.found
        return likeness(said.get("kind", ""), said.get("title", ""), said.get("commune_id"))


def likeness(kind: str, title: str, commune: str | None) -> str:
    """What an opportunity without reference is recognised by."""
    return f"{kind}|{commune or ''}|{fold(title)}"[:200]


class RowReader:
    """Reads the cells of a row by the matching of an import."""

    def __init__(self, file_import: FileImport, places: Places):
        self._columns: list[tuple[int, Column]] = [
            (place, BY_KEY[entry["column"]])
            for place, entry in enumerate(file_import.matching)
            if entry["column"]
        ]
        self._headers = {
            column.field: file_import.matching[place]["header"] for place, column in self._columns
        }
        self._default_kind = file_import.default_kind
        self._places = places

    def has_column_for(self, place: str) -> bool:
        """Whether the file says the "district" or the "commune": a blank is then an answer."""
        return not self._headers.keys().isdisjoint({f"{place}_id", f"{place}_name"})

    def header_of(self, name: str) -> str:
        """The header, in the file, of the column that fills a field; empty if none does."""
        return self._headers.get(name, "")

    def read(self, line: int, cells: list[Any]) -> Draft:
        """What the row says, blank cells left out: what they would erase is kept."""
        draft = Draft(line)
        for place, column in self._columns:
            cell = cells[place]
            if is_blank(cell):
                continue
            try:
                draft.found[column.field] = column.read(cell)
            except Refused as refusal:
                draft.problems.append((column.field, str(refusal)))
        draft.problems += self._places.read(draft.found)
        if len({"longitude", "latitude"} & draft.found.keys()) == 1 and not draft.problems:
            draft.problems.append(("longitude", "une position a une longitude et une latitude."))
        if draft.has_position and are_swapped(draft.found["longitude"], draft.found["latitude"]):
            draft.problems.append(("longitude", "elle semble échangée avec la latitude."))
        if self._default_kind:
            draft.found.setdefault("kind", self._default_kind)
        return draft


def check_rows(file_import: FileImport) -> Iterator[list[ImportRow]]:
    """The rows of the file, understood, by batches, not saved. Raises tables.UnreadableFile."""
    places = Places(file_import.territory)
    reader = RowReader(file_import, places)
    judge = _Judge(file_import, reader, places)
    with (
        file_import.file.open("rb") as file,
        closing(tables.read_table(file.file, file_import.format)) as rows,
    ):
        next(rows)  # the headers
        while batch := list(islice(rows, BATCH)):
            yield judge.rows([reader.read(line, cells) for line, cells in batch])


class _Known:
    """What the territory has: how its opportunities are recognised. Two queries."""

    def __init__(self, territory: Territory):
        self.by_ref: dict[str, int] = {}
        self.by_origin: dict[str, int] = {}
        self.by_likeness: dict[str, list[int]] = defaultdict(list)
        here = Opportunity.objects.filter(territory=territory).order_by()
        alive = here.filter(deleted_at=None, merged_into=None)
        fields = ("pk", "ref", "external_ref", "kind", "title", "commune_id")
        for pk, ref, origin, kind, title, commune in alive.values_list(*fields).iterator():
            self.by_ref[ref] = pk
            if origin:
                self.by_origin[origin] = pk
            self.by_likeness[likeness(kind, title, commune)].append(pk)
        self._named = set(self.by_origin.values())
        gone = here.exclude(pk__in=alive).values_list("ref", "external_ref")
        self.gone = {name for names in gone for name in names if name}

    def find(self, draft: Draft) -> int | None:
        """The opportunity that the row is about, if it is there. Raises Refused."""
        ref, origin = draft.found.get("ref", ""), draft.found.get("external_ref", "")
        if {ref, origin} & self.gone:
            raise Refused("cette opportunité a été supprimée ou fusionnée avec une autre.")
        if ref in self.by_ref:
            found = self.by_ref[ref]
            if self.by_origin.get(origin, found) != found:
                raise Refused("cet identifiant d’origine est celui d’une autre opportunité.")
            return found
        if origin in self.by_origin:
            return self.by_origin[origin]
        alike = self.by_likeness.get(draft.likeness, [])
        if origin:  # of two tools, two opportunities
            alike = [pk for pk in alike if pk not in self._named]
        if len(alike) > 1:
            raise Refused(
                "plusieurs opportunités ont ce type, cet intitulé et cette commune : ajoutez la "
                "colonne « Référence » d’un export."
            )
        return alike[0] if alike else None


class _Judge:
    def __init__(self, file_import: FileImport, reader: RowReader, places: Places):
        self._import = file_import
        self._reader = reader
        self._places = places
        self._known = _Known(file_import.territory)
        self._likenesses = all_of(file_import.territory)
        self._lines: dict[tuple[str, Any], int] = {}  # of what was named already

    def rows(self, drafts: list[Draft]) -> list[ImportRow]:
        """Three queries and one location at most for the batch."""
        self._locate(drafts)
        self._find(drafts)
        for draft in drafts:
            self._claim(draft)
            self._settle_stage(draft)
            self._require(draft)
            self._situate(draft)
        return [self._row(draft) for draft in drafts]

    def _find(self, drafts: list[Draft]) -> None:
        strange = {d.found["ref"] for d in drafts if "ref" in d.found} - self._known.by_ref.keys()
        elsewhere = set(
            Opportunity.objects.filter(ref__in=strange)
            .exclude(territory=self._import.territory)
            .values_list("ref", flat=True)
        )
        found: dict[int, list[Draft]] = defaultdict(list)
        for draft in drafts:
            self._check_reference(draft, elsewhere)
            try:
                pk = self._known.find(draft)
            except Refused as refusal:
                draft.problems.append(("ref", str(refusal)))
                continue
            if pk is not None:
                found[pk].append(draft)
        for pk, opportunity in Opportunity.objects.in_bulk(list(found)).items():
            for draft in found[pk]:
                draft.opportunity = opportunity

    def _check_reference(self, draft: Draft, elsewhere: set[str]) -> None:
        ref = draft.found.get("ref")
        if ref and not is_reference(ref):
            draft.problems.append(
                (
                    "ref",
                    f"« {shown(ref)} » n’est pas une référence d’ici. Si c’est celle d’un autre "
                    "outil, faites correspondre cette colonne à « Identifiant d’origine ».",
                )
            )
        if ref in elsewhere:  # that of another territory: this one gets its own
            del draft.found["ref"]

    def _claim(self, draft: Draft) -> None:
        """Two rows can't be about one thing."""
        names = [(name, draft.found.get(name)) for name in ("ref", "external_ref")]
        names = [(name, value) for name, value in names if value]
        if draft.opportunity:
            names.append(("opportunity", draft.opportunity.pk))
        if not names:
            names.append(("likeness", draft.likeness))
        for name in names:
            first = self._lines.setdefault(name, draft.line)
            if first != draft.line:
                draft.problems.append(("title", f"cette ligne répète la ligne {first}."))
                return

    def _settle_stage(self, draft: Draft) -> None:
        """A reason goes with a move to "abandonné", and with nothing else."""
        reason = draft.found.pop(REASON, "")
        before = draft.opportunity.stage if draft.opportunity else None
        if draft.found.get("stage") == Stage.ABANDONED != before:
            if reason:
                draft.found[REASON] = reason
            else:
                draft.problems.append(("stage", "dites pourquoi cette opportunité est abandonnée."))

    def _require(self, draft: Draft) -> None:
        if draft.opportunity:
            return
        refused = {name for name, _ in draft.problems}
        for name, sentence in (
            ("title", "donnez un intitulé à cette opportunité."),
            ("kind", "dites de quel type d’opportunité il s’agit."),
        ):
            if name not in draft.found and name not in refused:
                draft.problems.append((name, sentence))

    def _locate(self, drafts: list[Draft]) -> None:
        positioned = [draft for draft in drafts if draft.has_position]
        if positioned:
            points = [(draft.found["longitude"], draft.found["latitude"]) for draft in positioned]
            for draft, location in zip(positioned, locate_many(points), strict=True):
                draft.location = location
        for draft in drafts:
            draft.inferred = self._inferred(draft)

    def _inferred(self, draft: Draft) -> dict[str, str | None]:
        """What follows from the position: both, of a row that names neither; the district, if the
        commune is the one that is named; the commune of the district that is named, which without
        position follows where the district has just one. Nothing that the file has a column for,
        except both."""
        found, location = draft.found, draft.location or Location()
        district = location.district or location.near
        match sorted(found.keys() & {"district_id", "commune_id"}):
            case [] if draft.location:
                return {"district_id": district, "commune_id": location.commune}
            case ["commune_id"] if not self._reader.has_column_for("district"):
                is_there = found["commune_id"] == location.commune
                return {"district_id": district} if is_there else {}
            case ["district_id"] if not self._reader.has_column_for("commune"):
                only = self._places.only_commune_of(found["district_id"])
                return {"commune_id": location.commune or only}
        return {}

    def _situate(self, draft: Draft) -> None:
        """Where a new row is, by what follows from what it says; how near the district is, unless
        it stands there already at this position: somebody may have confirmed it since."""
        found, location = draft.found, draft.location
        if not draft.opportunity:
            found |= draft.inferred
        if location is None:
            return
        district = location.district or location.near
        written = draft.opportunity or Opportunity()
        named = found.get("district_id", written.district_id)
        place = found["longitude"], found["latitude"], named
        if place == (written.longitude, written.latitude, written.district_id):
            return
        found["nearness"] = nearness_of(location) if named and named == district else ""

    def _row(self, draft: Draft) -> ImportRow:
        row = ImportRow(file_import=self._import, line=draft.line)
        opportunity = draft.opportunity
        row.title = draft.found.get("title", opportunity.title if opportunity else "")
        if draft.problems:
            row.outcome = RowOutcome.WRONG
            row.problems = [
                [self._reader.header_of(name), sentence] for name, sentence in draft.problems
            ]
            return row
        found = draft.found
        if opportunity:
            found.pop("ref", None)
            row.opportunity = opportunity
            row.version, row.stage = opportunity.version, opportunity.stage
            found = {
                name: value
                for name, value in found.items()
                if name == REASON or getattr(opportunity, name) != value
            }
            row.outcome = RowOutcome.UPDATE if found else RowOutcome.UNCHANGED
        else:
            row.outcome = RowOutcome.CREATE
            row.likeness = draft.likeness
            row.lookalikes = self._lookalikes(found)
        row.values = {name: _as_json(value) for name, value in found.items()}
        return row

    def _lookalikes(self, found: dict[str, Any]) -> list[list[str]]:
        named = ("kind", "title", "longitude", "latitude", "commune_id")
        described = Opportunity(**{name: found[name] for name in named if name in found})
        alike = (candidate.opportunity for candidate in self._likenesses.of(described))
        return [[opportunity.ref, opportunity.title] for opportunity in alike]


def _as_json(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def count_outcomes(rows: Iterable[ImportRow], counts: dict[str, int]) -> None:
    """Adds the outcomes of `rows` to `counts`."""
    for row in rows:
        counts[row.outcome] = counts.get(row.outcome, 0) + 1
