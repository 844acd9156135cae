"""Rows as the database has them."""


def stored(row):
    """`row` read again, whoever may see it."""
    return type(row)._base_manager.get(pk=row.pk)
