"""What the numbers say, in plain sentences computed from them; nothing here is written in beforehand."""

from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

from compare.statistics import CONFIDENCE, Estimate, mean_difference
from compare.studies.ridgelet.samplers.study import LABELS, Results
from compare.studies.ridgelet.samplers.tables import adjusted_pvalues, number_of_tests, total_seconds
from compare.tables import interval, seconds_text

__all__ = ["findings"]

ALARM = 0.05
"""Family-wise false-alarm rate: of the tests in one part (Holm), and of the intervals over all N (Bonferroni)."""

OPTIMIZED = "dequantized"
CONTROL = "uniform"


def findings(results: Results) -> dict[str, list[str]]:
    """Return sentences by part, the verdict under ``"verdict"``."""
    parts = results.parts
    said = {key: _distributions(part) + _risks(key, part, results.arrays) for key, part in parts.items()}
    said["dimension"] = _dimension(results.dimension)
    said["circuit"] = _circuit(parts)
    said["verdict"] = _verdict(results)
    return said


def _names(names: list[str]) -> str:
    labels = [LABELS[name] for name in names]
    return labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} and {labels[-1]}"


def _rejected(part: Mapping[str, Any]) -> list[str]:
    return [name for name, pvalue in adjusted_pvalues(part).items() if pvalue < ALARM]


def _distributions(part: Mapping[str, Any]) -> list[str]:
    tests, rejected = adjusted_pvalues(part), _rejected(part)
    against = "the exact p*"
    accepted = [name for name in tests if name not in rejected]
    level = f"at the 5% level over all {number_of_tests(part)} tests (Holm)"
    sentences = []
    if accepted:
        sentences.append(f"Not to be told apart from {against} {level}: {_names(accepted)}.")
    if rejected:
        sentences.append(f"Told apart from {against} {level}: {_names(rejected)}.")
    for name, found in part["methods"].items():
        if name in (OPTIMIZED, "circuit_mps"):
            sentences.append(f"Cross-entropy fidelity of {LABELS[name]}: {interval(found['fidelity'])} (1 is p*).")
    return sentences


def _risk_difference(
    key: str,
    part: Mapping[str, Any],
    arrays: Mapping[str, Mapping[str, NDArray]],
    which: str,
    peer: str,
    size: int | None = None,
    confidence: float = CONFIDENCE,
) -> Estimate:
    """Return the risk of optimized nodes less that of a peer's, at `size` nodes (the quoted number if None)."""
    at = part["methods"][OPTIMIZED]["risk"]["sizes"].index(part["quoted"] if size is None else size)
    first, second = (arrays[f"{key}-{name}"][which][:, at] for name in (OPTIMIZED, peer))
    return mean_difference(first, second, confidence)


def _by_size(key: str, part: Mapping[str, Any], arrays: Mapping[str, Mapping[str, NDArray]], which: str) -> str:
    """Say at which numbers of nodes optimized ones have the lower or the higher risk than uniform ones."""
    outcomes: dict[str, list[str]] = {}
    for size in part["methods"][OPTIMIZED]["risk"]["sizes"]:
        # The intervals of all sizes hold together (Bonferroni), so that no chance hit makes a sentence.
        confidence = 1 - ALARM / len(part["methods"][OPTIMIZED]["risk"]["sizes"])
        outcome = _compared(_risk_difference(key, part, arrays, which, CONTROL, size, confidence))
        outcomes.setdefault(outcome, []).append(str(size))
    return "; ".join(f"{outcome} at N = {', '.join(sizes)}" for outcome, sizes in outcomes.items())


def _compared(difference: Estimate) -> str:
    if difference.high < 0:
        return "lower"
    return "higher" if difference.low > 0 else "not clearly different"


def _risks(key: str, part: Mapping[str, Any], arrays: Mapping[str, Mapping[str, NDArray]]) -> list[str]:
    if "risk" not in part["methods"][OPTIMIZED]:
        return []
    sentences = []
    for peer, words in ((CONTROL, "uniform nodes"), ("leverage", "leverage nodes, which ignore the labels")):
        if peer not in part["methods"]:
            continue
        for which, name in (("empirical", "empirical"), ("held_out", "held-out")):
            difference = _risk_difference(key, part, arrays, which, peer)
            sentences.append(
                f"Against {words}, the {name} risk of optimized ones at N = {part['quoted']} is "
                f"{_compared(difference)} (difference {difference.best:+.3f}, 95% interval {difference.low:+.3f} to "
                f"{difference.high:+.3f})."
            )
    for which, name in (("empirical", "Empirical"), ("held_out", "Held-out")):
        sentences.append(
            f"{name} risk of optimized nodes against uniform ones over N: {_by_size(key, part, arrays, which)}."
        )
    penalties = part["methods"][OPTIMIZED]["penalties"]["penalties"]
    tried = {
        name: ", ".join(f"{risk['best']:.2f}" for risk in part["methods"][name]["penalties"]["held_out"])
        for name in (OPTIMIZED, CONTROL)
    }
    sentences.append(
        f"With the penalty of the fit at {', '.join(f'{penalty:g}' for penalty in penalties)}, the held-out risk at "
        f"N = {part['quoted']} is {tried[OPTIMIZED]} for optimized and {tried[CONTROL]} for uniform nodes."
    )
    coverage = f"The data cover {part['problem']['coverage']:.2g} of all points"
    against = f"{interval(_quoted(part, OPTIMIZED, 'held_out'))} against {part['problem']['baselines']['zero'][1]:.3f}"
    said = {
        "lower": f"On held-out data the optimized ticket generalizes: its risk is below that of predicting 0 "
        f"everywhere, {against}. {coverage}.",
        "higher": "On held-out data the optimized ticket does not help: its risk is above that of predicting 0 "
        f"everywhere, {against}. {coverage}, and off the data the whole network is 0 (S R = 1).",
        "not clearly different": "On held-out data the optimized ticket is not clearly better or worse than "
        f"predicting 0 everywhere, {against}. {coverage}.",
        "nothing held out": "No point is held out here: the data are all points there are.",
    }
    return [*sentences, said[_worth(part)]]


def _worth(part: Mapping[str, Any]) -> str:
    """Compare the optimized ticket's held-out risk with that of predicting 0 everywhere."""
    held_out, zero = _quoted(part, OPTIMIZED, "held_out"), part["problem"]["baselines"]["zero"][1]
    if not part["problem"]["held_out"]:
        return "nothing held out"
    if held_out["high"] is not None and held_out["high"] < zero:
        return "lower"
    return "higher" if held_out["low"] is not None and held_out["low"] > zero else "not clearly different"


def _quoted(part: Mapping[str, Any], method: str, which: str) -> Mapping[str, Any]:
    risk = part["methods"][method]["risk"]
    return risk[which][risk["sizes"].index(part["quoted"])]


def _dimension(dimension: Mapping[str, Mapping[str, Any]]) -> list[str]:
    sentences = []
    for name, found in dimension.items():
        rows = found["rows"]
        if len(rows) < 2:
            continue
        times = [total_seconds(row, found["samples"]) for row in rows]
        end = f"{LABELS[name]} went from {seconds_text(times[0])} a sample at D = {rows[0]['dimension']} to "
        end += f"{seconds_text(times[-1])} at D = {rows[-1]['dimension']}"
        sentences.append(f"{end[0].upper()}{end[1:]}.")
    return sentences


def _circuit(parts: Mapping[str, Mapping[str, Any]]) -> list[str]:
    sentences = []
    for part in parts.values():
        problem = part["problem"]
        for encoding, pieces in sorted(problem.get("gates", {}).items()):
            transform, loader = pieces["transform"]["two_qubit"], pieces["sparse loader"]["two_qubit"]
            ratio = loader / max(1, transform)
            sentences.append(
                f"P = {problem['prime']}, D = {problem['dimension']}, K = {problem['points']}, {encoding} encoding: "
                f"the transform takes {transform:,} two-qubit gates, the sparse loader {loader:,}, {ratio:.2g} times "
                "as many."
            )
    return sentences


def _verdict(results: Results) -> list[str]:
    sentences = []
    exact = {name for part in results.parts.values() for name in part["methods"]} - {CONTROL, "leverage"}
    failed = exact & {name for part in results.parts.values() for name in _rejected(part)}
    sentences.append(
        f"Some samplers of p* were told apart from it: {_names(sorted(failed))}."
        if failed
        else f"Same distribution, as far as the tests see: {_sizes(results.parts)}."
    )
    blind = [part["title"] for part in results.parts.values() if CONTROL not in _rejected(part)]
    if blind:
        sentences.append(
            f"These tests do not tell even uniform nodes from p*, so they prove nothing: {'; '.join(blind)}."
        )
    for key, part in results.parts.items():
        if "risk" in part["methods"][OPTIMIZED]:
            sentences.append(_ticket(key, part, results.arrays))
    found = results.dimension.get(OPTIMIZED)
    if found and found["rows"]:
        last = found["rows"][-1]
        sentences.append(
            f"Cost: classically a node takes {seconds_text(total_seconds(last, found['samples']))} at "
            f"D = {last['dimension']} with K = {last['points']} points. For data listed as K points the dequantized "
            "sampler takes O(K D) steps a node, and the circuit's loader O(K D) gates: there the circuit removes no "
            "exponential. Data that come as a quantum state are not compared here."
        )
    return sentences


def _sizes(parts: Mapping[str, Mapping[str, Any]]) -> str:
    """Say what was tested against what, with how many samples."""
    clauses = []
    for part in parts.values():
        tested = [name for name in adjusted_pvalues(part) if name not in (CONTROL, "leverage")]
        if tested:
            samples = part["methods"][tested[0]]["goodness_of_fit"]["samples"]
            clauses.append(f"{_names(tested)} not told from p* with {samples:,} samples ({part['title']})")
    return "; ".join(clauses)


def _ticket(key: str, part: Mapping[str, Any], arrays: Mapping[str, Mapping[str, NDArray]]) -> str:
    """Say in one sentence what a ticket is worth, on the training data and off it."""
    problem = part["problem"]
    zero = problem["baselines"]["zero"][1]
    risks = {}
    for which in ("empirical", "held_out"):
        optimized, uniform = (_quoted(part, name, which)["best"] for name in (OPTIMIZED, CONTROL))
        compared = _compared(_risk_difference(key, part, arrays, which, CONTROL))
        risks[which] = f"{optimized:.2f} against {uniform:.2f} for uniform nodes ({compared})"
    over_n = _by_size(key, part, arrays, "held_out")
    caution = f" Over N, the held-out risk of optimized nodes is {over_n}." if "higher" in over_n else ""
    learned = _quoted(part, OPTIMIZED, "empirical")["high"]
    memorizes = "memorizes, and " if learned is not None and learned < problem["baselines"]["zero"][0] else ""
    worth = {
        "lower": "the ticket generalizes",
        "higher": f"the ticket {memorizes}is no help on held-out data",
        "not clearly different": "no clear use on held-out data",
        "nothing held out": "no point is held out here",
    }[_worth(part)]
    return (
        f"Tickets of N = {part['quoted']} nodes (output weights fitted with penalty {part['ridge']:g}) at D = "
        f"{problem['dimension']}, P = {problem['prime']}, with a share of "
        f"{problem['coverage']:.2g} of all points covered: empirical risk {risks['empirical']}; held-out risk "
        f"{risks['held_out']}, {zero:.2f} for predicting 0: {worth}.{caution}"
    )
