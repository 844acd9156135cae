"""The opinions of decision-makers in step 2: the lead records one, a reader of the team signs
their own, and nobody changes an opinion that somebody signed."""

QUESTION = "decision-makers"
COLUMN = "opinion"


class OpinionNotYours(Exception):
    """A change to what only somebody else may write; the message says who."""


def with_signatures(standing: list, value: list) -> list:
    """`value` as a form sends it, with the signatures that its rows carry where they stand."""
    signed = {row["id"]: row for row in standing if "signed_by" in row}
    marks = ("signed_by", "signed_name", "signed_at")
    return [
        {**row, **{mark: signed[row["id"]][mark] for mark in marks}} if row["id"] in signed else row
        for row in value
    ]


def keeping_signed(standing: list, value: list) -> list:
    """`value`, an older table, with the rows that somebody signed as they stand: those that it
    doesn't have come at its end."""
    signed = {row["id"]: row for row in standing if "signed_by" in row}
    kept = [signed.pop(row["id"], row) for row in value]
    return [*kept, *signed.values()]


def check_rows(standing: list, value: list, *, may_record: bool) -> None:
    """Refuses a table that touches a signed row or, from somebody who may not record opinions,
    one that adds, changes or removes an opinion. Raises OpinionNotYours."""
    before = {row["id"]: row for row in standing}
    after = {row["id"]: row for row in value}
    for id_, row in before.items():
        if "signed_by" in row and after.get(id_) != row:
            raise OpinionNotYours(
                f"L’avis signé par {row['signed_name']} ne peut être ni modifié ni supprimé."
            )
    if may_record:
        return
    for id_ in before | after:
        if _opinion(before.get(id_)) != _opinion(after.get(id_)):
            raise OpinionNotYours(
                "Seul le référent enregistre ou retire l’avis d’un décideur. Laissez la colonne "
                "« Avis » comme elle était : le reste de la ligne est à vous."
            )


def _opinion(row):
    return row["cells"][COLUMN] if row else ""
