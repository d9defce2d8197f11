"""The section on expectation values: each way to estimate them, at equal shots, and what its correction costs."""

from collections.abc import Iterator, Sequence
from typing import Any

from compare.report import Cell, Section, Table
from compare.report.cells import MISSING, estimate, number, so_many
from compare.report.views import Column, table
from compare.statistics import Estimate, Row
from compare.studies.ridgelet.noise.averages import MITIGATIONS

__all__ = ["averages_section"]

CORRECTED = (
    "What is corrected is an average over shots, of a function of the measured bits. Nodes themselves are not "
    "mitigated: no shot of any of these circuits is a node of p*, and a network made of them has the noise."
)


def averages_section(rows: Sequence[Row]) -> Section | None:
    """Return the section; None where nothing was estimated."""
    found = [one for row in rows for one in _rows(row)]
    if not found:
        return None
    order = {name: place for place, name in enumerate(MITIGATIONS)}
    found.sort(key=lambda one: (one["encoding"], one["place"], order.get(one["mitigation"], len(order))))
    for one in found:
        raw = [
            other
            for other in found
            if (other["encoding"], other["place"], other["mitigation"]) == (one["encoding"], one["place"], "raw")
        ]
        one["cost"] = (one["error"] / raw[0]["error"]) ** 2 if raw and raw[0]["error"] > 0 else None
    return Section("Expectation values, mitigated", [CORRECTED], list(_sentences(found)), [_table(found)])


def _rows(row: Row) -> Iterator[dict[str, Any]]:
    """Yield each observable of a record."""
    for place, name in enumerate(row["names"]):
        value, error, ideal = (float(row[key][place]) for key in ("values", "errors", "ideal"))
        yield {
            "encoding": row["encoding"],
            "mitigation": row["mitigation"],
            "place": place,
            "name": name,
            "ideal": ideal,
            "value": Estimate.normal(value, error, row["shots"]),
            "off": value - ideal,
            "error": error,
            "shots": row["shots"],
            "circuits": row["circuits"],
            "gates": row["gates"],
            "gamma": row["gamma"],
            "law": row["laws"][place],
            "factors": row["factors"],
        }


def _sentences(found: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Say of each circuit what every way finds of the first observable, and which is nearest."""
    for encoding in dict.fromkeys(one["encoding"] for one in found):
        own = [one for one in found if one["encoding"] == encoding and one["place"] == 0]
        told = ", ".join(f"{estimate(one['value'])} ({one['mitigation']})" for one in own)
        nearest = min(own, key=lambda one: abs(one["off"]))
        covering = [one["mitigation"] for one in own if one["value"].low <= one["ideal"] <= one["value"].high]
        holds = f"the intervals of {' and '.join(covering)} hold it" if covering else "no interval holds it"
        yield (
            f"The {own[0]['name']} of the {encoding} circuit is {own[0]['ideal']:g} without noise; with "
            f"{own[0]['shots']:,} shots each way it is {told}: nearest is {nearest['mitigation']}, and {holds}."
        )
        for one in own:
            if one["gamma"] is not None and one["cost"] is not None:
                yield (
                    f"Cancellation scales the {encoding} circuit's signed average by gamma = {one['gamma']:.3g}, which "
                    f"alone would make the variance {one['gamma'] ** 2:.3g} times that of the shots; with readout "
                    f"inverted, and {one['shots'] // one['circuits']} shots that share the sign of each circuit drawn, "
                    f"it is {one['cost']:.3g} times that as read."
                )


def _table(found: Sequence[dict[str, Any]]) -> Table:
    columns: list[Column | str] = [
        Column("circuit", "encoding"),
        Column("average of", "name"),
        Column("way", lambda one: f"{one['mitigation']}{', ' + one['law'] if one['law'] else ''}"),
        Column("without noise", "ideal", lambda value: number(value, ".3f")),
        Column("estimate", "value", estimate),
        Column("off by", "off", lambda value: number(value, "+.3f")),
        Column("standard error", "error", lambda value: number(value, ".2g")),
        Column("variance, as read = 1", "cost", lambda value: number(value, ".3g")),
        Column("gamma^2", "gamma", lambda value: MISSING if value is None else number(value**2, ".3g")),
        Column("circuits", "circuits"),
        Column("two-qubit gates", lambda one: Cell(" / ".join(map(str, one["gates"])))),
    ]
    ways = {one["mitigation"] for one in found}
    note = (
        f"Each row: {found[0]['shots']:,} shots in all, whatever the way. Intervals are 95%, of each row by itself, by "
        "the spread of the shots; they know nothing of what a law of extrapolation or a model of noise leaves out. "
        f"{'; '.join(f'{name}: {said}' for name, said in MITIGATIONS.items() if name in ways)}. "
    )
    if "zne" in ways:
        factors = next(one["factors"] for one in found if one["mitigation"] == "zne")
        note += (
            f"zne divides its shots among circuits whose two-qubit gates run {', '.join(map(str, factors))} times; "
            "gates of one qubit, waiting and readout are not scaled. "
        )
    if "pec" in ways:
        note += (
            "pec takes the noise of each two-qubit gate to be depolarizing, of the error that the calibration states; "
            "what else there is, waiting and gates of one qubit, stays. Its intervals are by the spread of "
            f"{so_many(next(one['circuits'] for one in found if one['mitigation'] == 'pec'), 'circuit')}. "
        )
    return table(found, columns, "Expectation values at equal shots", note + "A shot that is no node counts as 0.")
