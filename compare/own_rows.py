"""Points in NPY files before anything is run: what they are, what they would become, and which commands take them."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from compare.streams import printable
from compare.studies import STUDIES
from compare.studies.rows import check_target
from compare.terminal import as_typed, console
from problems.errors import InputError
from problems.finite_field import check_prime, is_prime
from problems.memory import readable_bytes
from problems.ridgelet.chunks.budget import least_bytes
from problems.ridgelet.large import Targets, opened, ranged
from problems.rows import RowSource
from problems.showing import so_many

__all__ = ["described", "say"]

USUAL = 17
"""The prime that is tried where entries are no residues, as by `tickets sample`."""

LARGEST = 1021
"""The largest prime of which residues are advised: compiled kernels take no larger one."""

NO_FILES = "takes no points in NPY files"


def say(
    source: str, target: str | None, missing: str, without: Sequence[str], primes: Sequence[int] | None, as_json: bool
) -> None:
    """Say what points in NPY files are and would become, or print it as an object.

    Parameters
    ----------
    source, target
        Paths of points and targets.
    missing, without
        As they were given: nothing is missing, and no column left out.
    primes
        The primes to try; if None, one that suits.
    as_json
        Whether to print an object.

    Raises
    ------
    InputError
        If the files are no data, or a flag has no say about them.
    """
    target = check_target(target)
    for name, given in (("missing", missing != "refuse"), ("without", bool(without))):
        if given:
            raise InputError(f"{name}: of points in an NPY file nothing may be missing or left out; leave it out.")
    found = described(source, target, primes)
    if as_json:
        print(json.dumps(found, indent=1))
        return
    range_of = "whole numbers" if found["whole"] else "numbers"
    sizes = f"{so_many(found['rows'], 'row')} of {so_many(found['features'], 'feature')}"
    lines = [
        f"{found['name']}: {sizes} ({found['stored']}, {readable_bytes(found['bytes'])}); "
        f"{range_of} from {found['least']:g} to {found['largest']:g}. "
        f"{found['target']}: {found['targets']}.",
        *(
            f"P = {one['prime']}: {one['levels']}; a node's table takes {readable_bytes(one['table'])}."
            for one in found["primes"]
        ),
        f"Memory: {readable_bytes(found['memory'])} at least, and the tables of as many nodes as are drawn at once.",
        "",
        *(
            f"{one['study']:10} " + (f"fits: {one['command']}" if one["fits"] else f"does not fit: {one['why_not']}")
            for one in found["studies"]
        ),
    ]
    for line in lines:
        console.print(printable(line), soft_wrap=True, markup=False, highlight=False)


def described(source: str, target: str, primes: Sequence[int] | None = None) -> dict[str, Any]:
    """Return all that is said as plain values; parameters and errors are those of `say`."""
    rows, targets = opened(source, target)
    least, largest, whole = ranged(rows)
    residues = whole and least >= 0
    tried = [check_prime(prime) for prime in primes] if primes else [_prime(largest) if residues else USUAL]
    return {
        "name": rows.name,
        "rows": rows.shape[0],
        "features": rows.shape[1],
        "stored": str(rows.dtype),
        "bytes": _bytes(rows),
        "least": least,
        "largest": largest,
        "whole": whole,
        "target": targets.name,
        "targets": targets.words,
        "kind": targets.kind,
        "memory": least_bytes(rows, targets.values.shape[1]),
        "primes": [
            {
                "prime": prime,
                "levels": "residues as they are" if residues and largest < prime else f"{prime} quantile levels",
                "table": 8 * prime**2,
            }
            for prime in tried
        ],
        "studies": [_study(name, source, target, targets, tried[0]) for name in STUDIES],
    }


def _prime(largest: float) -> int:
    """Return the least prime of which all entries are residues, or the usual one where that is too large."""
    return next((prime for prime in range(int(min(largest, LARGEST)) + 1, LARGEST + 1) if is_prime(prime)), USUAL)


def _study(name: str, source: str, target: str, targets: Targets, prime: int) -> dict[str, Any]:
    from compare.engine.fields import declared

    fits = "memory" in declared(STUDIES[name].settings)
    command = as_typed(name, "--dataset", source, "--target", target, "--prime", str(prime)) if fits else None
    return {"study": name, "fits": fits, "why_not": None if fits else NO_FILES, "command": command}


def _bytes(rows: RowSource) -> int:
    return int(np.prod(rows.shape, dtype=object)) * rows.dtype.itemsize
