"""Fault-tolerant machines in a circuit's report: T gates by several ways, logical counts, qubits against time."""

from collections.abc import Iterator, Mapping

from compare.engine import Rows, Runs
from compare.report import Cell, Picture, Section, Table
from compare.report.cells import MISSING, count, number, span
from compare.report.styles import PALETTE, Style
from compare.report.views import Axis, Chart, Column, Level, Panel, Points, picture
from compare.statistics import Row
from compare.statistics.rows import capital, grouped
from compare.studies.ridgelet.circuit.tolerant import FED, LOGICAL, PHYSICAL
from compare.studies.ridgelet.circuit.whole import LABELS, PIECES
from quantum.names import ROTATION_WAYS

__all__ = ["tolerant_clause", "tolerant_section"]


def tolerant_clause(runs: Runs) -> list[str]:
    """Say in a clause what the last piece takes of the first machine; nothing if nothing was estimated."""
    rows = _last(runs[PHYSICAL])
    if not rows:
        return []
    alike = {row["fed"]: row for row in rows if (row["model"], row["budget"]) == (rows[0]["model"], rows[0]["budget"])}
    first = next(iter(alike.values()))
    beside = ""
    if "synthesized" in alike and "rotations" in alike:
        beside = f", {span(alike['synthesized']['seconds'])} with our own T gates one after another"
    return [
        f"on {first['model']} at an error budget of {first['budget']:g} it takes {first['qubits']:,} physical qubits "
        f"and {span(first['seconds'])}{beside}"
    ]


def tolerant_section(runs: Runs, most_qubits: int) -> list[Section]:
    """Return the section of fault-tolerant machines; none if they were not asked for."""
    asked, found = runs[LOGICAL], runs[PHYSICAL]
    reasons = dict.fromkeys(
        reason for kind in (LOGICAL, PHYSICAL) for reason in runs.refused(kind).unique("refused") if reason
    )
    if not asked and not reasons:
        return []
    said = [*_sentences(found, most_qubits), *(f"Not estimated: {reason}" for reason in reasons)]
    tables = [_ways(asked), _logical(asked)] if asked else []
    if found:
        tables += [
            _machines(
                found,
                None,
                "Physical qubits and the shortest time of one run",
                "Budget: the probability that a run fails. With our own T gates it is less by what synthesis spent.",
            ),
            _machines(
                found,
                most_qubits,
                f"The shortest time within {most_qubits:,} physical qubits",
                "The fastest point of the frontier that holds; a dash where none does.",
            ),
            _behind(found),
        ]
    what = (
        "Logical counts are what the circuits have. Physical qubits and seconds are Microsoft's resource estimator's "
        "(qdk.estimator; Beverland et al., arXiv:2211.07629), for surface codes or, of Majorana qubits, a Floquet code."
    )
    pictures = [_frontiers(found, most_qubits)] if found else []
    return [Section("On fault-tolerant machines", [what], said, tables, pictures)]


def _last(found: Rows) -> list[Row]:
    """Return the rows of the whole circuit, or of the piece there is."""
    held = {row["piece"] for row in found}
    last = [piece for piece in PIECES if piece in held][-1:]
    return [row for row in found if row["piece"] in last]


def _sentences(found: Rows, most_qubits: int) -> Iterator[str]:
    """Yield how rotations, own T gates and equal rotations together differ, a sentence for each machine."""
    groups: dict[tuple[str, float], dict[str, Row]] = {}
    for row in _last(found):
        groups.setdefault((row["model"], row["budget"]), {})[row["fed"]] = row
    for (model, budget), rows in groups.items():
        told = []
        for fed, row in rows.items():
            point = _within(row, most_qubits)
            held = "no point" if point is None else f"{span(point[1])} on {point[0]:,}"
            told.append(
                f"{FED[fed]} {span(row['seconds'])} on {row['qubits']:,} qubits ({held} within {most_qubits:,})"
            )
        yield f"{capital(LABELS[_last(found)[0]['piece']])} on {model}, error budget {budget:g}: {'; '.join(told)}."


def _within(row: Row, most_qubits: int | None) -> tuple[int, float] | None:
    """Return qubits and seconds of the fastest point of at most so many qubits, or of all."""
    every = zip(row["frontier_qubits"], row["frontier_seconds"], strict=True)
    return next((point for point in every if most_qubits is None or point[0] <= most_qubits), None)


def _table(asked: Rows, of: str, first: list[Column], counts: Mapping[str, str], title: str, note: str) -> Table:
    """Return a table with a row for each of what was found of a piece, with its counts by their headings."""
    every = asked.of({**row, **vars(one)} for row in asked for one in row[of])
    columns = [Column("piece", lambda row: LABELS[row["piece"]]), *first]
    return every.table([*columns, *(Column(heading, name, count) for name, heading in counts.items())], title, note)


def _ways(asked: Rows) -> Table:
    first = [
        Column("error", "budget", lambda value: number(value, "g")),
        Column("error spent", "error", lambda value: number(value, ".1e")),
        Column("rotations", lambda row: ROTATION_WAYS[row["way"]]),
    ]
    counts = {
        "t": "T gates",
        "t_depth": "T depth",
        "qubits": "qubits",
        "ancillas": "of them ancillas",
        "rotations": "synthesized",
        "angles": "different",
        "ands": "ANDs",
        "measurements": "measured on the way",
    }
    return _table(
        asked,
        "ways",
        first,
        counts,
        "T gates at a stated error",
        "Error: half the diamond distances of all synthesized rotations, added up; the total variation distance of "
        "what is measured is at most that. It is split by what it costs. A synthesis is Qiskit's gridsynth (Ross and "
        "Selinger); a mixture draws one of two for each run, T gates in the mean. Equal rotations at one time are "
        "taken together by their Hamming weight, where that takes fewer T gates: an AND takes 4, and 4 more to be "
        "taken back, or a measurement. T depth: of one run.",
    )


def _logical(asked: Rows) -> Table:
    first = [
        Column("budget", "budget", lambda value: number(value, "g")),
        Column("given", lambda row: FED[row["fed"]]),
    ]
    counts = {
        "qubits": "qubits",
        "t": "T",
        "ccz": "Toffoli",
        "ands": "ANDs",
        "rotations": "rotations",
        "rotation_depth": "rotation depth",
        "measurements": "measurements",
        "conditioned": "conditioned",
    }
    return _table(
        asked,
        "fed",
        first,
        counts,
        "What the estimator is given",
        "Clifford gates are not counted. Rotation depth: rotations on the longest path, measured on the compiled "
        "circuit. Own T gates: synthesized within a third of the budget. Conditioned: T gates, Toffoli gates and "
        "rotations that wait for a measured value, which the estimator does not take.",
    )


def _machines(found: Rows, most_qubits: int | None, title: str, note: str) -> Table:
    """Return a table with what the estimator is given across: at the shortest time, or within so many qubits."""

    def cell(row: Row | None) -> Cell | str:
        point = None if row is None else _within(row, most_qubits)
        return MISSING if point is None else Cell(f"{span(point[1])} on {point[0]:,}", point[1])

    given = list(dict.fromkeys(row["fed"] for row in found))
    rows: list[list[Cell | str]] = []
    for (piece, model, budget), some in grouped(found, ("piece", "model", "budget")).items():
        of = {row["fed"]: row for row in some}
        rows.append([LABELS[piece], model, number(budget, "g"), *(cell(of.get(fed)) for fed in given)])
    return Table(title, ["piece", "qubits are", "budget", *(FED[fed] for fed in given)], rows, note)


def _behind(found: Rows) -> Table:
    def split(row: Row) -> str:
        return " / ".join(f"{row[name]:.1e}" for name in ("logical_error", "t_error", "rotation_error"))

    return found.of(_last(found)).table(
        [
            Column("qubits are", "model"),
            Column("code", lambda row: row["scheme"].split("_")[0]),
            Column("given", lambda row: FED[row["fed"]]),
            Column("code / T / rotations", split),
            Column("distance", "distance", count),
            Column("logical qubits", "logical_qubits", count),
            Column("cycles", "logical_depth", count),
            Column("T states", "t_states", count),
            Column("T a rotation", "t_per_rotation", count),
            Column("factories", "factories", count),
            Column("their qubits", "factory_qubits", count),
        ],
        f"Behind the shortest times: {LABELS[_last(found)[0]['piece']]}",
        "Code / T / rotations: the error budget, split. Logical qubits are laid out, with space to move. T a rotation: "
        "as the estimator assumes, 0.53 log2(rotations/error) + 4.86.",
    )


def _frontiers(found: Rows, most_qubits: int) -> Picture:
    rows = _last(found)
    budget = rows[0]["budget"]
    models = list(dict.fromkeys(row["model"] for row in rows))
    colors = {model: Style(PALETTE[place % len(PALETTE)].color, "o") for place, model in enumerate(models)}
    panels = []
    for fed, words in FED.items():
        marks: list[Points | Level] = [
            Points(
                row["frontier_seconds"],
                row["frontier_qubits"],
                label=row["model"],
                style=colors[row["model"]],
                size=3.0,
            )
            for row in rows
            if (row["fed"], row["budget"]) == (fed, budget)
        ]
        if marks:
            panels.append(Panel(words, [*marks, Level(most_qubits, "stated qubits")]))
    caption = (
        f"Physical qubits over the seconds of one run, {LABELS[rows[0]['piece']]}, error budget {budget:g}: fewer T "
        "factories take longer. Each point is the estimator's, none with both fewer qubits and less time is left out."
    )
    x, y = Axis("seconds a run", "log"), Axis("physical qubits", "log")
    return picture("circuit_frontiers", Chart(panels, x, y, share=True, share_x=True, legend=3), caption)
