"""The answers in sentences, and what stands behind them."""

import math
from collections.abc import Iterator, Sequence

from compare.machines import ESTIMATED, LOADERS, crossing_cell, size_text
from compare.report.cells import estimate, so_many, span
from compare.statistics import median_range
from compare.studies.ridgelet.crossover.sides import Sides
from compare.studies.ridgelet.crossover.study import RIVALS
from compare.studies.ridgelet.settings import LETTERS

__all__ = ["answer", "busy", "cores", "correction", "errors", "ratios"]


def answer(sides: Sides, varied: str, rival: str, primes: Sequence[int]) -> str:
    """Say in how many cases a quantum machine beats a classical sampler, and from where on at the earliest."""
    found = {
        key: one
        for key, one in sides.crossings.items()
        if (key[0], key[-1]) == (varied, rival) and key[1] in primes and key[2] in sides.deciding
    }
    if not found:
        return ""
    letter, settings = LETTERS[varied], sides.settings
    many = so_many(settings.cores, "classical core")
    where = f"P = {', '.join(map(str, primes))}, {sides.fixed(varied)}, {many}"
    won = {key: one.start for key, one in found.items() if one.start is not None}
    if not won:
        most = max(one.largest for one in found.values())
        possible = [one.low for one in found.values() if one.low is not None]
        unless = f", though intervals leave it possible from {size_text(min(possible))}" if possible else ""
        largest = max((one.largest for key, one in found.items() if key[2] == ESTIMATED), default=most)
        estimated = "" if largest == most else f" (with error correction up to {size_text(largest)}, as estimated)"
        return (
            f"Against the {rival} sampler no quantum machine is faster a sample at any {letter} up to "
            f"{size_text(most)}{estimated}, whatever loading costs ({where}){unless}."
        )
    first = min(won, key=lambda key: won[key])
    start = str(crossing_cell(found[first])).replace("from ", f"from {letter} = ").replace("*", "")
    how = "measured" if won[first] <= found[first].measured else "extrapolated"
    return (
        f"Against the {rival} sampler a quantum machine is faster a sample from some {letter} on in {len(won)} of "
        f"{len(found)} cases of machine and loader ({where}), the earliest {start} ({how}): P = {first[1]}, "
        f"{sides.name(first[2])}, {LOADERS[first[3]]}."
    )


def correction(sides: Sides) -> str:
    """Say which error-corrected machine decides: the estimated one, or those at a fixed code distance, and why."""
    settings = sides.settings
    why = "; ".join(reason.rstrip(".") for reason in sides.missing)
    if sides.estimates:
        without = f" Not estimated at some sizes: {why}." if why else ""
        return (
            f"With error correction the estimated machine decides, the fastest within {settings.most_qubits:,} "
            f"physical qubits ({settings.model}, error budget {settings.budget:g}); machines at the fixed code "
            f"distance {settings.distance} stand in the tables, and are not among the cases.{without}"
        )
    return (
        f"With error correction machines at the fixed code distance {settings.distance} decide, since nothing was "
        f"estimated: {why or 'there is no record of it'}."
    )


def ratios(sides: Sides, prime: int) -> Iterator[str]:
    """Yield how many times longer a quantum sample takes at the largest D where both sides were measured."""
    classical = sides.classical.get(("dimension", prime, RIVALS[0]))
    for loader in ("sparse", "free") if classical is not None else ():
        told = []
        for machine in sides.machines:
            quantum = sides.quantum.get(("dimension", prime, machine, loader))
            if quantum is not None and classical is not None:
                size = min(classical.largest, quantum.largest)
                low, best, high = quantum.log_range([size])[:, 0] - classical.log_range([size])[::-1, 0]
                name = f"{sides.name(machine)} at D = {size}"
                told.append(f"{_times_text(best)} [{_times_text(low)}, {_times_text(high)}] ({name})")
        if told:
            yield (
                f"P = {prime}, K = {sides.settings.points}, {LOADERS[loader]}: seconds a sample over those of the "
                f"{RIVALS[0]} sampler: {'; '.join(told)}."
            )


def _times_text(logarithm: float) -> str:
    digits = logarithm / math.log(10)
    return f"{float(f'{10**digits:.2g}'):,g}" if -3 < digits < 5 else f"10^{digits:.1f}"


def errors(sides: Sides, prime: int) -> Iterator[str]:
    """Yield what is left of the shots at the largest circuit that the device holds."""
    held = {size: one for size, one in sides.along("dimension", prime).items() if one.transform_on_device is not None}
    if not held:
        return
    size, found = max(held.items())
    kept = sorted(circuit.fidelity for circuit in found.whole_on_device)
    quantum = sides.quantum.get(("dimension", prime, "device with errors", "sparse"))
    took = None if quantum is None else quantum.at(size)
    costs = "" if took is None else f", and a sample would take {span(took.best)} (median)"
    assert found.transform_on_device is not None  # only those that the device holds come here
    yield (
        f"P = {prime}, D = {size} on {sides.settings.device}: with the sparse loader a share of {kept[0]:.1g} to "
        f"{kept[-1]:.1g} of the shots is expected without error ({len(kept)} random problems){costs}; without a loader "
        f"{found.transform_on_device.fidelity:.2g}."
    )


def cores(sides: Sides) -> str:
    """Say what two cores are worth, as it was measured."""
    told = [
        f"{estimate(shared.efficiency)} of twice the nodes of one (P = {prime}; by the wall's clock, which what else "
        f"runs slows, {estimate(shared.wall)})"
        for prime, shared in sides.cores.items()
    ]
    return f"Two cores of this machine draw {'; '.join(told)}." if told else ""


def busy(sides: Sides) -> str:
    """Say what else the machine did while it was timed."""
    rows = [one for curve in sides.curves if curve["method"] in RIVALS for one in curve["rows"] if one.total.best > 0]
    if not rows:
        return ""
    wall = median_range([one.wall.best / one.total.best for one in rows])
    spread = median_range([one.spread for one in rows])
    return (
        f"While the classical samplers were timed, wall seconds were {wall.best:.2f} times the processor seconds "
        f"(median of {wall.samples} sizes, {wall.low:.2f} to {wall.high:.2f}; 1 on an idle machine), and the slowest "
        f"round took {spread.best:.2f} times the processor seconds of the fastest ({spread.low:.2f} to "
        f"{spread.high:.2f})."
    )
