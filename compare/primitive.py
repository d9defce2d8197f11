"""The dequantized sampler as a Qiskit primitive, for code that has one: in the place of a simulator or a device."""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.primitives import (
    BaseSamplerV2,
    BitArray,
    DataBin,
    PrimitiveJob,
    PrimitiveResult,
    SamplerPubLike,
    SamplerPubResult,
)
from qiskit.primitives.containers.sampler_pub import SamplerPub

from classical.ridgelet import DequantizedSampler
from problems.errors import InputError, whole_number
from problems.memory import require_memory
from problems.ridgelet import RidgeletProblem
from problems.ridgelet.sampling import check_problem
from problems.seeds import Seed, generator
from quantum.ridgelet.circuit import ENCODINGS, circuit_metadata

__all__ = ["DequantizedPrimitive"]

BATCH = 2**16
"""Shots that are drawn and packed at a time: bounds the memory beside the result."""


class DequantizedPrimitive(BaseSamplerV2):
    """A `BaseSamplerV2` for circuits of `ridgelet_circuit`: exact nodes of p*, written as the bits that are measured.

    It reads what a circuit says about itself in its `metadata`, never its gates: fitted to a device or not, with any
    loader, every circuit of one problem and one encoding gets the same bits. A circuit whose gates were changed by
    hand, but not its metadata, is not noticed.

    Parameters
    ----------
    problems
        The problem whose circuits are to be run, or several.
    seed
        With a whole number, each `run` of the same pubs gives the same shots; a generator advances. Pubs of one run
        never share their shots.
    default_shots
        Shots of a pub where neither it nor `run` gives a number.

    Attributes
    ----------
    default_shots
        As given.

    Raises
    ------
    InputError
        If there is no problem, one is none, the seed cannot seed a generator, or the shots are no whole number of at
        least 1.
    """

    def __init__(
        self,
        problems: RidgeletProblem | Iterable[RidgeletProblem],
        seed: Seed = None,
        default_shots: int = 1024,
    ) -> None:
        given = [check_problem(problem) for problem in (problems if isinstance(problems, Iterable) else [problems])]
        if not given:
            raise InputError("A DequantizedPrimitive of no problem can run no circuit; give at least one problem.")
        self.default_shots = whole_number("default_shots", default_shots, 1)
        generator(seed)  # refused here, not at the first run
        self._seed = seed
        self._samplers = {problem.digest: DequantizedSampler(problem) for problem in given}

    def run(
        self, pubs: Iterable[SamplerPubLike], *, shots: int | None = None
    ) -> PrimitiveJob[PrimitiveResult[SamplerPubResult]]:
        """Draw the shots of circuits.

        Parameters
        ----------
        pubs
            Circuits of `ridgelet_circuit`, or tuples (circuit, None, shots).
        shots
            Shots of the pubs that give none.

        Returns
        -------
        PrimitiveJob
            Its result has one entry for each pub; `data.node` is a `BitArray` of its shots.

        Raises
        ------
        InputError
            If a pub is no measured circuit of one of the problems, has parameters, or its shots are no whole number of
            at least 1 or would not fit in memory.
        """
        if not isinstance(pubs, Iterable):  # which a circuit is not
            raise InputError(f"run takes a list of pubs, not {type(pubs).__name__}; give run([circuit]).")
        count = self.default_shots if shots is None else whole_number("shots", shots, 1)
        coerced = [_pub(pub, i, count) for i, pub in enumerate(pubs)]
        tasks = [(pub, self._sampler(pub.circuit, i)) for i, pub in enumerate(coerced)]
        needed = sum(_draws(pub) * _bytes(pub.circuit.num_clbits) for pub in coerced)
        require_memory(needed, f"The bits of {sum(map(_draws, coerced)):,} shots", "ask for fewer shots")
        # Drawn before the job has its thread, so that two jobs at once never share a generator.
        seeds = generator(self._seed).integers(0, 2**32, (len(tasks), 4)).tolist()
        job = PrimitiveJob(_run, tasks, seeds)
        job._submit()
        return job

    def _sampler(self, circuit: QuantumCircuit, number: int) -> DequantizedSampler:
        """Return the sampler of a circuit's problem, or refuse the circuit."""
        name, label = f"pubs[{number}] ({circuit.name!r})", circuit.metadata or {}
        digest, encoding = label.get("problem"), label.get("encoding")
        if not isinstance(digest, str) or not isinstance(encoding, str) or encoding not in ENCODINGS:
            raise InputError(
                f"{name} is no circuit of ridgelet_circuit: its metadata names no problem and encoding; run it on a "
                "simulator or a device."
            )
        if digest not in self._samplers:
            raise InputError(
                f"{name} is a circuit of another problem ({digest[:12]}...) than the {len(self._samplers)} given; give "
                "that problem to DequantizedPrimitive too."
            )
        problem = self._samplers[digest].problem
        if label != label | circuit_metadata(problem, encoding):
            raise InputError(
                f"{name} has metadata that contradict its problem; take the circuit as ridgelet_circuit made it."
            )
        _check_measured(circuit, name, (problem.dimension + 1) * ENCODINGS[encoding](problem.prime).digit_qubits)
        return self._samplers[digest]


def _pub(pub: SamplerPubLike, number: int, shots: int) -> SamplerPub:
    try:
        coerced = SamplerPub.coerce(pub, shots)
    except (TypeError, ValueError) as error:
        raise InputError(
            f"pubs[{number}] is no pub ({str(error).rstrip('.')}); give a circuit, or a tuple (circuit, None, shots)."
        ) from None
    if coerced.circuit.num_parameters:
        raise InputError(
            f"pubs[{number}] ({coerced.circuit.name!r}) has parameters, and no circuit of ridgelet_circuit has any; "
            "run it on a simulator or a device."
        )
    return coerced


def _check_measured(circuit: QuantumCircuit, name: str, width: int) -> None:
    """Refuse a circuit that does not measure each bit of `node`, and nothing else, once."""
    registers = {register.name: len(register) for register in circuit.cregs}
    bits = [circuit.find_bit(item.clbits[0]).index for item in circuit.data if item.operation.name == "measure"]
    if registers != {"node": width} or sorted(bits) != list(range(width)):
        raise InputError(
            f"{name} does not measure the {width} bits of a register 'node' once each, and nothing else; take the "
            "circuit with the measurements that ridgelet_circuit made."
        )


def _run(
    tasks: list[tuple[SamplerPub, DequantizedSampler]], seeds: list[list[int]]
) -> PrimitiveResult[SamplerPubResult]:
    results = []
    for (pub, sampler), seed in zip(tasks, seeds, strict=True):
        label: dict[str, Any] = pub.circuit.metadata
        packed = _measured(sampler, label["encoding"], _draws(pub), np.random.default_rng(seed))
        bits = BitArray(packed.reshape(*pub.shape, pub.shots, packed.shape[1]), pub.circuit.num_clbits)
        metadata = {"shots": pub.shots, "circuit_metadata": label}
        results.append(SamplerPubResult(DataBin(node=bits, shape=pub.shape), metadata=metadata))
    return PrimitiveResult(results, metadata={"version": 2})


def _measured(sampler: DequantizedSampler, encoding: str, shots: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Draw nodes and write them as measured bits, packed as a `BitArray` holds them: (shots, bytes), last bit first."""
    chosen = ENCODINGS[encoding](sampler.problem.prime)
    width = (sampler.problem.dimension + 1) * chosen.digit_qubits
    packed = np.empty((shots, _bytes(width)), dtype=np.uint8)
    start = 0
    for nodes in sampler.stream(shots, BATCH, rng):
        bits = chosen.encode_measured(np.column_stack([nodes.a, nodes.b]), rng)
        # The unused bits of the first byte are 0.
        padded = np.pad(bits[:, ::-1], ((0, 0), (-width % 8, 0)))
        packed[start : start + len(nodes)] = np.packbits(padded, axis=1)
        start += len(nodes)
    return packed


def _draws(pub: SamplerPub) -> int:
    """Return the shots of a pub over all its (empty) parameter sets."""
    return pub.shots * math.prod(pub.shape)


def _bytes(bits: int) -> int:
    return -(-bits // 8)
