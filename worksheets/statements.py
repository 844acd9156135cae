"""Statements written in SQL: those of the few requests that come so often, and are awaited, that
what Django takes to put a query together would be most of them (`docs/decisions/live.md`)."""

from __future__ import annotations

from typing import Any
from weakref import WeakSet

from django.db import connection
from django.db.models import Field, Value


class Statement:
    """`sql` with named parameters, each of which it has once or more; `fields` says how the
    columns of that name are read that drivers give as they are stored. PostgreSQL, which takes
    several times as long to plan it as to run it, plans it once for each connection."""

    def __init__(self, name: str, sql: str, **fields: Field):
        self.name, self.sql, self.fields = name, sql, fields
        self._prepared: WeakSet = WeakSet()

    def rows(self, **parameters: Any) -> list[dict[str, Any]]:
        """What it finds, by the name of its columns."""
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                names = sorted(parameters)  # as they were prepared, in whatever order they come
                self._prepare(names)
                values = ", ".join(f"%({name})s" for name in names)
                cursor.execute(f"EXECUTE {self.name} ({values})", parameters)
            else:
                cursor.execute(self.sql, parameters)
            columns = [column[0] for column in cursor.description]
            rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
        for name, field in self.fields.items():
            expression = Value(None, field)
            converters = connection.ops.get_db_converters(expression)
            for convert in converters + field.get_db_converters(connection):
                for row in rows:
                    row[name] = convert(row[name], expression, connection)
        return rows

    def _prepare(self, names):
        """On the driver's own connection: it is no query of the request."""
        if connection.connection not in self._prepared:
            places = {name: f"${number}" for number, name in enumerate(names, start=1)}
            with connection.connection.cursor() as cursor:
                cursor.execute(f"PREPARE {self.name} AS {self.sql % places}")
            self._prepared.add(connection.connection)
