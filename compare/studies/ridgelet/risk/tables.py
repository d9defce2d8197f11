"""The risk study's results as tables; every number with its interval and what it rests on."""

from collections.abc import Mapping
from dataclasses import asdict

from compare.statistics import Compared, Estimate
from compare.studies.ridgelet.risk.methods import CONTROL, METHODS, OPTIMIZED, REFERENCE
from compare.studies.ridgelet.risk.reading import (
    TICKET,
    classified,
    contrast,
    draws_contrast,
    estimate,
    has,
    held_out,
    judged,
    known,
    label_count,
)
from compare.studies.ridgelet.risk.study import CHOSEN, FIXED, MEASURES, Results
from compare.tables import Table, interval, pvalue_text

__all__ = [
    "PEER",
    "SAME",
    "case_table",
    "claim_contrasts",
    "claim_table",
    "problems_table",
    "risks_over_nodes",
    "same_contrasts",
    "same_table",
    "signed",
    "ticket_contrasts",
    "ticket_table",
]

PEER = "rbf"
"""The peer that tickets are measured by."""

SAME = ("dequantized", "circuit", "circuit-noisy")
"""Methods that are held against enumeration: the first two should draw from the same distribution."""

INTERVALS = (
    "Brackets are 95% intervals over folds: folds share samples, so the variance of a mean over J folds is "
    "s^2 (1/J + n_test/n_train), not s^2/J (corrected resampled t: Nadeau and Bengio 2003)."
)


def cell(found: Estimate, digits: int = 3) -> str:
    """Write an estimate as best [low, high]."""
    return interval(asdict(found), digits)


def signed(found: Estimate) -> str:
    """Write a difference with its sign."""
    return f"{found.best:+.3f} [{found.low:+.3f}, {found.high:+.3f}]"


def problems_table(results: Results) -> Table:
    """Return what each data set asks."""
    rows = []
    for name, problem in results.problems.items():
        zero = problem["zero"]
        rows.append(
            [
                name,
                str(problem["prime"]),
                str(problem["dimension"]),
                f"{problem['points']:.0f}",
                str(problem["outputs"]),
                f"{problem['coverage']:.2g}",
                f"{problem['train']:,} / {problem['test']:,}",
                ", ".join(map(str, problem["sizes"])),
                f"{zero[0]:.2f} / {zero[1]:.2f}" if problem["test"] else f"{zero[0]:.2f}",
            ]
        )
    return Table(
        "The problems",
        ["data set", "P", "D", "K", "outputs", "K/P^D", "train / held out", "N", "risk of predicting 0"],
        rows,
        "P: the prime; D: the data dimension; K: distinct training points and K/P^D the share of all points that they "
        f"cover (means over {results.run['settings']['folds']} folds); N: hidden nodes. Risk of predicting 0: in "
        "training / held out. -raw: all features. -part: the function is known on three quarters of Z_P^D and asked on "
        "the rest; without -part it is known everywhere, and nothing is held out.",
    )


def claim_contrasts(results: Results) -> list[tuple[str, Compared]]:
    """Return, for each data set, the empirical risk of optimized nodes less that of uniform ones."""
    return [
        (name, contrast(results, name, OPTIMIZED, CONTROL, FIXED, "empirical"))
        for name in results.problems
        if has(results, name, OPTIMIZED, CONTROL)
    ]


def claim_table(results: Results) -> Table:
    """Return empirical risks of optimized and uniform nodes on every data set."""
    rows = []
    for name, difference, pvalue, verdict in judged(claim_contrasts(results)):
        rows.append(
            [
                name,
                str(results.problems[name]["sizes"][-1]),
                f"{results.problems[name]['coverage']:.2g}",
                _risk(results, name, REFERENCE, FIXED, "empirical"),
                _risk(results, name, OPTIMIZED, FIXED, "empirical"),
                _risk(results, name, CONTROL, FIXED, "empirical"),
                signed(difference.difference),
                pvalue_text({"pvalue": pvalue}),
                verdict,
            ]
        )
    return Table(
        "Optimized against uniform nodes: empirical risk",
        ["data set", "N", "K/P^D", "enumeration", OPTIMIZED, CONTROL, "dequantized - uniform", "p (Holm)", "is"],
        rows,
        "Empirical risk of networks of N nodes, output weights fitted with penalty "
        f"{results.run['settings']['ridge']:g}; {label_count(results)}, the same folds for all methods. {INTERVALS} "
        f"p-values are of the paired difference, adjusted for the {len(rows)} tests of the table (Holm).",
    )


def same_contrasts(results: Results) -> list[tuple[tuple[str, str], Compared]]:
    """Return, for data set and method, the empirical risk less that of enumeration, over all draws."""
    return [
        ((name, method), draws_contrast(results, name, method, REFERENCE, "empirical"))
        for name in results.problems
        for method in SAME
        if has(results, name, method, REFERENCE)
    ]


def same_table(results: Results) -> Table:
    """Return how far the risks of methods that should draw from p* are from those of enumeration."""
    contrasts = [(f"{name}, {METHODS[method].label}", found) for (name, method), found in same_contrasts(results)]
    rows = [
        [label, signed(found.difference), str(found.difference.samples), pvalue_text({"pvalue": pvalue}), verdict]
        for label, found, pvalue, verdict in judged(contrasts)
    ]
    return Table(
        "The same distribution, the same risk: empirical risk less that of enumeration",
        ["data set, method", "difference", "draws", "p (Holm)", "is"],
        rows,
        "At the largest N. Given the folds all draws are independent, so each counts by itself: paired t intervals "
        f"over folds x draws, without correction. p-values are adjusted for the {len(rows)} tests of the table (Holm).",
    )


def ticket_contrasts(results: Results) -> dict[str, list[tuple[str, Compared]]]:
    """Return held-out risks of the chosen ticket less those of uniform nodes and of the peer, over data sets."""
    return {
        other: [
            (name, contrast(results, name, TICKET, other, CHOSEN, "held_out"))
            for name in results.problems
            if held_out(results, name) and has(results, name, TICKET, other)
        ]
        for other in (CONTROL, PEER)
    }


def ticket_table(results: Results, measure: str) -> Table | None:
    """Return what tickets are worth out of sample, beside uniform nodes and the peer; None if nothing is known.

    Parameters
    ----------
    results
        What a run found.
    measure
        "held_out" or "held_out_accuracy".
    """
    compared: dict[str, dict[str, tuple[Compared, float, str]]] = {CONTROL: {}, PEER: {}}
    for other in compared:
        found = [
            (name, contrast(results, name, TICKET, other, CHOSEN, measure))
            for name in results.problems
            if known(results, name, TICKET, CHOSEN, measure) and known(results, name, other, CHOSEN, measure)
        ]
        compared[other] = {name: (one, pvalue, verdict) for name, one, pvalue, verdict in judged(found)}
    rows = []
    for name in results.problems:
        if not known(results, name, TICKET, CHOSEN, measure):
            continue
        row = [name, str(results.problems[name]["sizes"][-1])]
        row += [_risk(results, name, method, CHOSEN, measure) for method in (CONTROL, OPTIMIZED, TICKET, PEER)]
        for found_of in compared.values():
            one = found_of.get(name)
            row.append(f"{signed(one[0].difference)} {_word(one[2])}" if one else "not run")
        rows.append(row)
    if not rows:
        return None
    what = "risk" if measure == "held_out" else "accuracy"
    label = METHODS[PEER].label
    return Table(
        f"Tickets out of sample: held-out {what}",
        ["data set", "N", CONTROL, OPTIMIZED, "ticket", label, "ticket - uniform", f"ticket - {label}"],
        rows,
        "The ticket is, on each fold, the way of drawing from p* (on all coordinates, on subspaces, batch by batch, or "
        "10 N candidates of which pursuit or pruning keeps N) that is best on inner folds of the training part; "
        "penalties are chosen there too, nodes drawn anew for them. "
        f"{label_count(results).capitalize()}. {INTERVALS} Differences are paired; "
        "below, above or = by p-values adjusted for the tests of each column (Holm).",
    )


def _word(verdict: str) -> str:
    return "=" if verdict == "not clearly different" else verdict


def _risk(results: Results, name: str, method: str, penalty: int, measure: str) -> str:
    if known(results, name, method, penalty, measure):
        return cell(estimate(results, name, method, penalty, measure))
    return results.refused[name].get(method, "not run")


def case_table(results: Results, name: str) -> Table:
    """Return every method on one data set; a method that does not apply says why."""
    problem, settings = results.problems[name], results.run["settings"]
    some = held_out(results, name)
    columns: dict[str, tuple[int, str]] = {"empirical risk": (FIXED, "empirical")}
    if some:
        columns |= {"held-out risk": (FIXED, "held_out"), "held-out, penalty chosen": (CHOSEN, "held_out")}
        if classified(results, name):
            columns["held-out accuracy"] = (CHOSEN, "held_out_accuracy")
    last = (CHOSEN, "held_out") if some else (FIXED, "empirical")
    rows = []
    for method in settings["methods"]:
        label = METHODS[method].label
        if method in results.refused[name]:
            rows.append([label, f"does not apply: {results.refused[name][method]}", *[""] * len(columns)])
            continue
        row = [label]
        for penalty, measure in columns.values():
            if known(results, name, method, penalty, measure):
                row.append(cell(estimate(results, name, method, penalty, measure)))
            elif METHODS[method].peer and measure == "empirical":
                row.append(cell(estimate(results, name, method, CHOSEN, measure)))
            else:
                row.append("own penalty")
        rows.append([*row, _less_uniform(results, name, method, *last)])
    note = (
        f"N = {problem['sizes'][-1]} hidden nodes; {label_count(results)}; {problem['train']:,} training"
        f"{' and ' + format(problem['test'], ',') + ' held-out' if some else ''} samples. Output weights are fitted "
        f"with penalty {settings['ridge']:g}"
    )
    if some:
        note += ", or with the one chosen on inner folds, which the accuracy is of; peers choose their own"
    note += f". {INTERVALS} The last column is paired."
    return Table(f"{name}: all methods", ["method", *columns, "less uniform"], rows, note)


def _less_uniform(results: Results, name: str, method: str, penalty: int, measure: str) -> str:
    if method == CONTROL or not has(results, name, CONTROL):
        return "-"
    if not known(results, name, method, penalty, measure):
        # Peers have no fixed penalty; where nothing is held out their own is compared with the control's.
        return "own penalty"
    return signed(contrast(results, name, method, CONTROL, penalty, measure).difference)


def risks_over_nodes(results: Results, name: str, method: str, measure: str) -> Mapping[int, Estimate]:
    """Return a method's risk for each N, with the fixed penalty in training and the chosen one held out."""
    penalty = FIXED if measure == MEASURES[0] else CHOSEN
    return {
        size: estimate(results, name, method, penalty, measure, i)
        for i, size in enumerate(results.problems[name]["sizes"])
    }
