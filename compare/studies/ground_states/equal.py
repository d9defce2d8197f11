"""All families at equal numbers of parameters: networks, circuits, Jastrow states and matrix product states."""

from collections.abc import Mapping

from compare.engine import Runs
from compare.report import Cell, Picture, Section, Table
from compare.report.cells import number
from compare.report.styles import BLACK, BLUE, GRAY, GREEN, ORANGE, PURPLE, VERMILION, Style
from compare.report.views import Axis, Chart, Panel, Points, picture
from compare.statistics.rows import Row, records_of
from compare.studies.ground_states.arms import circuit_rows
from compare.studies.ground_states.readings import FLOOR, Place, drawn_error, levels, listed, median, places
from compare.studies.ground_states.study import DEEP, RIVAL, ROUND, Settings

__all__ = ["Families", "equal", "families", "fewest"]

ABOUT = (
    "Parameters are real numbers that were fitted: weights of a network, angles of a circuit, couplings of a Jastrow "
    "state, entries of a matrix product state. Networks and circuits are those of the pruning runs. Estimates by "
    "samples that are below their standard error are drawn at it."
)

CAPTION = "Relative error over the number of parameters; medians over seeds of what is drawn at random."

STYLES = {
    "network": Style(BLUE, "o", "-"),
    "rotation": Style(VERMILION, "s", "--"),
    "ADAPT": Style(ORANGE, "P", "-."),
    "Hamiltonian ansatz": Style(PURPLE, "v", ":"),
    "Jastrow": Style(GREEN, "^", "-"),
    "matrix product": Style(BLACK, "D", ":"),
    "deep": Style(GRAY, "X", "--"),
}

RIVALS = {"jastrow": "Jastrow", "mps": "matrix product", "hva": "Hamiltonian ansatz", "adapt": "ADAPT"}

Families = Mapping[str, Mapping[int, float]]
"""Errors by the number of parameters, by family."""


def _members(place: Place, runs: Runs, settings: Settings) -> dict[str, dict[int, list[tuple[float | None, Row]]]]:
    """Return every family's errors by its number of parameters, each with the row that has it."""
    found: dict[str, dict[int, list[tuple[float | None, Row]]]] = {}

    def take(family: str, many: int, error: float | None, row: Row) -> None:
        found.setdefault(family, {}).setdefault(many, []).append((error, row))

    for row in place.rows(runs, ROUND).where(rewind=settings.rewinds[0]):
        take(f"network, alpha = {row['alpha']}", row["count"], drawn_error(row), row)
    for p in settings.layers:
        for one in circuit_rows(place, runs, p)["imp"]:
            take(f"rotation, p = {p}", one["count"], one["error"], one)
    for kind, names in ((RIVAL, "rival"), (DEEP, "network")):
        for row in place.rows(runs, kind):
            family = RIVALS.get(row[names], f"deep, {row[names]}")
            spreads = row["standard_errors"] if kind is DEEP else [0.0] * len(row["errors"])
            for many, error, spread in zip(row["parameters"], row["errors"], spreads, strict=True):
                take(family, many, max(error, spread), row)
    return found


def families(place: Place, runs: Runs, settings: Settings) -> dict[str, dict[int, float]]:
    """Return the median errors of every family by its number of parameters."""
    medians = {
        name: {many: median(error for error, _ in members) for many, members in sizes.items()}
        for name, sizes in _members(place, runs, settings).items()
    }
    return {
        name: {many: max(error, FLOOR) for many, error in sorted(sizes.items()) if error is not None}
        for name, sizes in medians.items()
    }


def _records(place: Place, runs: Runs, settings: Settings) -> dict[str, dict[int, tuple[str, ...]]]:
    """Return the records of every family by its number of parameters."""
    return {
        name: {many: records_of(*(row for _, row in members)) for many, members in sizes.items()}
        for name, sizes in _members(place, runs, settings).items()
    }


def fewest(sizes: Mapping[int, float], error: float) -> int | None:
    """Return the fewest parameters with at most an error; None if no number has it."""
    return min((many for many, one in sizes.items() if one <= error), default=None)


def equal(runs: Runs, settings: Settings) -> Section:
    """Return the section on equal numbers of parameters."""
    panels, tables, findings = [], [], []
    for place in places(runs):
        every = families(place, runs, settings)
        if not len(place.rows(runs, RIVAL)) and not len(place.rows(runs, DEEP)):
            continue
        shown = {name: sizes for name, sizes in every.items() if _is_drawn(name, settings)}
        of = _records(place, runs, settings)
        marks = [
            Points(
                list(sizes),
                list(sizes.values()),
                label=name,
                style=STYLES[name.partition(",")[0]],
                records=[of[name][many] for many in sizes],
            )
            for name, sizes in shown.items()
        ]
        panels.append(Panel(place.words, [*marks, *levels(place, upright=False)]))
        tables.append(_table(place, every, of))
        findings += _findings(place, every) + _diverged(place, runs)
    pictures: list[Picture] = []
    if panels:
        axes = Axis("parameters", "log"), Axis("relative error", "log")
        pictures.append(picture("equal", Chart(panels, *axes, columns=2), CAPTION))
    return Section("At equal numbers of parameters", [ABOUT], findings, tables, pictures)


def _is_drawn(name: str, settings: Settings) -> bool:
    family, _, rest = name.partition(", ")
    if family == "network":
        return rest == f"alpha = {settings.armed[0]}"
    return family != "rotation" or rest == f"p = {settings.drawn}"


def _findings(place: Place, every: Families) -> list[str]:
    said = []
    for many, error in every.get("Jastrow", {}).items():
        others = {
            name: fewest(sizes, error) for name, sizes in every.items() if name != "Jastrow" and name.find("deep") < 0
        }
        reached = [f"{needed:,} of {_one(name)}" for name, needed in others.items() if needed is not None]
        never = [_one(name) for name, needed in others.items() if needed is None]
        couplings = "coupling" if many == 1 else "couplings"
        told = f"{place.words}: a Jastrow state of {many} {couplings} has an error of {error:.3g}; "
        told += f"as small an error takes {listed(reached)}" if reached else "no other family reaches it"
        told += f", and {listed(never)} {'do' if len(never) > 1 else 'does'} not reach it" if never and reached else ""
        said.append(f"{told}.")
    return said


def _diverged(place: Place, runs: Runs) -> list[str]:
    return [
        f"{place.words}: NetKet's {row['network']} of seed {row['seed']} diverged in step {row['diverged']} of the "
        f"round after {len(row['errors'])}."
        for row in place.rows(runs, DEEP)
        if row["diverged"] is not None
    ]


def _one(name: str) -> str:
    """Return a family's name as it stands in a sentence."""
    family, _, rest = name.partition(", ")
    words = {"network": "a network's weights", "rotation": "a rotation circuit's gates", "ADAPT": "ADAPT's gates"}
    words |= {
        "matrix product": "a matrix product state's entries",
        "Hamiltonian ansatz": "the Hamiltonian ansatz' angles",
    }
    return f"{words.get(family, family)}{f' ({rest})' if rest else ''}"


def _table(place: Place, every: Families, of: Mapping[str, Mapping[int, tuple[str, ...]]]) -> Table:
    wanted = (1e-2, 1e-3, 1e-4, 1e-5)
    rows: list[list[Cell | str]] = []
    for name, sizes in every.items():
        cells: list[Cell | str] = [name]
        for error in wanted:
            many = fewest(sizes, error)
            cells.append(Cell("not reached", 10**9) if many is None else Cell(f"{many:,}", many))
        cells.append(number(min(sizes.values(), default=None), ".2g"))
        rows.append(cells)
    columns = ["family", *(f"error {error:.0e}" for error in wanted), "least error"]
    note = "Fewest parameters at which the median error is at most so large, among the numbers that were tried."
    records = [tuple(dict.fromkeys(task for one in of[name].values() for task in one)) for name in every]
    return Table(f"Parameters for an error: {place.words}", columns, rows, note, records=records)
