"""The study's records as rows: one for each method, fold and number of nodes, and the ticket of inner folds."""

from typing import Any

import numpy as np

from compare.engine import Rows, Runs
from compare.engine.rows import Row
from compare.studies.data import labels_of
from compare.studies.ridgelet.risk.study import CELL, MEASURES, PROBLEM

__all__ = ["TICKET", "draws", "named", "networks", "problems"]

TICKET = "ticket"
"""On each fold, the method of draws from some p* that is best on the inner folds: it sees no held-out sample."""

WHICH = {"": "fixed", "chosen_": "chosen"}
"""Penalties: what stands before a measure's name, and the field of the record."""

LAWS = ("p*", "subspace", "selected")
"""Laws of the methods that the ticket is chosen among."""


def named(runs: Runs, rows: Rows) -> Rows:
    """Return rows with the cases as readers call them: by their name, or by that of a user's file."""
    labels = labels_of(runs)
    return rows.derive(case=lambda row: labels.get(row["case"], row["case"]))


def problems(runs: Runs) -> dict[str, Rows]:
    """Return the folds of each case, in the order of what was asked for."""
    return {str(case): rows for (case,), rows in named(runs, runs[PROBLEM]).group("case").items()}


def networks(runs: Runs) -> Rows:
    """Return a row for each network: case, method, fold, nodes, whether it is the quoted size, and its numbers.

    Numbers with the fixed penalty bear the measure's name, those with the chosen one ``chosen_`` before it, means over
    the draws; ``inner`` is the risk on the inner folds. None where there is no such number.
    """
    folds = {(row["case"], row["fold"]): row for row in named(runs, runs[PROBLEM])}
    found = []
    for row in named(runs, runs[CELL]):
        problem = folds.get((row["case"], row["fold"]))
        if problem is None:  # failed, or its record is damaged
            continue
        means = {f"{which}{name}": values for which in WHICH for name, values in _means(row, which).items()}
        for i, size in enumerate(row["sizes"]):
            numbers = {name: values[i] if np.isfinite(values[i]) else None for name, values in means.items()}
            found.append(
                {
                    "case": row["case"],
                    "method": row["method"],
                    "fold": row["fold"],
                    "nodes": size,
                    "quoted": size == row["sizes"][-1],
                    "ratio": problem["ratio"],
                    "inner": row["inner"][i] if row["inner"] else None,
                    **numbers,
                }
            )
    rows = runs[CELL].of(found)
    return rows.of([*found, *_tickets(rows)])


def _tickets(rows: Rows) -> list[dict[str, Any]]:
    """Return the quoted networks of the ticket, on the cases where some method has an inner risk on every fold."""
    found = []
    quoted = rows.where(lambda row: row["quoted"] and row["inner"] is not None and _drawn(rows, row["method"]))
    for of_case in quoted.group("case").values():
        folds = {fold for (fold,) in of_case.group("fold")}
        whole = {method for (method,), of in of_case.group("method").items() if len(of) == len(folds)}
        among = of_case.of(row for row in of_case if row["method"] in whole)
        for of_fold in among.group("fold").values():
            best = min(of_fold, key=lambda row: row["inner"])
            found.append({**best, "method": TICKET, "picked": best["method"]})
    return found


def _drawn(rows: Rows, method: str) -> bool:
    """Tell whether a method draws from some p*, and is no circuit, which draws as its classical counterpart does."""
    shown = rows.methods.get(method)
    return shown is not None and shown.law in LAWS and method != "enumeration" and not method.startswith("circuit")


def draws(runs: Runs) -> Rows:
    """Return the empirical risk of every draw at the quoted size, fixed penalty."""
    return runs[CELL].of(
        {"case": row["case"], "method": row["method"], "fold": row["fold"], "draw": draw, "empirical": float(value)}
        for row in named(runs, runs[CELL])
        for draw, value in enumerate(row["fixed"][0, :, -1])
        if np.isfinite(value)
    )


def _means(row: Row, which: str) -> dict[str, list[float]]:
    """Return, for each measure, the mean over the draws at each size."""
    found = np.mean(row[WHICH[which]], axis=1)
    return dict(zip(MEASURES, found.tolist(), strict=True))
