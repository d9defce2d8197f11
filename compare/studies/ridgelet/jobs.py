"""The ridgelet circuit as a job: nodes measured on a device, from the whole problem that travels with it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from compare.distributions import goodness_of_fit, ideal_excess
from compare.hardware.observables import Observables
from compare.hardware.payload import Built, Decoded, Payload, PayloadKind
from compare.hardware.scores import Scores
from compare.studies.data import read_tables
from compare.studies.ridgelet.observables import observables
from problems.activations import Activation
from problems.errors import InputError, choose, whole_number
from problems.ridgelet import Nodes, RidgeletProblem
from problems.ridgelet.data import first_points, load_residues
from problems.ridgelet.points import Points
from quantum.ridgelet import ENCODINGS, LOADERS, ridgelet_circuit
from quantum.ridgelet.sampler import Measurement, schmidt_rank

__all__ = ["KIND", "NODES", "measurement_of", "nodes_payload", "payloads_of_data", "problem_of"]

KIND = "ridgelet/nodes"


def nodes_payload(
    problem: RidgeletProblem,
    encoding: str = "binary",
    loader: str | None = None,
    description: str = "a problem given in Python",
    origin: Mapping[str, Any] | None = None,
) -> Payload:
    """Return a problem whose nodes are to be measured, as a payload.

    Parameters
    ----------
    problem
        The problem; all of it goes along.
    encoding, loader
        Names in `ENCODINGS` and `LOADERS`; a loader of None is "ideal" where there is no noise, "sparse" on devices.
    description
        What the problem is, in words.
    origin
        Where it comes from, plain data for the record.

    Raises
    ------
    InputError
        If a name is unknown.
    """
    choose("encoding", encoding, ENCODINGS)
    if loader is not None:
        choose("loader", loader, LOADERS)
    settings = {
        "prime": problem.prime,
        "regularization": problem.regularization,
        "activation": problem.activation,
        "encoding": encoding,
        "loader": loader,
        "origin": dict(origin or {}),
    }
    arrays = {
        "points": problem.points.astype(np.min_scalar_type(problem.prime - 1)),
        "counts": problem.counts,
        "labels": problem.labels,
        "ridgelet": problem.ridgelet,
    }
    loaded = f", {loader} loader" if loader else ""
    return Payload(KIND, settings, arrays, f"{description}, {encoding}{loaded}")


def payloads_of_data(
    datasets: Sequence[str],
    primes: Sequence[int],
    features: Sequence[int | None],
    points: Sequence[int],
    encodings: Sequence[str],
    loader: str | None,
    regularization: float,
    activation: Activation,
    seed: int,
    target: str | None = None,
    missing: str = "refuse",
    without: Sequence[str] = (),
) -> list[Payload]:
    """Return the payloads of all combinations of data sets, sizes and encodings; of a file, `target` is predicted.

    What becomes of missing features says `missing`, and columns to leave out are named by `without`.

    Raises
    ------
    InputError
        If a name is unknown or a number out of range.
    """
    whole_number("seed", seed, 0)
    for encoding in encodings:
        choose("encoding", encoding, ENCODINGS)
    if loader is not None:
        choose("loader", loader, LOADERS)
    for count in points:
        whole_number("points", count, 1)
    tables, payloads = read_tables(datasets, target, missing=missing, without=without), []
    for name, prime, width, count in product(datasets, primes, features, points):
        table = tables.get(name)
        data = first_points(load_residues(table or name, prime, width, seed), count)
        problem = RidgeletProblem.from_samples(data.x_train, data.y_train, data.prime, regularization, activation)
        size = f"{table.name if table else name}, P = {data.prime}, D = {data.dimension}, K = {len(problem.data)}"
        origin = {"dataset": table.source if table else name, "features": width, "points": count, "seed": seed}
        payloads += [nodes_payload(problem, encoding, loader, size, origin) for encoding in encodings]
    return payloads


def problem_of(payload: Payload) -> RidgeletProblem:
    """Return the problem that a payload carries, exactly as it was."""
    settings, arrays = payload.settings, payload.arrays
    return RidgeletProblem(
        settings["prime"],
        Points(arrays["points"], np.arange(len(arrays["points"]))),
        arrays["counts"],
        arrays["labels"],
        settings["regularization"],
        arrays["ridgelet"],
        settings["activation"],
    )


def measurement_of(arrays: Mapping[str, NDArray]) -> Measurement:
    """Return the nodes, and which shots are nodes, from the arrays of a fetched result."""
    return Measurement(Nodes(arrays["a"], arrays["b"]), arrays["valid"], arrays["bits"])


def _build(payload: Payload, device: str | None) -> Built:
    settings, problem = payload.settings, problem_of(payload)
    encoding, loader = settings["encoding"], settings["loader"]
    if loader is None:
        loader = "ideal" if device is None else "sparse"
        description = f"{payload.description}, {loader} loader"
        payload = replace(payload, settings={**settings, "loader": loader}, description=description)
    if device is not None and loader == "ideal":
        raise InputError(
            f"loader = 'ideal' hands a state to a simulator, and {device} takes gates; use loader='sparse'."
        )
    rank = schmidt_rank(problem, ENCODINGS[encoding](problem.prime), loader)
    return Built(payload, ridgelet_circuit(problem, encoding, loader, ancillas=False), rank)


def _decode(payload: Payload, bits: NDArray[np.bool_]) -> Decoded:
    problem = problem_of(payload)
    measured = Measurement.from_bits(bits, ENCODINGS[payload.settings["encoding"]](problem.prime))
    nodes = measured.nodes
    arrays = {"valid": measured.valid, "a": nodes.a, "b": nodes.b, "density": problem.density(nodes)}
    told = f"{100 * measured.surviving:.1f}% of them nodes"
    return Decoded(arrays, {"valid": int(np.count_nonzero(measured.valid))}, told)


def _scores(payload: Payload, bits: NDArray[np.bool_]) -> Scores:
    problem = problem_of(payload)
    measured = Measurement.from_bits(bits, ENCODINGS[payload.settings["encoding"]](problem.prime))
    values = np.zeros(len(bits))  # of shots that are no nodes
    values[measured.valid] = problem.density(measured.nodes)
    ideal = ideal_excess(problem, samples=len(bits))
    try:
        pvalue = goodness_of_fit(problem, measured.nodes).pvalue
    except InputError:  # too few shots
        pvalue = None
    return Scores("cross-entropy fidelity", values, 1.0, ideal.value, ideal.error, 1.0, pvalue)


def _averages(payload: Payload, bits: int) -> Observables:
    problem = problem_of(payload)
    return observables(problem, ENCODINGS[payload.settings["encoding"]](problem.prime), bits)


NODES = PayloadKind(_build, _decode, _scores, _averages)
"""Hidden nodes, one a shot: of those shots that are nodes, `a` (n, D), `b` (n,) and `density`, P^(D+1) p* of each."""
