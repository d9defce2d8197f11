"""Readings of records that several sections share: lattices, medians over seeds, and where tickets break."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from compare.engine import Rows, Runs
from compare.report.styles import BLUE, SKY, VERMILION, Style
from compare.report.views import Axis, Level, Points
from compare.statistics import Estimate, Row
from compare.statistics.rows import records_of
from compare.studies.ground_states.lattices import in_words, is_ising
from compare.studies.ground_states.records import Known, Lattice
from compare.studies.ground_states.study import ARM, GROUND, ROUND

__all__ = [
    "ALPHA_STYLES",
    "FLOOR",
    "Place",
    "arms_of",
    "by_number",
    "by_seed",
    "counted",
    "curve",
    "drawn_error",
    "levels",
    "listed",
    "median",
    "places",
    "quartiles",
]

FLOOR = 1e-13
"""Errors below are drawn at it: they are those of arithmetic."""

ALPHA_STYLES = {2: Style(SKY, "d", "-."), 4: Style(BLUE, "o", "-"), 8: Style(VERMILION, "s", "--")}


@dataclass(frozen=True)
class Place:
    """A lattice with what is known of it.

    Attributes
    ----------
    key
        Model, lattice and field.
    known
        Its ground energy and what errors are held against.
    words
        Its model and size as readers see them, with the field where there are several.
    """

    key: Lattice
    known: Any
    words: str

    @property
    def fewest(self) -> int:
        """Weights of one neuron on each bond, or of the eight that a plaquette takes."""
        return self.known.products * self.each

    @property
    def each(self) -> int:
        """Weights of a bond's neuron, or of a plaquette's: one for each of the 8 patterns of signs that break it."""
        return 2 if is_ising(self.key.model) else 32

    @property
    def weights(self) -> int:
        """Sites of a bond or of a plaquette."""
        return 2 if is_ising(self.key.model) else 4

    @property
    def thing(self) -> str:
        """The word for the places on which neurons sit."""
        return "bond" if is_ising(self.key.model) else "plaquette"

    @property
    def limit(self) -> float:
        """The error above which a ticket has lost a bond: twice that of the nearest-neighbor Jastrow state.

        Where that is not known, a twentieth of the plateau, which is about as much on 3 x 3 and 4 x 4.
        """
        return 2 * self.known.near if self.known.near is not None else self.known.plateau / 20

    def rows(self, runs: Runs, kind: Any) -> Rows:
        """Return the records of a kind on it."""
        found: Rows = runs[kind].where(**vars(self.key))
        return found


def places(runs: Runs) -> list[Place]:
    """Return the lattices that have a ground energy, in their order."""
    rows = runs[GROUND]
    fields = {row["field"] for row in rows if row["field"] is not None}
    return [
        Place(
            Lattice(row["model"], row["lattice"], row["field"]),
            Known(**{name: row[name] for name in Known.__dataclass_fields__}),
            in_words(row, len(fields) > 1),
        )
        for row in rows
    ]


def drawn_error(row: Row) -> float | None:
    """Return an error for a logarithmic axis: not below its standard error, nor below that of arithmetic."""
    if row["error"] is None:
        return None
    return max(row["error"], row["standard_error"] or 0.0, FLOOR)


def arms_of(place: Place, runs: Runs, alpha: int) -> dict[str, Rows]:
    """Return the rows of each arm at one alpha, pruning runs that rewind as the arms' masks do."""
    arms = place.rows(runs, ARM).where(alpha=alpha)
    rounds = place.rows(runs, ROUND).where(alpha=alpha)
    rewind = arms[0]["rewind"] if len(arms) else rounds[0]["rewind"] if len(rounds) else None
    found = {"imp": rounds.where(rewind=rewind)}
    return found | {name: arms.where(arm=name) for name in (arms.unique("arm") if len(arms) else [])}


def counted(label: str, rows: Iterable[Row]) -> Axis:
    """Return a logarithmic axis of numbers of weights, with round numbers written at it."""
    numbers = [row["count"] for row in rows]
    round_ = [one * 10**power for power in range(7) for one in (1, 2, 5)]
    ticks = {float(one): f"{one:,}" for one in round_ if numbers and min(numbers) <= one <= max(numbers)}
    return Axis(label, "log", ticks or None)


def median(values: Iterable[float | None]) -> float | None:
    """Return the median of what is known; None if nothing is."""
    known = [one for one in values if one is not None]
    return float(np.median(known)) if known else None


def quartiles(values: Iterable[float | None]) -> Estimate | None:
    """Return the median between the quartiles; None if nothing is known."""
    known = [one for one in values if one is not None]
    if not known:
        return None
    low, best, high = (float(one) for one in np.quantile(known, (0.25, 0.5, 0.75)))
    return Estimate(low, best, high, len(known))


def curve(rows: Rows, value: Any, label: str, style: Style, over: str = "count", **options: Any) -> Points:
    """Return medians between quartiles over a column, as points."""
    groups = by_number(rows, over)
    found = {key: quartiles(map(value, group)) for key, group in sorted(groups.items())}
    known = {key: one for key, one in found.items() if one is not None}
    ends = [one.low for one in known.values()], [one.high for one in known.values()]
    records = [records_of(groups[key]) for key in known]
    best = [one.best for one in known.values()]
    return Points(list(known), best, *ends, label=label, style=style, records=records, **options)


def levels(place: Place, upright: bool = True) -> list[Level]:
    """Return the lines that errors are held against."""
    found = [Level(place.known.plateau, "plateau, |+>", dashes="-.")]
    if place.known.near is not None:
        found.append(Level(place.known.near, "nearest-neighbor Jastrow", dashes="--"))
    if upright:
        found.append(Level(place.fewest, f"{place.each} weights a {place.thing}", upright=True))
    return found


def listed(words: Sequence[object]) -> str:
    """Return words with commas and "and"."""
    parts = [str(word) for word in words]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def by_number(rows: Rows, name: str) -> dict[int, Rows]:
    """Return rows by a column of whole numbers."""
    return {cast(int, key): group for (key,), group in rows.group(name).items()}


def by_seed(rows: Rows) -> Mapping[Any, list[Row]]:
    """Return the rounds of each seed, from all weights down."""
    return {seed: sorted(group, key=lambda row: -row["count"]) for (seed,), group in rows.group("seed").items()}
