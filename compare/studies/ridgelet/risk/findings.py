"""What the numbers say, in plain sentences computed from them; nothing here is written in beforehand."""

from collections.abc import Iterable, Sequence

from compare.statistics import Compared
from compare.studies.ridgelet.risk.methods import CANDIDATES, CONTROL, METHODS, NOISY_BACKEND, OPTIMIZED, REFERENCE
from compare.studies.ridgelet.risk.reading import (
    TICKETS,
    classified,
    contrast,
    estimate,
    has,
    held_out,
    judged,
    known,
    label_count,
)
from compare.studies.ridgelet.risk.study import CHOSEN, FIXED, Results
from compare.studies.ridgelet.risk.tables import PEER, claim_contrasts, same_contrasts, ticket_contrasts

__all__ = ["findings"]

ORDER = ("below", "above", "not clearly different")


def findings(results: Results) -> list[str]:
    """Return the verdict: the claim, who draws alike, what holds out of sample, and what helps there."""
    return [
        *_claim(results),
        *_same(results),
        *_optimized_held_out(results),
        *_penalties(results),
        *_tickets(results),
        *_subspaces(results),
        *_candidates(results),
        *_pruned(results),
        *_noise(results),
        *_accuracy(results),
        *_refused(results),
    ]


def _counted(found: Sequence[tuple[str, Compared]]) -> str:
    """Say on how many data sets a difference is below or above 0, or neither, with its range."""
    by: dict[str, list[tuple[str, float]]] = {word: [] for word in ORDER}
    for name, one, _, verdict in judged(found):
        by[verdict].append((name, one.difference.best))
    parts = []
    for word, members in by.items():
        if members:
            values = [value for _, value in members]
            spread = f"{min(values):+.3f} to {max(values):+.3f}" if len(values) > 1 else f"{values[0]:+.3f}"
            side = f"{word} 0" if word != ORDER[2] else "not clearly different from 0"
            if len(members) == len(found) > 1:
                parts.append(f"{side} on all {len(found)} ({spread})")
            else:
                names = _names(name for name, _ in members)
                parts.append(f"{side} on {len(members)} of {len(found)} ({spread}: {names})")
    return "; ".join(parts)


def _held_out_contrasts(results: Results, first: str, second: str) -> list[tuple[str, Compared]]:
    """Return the difference of held-out risks, penalty chosen, on every data set where both are known."""
    return [
        (name, contrast(results, name, first, second, CHOSEN, "held_out"))
        for name in results.problems
        if known(results, name, first, CHOSEN, "held_out") and known(results, name, second, CHOSEN, "held_out")
    ]


def _empirical_contrasts(results: Results, first: str, second: str) -> list[tuple[str, Compared]]:
    """Return the difference of empirical risks, penalty fixed, on every data set where both are known."""
    return [
        (name, contrast(results, name, first, second, FIXED, "empirical"))
        for name in results.problems
        if known(results, name, first, FIXED, "empirical") and known(results, name, second, FIXED, "empirical")
    ]


def _names(names: Iterable[str]) -> str:
    return ", ".join(names)


def _claim(results: Results) -> list[str]:
    found = claim_contrasts(results)
    if not found:
        return []
    return [
        "The papers' claim is about the empirical risk at N nodes: optimized nodes less uniform ones, over data sets "
        f"({label_count(results)}; Holm at 5%): {_counted(found)}."
    ]


def _same(results: Results) -> list[str]:
    found = same_contrasts(results)
    if not found:
        return []
    sentences = []
    verdicts = {key: (one, verdict) for key, one, _, verdict in judged(found)}
    for method in dict.fromkeys(method for _, method in verdicts):
        of_method = {name: value for (name, other), value in verdicts.items() if other == method}
        apart = [name for name, (_, verdict) in of_method.items() if verdict != ORDER[2]]
        widest = max(abs(end) for one, _ in of_method.values() for end in (one.difference.low, one.difference.high))
        outside = [name for name, (one, _) in of_method.items() if not one.difference.low <= 0 <= one.difference.high]
        said = f"told apart on {_names(apart)}" if apart else "not told apart on any of them (Holm at 5%)"
        sentences.append(
            f"{METHODS[method].label.capitalize()} against {METHODS[REFERENCE].label}, empirical risk on "
            f"{len(of_method)} data sets: {said}; {len(of_method) - len(outside)} of {len(of_method)} 95% intervals "
            f"of the difference hold 0, and none reaches beyond {widest:.3f}."
        )
    return sentences


def _optimized_held_out(results: Results) -> list[str]:
    found = _held_out_contrasts(results, OPTIMIZED, CONTROL)
    if not found:
        return []
    sentences = [
        "Held out, with the penalty chosen on inner folds, risk of optimized nodes on all coordinates less that of "
        f"uniform ones: {_counted(found)}."
    ]
    useless = [name for name, _ in found if not _below_zero(results, name, OPTIMIZED, CHOSEN)]
    if useless:
        shares = [results.problems[name]["coverage"] for name in useless]
        sentences.append(
            f"On {_names(useless)}, where the data cover a share of at most {max(shares):.1g} of all points, optimized "
            "nodes on all coordinates are not clearly better out of sample than predicting 0, which is what the whole "
            "network does off the data."
        )
    return sentences


def _below_zero(results: Results, name: str, method: str, penalty: int) -> bool:
    return estimate(results, name, method, penalty, "held_out").high < results.problems[name]["zero"][1]


def _penalties(results: Results) -> list[str]:
    worse = []
    for name in results.problems:
        if held_out(results, name) and has(results, name, OPTIMIZED):
            fixed = estimate(results, name, OPTIMIZED, FIXED, "held_out")
            if fixed.low > results.problems[name]["zero"][1]:
                chosen = estimate(results, name, OPTIMIZED, CHOSEN, "held_out")
                worse.append(f"{name}: {fixed.best:.2f}, with the chosen one {chosen.best:.2f}")
    if not worse:
        return []
    return [
        f"With the fixed penalty {results.run['settings']['ridge']:g} optimized nodes are clearly worse out of sample "
        f"than predicting 0 on {'; '.join(worse)}."
    ]


def _tickets(results: Results) -> list[str]:
    found = ticket_contrasts(results)
    words = {
        CONTROL: "The ticket that inner folds choose among all ways of drawing from p*, held-out risk less that of "
        "uniform nodes",
        PEER: f"The same ticket less {METHODS[PEER].label}",
    }
    return [f"{words[other]}: {_counted(of_other)}." for other, of_other in found.items() if of_other]


def _subspaces(results: Results) -> list[str]:
    sentences = []
    for d in (1, 2, 3):
        found = _held_out_contrasts(results, f"subspace-{d}", f"subspace-{d}-uniform")
        if found:
            sentences.append(
                f"On subspaces of {d} coordinate{'s' if d > 1 else ''}, held-out risk of nodes from p* of the "
                f"projected problem less that of uniform nodes on such subspaces: {_counted(found)}."
            )
    for d in (1, 2):
        found = _held_out_contrasts(results, f"residual-{d}", f"subspace-{d}")
        if found:
            sentences.append(
                f"Drawing every batch from p* of the current residual (d = {d}), held-out risk less that of drawing "
                f"all nodes from p* of the labels: {_counted(found)}."
            )
    return sentences


def _candidates(results: Results) -> list[str]:
    sentences = []
    for contrasts, words in ((_empirical_contrasts, "empirical"), (_held_out_contrasts, "held-out")):
        found = contrasts(results, CANDIDATES, OPTIMIZED)
        if found:
            sentences.append(
                f"Keeping N of 10 N draws from p* by matching pursuit, {words} risk less that of N plain draws: "
                f"{_counted(found)}."
            )
        found = contrasts(results, CANDIDATES, "candidates-uniform")
        if found:
            sentences.append(
                f"The same pursuit among candidates from p* and among uniform ones, difference of {words} risks: "
                f"{_counted(found)}."
            )
    return sentences


def _pruned(results: Results) -> list[str]:
    sentences = []
    for first, second, words in (
        ("magnitude-1", "subspace-1", "N plain draws on such subspaces"),
        ("magnitude-1", "magnitude-1-uniform", "pruning uniform candidates on such subspaces"),
    ):
        found = _held_out_contrasts(results, first, second)
        if found:
            sentences.append(
                "Pruning 10 N draws from p* on subspaces of 1 coordinate to N by magnitude, held-out risk less that of "
                f"{words}: {_counted(found)}."
            )
    return sentences


def _noise(results: Results) -> list[str]:
    found = _empirical_contrasts(results, "circuit-noisy", CONTROL)
    if not found:
        return []
    return [
        f"Nodes measured under the noise of {NOISY_BACKEND}, empirical risk less that of uniform nodes: "
        f"{_counted(found)}."
    ]


def _accuracy(results: Results) -> list[str]:
    """Say which ticket classifies best on each data set; the best of several looks better than it is."""
    told = []
    for name in results.problems:
        among = [method for method in TICKETS if known(results, name, method, CHOSEN, "held_out_accuracy")]
        if not (classified(results, name) and among):
            continue
        best = max(among, key=lambda method, of=name: estimate(results, of, method, CHOSEN, "held_out_accuracy").best)  # type: ignore[misc]
        shares = [f"{METHODS[best].label} {_share(results, name, best)}"]
        shares += [
            f"{METHODS[other].label} {_share(results, name, other)}"
            for other in (CONTROL, PEER)
            if known(results, name, other, CHOSEN, "held_out_accuracy")
        ]
        told.append(f"{name}: {', '.join(shares)}")
    if not told:
        return []
    return [f"Held-out accuracy of the best ticket, picked afterwards and so a little flattered: {'; '.join(told)}."]


def _share(results: Results, name: str, method: str) -> str:
    found = estimate(results, name, method, CHOSEN, "held_out_accuracy")
    return f"{found.best:.3f} [{found.low:.3f}, {found.high:.3f}]"


def _refused(results: Results) -> list[str]:
    by: dict[str, list[str]] = {}
    for name, refused in results.refused.items():
        for method in refused:
            by.setdefault(method, []).append(name)
    if not by:
        return []
    told = [f"{METHODS[method].label} on {len(names)}" for method, names in by.items()]
    return [
        f"Methods that do not apply, out of {len(results.problems)} data sets, each with its reason in its cell: "
        f"{', '.join(told)}."
    ]
