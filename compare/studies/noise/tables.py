"""The noise study's results as one table."""

from collections.abc import Iterator, Mapping
from typing import Any

from compare.studies.noise.study import Results
from compare.tables import Table, interval

__all__ = ["LABELS", "arms_table", "readings"]

LABELS = {
    "ideal": "ideal",
    "none": "noise",
    "dd": "DD",
    "twirling": "twirling",
    "dd+twirling": "DD + twirling",
}
"""Arms by the name that readers see."""


def readings(results: Results) -> Iterator[tuple[str, str, str, Mapping[str, Any], Mapping[str, Any]]]:
    """Yield encoding, arm, "raw" or "mitigated", the arm's results, and those of this reading of its shots."""
    for encoding, arms in results.arms.items():
        for name, arm in arms.items():
            for reading in ("raw", "mitigated"):
                if reading in arm:
                    yield encoding, name, reading, arm, arm[reading]


def arms_table(results: Results) -> Table:
    """Return every arm: fidelity, what mitigation gains, surviving share, chi-square and risks."""
    enumerable = results.problem["enumerable"]
    rows, shots, repeats = [], 0, 0
    for encoding, name, reading, arm, found in readings(results):
        shots, repeats = arm["shots"], arm["repeats"]
        mitigated = reading == "mitigated"
        row = [
            f"{encoding}, {LABELS[name]}{', M3' if mitigated else ''}",
            interval(found["fidelity"]),
            _plus_minus(found["fidelity_over_repeats"]),
            _plus_minus(arm["gain"], 4) if mitigated else "",
            interval(found["surviving"]),
        ]
        if enumerable:
            row.append(_chi_square(found))
        rows.append([*row, _plus_minus(found["empirical"]), _plus_minus(found["held_out"])])
    uniform = results.problem["uniform"]
    blank = [""] * (4 if enumerable else 3)
    risks = [_plus_minus(uniform["empirical"]), _plus_minus(uniform["held_out"])]
    rows.append(["uniform nodes", interval(uniform["fidelity"]), *blank, *risks])
    columns = ["circuit", "fidelity", "over repeats", "M3 gains", "surviving"]
    columns += ["chi-square/dof"] if enumerable else []
    note = (
        f"Each row: {shots:,} shots, {repeats} repeats of {shots // repeats:,} with seeds of their own. Fidelity is "
        "the cross-entropy fidelity, 1 for p* and 0 for uniform nodes; invalid shots count as density 0. Brackets and "
        "± are 95% intervals: of the fidelity by the bootstrap over all shots, of the next column by the spread of "
        "the repeats. DD: dynamical decoupling. M3: readout mitigation of the same shots as in the row above; its gain "
        "is paired, so its interval is far narrower than the difference of two rows. It takes the readout "
        "errors of the snapshot, which the simulated noise has exactly; a real device's are known less well. What is "
        "negative after mitigation is cut off, so the fidelity of fewer shots comes out a little lower. Surviving: "
        "share of valid shots; after mitigation, of the weight. "
    )
    if enumerable:
        note += (
            "Chi-square against p* over its degrees of freedom, on valid shots, mean of the repeats: 1 for perfect "
            "samples; under noise it grows with the shots. p is of all shots together; mitigated shots are weights and "
            "no sample, and have none. "
        )
    note += (
        f"Risks: mean squared error of up to {results.problem['networks']} networks of N = "
        f"{results.run['settings']['nodes']} nodes in each repeat, output weights fitted, ± over the repeats; after "
        "mitigation the nodes are drawn again from the mitigated distribution."
    )
    return Table("What noise does, and what helps", [*columns, "empirical risk", "held-out risk"], rows, note)


def _plus_minus(estimate: Mapping[str, Any], digits: int = 3) -> str:
    half = (estimate["high"] - estimate["low"]) / 2
    return f"{estimate['best']:.{digits}f} ±{half:.{digits}f}"


def _chi_square(found: Mapping[str, Any]) -> str:
    ratio = f"{found['chi_square']['best']:.1f}" if found["chi_square"] else "infinite"
    if "goodness_of_fit" not in found:
        return ratio
    pvalue = found["goodness_of_fit"]["pvalue"]
    return f"{ratio}, p {'< 0.001' if pvalue < 0.001 else f'= {pvalue:.3f}'}"
