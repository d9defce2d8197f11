"""Rows: records as columns, to be chosen, grouped and compared; the views draw and tabulate them."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from problems.errors import OutOfReach, choose
from problems.showing import so_many

if TYPE_CHECKING:
    from compare.report import Picture, Table
    from compare.statistics.contrast import Contrast
    from compare.statistics.growth import Growths

__all__ = ["Row", "Rows"]

Row = Mapping[str, Any]
"""One row: values by their column."""


class Rows(Sequence[Row]):
    """Rows with the same columns.

    Parameters
    ----------
    rows
        The rows, in their order.
    methods
        Label, law and style of methods by name, as they were recorded.
    labels
        What readers see in place of other names.
    """

    def __init__(
        self,
        rows: Iterable[Row],
        methods: Mapping[str, Any] | None = None,
        labels: Mapping[str, str] | None = None,
    ) -> None:
        self._rows = list(rows)
        self.methods, self.labels = methods or {}, labels or {}
        self._groups: dict[tuple[str, ...], dict[tuple[Hashable, ...], Rows]] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)

    def __getitem__(self, place: Any) -> Any:
        return self.of(self._rows[place]) if isinstance(place, slice) else self._rows[place]

    def __repr__(self) -> str:
        columns = ", ".join(self._rows[0]) if self._rows else "no columns"
        return f"{so_many(len(self), 'row')} of {columns}"

    def law(self, name: str) -> str:
        """Return what a method draws from, in words, as it was recorded."""
        return self.methods[name].law if name in self.methods else "unknown"

    def of(self, rows: Iterable[Row]) -> "Rows":
        """Return other rows with the same methods and labels."""
        return Rows(rows, self.methods, self.labels)

    def column(self, name: str) -> list[Any]:
        """Return the values of one column.

        Raises
        ------
        InputError
            If there is no such column.
        """
        if self._rows:
            choose("column", name, self._rows[0])
        return [row[name] for row in self._rows]

    def unique(self, name: str) -> list[Any]:
        """Return the values of one column, each once, in the order in which they come."""
        return list(dict.fromkeys(self.column(name)))

    def where(self, condition: Callable[[Row], object] | None = None, **equal: Any) -> "Rows":
        """Return the rows that fulfil a condition and have these values."""
        # Grouped once, and looked up from then on: a table asks for every combination of its rows and columns.
        found = self.group(*equal).get(tuple(equal.values()), self.of([])) if equal else self
        return found if condition is None else self.of(filter(condition, found))

    def group(self, *by: str) -> dict[tuple[Hashable, ...], "Rows"]:
        """Return rows by their values in some columns, in the order in which these come."""
        if by not in self._groups:
            groups: dict[tuple[Hashable, ...], list[Row]] = {}
            for row in self._rows:
                groups.setdefault(tuple(row[name] for name in by), []).append(row)
            self._groups[by] = {key: self.of(rows) for key, rows in groups.items()}
        return dict(self._groups[by])

    def derive(self, **columns: Callable[[Row], Any]) -> "Rows":
        """Return the rows with further columns, each made of its row."""
        return self.of({**row, **{name: value(row) for name, value in columns.items()}} for row in self._rows)

    def label(self, name: Any) -> str:
        """Return what readers see in place of a name."""
        if name in self.labels:
            return self.labels[name]
        return str(self.methods[name].label) if name in self.methods else str(name)

    def contrast(self, value: Any, **options: Any) -> "Contrast":
        """Compare values with those of a control; see `compare.statistics.contrast.contrast`."""
        from compare.statistics.contrast import contrast

        return contrast(self, value, **({"methods": self.methods} | options))

    def growth(self, value: Any, **options: Any) -> "Growths":
        """Fit how values grow over a size; see `compare.statistics.growth.growth`."""
        from compare.statistics.growth import growth

        return growth(self, value, **({"methods": self.methods} | options))

    def lines(self, value: Any, **options: Any) -> "Picture":
        """Draw values over an axis; see `compare.report.views.lines`."""
        from compare.report.views.lines import lines

        return lines(self, value, **({"methods": self.methods} | options))

    def table(self, columns: Any, title: str, note: str = "", **options: Any) -> "Table":
        """Tabulate columns; see `compare.report.views.table`."""
        from compare.report.views.table import table

        return table(self, columns, title, note, **({"methods": self.methods} | options))

    def to_pandas(self) -> Any:
        """Return the rows as a pandas DataFrame.

        Raises
        ------
        InputError
            If pandas is not installed.
        """
        try:
            import pandas
        except ModuleNotFoundError:
            raise OutOfReach("to_pandas needs pandas, which is not installed; run: pip install pandas.") from None
        return pandas.DataFrame(self._rows)
