"""The measure of expectation values: circuits as they are, folded, or with errors canceled, at equal shots."""

import numpy as np
from numpy.typing import NDArray

from compare.engine import Inputs, Seeds
from compare.hardware.observables import Observables, check_bits, without_readout_errors
from compare.statistics.extrapolation import extrapolate
from compare.studies.data import of_task
from compare.studies.ridgelet.noise.arms import device, fitted
from compare.studies.ridgelet.noise.averages import Averaged, Averages
from compare.studies.ridgelet.observables import observables
from compare.studies.ridgelet.sources import Source, loaded
from problems.seeds import integer_seed
from quantum.backends.cancellation import prepare_cancellation
from quantum.backends.fitting import FittedCircuit, check_depth
from quantum.backends.folding import fold, two_qubit_gates
from quantum.backends.readout import ReadoutErrors
from quantum.backends.simulated_device import SimulatedDevice, SimulatedProgram
from quantum.ridgelet import ENCODINGS

__all__ = ["average", "check_average"]

STREAM = ("seed", "encoding")
"""Fields that random numbers depend on; ways that run the same circuit run it with the same seed."""

Numbers = NDArray[np.float64]


def average(task: Averaged, seeds: Seeds, inputs: Inputs) -> Averages:
    """Estimate the expectation values of a problem's circuit in one way."""
    source = Source.of(task, of_task(task, inputs))
    _, problem = loaded(source)
    of, circuit = device(task.backend), fitted(source, task.encoding, task.backend)
    check_depth(circuit, task.shots, of.name)
    encoding = ENCODINGS[task.encoding](problem.prime)
    found = observables(problem, encoding, circuit.circuit.num_clbits)
    if task.mitigation != "raw":
        found = without_readout_errors(found, ReadoutErrors.from_target(circuit.circuit, of.target))
    none = np.zeros((0, len(found.names)))
    gates = two_qubit_gates(circuit.circuit)
    if task.mitigation == "zne":
        return _extrapolated(task, seeds, of, circuit, found)
    gamma: float | None = None
    circuits = 1
    if task.mitigation == "pec":
        program = _whole(of, circuit)
        canceled = prepare_cancellation(program.circuit, program.simulator.target, task.shots)
        shots = canceled.run(program.simulator, integer_seed(seeds("canceled", by=STREAM)))
        each = shots.gamma * shots.signs * found.at(shots.bits).mean(axis=2)
        values, errors = _mean(each)
        gamma, circuits = float(shots.gamma), len(shots.signs)
    else:
        bits = of.program(circuit.circuit).run(task.shots, integer_seed(seeds("folded", by=STREAM, factor=1)))
        values, errors = _mean(found.at(bits))
    laws = ("",) * len(found.names)
    return Averages(found.names, found.ideal, values, errors, task.shots, circuits, (gates,), gamma, laws, none)


def check_average(task: Averaged, source: Source) -> None:
    """Refuse what cannot be estimated, before anything runs.

    Raises
    ------
    InputError
        If there are too many bits; gates that are not folded; or noise that is not known, for cancellation.
    """
    of, circuit = device(task.backend), fitted(source, task.encoding, task.backend)
    check_bits(circuit.circuit.num_clbits)
    for factor in task.factors:
        fold(circuit.circuit, factor)
    if task.mitigation == "pec":
        program = _whole(of, circuit)
        prepare_cancellation(program.circuit, program.simulator.target, task.shots)


def _whole(of: SimulatedDevice, circuit: FittedCircuit) -> SimulatedProgram:
    program = of.program(circuit.circuit)
    assert isinstance(program, SimulatedProgram)
    return program


def _extrapolated(
    task: Averaged, seeds: Seeds, of: SimulatedDevice, circuit: FittedCircuit, found: Observables
) -> Averages:
    """Run the circuit at every factor, with a share of the shots each, and extrapolate."""
    share, rest = divmod(task.shots, len(task.factors))
    values, errors, gates = [], [], []
    for number, factor in enumerate(task.factors):
        folded = fold(circuit.circuit, factor)
        seed = integer_seed(seeds("folded", by=STREAM, factor=factor))
        value, error = _mean(found.at(of.program(folded).run(share + (rest if number == 0 else 0), seed)))
        values.append(value)
        errors.append(error)
        gates.append(two_qubit_gates(folded))
    scaled, spreads = np.array(values), np.array(errors)
    ends = [
        extrapolate(task.factors, *columns, task.extrapolation) for columns in zip(scaled.T, spreads.T, strict=True)
    ]
    return Averages(
        found.names,
        found.ideal,
        np.array([end.value for end in ends]),
        np.array([end.error for end in ends]),
        task.shots,
        len(task.factors),
        tuple(gates),
        None,
        tuple(end.law for end in ends),
        scaled,
    )


def _mean(values: Numbers) -> tuple[Numbers, Numbers]:
    """Return means and their standard errors over independent values, shape (observables, n)."""
    return values.mean(axis=1), values.std(axis=1, ddof=1) / np.sqrt(values.shape[1])
