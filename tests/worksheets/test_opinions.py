import pytest

from worksheets.opinions import OpinionNotYours, check_rows, with_signatures

SIGNATURE = {"signed_by": 7, "signed_name": "Denis Wattel", "signed_at": "2026-10-01T10:00:00"}


def row(id_, opinion="", **cells):
    return {"id": id_, "cells": {"opinion": opinion, "remarks": "", **cells}}


SIGNED = row("s", "favourable") | SIGNATURE
RECORDED = row("r", "reserved")


def test_signatures_stay_where_they_stand():
    sent = [row("r", "pending"), row("s", "favourable"), row("n")]
    assert with_signatures([SIGNED, RECORDED], sent) == [row("r", "pending"), SIGNED, row("n")]


def test_a_form_cannot_bring_a_signature():
    assert with_signatures([RECORDED], [row("r", "reserved")]) == [RECORDED]


@pytest.mark.parametrize(
    "value",
    [
        [SIGNED, RECORDED],
        [RECORDED, SIGNED],
        [SIGNED, row("r", "pending")],
        [SIGNED],
        [SIGNED, RECORDED, row("n", "favourable")],
    ],
    ids=["same", "moved", "changed", "removed", "added"],
)
def test_who_may_record_changes_every_row_but_the_signed_ones(value):
    check_rows([SIGNED, RECORDED], value, may_record=True)


@pytest.mark.parametrize("may_record", [True, False])
@pytest.mark.parametrize(
    "value",
    [
        [RECORDED],
        [RECORDED, row("s", "unfavourable") | SIGNATURE],
        [RECORDED, row("s", "favourable", remarks="x") | SIGNATURE],
        [RECORDED, row("s", "favourable")],
    ],
    ids=["removed", "opinion", "remarks", "unsigned"],
)
def test_nobody_touches_a_signed_row(value, may_record):
    with pytest.raises(OpinionNotYours) as raised:
        check_rows([SIGNED, RECORDED], value, may_record=may_record)
    assert str(raised.value) == (
        "L’avis signé par Denis Wattel ne peut être ni modifié ni supprimé."
    )


@pytest.mark.parametrize(
    "value",
    [
        [SIGNED, row("r", "reserved", remarks="Sous condition")],
        [SIGNED, RECORDED, row("n", remarks="À voir")],
        [RECORDED, SIGNED],
    ],
    ids=["remarks", "added without opinion", "moved"],
)
def test_who_may_not_record_writes_all_but_opinions(value):
    check_rows([SIGNED, RECORDED], value, may_record=False)


@pytest.mark.parametrize(
    "value",
    [
        [SIGNED, row("r", "favourable")],
        [SIGNED, row("r")],
        [SIGNED],
        [SIGNED, RECORDED, row("n", "pending")],
    ],
    ids=["changed", "emptied", "removed", "added"],
)
def test_who_may_not_record_leaves_opinions_alone(value):
    with pytest.raises(OpinionNotYours, match="Seul le référent enregistre ou retire l’avis"):
        check_rows([SIGNED, RECORDED], value, may_record=False)
