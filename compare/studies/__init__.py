"""One room a study: which problems, which methods, which statistics; the same name stands in every column.

A new study is one package here, whose module `study` ends with its `STUDY`, and one line in `STUDIES`.
"""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from compare.engine.study import Study

__all__ = ["STUDIES"]


class _Studies(Mapping[str, "Study"]):
    """Studies by name, each imported when it is asked for."""

    def __init__(self, modules: Mapping[str, str]) -> None:
        self._modules = modules

    def __getitem__(self, kind: str) -> "Study":
        return cast("Study", import_module(self._modules[kind]).STUDY)

    def __contains__(self, kind: object) -> bool:
        return kind in self._modules

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)


STUDIES: Mapping[str, "Study"] = _Studies(
    {
        "circuit": "compare.studies.ridgelet.circuit.study",
        "compare": "compare.studies.ridgelet.samplers.study",
        "crossover": "compare.studies.ridgelet.crossover.study",
        "kernels": "compare.studies.kernel_training.study",
        "neurons": "compare.studies.neuron_selection.study",
        "noise": "compare.studies.ridgelet.noise.study",
        "phase": "compare.studies.ridgelet.phase.study",
        "risk": "compare.studies.ridgelet.risk.study",
        "sample": "compare.studies.ridgelet.drawing.study",
        "scale": "compare.studies.ridgelet.scale.study",
        "states": "compare.studies.ground_states.study",
        "study": "compare.studies.ridgelet.tickets.study",
        "training": "compare.studies.sparse_training.study",
    }
)
"""Studies by name, which is the command's: each a module with its `STUDY`, light to import."""
