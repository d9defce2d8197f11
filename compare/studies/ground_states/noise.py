"""Tickets with a device's noise, held against |+>^N on the same qubits; and what a device measured of them."""

import math
from typing import Any

from compare.engine import Runs
from compare.report import Cell, Section, Table
from compare.report.cells import count, number, so_many
from compare.report.styles import BLACK, BLUE, VERMILION, Style
from compare.report.views import Axis, Chart, Panel, Points, picture
from compare.statistics.rows import records_of
from compare.studies.ground_states.readings import Place, listed, places
from compare.studies.ground_states.study import NOISE, SHOTS, Settings

__all__ = ["noise", "winners"]

WORDS = {
    "1-gate": "one gate",
    "all-disjoint": "disjoint gates",
    "grown-half": "ADAPT, half a gate a site",
    "grown-whole": "ADAPT, a gate a site",
    "layer": "a full layer",
    "hva": "Hamiltonian ansatz, p = 1",
    "toric": "toric code's circuit",
    "none": "|+>",
}

ABOUT = (
    "Each circuit's energy with the noise of a device's snapshot, exactly, beside that of |+> on the same qubits, "
    "which has no two-qubit gate. A ticket is worth its gates if its bar is lower."
)

CAPTION = (
    "Relative error with the noise of the snapshot: filled the circuit, open |+> on the same qubits; the upright mark "
    "is the circuit without noise. Headings say whether readout errs too."
)


def noise(runs: Runs, settings: Settings) -> Section:
    """Return the section on noise."""
    panels, tables, findings = [], [], []
    for place in places(runs):
        rows = list(place.rows(runs, NOISE))
        if not rows:
            continue
        ticks = {float(number): _words(row["ticket"]) for number, row in enumerate(rows)}
        for title, own, product in (("with readout", "error", "product"), ("without", "unread", "unread_product")):
            marks = [
                _bars(rows, own, "circuit", Style(BLUE, "s"), hollow=False, aside=-0.12),
                _bars(rows, product, "|+>, same qubits", Style(VERMILION, "o"), hollow=True, aside=0.12),
                _bars(rows, "ideal", "circuit without noise", Style(BLACK, "|"), hollow=False, aside=-0.12),
            ]
            axis = Axis("", ticks=ticks, low=-0.6, high=len(rows) - 0.4)
            panels.append(Panel(f"{place.words}, {title}", marks, Axis("relative error", low=0.0), axis))
        tables.append(_table(place, rows))
        findings += [*winners(place, rows), *_device(place, runs)]
    tables += [table for place in places(runs) if (table := _measured(place, runs)) is not None]
    chart = Chart(panels, columns=2, width=4.6, tall=True)
    caption = f"{CAPTION} Snapshot: {settings.device}."
    return Section("Noise", [ABOUT], findings, tables, [picture("noise", chart, caption)] if panels else [])


def _words(ticket: str) -> str:
    return WORDS.get(ticket, ticket)


def _bars(rows: list[Any], value: str, label: str, style: Style, hollow: bool, aside: float) -> Points:
    places_ = [number + aside for number in range(len(rows))]
    values, records = [row[value] for row in rows], [records_of(row) for row in rows]
    return Points(values, places_, label=label, style=style, hollow=hollow, line=False, size=6.0, records=records)


def winners(place: Place, rows: list[Any]) -> list[str]:
    """Say which tickets have less energy than |+> with all noise, and which more."""
    told = []
    for wins, words in ((True, "have less energy than |+> on the same qubits"), (False, "have more")):
        those = [row for row in rows if (row["error"] < row["product"]) == wins]
        if those:
            names = [
                f"{_words(row['ticket'])} ({so_many(row['two_qubit'], 'two-qubit gate')}: {row['error']:.4f} against "
                f"{row['product']:.4f})"
                for row in those
            ]
            told.append(f"{listed(names)} {words if len(those) > 1 else words.replace('have', 'has')}")
    return [f"{place.words}, with all noise of {rows[0]['device']}: {'; '.join(told)}."]


def _table(place: Place, rows: list[Any]) -> Table:
    cells: list[list[Cell | str]] = [
        [
            _words(row["ticket"]),
            count(row["two_qubit"]),
            number(row["ideal"], ".4f"),
            number(row["error"], ".4f"),
            number(row["product"], ".4f"),
            number(row["unread"], ".4f"),
            number(row["unread_product"], ".4f"),
        ]
        for row in rows
    ]
    columns = ["circuit", "two-qubit gates", "no noise", "noise", "|+>", "no readout errors", "|+>, none"]
    return Table(
        f"With noise: {place.words}",
        columns,
        cells,
        "Relative errors; |+> on the qubits of the circuit.",
        records=[records_of(row) for row in rows],
    )


def _energies(place: Place, runs: Runs) -> dict[tuple[str, str], tuple[float, float]]:
    """Return energy and standard error of each ticket on each device that measured both settings."""
    parts: dict[tuple[str, str], dict[str, Any]] = {}
    for row in place.rows(runs, SHOTS):
        parts.setdefault((row["backend"], row["ticket"]), {})[row["setting"]] = row
    return {
        key: (
            sum(row["mean"] for row in both.values()),
            math.sqrt(sum((row["variance"] or 0.0) / row["shots"] for row in both.values())),
        )
        for key, both in parts.items()
        if len(both) == 2
    }


def _measured(place: Place, runs: Runs) -> Table | None:
    found = _energies(place, runs)
    if not found:
        return None
    size = abs(place.known.energy)
    cells: list[list[Cell | str]] = [
        [
            backend,
            _words(ticket),
            number(energy, ".3f"),
            number((energy - place.known.energy) / size, ".4f"),
            number(error / size, ".4f"),
        ]
        for (backend, ticket), (energy, error) in found.items()
    ]
    columns = ["device", "circuit", "energy", "relative error", "its standard error"]
    return Table(
        f"Measured on a device: {place.words}",
        columns,
        cells,
        "Both settings by shots, without mitigation.",
        records=[records_of(place.rows(runs, SHOTS))],
    )


def _device(place: Place, runs: Runs) -> list[str]:
    found = _energies(place, runs)
    said = []
    for (backend, ticket), (energy, error) in found.items():
        base = found.get((backend, "none"))
        if base is not None and ticket != "none":
            away = (energy - base[0]) / math.hypot(error, base[1])
            said.append(
                f"On {backend} {_words(ticket)} has {energy:.3f}, |+> {base[0]:.3f}: {abs(away):.1f} standard errors "
                f"{'below' if away < 0 else 'above'}."
            )
    return said
