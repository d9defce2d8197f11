"""One room a study: which problems, which methods, which statistics; the same name stands in every column.

A new study is one package here, whose module `study` ends with its `STUDY`, and one line in `STUDIES`; or a package of
its own with an entry point, see `compare.plugins`.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, cast

from compare import plugins

if TYPE_CHECKING:
    from compare.engine.study import Study

__all__ = ["STUDIES"]


class _Studies(Mapping[str, "Study"]):
    """Studies by name, each imported when it is asked for; those of other packages when names are listed."""

    def __init__(self, modules: Mapping[str, str]) -> None:
        self._modules = modules

    @cached_property
    def _others(self) -> Mapping[str, "Study"]:
        from compare.engine.study import Study

        return plugins.loaded(plugins.STUDIES, Study, self._modules)

    def __getitem__(self, kind: str) -> "Study":
        if kind in self._modules:
            return cast("Study", import_module(self._modules[kind]).STUDY)
        return self._others[kind]

    def __contains__(self, kind: object) -> bool:
        return kind in self._modules or kind in self._others

    def __iter__(self) -> Iterator[str]:
        return iter([*self._modules, *self._others])

    def __len__(self) -> int:
        return len(self._modules) + len(self._others)


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
        "size": "compare.studies.ridgelet.size.study",
        "states": "compare.studies.ground_states.study",
        "study": "compare.studies.ridgelet.tickets.study",
        "training": "compare.studies.sparse_training.study",
    }
)
"""Studies by name, which is the command's: each a module with its `STUDY`, light to import."""
