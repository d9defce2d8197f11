"""Findings: the numbers in plain sentences computed from them; nothing is written in beforehand."""

from collections.abc import Sequence

from compare.engine import Rows
from compare.report.cells import estimate, seconds
from compare.statistics.rows import capital
from compare.studies.ridgelet.methods import CONTROL, OPTIMIZED, P_STAR
from compare.studies.ridgelet.samplers.rows import WORDS, Part, total
from compare.studies.ridgelet.samplers.study import OTHER_PENALTIES

__all__ = ["answer", "of_dimension", "of_gates", "of_part"]

PEERS = (CONTROL, "leverage")
"""Methods that know nothing of the labels, against which optimized nodes are held."""


def _names(part: Part, names: Sequence[str]) -> str:
    labels = [part.label(name) for name in names]
    return labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} and {labels[-1]}"


def _exact(part: Part) -> list[str]:
    """Return the tested methods that should draw from p*."""
    return [name for name in part.tests if name in part.methods and part.methods[name].law == P_STAR]


def _blind(part: Part) -> bool:
    return CONTROL in part.tests and not part.told_apart(CONTROL)


def of_part(part: Part) -> list[str]:
    """Say of one part whether nodes are drawn from p*, and what their networks are worth."""
    return _distributions(part) + (_networks(part) if OPTIMIZED in part.risks else [])


def _distributions(part: Part) -> list[str]:
    level = f"at the 5% level over all {len(part.family)} tests (Holm)"
    sentences = []
    for apart, words in ((False, "Not to be told apart"), (True, "Told apart")):
        names = [name for name in part.tests if part.told_apart(name) == apart]
        if names:
            sentences.append(f"{words} from the exact p* {level}: {_names(part, names)}.")
    if _blind(part):
        sentences.append("These tests do not tell even uniform nodes from p*, so they prove nothing.")
    for name in part.tests:
        if name in (OPTIMIZED, "circuit_mps"):
            fidelity = estimate(part.of_family(name, "fidelity"))
            sentences.append(
                f"Cross-entropy fidelity of {part.label(name)}: {fidelity} (1 is p*; the interval is at the level of "
                "its test among these)."
            )
    return sentences


def _networks(part: Part) -> list[str]:
    peers = [peer for peer in PEERS if peer in part.risks]
    against = [part.contrast(which, (OPTIMIZED,), peer) for peer in peers for which in WORDS]
    if CONTROL in peers:
        against += [part.contrast(which, (OPTIMIZED,), CONTROL, over_sizes=True) for which in WORDS]
    sentences = [sentence for contrast in against for sentence in contrast.sentences()]
    if CONTROL in peers:
        tried = [_listed(part.risks[name]["other_held_out"].mean(axis=0), ".2f") for name in (OPTIMIZED, CONTROL)]
        sentences.append(
            f"With the penalty of the fit at {_listed(OTHER_PENALTIES, 'g')}, the held-out risk at N = {part.quoted} "
            f"is {tried[0]} for optimized and {tried[1]} for uniform nodes."
        )
    coverage = f"The data cover {part.problem['coverage']:.2g} of all points"
    memorizes = "memorizes, and " if part.risk(OPTIMIZED, "empirical").high < part.zero("empirical") else ""
    held = f"{estimate(part.risk(OPTIMIZED, 'held_out'))} against {part.zero('held_out'):.3f}"
    worth = {
        "below": "On held-out data the optimized ticket generalizes: its risk is below that of predicting 0 "
        f"everywhere, {held}. {coverage}.",
        "above": f"On held-out data the optimized ticket {memorizes}does not help: its risk is above that of "
        f"predicting 0 everywhere, {held}. {coverage}, and off the data the whole network is 0 (S R = 1).",
        "unclear": "On held-out data the optimized ticket is not clearly better or worse than predicting 0 everywhere, "
        f"{held}. {coverage}.",
        "nothing held out": "No point is held out here: the data are all points there are.",
    }
    return [*sentences, worth[_worth(part)]]


def _listed(values: Sequence[float], form: str) -> str:
    return ", ".join(f"{value:{form}}" for value in values)


def _worth(part: Part) -> str:
    """Compare the optimized ticket's held-out risk with that of predicting 0 everywhere."""
    if not part.problem["held_out"]:
        return "nothing held out"
    risk, zero = part.risk(OPTIMIZED, "held_out"), part.zero("held_out")
    return "below" if risk.high < zero else "above" if risk.low > zero else "unclear"


def of_dimension(times: Rows) -> list[str]:
    """Say how each method's time changed over D."""
    sentences = []
    for (name,), rows in times.group("method").items():
        first, last = rows[0], rows[-1]
        if len(rows) > 1:
            sentences.append(
                f"{capital(times.label(name))} went from {seconds(total(first).best)} a sample at D = "
                f"{first['dimension']} to {seconds(total(last).best)} at D = {last['dimension']}."
            )
    return sentences


def of_gates(parts: Sequence[Part]) -> list[str]:
    """Say what loaders cost beside transforms."""
    sentences = []
    for part in parts:
        size = f"P = {part.problem['prime']}, D = {part.problem['dimension']}, K = {part.problem['distinct']}"
        for encoding, pieces in sorted(part.problem.get("gates", {}).items()):
            transform, loader = (pieces[piece]["two_qubit"] for piece in ("transform", "sparse loader"))
            sentences.append(
                f"{size}, {encoding} encoding: the transform takes {transform:,} two-qubit gates, the sparse loader "
                f"{loader:,}, {loader / max(1, transform):.2g} times as many."
            )
    return sentences


def answer(parts: Sequence[Part], times: Rows) -> list[str]:
    """Say in at most three sentences what the quantum sampler bought: which nodes, which networks, at what cost."""
    return [sentence for sentence in (_same(parts), _bought(parts), _cost(times)) if sentence]


def _same(parts: Sequence[Part]) -> str:
    """Say which samplers of p* were told apart from it, or what was tested against what, with how many samples."""
    failed = {part.label(name) for part in parts for name in _exact(part) if part.told_apart(name)}
    if failed:
        return f"Some samplers of p* were told apart from it: {', '.join(sorted(failed))}."
    clauses = []
    for part in parts:
        names = _exact(part)
        if names:
            samples = part.tests[names[0]]["goodness_of_fit"].samples
            caution = ", where not even uniform nodes are" if _blind(part) else ""
            clauses.append(f"{_names(part, names)} not told from p* with {samples:,} samples ({part.title}){caution}")
    return f"Same distribution, as far as the tests see: {'; '.join(clauses)}." if clauses else ""


def _bought(parts: Sequence[Part]) -> str:
    """Hold networks of circuits and of uniform nodes against dequantized ones, and these against predicting 0."""
    clauses = []
    for part in (part for part in parts if OPTIMIZED in part.risks):
        which = "held_out" if part.problem["held_out"] else "empirical"
        others = [name for name in part.risks if name.startswith("circuit") or name == CONTROL]
        found = part.contrast(which, others, OPTIMIZED)
        told = [f"{part.label(one.name)} {found.write(one)} ({one.verdict})" for one in found]
        if told:
            risk, zero = part.risk(OPTIMIZED, which).best, part.zero(which)
            worth = {"below": "below", "above": "above"}.get(_worth(part), "not clearly different from")
            itself = f"; {part.label(OPTIMIZED)} itself {risk:.2f}, {worth} the {zero:.2f} of predicting 0"
            said = f"{found.what}, {found.heading}: {', '.join(told)}{itself if part.problem['held_out'] else ''}"
            clauses.append(f"{said} ({part.title})")
    return f"{capital('; '.join(clauses))}." if clauses else ""


def _cost(times: Rows) -> str:
    found = times.where(method=OPTIMIZED)
    if not len(found):
        return ""
    last = found[-1]
    return (
        f"Cost: classically a node takes {seconds(total(last).best)} of one core at D = {last['dimension']} with K = "
        f"{last['distinct']} points. For data listed as K points the dequantized sampler takes O(K D) steps a node, "
        "and the circuit's loader O(K D) gates: there the circuit removes no exponential. Data that come as a quantum "
        "state are not compared here."
    )
