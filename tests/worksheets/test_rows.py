import pytest
from django.http import QueryDict

from worksheets.rows import UnknownOperation, operate

SENT = (
    "list.version=3&list.id=1&list.id=2&list.id=3&list.text=a&list.text=b&list.text=c"
    "&budget.expenses.id=1&budget.expenses.id=2&budget.expenses.label=x&budget.expenses.label=y"
    "&budget.resources.id=1&budget.resources.label=z&listing.text=d&listing.text=e&listing.text=f"
)


def lists(data):
    return {key: data.getlist(key) for key in data}


def changed(operation):
    """The lists of SENT that the operation changes."""
    before = lists(QueryDict(SENT))
    after = lists(operate(QueryDict(SENT), operation))
    assert after.keys() == before.keys()
    return {key: values for key, values in after.items() if values != before[key]}


@pytest.mark.parametrize(
    ("operation", "changes"),
    [
        ("remove:list:2", {"list.id": ["1", "3"], "list.text": ["a", "c"]}),
        ("up:list:2", {"list.id": ["2", "1", "3"], "list.text": ["b", "a", "c"]}),
        ("down:list:2", {"list.id": ["1", "3", "2"], "list.text": ["a", "c", "b"]}),
        ("up:list:1", {}),
        ("down:list:3", {}),
        (
            "down:budget.expenses:1",
            {"budget.expenses.id": ["2", "1"], "budget.expenses.label": ["y", "x"]},
        ),
        ("remove:budget.resources:1", {"budget.resources.id": [], "budget.resources.label": []}),
    ],
)
def test_a_row_moves_with_all_its_controls(operation, changes):
    assert changed(operation) == changes


def test_what_was_sent_is_left_as_it_is():
    data = QueryDict(SENT)
    operate(data, "remove:list:2")
    assert data == QueryDict(SENT)


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        ("remove:list:9", "Cette ligne n’est plus dans la page."),
        ("remove:elsewhere:1", "Cette ligne n’est plus dans la page."),
        ("remove:list", "Cette ligne n’est plus dans la page."),
        ("remove:list:1:2", "Cette ligne n’est plus dans la page."),
        ("", "Cette ligne n’est plus dans la page."),
        ("burn:list:1", "Ce bouton n’existe pas."),
    ],
)
def test_what_the_page_has_no_button_for_is_refused(operation, message):
    with pytest.raises(UnknownOperation, match=message):
        operate(QueryDict(SENT), operation)
