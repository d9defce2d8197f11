"""What the numbers say, in plain sentences computed from them; nothing here is written in beforehand."""

from collections.abc import Sequence

from compare.engine import Rows
from compare.report.cells import estimate, seconds
from compare.statistics import Estimate
from compare.studies.ridgelet.methods import CONTROL, OPTIMIZED, P_STAR
from compare.studies.ridgelet.samplers.rows import ALARM, Part, total
from compare.studies.ridgelet.samplers.study import OTHER_PENALTIES

__all__ = ["answer", "at_length", "of_dimension", "of_gates", "of_part"]

PEERS = {CONTROL: "uniform nodes", "leverage": "leverage nodes, which ignore the labels"}
"""What optimized nodes are held against, where it takes part."""

WORDS = {"empirical": "empirical", "held_out": "held-out"}

UNCLEAR = "not clearly different"


def _names(part: Part, names: Sequence[str]) -> str:
    labels = [part.label(name) for name in names]
    return labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} and {labels[-1]}"


def _is_circuit(name: str) -> bool:
    return name.startswith("circuit")


def _exact(part: Part) -> list[str]:
    """Return the tested methods that should draw from p*."""
    return [name for name in part.tests if name in part.methods and part.methods[name].law == P_STAR]


def _compared(difference: Estimate) -> str:
    return "lower" if difference.high < 0 else "higher" if difference.low > 0 else UNCLEAR


def of_part(part: Part) -> list[str]:
    """Say of one part whether nodes are drawn from p*, and what their networks are worth."""
    return _distributions(part) + (_networks(part) if OPTIMIZED in part.risks else [])


def _distributions(part: Part) -> list[str]:
    level = f"at the 5% level over all {len(part.pvalues)} tests (Holm)"
    sentences = []
    for apart, words in ((False, "Not to be told apart"), (True, "Told apart")):
        names = [name for name in part.tests if part.told_apart(name) == apart]
        if names:
            sentences.append(f"{words} from the exact p* {level}: {_names(part, names)}.")
    for name in part.tests:
        if name in (OPTIMIZED, "circuit_mps"):
            fidelity = estimate(part.tests[name]["fidelity"])
            sentences.append(f"Cross-entropy fidelity of {part.label(name)}: {fidelity} (1 is p*).")
    return sentences


def _networks(part: Part) -> list[str]:
    sentences = []
    for peer, words in PEERS.items():
        for which, name in WORDS.items():
            if peer in part.risks:
                found = part.difference(which, OPTIMIZED, peer)
                sentences.append(
                    f"Against {words}, the {name} risk of optimized ones at N = {part.quoted} is {_compared(found)} "
                    f"(difference {found.best:+.3f}, 95% interval {found.low:+.3f} to {found.high:+.3f})."
                )
    if CONTROL in part.risks:
        sentences += [
            f"{name.capitalize()} risk of optimized nodes against uniform ones over N: {_by_size(part, which)}."
            for which, name in WORDS.items()
        ]
        tried = [_listed(part.risks[name]["other_held_out"].mean(axis=0), ".2f") for name in (OPTIMIZED, CONTROL)]
        sentences.append(
            f"With the penalty of the fit at {_listed(OTHER_PENALTIES, 'g')}, the held-out risk at N = {part.quoted} "
            f"is {tried[0]} for optimized and {tried[1]} for uniform nodes."
        )
    coverage = f"The data cover {part.problem['coverage']:.2g} of all points"
    against = f"{estimate(part.risk(OPTIMIZED, 'held_out'))} against {part.zero('held_out'):.3f}"
    worth = {
        "lower": "On held-out data the optimized ticket generalizes: its risk is below that of predicting 0 "
        f"everywhere, {against}. {coverage}.",
        "higher": "On held-out data the optimized ticket does not help: its risk is above that of predicting 0 "
        f"everywhere, {against}. {coverage}, and off the data the whole network is 0 (S R = 1).",
        UNCLEAR: "On held-out data the optimized ticket is not clearly better or worse than predicting 0 everywhere, "
        f"{against}. {coverage}.",
        "nothing held out": "No point is held out here: the data are all points there are.",
    }
    return [*sentences, worth[_worth(part)]]


def _listed(values: Sequence[float], form: str) -> str:
    return ", ".join(f"{value:{form}}" for value in values)


def _by_size(part: Part, which: str) -> str:
    """Say at which numbers of nodes optimized ones have the lower or the higher risk than uniform ones."""
    outcomes: dict[str, list[str]] = {}
    for size in part.sizes:
        # The intervals of all sizes hold together (Bonferroni), so that no chance hit makes a sentence.
        found = part.difference(which, OPTIMIZED, CONTROL, size, 1 - ALARM / len(part.sizes))
        outcomes.setdefault(_compared(found), []).append(str(size))
    return "; ".join(f"{outcome} at N = {', '.join(sizes)}" for outcome, sizes in outcomes.items())


def _worth(part: Part) -> str:
    """Compare the optimized ticket's held-out risk with that of predicting 0 everywhere."""
    if not part.problem["held_out"]:
        return "nothing held out"
    risk, zero = part.risk(OPTIMIZED, "held_out"), part.zero("held_out")
    return _compared(Estimate(risk.low - zero, risk.best - zero, risk.high - zero, risk.samples))


def of_dimension(times: Rows) -> list[str]:
    """Say how each method's time changed over D."""
    sentences = []
    for (name,), rows in times.group("method").items():
        if len(rows) > 1:
            first, last = (
                f"{seconds(total(row).best)} a sample at D = {row['dimension']}" for row in (rows[0], rows[-1])
            )
            words = times.label(name)
            sentences.append(f"{words[:1].upper()}{words[1:]} went from {first} to {last.replace(' a sample', '')}.")
    return sentences


def of_gates(parts: Sequence[Part]) -> list[str]:
    """Say what loaders cost beside transforms."""
    sentences = []
    for part in parts:
        size = f"P = {part.problem['prime']}, D = {part.problem['dimension']}, K = {part.problem['distinct']}"
        for encoding, pieces in sorted(part.problem["gates"].items()):
            transform, loader = (pieces[piece]["two_qubit"] for piece in ("transform", "sparse loader"))
            sentences.append(
                f"{size}, {encoding} encoding: the transform takes {transform:,} two-qubit gates, the sparse loader "
                f"{loader:,}, {loader / max(1, transform):.2g} times as many."
            )
    return sentences


def answer(parts: Sequence[Part], times: Rows) -> list[str]:
    """Say in at most three sentences what the quantum sampler bought: which nodes, which networks, at what cost."""
    circuits = (_circuits(part) for part in parts)
    return [sentence for sentence in (_same(parts), next(filter(None, circuits), ""), _cost(times)) if sentence]


def at_length(parts: Sequence[Part]) -> list[str]:
    """Say where tests prove nothing, and what the tickets of each part are worth."""
    blind = [part.title for part in parts if CONTROL in part.tests and not part.told_apart(CONTROL)]
    tickets = [_ticket(part) for part in parts if {OPTIMIZED, CONTROL} <= part.risks.keys()]
    if not blind:
        return tickets
    said = f"These tests do not tell even uniform nodes from p*, so they prove nothing: {'; '.join(blind)}."
    return [said, *tickets]


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
            blind = CONTROL in part.tests and not part.told_apart(CONTROL)
            caution = ", where not even uniform nodes are" if blind else ""
            clauses.append(f"{_names(part, names)} not told from p* with {samples:,} samples ({part.title}){caution}")
    return f"Same distribution, as far as the tests see: {'; '.join(clauses)}." if clauses else ""


def _circuits(part: Part) -> str:
    """Hold the networks of the circuits' nodes against those of the dequantized sampler and of uniform nodes."""
    circuits = [name for name in part.risks if _is_circuit(name)]
    if not circuits or not {OPTIMIZED, CONTROL} <= part.risks.keys():
        return ""
    told = []
    for name in (*circuits, CONTROL):
        found = part.difference("held_out", name, OPTIMIZED, 0, 1 - ALARM / (len(circuits) + 1))
        told.append(f"{part.risk(name, 'held_out').best:.2f} with nodes of {part.label(name)} ({_compared(found)})")
    return (
        f"Networks of N = {part.quoted} nodes at D = {part.problem['dimension']}, P = {part.problem['prime']} have a "
        f"held-out risk of {part.risk(OPTIMIZED, 'held_out').best:.2f} with nodes of the {part.label(OPTIMIZED)} "
        f"sampler, {', '.join(told)}."
    )


def _cost(times: Rows) -> str:
    found = times.where(method=OPTIMIZED)
    if not len(found):
        return ""
    last = found[-1]
    return (
        f"Cost: classically a node takes {seconds(total(last).best)} at D = {last['dimension']} with K = "
        f"{last['distinct']} points. For data listed as K points the dequantized sampler takes O(K D) steps a node, "
        "and the circuit's loader O(K D) gates: there the circuit removes no exponential. Data that come as a quantum "
        "state are not compared here."
    )


def _ticket(part: Part) -> str:
    """Say in one sentence what a ticket is worth, on the training data and off it."""
    problem, risks = part.problem, {}
    for which in WORDS:
        optimized, uniform = (part.risk(name, which).best for name in (OPTIMIZED, CONTROL))
        compared = _compared(part.difference(which, OPTIMIZED, CONTROL))
        risks[which] = f"{optimized:.2f} against {uniform:.2f} for uniform nodes ({compared})"
    over_n = _by_size(part, "held_out")
    caution = f" Over N, the held-out risk of optimized nodes is {over_n}." if "higher" in over_n else ""
    memorizes = "memorizes, and " if part.risk(OPTIMIZED, "empirical").high < part.zero("empirical") else ""
    worth = {
        "lower": "the ticket generalizes",
        "higher": f"the ticket {memorizes}is no help on held-out data",
        UNCLEAR: "no clear use on held-out data",
        "nothing held out": "no point is held out here",
    }[_worth(part)]
    return (
        f"Tickets of N = {part.quoted} nodes (output weights fitted with penalty {part.risks[OPTIMIZED]['ridge']:g}) "
        f"at D = {problem['dimension']}, P = {problem['prime']}, with a share of {problem['coverage']:.2g} of all "
        f"points covered: empirical risk {risks['empirical']}; held-out risk {risks['held_out']}, "
        f"{part.zero('held_out'):.2f} for predicting 0: {worth}.{caution}"
    )
