"""Adding, removing and moving the rows of lists and tables without JavaScript: the page's buttons
send `operate=<verb>:<name of the rows>:<row id>` with the whole form."""

from django.http import QueryDict

VERBS = ("remove", "up", "down")


class UnknownOperation(Exception):
    """An operation that the page has no button for; the message is for whoever sent it."""


def operate(data: QueryDict, operation: str) -> QueryDict:
    """A copy of `data` with one row removed or moved. A row lives in parallel lists, one for each
    control, named after the rows. Raises UnknownOperation."""
    try:
        verb, rows, row_id = operation.split(":")
        ids = data.getlist(f"{rows}.id")
        index = ids.index(row_id)
    except ValueError:
        raise UnknownOperation("Cette ligne n’est plus dans la page.") from None
    if verb not in VERBS:
        raise UnknownOperation("Ce bouton n’existe pas.")
    order = list(range(len(ids)))
    order.pop(index)
    if verb != "remove":
        order.insert(max(index + (-1 if verb == "up" else 1), 0), index)
    data = data.copy()
    for key in list(data):
        values = data.getlist(key)
        if key.startswith(f"{rows}.") and len(values) == len(ids):
            data.setlist(key, [values[i] for i in order])
    return data
