import uuid

import pytest
from django.utils import timezone

from accounts.wording import MAX_LENGTH, TextTooLong
from tests import factories
from worksheets.editing import find_answer, save_answer
from worksheets.enums import State
from worksheets.kinds import MAX_ROWS, MalformedAnswer
from worksheets.lifecycle import NotNow
from worksheets.opinions import QUESTION, OpinionNotYours
from worksheets.signing import sign_opinion


def recorded(opinion="reserved", id_=None):
    cells = {"date": "", "decision-maker": "Maire", "opinion": opinion, "remarks": ""}
    return {"id": id_ or str(uuid.uuid4()), "cells": cells}


def sign(worksheet, by, opinion="favourable", remarks="Un beau projet."):
    return sign_opinion(worksheet=worksheet, opinion=opinion, remarks=remarks, by=by)


def rows_of(worksheet):
    answer = find_answer(worksheet, QUESTION, None)
    return answer.value if answer else []


def test_an_opinion_is_dated_and_signed(step_2, reader):
    saved = sign(step_2, reader)
    [row] = rows_of(step_2)
    assert row["cells"] == {
        "date": timezone.localdate().isoformat(),
        "decision-maker": "Denis Wattel",
        "opinion": "favourable",
        "remarks": "Un beau projet.",
    }
    assert (row["signed_by"], row["signed_name"]) == (reader.pk, "Denis Wattel")
    assert saved.version == 1


def test_it_comes_after_what_others_wrote(step_2, reader, lead):
    first = recorded()
    factories.write_answer(step_2, QUESTION, [first], lead)
    assert sign(step_2, reader).version == 2
    assert rows_of(step_2)[0] == first
    assert len(rows_of(step_2)) == 2


def test_the_same_opinion_sent_twice_is_signed_once(step_2, reader):
    first = sign(step_2, reader)
    assert sign(step_2, reader) == first
    assert len(rows_of(step_2)) == 1


def test_somebody_who_changed_their_mind_signs_again(step_2, reader):
    sign(step_2, reader)
    sign(step_2, reader, opinion="reserved")
    assert [row["cells"]["opinion"] for row in rows_of(step_2)] == ["favourable", "reserved"]


def test_two_readers_may_say_the_same(step_2, reader, territory):
    twin = factories.create_user("Denis Wattel")
    sign(step_2, reader)
    sign(step_2, twin)
    assert [row["signed_by"] for row in rows_of(step_2)] == [reader.pk, twin.pk]


def test_the_lead_who_was_editing_meanwhile_is_told_and_loses_nothing(step_2, reader, lead):
    mine = recorded()
    version = factories.write_answer(step_2, QUESTION, [mine], lead)
    sign(step_2, reader)

    def save(value, base_version):
        return save_answer(
            worksheet=step_2,
            question=step_2.grid.by_key[QUESTION],
            opportunity_id=None,
            value=value,
            base_version=base_version,
            may_record_opinions=True,
            by=lead,
        )

    # Their page doesn't show the signed row: it is merged in, as it stands.
    changed = recorded("pending", mine["id"])
    assert save([changed], version).merged_with.startswith("Fusionné avec ce qu’a écrit Denis")
    [_, signed] = rows_of(step_2)
    assert rows_of(step_2) == [changed, signed]
    # Having seen it, the lead sends it along as the form does: without its signature.
    again = recorded("favourable", mine["id"])
    save([again, {"id": signed["id"], "cells": signed["cells"]}], version + 2)
    assert rows_of(step_2) == [again, signed]
    with pytest.raises(OpinionNotYours):
        save([again], version + 3)
    assert rows_of(step_2) == [again, signed]


@pytest.mark.parametrize("state", [State.SUBMITTED, State.VALIDATED])
def test_nobody_signs_while_the_team_has_not_the_worksheet(step_2, reader, state):
    step_2.state = state
    step_2.save()
    with pytest.raises(NotNow):
        sign(step_2, reader)
    assert rows_of(step_2) == []


@pytest.mark.parametrize(
    ("opinion", "remarks", "error"),
    [
        ("enthousiaste", "", MalformedAnswer),
        ("favourable", "a" * (MAX_LENGTH + 1), TextTooLong),
    ],
)
def test_what_cannot_be_an_opinion_is_refused(step_2, reader, opinion, remarks, error):
    with pytest.raises(error):
        sign(step_2, reader, opinion, remarks)
    assert rows_of(step_2) == []


def test_a_full_table_takes_no_more(step_2, reader, lead):
    factories.write_answer(step_2, QUESTION, [recorded() for _ in range(MAX_ROWS)], lead)
    with pytest.raises(MalformedAnswer):
        sign(step_2, reader)
    assert len(rows_of(step_2)) == MAX_ROWS
