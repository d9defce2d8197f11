"""The work of the service's machines: run the programs of a job, and write the results as the service does."""

import importlib.resources
import json
from typing import Any

from qiskit_aer import AerSimulator

__all__ = ["calibration", "run_program"]


def calibration(name: str, qubits: int | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a device's configuration and properties, named "ibm_..." after the client's own snapshot of it.

    Of so many qubits, the first ones, and of all that is between them; of all qubits where that is None.
    """
    package = name.removeprefix("ibm_")
    folder = importlib.resources.files("qiskit_ibm_runtime.fake_provider.backends") / package
    configuration, properties = (
        json.loads((folder / f"{kind}_{package}.json").read_text()) for kind in ("conf", "props")
    )
    configuration["backend_name"] = properties["backend_name"] = name
    if qubits is not None:
        _cut_out(configuration, properties, qubits)
    return configuration, properties


def _cut_out(configuration: dict[str, Any], properties: dict[str, Any], qubits: int) -> None:
    """Leave the first qubits alone: each description of a device is read, written and searched in a fraction of it."""

    def among(places: list[list[int]]) -> list[list[int]]:
        return [place for place in places if max(place) < qubits]

    whole = configuration["n_qubits"]
    configuration["n_qubits"] = qubits
    for key, value in configuration.items():
        if isinstance(value, list) and len(value) == whole:
            configuration[key] = value[:qubits]
    configuration["coupling_map"] = among(configuration["coupling_map"])
    configuration["meas_map"] = [list(range(qubits))]
    configuration["channels"] = {}
    for gate in configuration["gates"]:
        if "coupling_map" in gate:
            gate["coupling_map"] = among(gate["coupling_map"])
    properties["qubits"] = properties["qubits"][:qubits]
    properties["gates"] = [gate for gate in properties["gates"] if max(gate["qubits"]) < qubits]
    properties["general"], properties["general_qlists"] = [], []


def run_program(parameters: dict[str, Any], simulator: AerSimulator, seed: int) -> str:
    """Run the circuits of one job and return the text that the service would give as its result."""
    from ibm_quantum_schemas.common import CompressedTensorModel
    from ibm_quantum_schemas.executor.version_2_0 import models
    from qiskit_ibm_runtime.fake_provider.executor.run_quantum_program import run_quantum_program
    from qiskit_ibm_runtime.options_models.simulator import SimulatorOptions
    from qiskit_ibm_runtime.quantum_program.params_converters import QUANTUM_PROGRAM_PARAMS_CONVERTERS

    converter = QUANTUM_PROGRAM_PARAMS_CONVERTERS[parameters["schema_version"]]
    model = converter.model.model_validate(parameters)
    program, _ = converter.decoder(model)
    for item in program.items:
        if hasattr(item, "samplex"):
            item.samplex.finalize()  # a decoded one cannot sample before
    result = run_quantum_program(simulator, program, SimulatorOptions(seed_simulator=seed))
    return models.QuantumProgramResultModel(
        data=[
            models.QuantumProgramResultItemModel(
                results={name: CompressedTensorModel.from_numpy(array) for name, array in item.items()},
                metadata=models.ItemMetadataModel(),
            )
            for item in result
        ],
        metadata=models.MetadataModel(chunk_timing=[]),
        passthrough_data=model.quantum_program.passthrough_data,
        semantic_role=model.quantum_program.semantic_role,
    ).model_dump_json()
