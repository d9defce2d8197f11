"""The noise study's report: what is left of the distribution, then the problem, its circuits, and every reading."""

from typing import Any

from compare.engine import Runs
from compare.report import Card, Cell, Picture, Report, Section, Style, Table
from compare.report.cells import MISSING, estimate, number, plus_minus, so_many
from compare.report.styles import BLUE, VERMILION
from compare.report.views import Column, Level, Line, forest, table
from compare.statistics import IN_FAMILY, Row
from compare.studies.ridgelet.noise.averages_report import averages_section
from compare.studies.ridgelet.noise.findings import LABELS, Results, answer, findings, gathered
from compare.studies.ridgelet.noise.study import PROBLEM, SHOTS, STUDY, Settings

__all__ = ["page", "report"]

CAPTION = (
    "Cross-entropy fidelity: filled circles as read, open squares the same shots with readout mitigation. Intervals "
    f"(bootstrap over shots): {IN_FAMILY.format('1')}. 1 is p* (solid line), 0 uniform nodes; dotted: the product of "
    "1 - error over all gates and measurements, a rough expectation without waiting."
)

READ, MITIGATED = Style(BLUE, "o"), Style(VERMILION, "s")
"""Marker, filling and place tell the two readings apart without color."""


def report(runs: Runs, settings: Settings) -> Report:
    """Return the report of a run."""
    results = gathered(runs, settings)
    if results is None:
        refused = [row["refused"] for kind in (PROBLEM, SHOTS) for row in runs.refused(kind)]
        return Report(STUDY.title, Card(None, [*refused, "No arm on the device has all its shots yet."][:1]), [])
    return page(results)


def page(results: Results) -> Report:
    """Return the report of results."""
    problem, settings = results.problem, results.settings
    dates = [date for row in results.circuits.values() if (date := row["calibrated"])]
    taken = f", calibrated {dates[0][:10]}," if dates else ""
    what = (
        f"{problem['description']} P = {problem['prime']}, D = {problem['dimension']}, K = {problem['distinct']} "
        "distinct points. The same nodes are measured without noise, with the simulated noise of "
        f"{settings.backend}{taken} and with dynamical decoupling (DD), twirling and readout mitigation on or off."
    )
    circuits = [
        f"{encoding}: {len(circuit['qubits'])} qubits, depth {circuit['depth']}, {circuit['two_qubit_gates']} "
        f"two-qubit gates{_duration(circuit['duration'])}, product of 1 - error {_expected(circuit)}."
        for encoding, circuit in results.circuits.items()
    ]
    sections = [
        Section("What was compared", [what, *circuits]),
        Section("What the shots say", [], findings(results), [_table(results)]),
    ]
    averages = averages_section(results.averages)
    if averages is not None:
        sections.append(averages)
    return Report(STUDY.title, Card(_picture(results), answer(results)), sections)


def _picture(results: Results) -> Picture:
    """Draw the fidelity of every reading, a panel for each encoding."""
    titles = {name: f"{name}: {row['two_qubit_gates']} two-qubit gates" for name, row in results.circuits.items()}
    lines = [
        Line(
            LABELS[row["arm"]],
            row["fidelity"],
            "readout mitigated" if row["mitigated"] else "as read",
            MITIGATED if row["mitigated"] else READ,
            hollow=row["mitigated"],
            panel=titles[row["encoding"]],
        )
        for row in results.readings.values()
        if row["encoding"]
    ]
    expected = {
        titles[name]: [Level(row["fidelity"], "product of 1 - error")]
        for name, row in results.circuits.items()
        if row["fidelity"] is not None
    }
    return forest(lines, "fidelity", CAPTION, "cross-entropy fidelity", at=1.0, levels=expected)


def _table(results: Results) -> Table:
    """Return every reading: fidelity, what mitigation gains, surviving share, chi-square and risks."""
    enumerable, settings = results.problem["enumerable"], results.settings
    columns: list[Column | str] = [
        "circuit",
        Column("fidelity", "fidelity", estimate),
        Column("over repeats", "fidelity_over_repeats", plus_minus),
        Column("M3 gains", lambda row: plus_minus(row["gain"], ".4f") if row["mitigated"] else MISSING),
        Column("surviving", "surviving", estimate),
        *([Column("chi-square/dof", _chi_square)] if enumerable else []),
        Column("empirical risk", "empirical", plus_minus),
        Column("held-out risk", "held_out", plus_minus),
    ]
    note = (
        f"Each row: {results.shots:,} shots, {so_many(settings.repeats, 'repeat')} of {settings.shots:,} with "
        f"seeds of their own. "
        "Fidelity is the cross-entropy fidelity, 1 for p* and 0 for uniform nodes; invalid shots count as density 0. "
        "Brackets of the fidelity, by the bootstrap over all shots, belong to the family of "
        f"{len(results.against)} tests against p*: {IN_FAMILY.format('1')}. What M3 gains belongs in the same way to "
        "the family of differences, held against 0. All else are 95% intervals, those of the second column by the "
        "spread of the repeats. DD: dynamical decoupling. M3: readout mitigation of the same shots as in the row "
        "above; its gain is paired, so its interval is far narrower than the difference of two rows. It takes the "
        "readout errors of the snapshot, which the simulated noise has exactly; a real device's are known less well. "
        "What is negative after mitigation is cut off, so the fidelity of fewer shots comes out a little lower. "
        "Surviving: share of valid shots; after mitigation, of the weight. "
    )
    if enumerable:
        note += (
            "Chi-square against p* over its degrees of freedom, on valid shots, mean of the repeats: 1 for perfect "
            "samples; under noise it grows with the shots. p is of all shots together; mitigated shots are weights and "
            "no sample, and have none. "
        )
    note += (
        f"Risks: mean squared error of up to {so_many(results.problem['networks'], 'network')} of N = "
        f"{so_many(settings.nodes, 'node')} in "
        "each repeat, output weights fitted, ± over the repeats; after mitigation the nodes are drawn again from the "
        "mitigated distribution."
    )
    rows = [{"circuit": name, **row} for name, row in results.readings.items()]
    return table(rows, columns, "What noise does, and what helps", note)


def _chi_square(row: Row) -> Cell:
    if not row["encoding"]:
        return MISSING
    found, test = row["chi_square"], row["goodness_of_fit"]
    ratio = number(found.best, ".1f") if found is not None else Cell("infinite", float("inf"))
    if test is None:
        return ratio
    return ratio + (", p < 0.001" if test.pvalue < 0.001 else f", p = {test.pvalue:.3f}")


def _expected(circuit: Row) -> str:
    if circuit["fidelity"] is None:
        return "not known"
    said = f"{circuit['fidelity']:.3f}"
    return f"{said} without {circuit['unknown']} operations of unknown error" if circuit["unknown"] else said


def _duration(seconds: Any) -> str:
    return "" if seconds is None else f", {1e6 * seconds:.2g} microseconds a shot"
