"""The communes and districts that the rows of a file name, by code or by name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from opportunities.exchange.values import Refused, fold, shown
from opportunities.models import Opportunity
from territories.models import Commune, District, FormerCommune, Territory

# « 59140 Dunkerque », « Dunkerque (59) »: what stands with the name of a commune on an envelope.
_POSTCODE = re.compile(r"\(?\b\d{2,5}\b\)?")


class Places:
    """Those of a territory: the districts of its contract, the communes of its EPCI, and those
    where its opportunities are already, for a contract may change. Five queries."""

    def __init__(self, territory: Territory):
        here = Opportunity.objects.filter(territory=territory).order_by()
        contract = territory.contract_id
        self.communes = {
            commune.code: commune
            for commune in Commune.objects.filter(
                Q(epci__contracts=contract) | Q(pk__in=here.values("commune"))
            ).distinct()
        }
        self.districts = {
            district.code: district
            for district in District.objects.filter(
                Q(contracts=contract) | Q(pk__in=here.values("district"))
            ).distinct()
        }
        self._communes_of = defaultdict(list)
        for link in District.communes.through.objects.filter(district__in=self.districts):
            self._communes_of[link.district_id].append(link.commune_id)
        former = FormerCommune.objects.filter(commune__in=self.communes)
        self._former = dict(former.values_list("code", "commune_id"))
        self._commune_names = _by_name(self.communes.values())
        self._district_names = _by_name(self.districts.values())

    def commune(self, text: str) -> str:
        """The code of the commune that `text` names. Raises Refused."""
        code = text.strip().upper()
        # A spreadsheet that took codes for numbers lost their leading zeros.
        code = code.zfill(5) if code.isdigit() else code
        code = self._former.get(code, code)
        if code in self.communes:
            return code
        name = _POSTCODE.sub("", text)
        return _only(self._commune_names.get(fold(name)), text, "d’une commune de ce territoire")

    def district(self, text: str) -> str:
        """The code of the district that `text` names. Raises Refused."""
        code = text.strip().upper()
        if code in self.districts:
            return code
        return _only(
            self._district_names.get(fold(text)), text, "d’un quartier prioritaire de ce territoire"
        )

    def only_commune_of(self, district: str) -> str | None:
        """The code of the commune in which a district lies, None where it lies in several."""
        communes = self._communes_of[district]
        return communes[0] if len(communes) == 1 else None

    def learn(self, rows: Iterable[dict[str, Any]]) -> None:
        """Also knows, from now on, the places that `rows` (fields to values) name by code: those
        that a position gave may be beyond the territory. Two queries at most."""
        rows = list(rows)
        for known, name, model in (
            (self.communes, "commune_id", Commune),
            (self.districts, "district_id", District),
        ):
            codes = {row.get(name) for row in rows} - known.keys() - {None}
            if codes:
                known.update(model.objects.in_bulk(codes))

    def read(self, found: dict[str, Any]) -> list[tuple[str, str]]:
        """Replaces in `found` the codes and names of places by the codes of ours, the code being
        believed before the name; answers with (field, sentence) for each that isn't known."""
        problems = []
        for target, names, resolve in (
            ("district_id", ("district_id", "district_name"), self.district),
            ("commune_id", ("commune_id", "commune_name"), self.commune),
        ):
            said = {name: found.pop(name) for name in names if name in found}
            for name, text in said.items():
                try:
                    found[target] = resolve(text)
                except Refused as refusal:
                    problems.append((name, str(refusal)))
                break
        return problems


def _by_name(places: Iterable[Any]) -> dict[str, list[str]]:
    found = defaultdict(list)
    for place in places:
        found[fold(place.name)].append(place.code)
    return found


def _only(codes: list[str] | None, text: str, what: str) -> str:
    if not codes:
        raise Refused(f"« {shown(text)} » n’est pas le code ou le nom {what}.")
    if len(codes) > 1:
        raise Refused(f"« {shown(text)} » peut être {' ou '.join(codes)} : écrivez le code.")
    return codes[0]
