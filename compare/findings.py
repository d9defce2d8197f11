"""What the numbers say, in plain sentences computed from them; nothing here is written in beforehand."""

from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

from compare.estimates import Estimate, mean_difference
from compare.studies.ridgelet import Results
from compare.tables import LABELS, interval, seconds_text, total_seconds

__all__ = ["findings"]

ALARM = 0.05
"""Family-wise false-alarm rate of the tests in one part, shared among them (Bonferroni)."""

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


def _tests(part: Mapping[str, Any]) -> dict[str, float]:
    """Return the p-value of each sampler that has a test, against p* or against the dequantized sampler."""
    tests = {}
    for name, found in part["methods"].items():
        test = found.get("goodness_of_fit") or found.get("two_sample")
        if test:
            tests[name] = test["pvalue"]
    return tests


def _rejected(part: Mapping[str, Any]) -> list[str]:
    tests = _tests(part)
    return [name for name, pvalue in tests.items() if pvalue < ALARM / len(tests)]


def _distributions(part: Mapping[str, Any]) -> list[str]:
    tests, rejected = _tests(part), _rejected(part)
    against = "the exact p*" if "goodness_of_fit" in part["methods"][OPTIMIZED] else "the dequantized sampler's nodes"
    accepted = [name for name in tests if name not in rejected]
    level = f"at the 5% level, shared among {len(tests)} tests"
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
    key: str, part: Mapping[str, Any], arrays: Mapping[str, Mapping[str, NDArray]], which: str
) -> Estimate:
    """Risk of optimized nodes less that of uniform ones, at the quoted number of nodes."""
    at = part["methods"][OPTIMIZED]["risk"]["sizes"].index(part["quoted"])
    first, second = (arrays[f"{key}-{name}"][which][:, at] for name in (OPTIMIZED, CONTROL))
    return mean_difference(first, second)


def _compared(difference: Estimate) -> str:
    if difference.high < 0:
        return "lower"
    return "higher" if difference.low > 0 else "not clearly different"


def _risks(key: str, part: Mapping[str, Any], arrays: Mapping[str, Mapping[str, NDArray]]) -> list[str]:
    if "risk" not in part["methods"][OPTIMIZED]:
        return []
    sentences = []
    for which, name in (("empirical", "Empirical"), ("held_out", "Held-out")):
        difference = _risk_difference(key, part, arrays, which)
        low, high = f"{difference.low:+.3f}", f"{difference.high:+.3f}"
        sentences.append(
            f"{name} risk at N = {part['quoted']}: optimized nodes are {_compared(difference)} than uniform ones "
            f"(difference {difference.best:+.3f}, 95% interval {low} to {high})."
            if _compared(difference) != "not clearly different"
            else f"{name} risk at N = {part['quoted']}: optimized and uniform nodes do not differ clearly "
            f"(difference {difference.best:+.3f}, 95% interval {low} to {high})."
        )
    zero = part["problem"]["baselines"]["zero"][1]
    held_out = _quoted(part, OPTIMIZED, "held_out")
    if held_out["low"] is not None and held_out["low"] > zero:
        sentences.append(
            f"On held-out data the optimized ticket does not help: its risk {interval(held_out)} is above {zero:.3f}, "
            f"the risk of predicting 0 everywhere. It memorizes; the data cover {part['problem']['coverage']:.2g} of "
            "all points, and off the data the whole network is 0 (S R = 1)."
        )
    elif held_out["high"] is not None and held_out["high"] < zero:
        sentences.append(
            f"On held-out data the optimized ticket generalizes: its risk {interval(held_out)} is below {zero:.3f}, "
            f"the risk of predicting 0 everywhere. The data cover {part['problem']['coverage']:.2g} of all points."
        )
    peer = part["methods"].get("leverage")
    if peer:
        at = part["methods"][OPTIMIZED]["risk"]["sizes"].index(part["quoted"])
        for which, name in (("empirical", "Empirical"), ("held_out", "Held-out")):
            first, second = (arrays[f"{key}-{method}"][which][:, at] for method in (OPTIMIZED, "leverage"))
            difference = mean_difference(first, second)
            verdict = _compared(difference)
            sentences.append(
                f"{name} risk against leverage nodes, which ignore the labels: optimized nodes are {verdict} "
                f"({difference.best:+.3f}, {difference.low:+.3f} to {difference.high:+.3f})."
            )
    return sentences


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
        if "transform" in problem and "sparse_loader" in problem:
            transform, loader = problem["transform"]["two_qubit"], problem["sparse_loader"]["two_qubit"]
            ratio = loader / max(1, transform)
            sentences.append(
                f"P = {problem['prime']}, D = {problem['dimension']}, K = {problem['points']}: the transform takes "
                f"{transform:,} two-qubit gates, the sparse loader {loader:,}, {ratio:.2g} times as many."
            )
    return sentences


def _verdict(results: Results) -> list[str]:
    sentences = []
    exact = [name for part in results.parts.values() for name in part["methods"] if name not in (CONTROL, "leverage")]
    failed = {name for part in results.parts.values() for name in _rejected(part)} & set(exact)
    if failed:
        sentences.append(f"Some samplers of p* were told apart from it: {_names(sorted(failed))}.")
    else:
        sentences.append(
            "The circuit and the classical samplers draw the same nodes: no test tells them from p* or from each other."
        )
    for key, part in results.parts.items():
        if "risk" not in part["methods"][OPTIMIZED]:
            continue
        empirical, held_out = (
            _compared(_risk_difference(key, part, results.arrays, which)) for which in ("empirical", "held_out")
        )
        zero = part["problem"]["baselines"]["zero"][1]
        level = _quoted(part, OPTIMIZED, "held_out")["best"]
        against = "above" if level > zero else "below"
        sentences.append(
            f"D = {part['problem']['dimension']}, P = {part['problem']['prime']}, N = {part['quoted']}: against "
            f"uniform nodes, the empirical risk of optimized nodes is {empirical} and the held-out risk {held_out}; at "
            f"{level:.2f} the held-out risk is {against} the {zero:.2f} of predicting 0."
        )
    found = results.dimension.get(OPTIMIZED)
    if found and found["rows"]:
        last = found["rows"][-1]
        sentences.append(
            f"Classically, a node costs {seconds_text(last['sample_best'])} at D = {last['dimension']} with "
            f"K = {last['points']} points: no exponential stands in the way that a quantum computer would remove."
        )
    return sentences
