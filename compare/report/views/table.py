"""Tables from rows: a column says once what its heading is, where its value comes from and how it is written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from compare.report.cells import MISSING, Cell, estimate, number
from compare.report.styles import Shown, label
from compare.report.table import Table
from compare.statistics.rows import Row, Value, grouped, in_words, read, records_of

__all__ = ["Column", "pivot", "plain", "table"]

Write = Callable[[Any], Cell | str]
"""Makes a cell of a value."""


@dataclass(frozen=True)
class Column:
    """A column.

    Attributes
    ----------
    heading
        Stands above it.
    value
        Where its values come from: a column of the rows, or a function of a row. In a table of groups the function is
        given the group's rows, and a column must have one value in all of them.
    write
        Makes a cell of a value; `plain` if left out.
    """

    heading: str
    value: Value | Callable[[Any], Any]
    write: Write | None = None


def plain(value: Any) -> Cell:
    """Write a value as what it is: text, whole numbers with commas, other numbers with three digits, estimates."""
    if value is None:
        return MISSING
    if isinstance(value, Cell):
        return value
    if isinstance(value, str | bool):
        return Cell(str(value), str(value))
    if isinstance(value, int):
        return Cell(f"{value:,}", value)
    if isinstance(value, float):
        return number(value, ".3g")
    if isinstance(value, list | tuple):
        return Cell(", ".join(str(plain(part)) for part in value), None)
    if (isinstance(value, Mapping) and "best" in value) or hasattr(value, "best"):
        return estimate(value)
    return Cell(str(value), str(value))


def table(
    rows: Sequence[Row],
    columns: Sequence[Column | str],
    title: str,
    note: str = "",
    *,
    group_by: Sequence[str] = (),
    methods: Mapping[str, Shown] | None = None,
    names: Mapping[str, str] | None = None,
    folded: bool = False,
) -> Table:
    """Return rows, or groups of rows, as a table.

    Parameters
    ----------
    rows
        What is known, a row for each record.
    columns
        From left to right; a name alone is a column that is written plainly.
    title, note
        Of the table.
    group_by
        Columns that say which rows belong together: the table has a row for each combination. Columns of these names
        need not be described.
    methods, names
        What readers see: labels of methods by name, names of columns.
    folded
        See `Table`.
    """
    described = [
        Column((names or {}).get(column, column), column) if isinstance(column, str) else column for column in columns
    ]
    sources: list[Any] = list(grouped(rows, group_by).values()) if group_by else list(rows)
    cells = [[_cell(column, source, bool(group_by), methods) for column in described] for source in sources]
    records = _records(sources)
    return Table(title, [column.heading for column in described], cells, note, folded, records)


def pivot(
    rows: Sequence[Row],
    value: Callable[[list[Row]], Any] | str,
    *,
    down: Sequence[str],
    across: str,
    title: str,
    note: str = "",
    write: Write = plain,
    columns: Sequence[Column] = (),
    heading: Callable[[Any], str] | None = None,
    missing: Cell | str = MISSING,
    methods: Mapping[str, Shown] | None = None,
    names: Mapping[str, str] | None = None,
) -> Table:
    """Return a table with a row for each group and a column for each value of one column.

    Parameters
    ----------
    rows
        What is known, a row for each record.
    value
        What stands in a cell: a function of the cell's rows, or a column that has one value in them.
    down, across
        Columns: a row for each combination of the first, a column for each value of the other.
    title, note
        Of the table.
    write
        Makes a cell of a value.
    columns
        More columns, between the groups and the values; of the group's rows.
    heading
        Writes a value of `across` as a heading; "D = 4" if None, and text as it is.
    missing
        Stands where there are no rows.
    methods, names
        What readers see: labels of methods by name, names of columns.
    """
    places = list(dict.fromkeys(read(row, across) for row in rows))
    if all(isinstance(place, int | float) for place in places):
        places.sort()
    title_of = heading or (lambda place: label(in_words({across: place}, names), methods))
    first = [Column((names or {}).get(name, name), name) for name in down]
    cells, records = [], []
    for group in grouped(rows, down).values():
        members = grouped(group, [across])
        found = [
            write(_value(Column("", value), members[place,], True)) if (place,) in members else missing
            for place in places
        ]
        cells.append([*(_cell(column, group, True, methods) for column in (*first, *columns)), *found])
        records.append(group)
    headings = [*(one.heading for one in (*first, *columns)), *map(title_of, places)]
    return Table(title, headings, cells, note, records=_records(records))


def _records(sources: Sequence[Any]) -> list[tuple[str, ...]]:
    """Return the records of each row of a table; none if no row has any."""
    found = [records_of(source) for source in sources]
    return found if any(found) else []


def _cell(column: Column, source: Any, several: bool, methods: Mapping[str, Shown] | None) -> Cell | str:
    value = _value(column, source, several)
    if column.write is not None:
        return column.write(value)
    return plain(label(value, methods) if isinstance(value, str) else value)


def _value(column: Column, source: Any, several: bool) -> Any:
    if callable(column.value):
        return column.value(source)
    if not several:
        return read(source, column.value)
    found = [read(row, column.value) for row in source]
    if any(value != found[0] for value in found[1:]):
        raise ValueError(f"{column.value!r} has several values in a group; say by a function which one is meant.")
    return found[0]
