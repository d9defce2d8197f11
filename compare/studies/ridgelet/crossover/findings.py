"""What the numbers say, in plain sentences computed from them; nothing here is written in beforehand."""

import math
from collections.abc import Iterator

from compare.statistics import FittedGrowth, fit_growth
from compare.statistics.fits import LEAST_SIZES
from compare.studies.ridgelet.crossover.crossing import Crossing
from compare.studies.ridgelet.crossover.machines import LOADERS, MACHINES
from compare.studies.ridgelet.crossover.study import RIVALS, Results
from compare.studies.ridgelet.crossover.tables import crossing_text, machine_name, size_text, span_text

__all__ = ["findings"]


def findings(results: Results) -> list[str]:
    """Return the verdict: against each rival over D, over K, how the rivals grow, and what errors cost."""
    sentences: list[str] = []
    for prime in results.settings.primes:
        for rival in RIVALS:
            sentences += _against(results, "dimension", prime, rival)
        sentences += _against(results, "points", prime, RIVALS[0])
        sentences += _ratios(results, prime)
        sentences += _growths(results, prime)
        sentences += _errors(results, prime)
    return sentences


def _against(results: Results, varied: str, prime: int, rival: str) -> Iterator[str]:
    """Yield which machines and loaders beat a classical sampler somewhere, and which never do."""
    letter = "D" if varied == "dimension" else "K"
    fixed = f"K = {results.settings.points}" if varied == "dimension" else f"D = {results.settings.dimension}"
    never: dict[str, list[str]] = {}
    wins: dict[str, list[str]] = {}
    most = 0
    for machine in MACHINES:
        for loader, words in LOADERS.items():
            crossing = results.crossings[varied, prime, machine, loader, rival]
            if crossing is None:
                continue
            name = machine_name(machine, results)
            if crossing.start is None:
                never.setdefault(name, []).append(words)
                most = max(most, crossing.largest)
            else:
                wins.setdefault(name, []).append(f"{_from(crossing)} with the {words}")
    if not wins and not never:
        return
    begin = f"P = {prime}, {fixed}, against the {rival} sampler:"
    if not wins:
        yield f"{begin} no machine is faster a sample at any {letter} up to {size_text(most)}, whatever loading costs."
        return
    won = "; ".join(f"{name}, {', '.join(texts)}" for name, texts in wins.items())
    lost = "; ".join(
        name if len(words) == len(LOADERS) else f"{name} (with the {', '.join(words)})" for name, words in never.items()
    )
    yield f"{begin} faster a sample, by {letter}: {won}.{f' Never: {lost}.' if never else ''}"


def _from(crossing: Crossing) -> str:
    """Write from where on a machine is faster, and whether that was measured."""
    text = crossing_text(crossing).replace("*", "")
    assert crossing.start is not None  # only those that win come here
    return text if crossing.start <= crossing.measured else f"{text} (extrapolated)"


def _ratios(results: Results, prime: int) -> Iterator[str]:
    """Yield how many times longer a quantum sample takes at the largest D where both sides were measured."""
    classical = results.classical(f"dimension-{prime}", RIVALS[0])
    if classical is None:
        return
    for loader in ("sparse", "free"):
        told = []
        for machine in MACHINES:
            quantum = results.quantum("dimension", prime, machine, loader)
            if quantum is None:
                continue
            size = min(classical.largest, quantum.largest)
            low, best, high = quantum.log_range([size])[:, 0] - classical.log_range([size])[::-1, 0]
            name = f"{machine_name(machine, results)} at D = {size}"
            told.append(f"{_times(best)} [{_times(low)}, {_times(high)}] ({name})")
        if told:
            yield (
                f"P = {prime}, K = {results.settings.points}, {LOADERS[loader]}: seconds a sample over those of the "
                f"dequantized sampler: {'; '.join(told)}."
            )


def _times(logarithm: float) -> str:
    digits = logarithm / math.log(10)
    return f"{float(f'{10**digits:.2g}'):,g}" if -3 < digits < 5 else f"10^{digits:.1f}"


def _growths(results: Results, prime: int) -> Iterator[str]:
    """Yield how the rivals grow with D, and the dequantized sampler with K."""
    axis = f"dimension-{prime}"
    enumeration = results.rows(axis, RIVALS[1])
    if len(enumeration) >= LEAST_SIZES:
        growth = fit_growth([row["size"] for row in enumeration], [row["prepare"]["best"] for row in enumeration])
        yield (
            f"P = {prime}: preparing the enumeration grows with D as {_words(growth)}, fitted to {growth.sizes} sizes; "
            f"it has P^(D+1) nodes, and ln P is {math.log(prime):.3f}."
        )
    for varied, letter in (("dimension", "D"), ("points", "K")):
        rows = results.rows(f"{varied}-{prime}", RIVALS[0])
        if len(rows) >= LEAST_SIZES:
            growth = fit_growth([row["size"] for row in rows], [row["per_sample"]["best"] for row in rows])
            yield (
                f"P = {prime}: a sample of the dequantized sampler grows with {letter} as {_words(growth)}, from "
                f"{letter} = {rows[0]['size']:,} to {rows[-1]['size']:,} ({growth.sizes} sizes)."
            )


def _words(growth: FittedGrowth) -> str:
    if growth.verdict == "none":
        return "a constant: no growth is seen"
    curve = min((growth.power, growth.exponential), key=lambda one: one.aicc)
    rate = curve.rate
    assert rate is not None  # only constants have none
    kind = "a power law with exponent" if curve.family == "power" else "an exponential of rate"
    added = ", above a constant" if curve.overhead else ""
    ratio = f"evidence ratio {growth.evidence:.3g}" if growth.evidence < 1e6 else "evidence ratio above 10^6"
    doubt = f"; undecided, {ratio}" if growth.verdict == "undecided" else f"; {ratio}"
    return f"{kind} {rate.best:.3g} [{rate.low:.3g}, {rate.high:.3g}]{added} ({doubt[2:]})"


def _errors(results: Results, prime: int) -> Iterator[str]:
    """Yield what is left of the shots at the largest circuit that the device holds."""
    rows = [
        row
        for row in results.circuits.values()
        if row["prime"] == prime and row["points"] == results.settings.points and row["on_device"] is not None
    ]
    if not rows:
        return
    row = max(rows, key=lambda one: one["dimension"])
    kept = sorted(circuit["fidelity"] for circuit in row["on_device"]["whole"])
    quantum = results.quantum("dimension", prime, "device with errors", "sparse")
    took = None if quantum is None else quantum.at(row["dimension"])
    costs = "" if took is None else f", and a sample would take {span_text(took.best)} (median)"
    yield (
        f"P = {prime}, D = {row['dimension']} on {results.settings.device}: with the sparse loader a share of "
        f"{kept[0]:.1g} to {kept[-1]:.1g} of the shots is expected without error ({len(kept)} random problems){costs}; "
        f"without a loader {row['on_device']['transform']['fidelity']:.2g}."
    )
