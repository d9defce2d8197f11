"""One room a study: which problems, which methods, which statistics; the same name stands in every column.

A new study is one package here, whose `page` ends with its `STUDY`, and one line in `STUDIES`.
"""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from compare.studies.study import Study

__all__ = ["STUDIES"]


class _Studies(Mapping[str, "Study"]):
    """Studies by kind, each imported when it is asked for: they need Qiskit and scikit-learn."""

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
        "ridgelet": "compare.studies.ridgelet.samplers.page",
        "risk": "compare.studies.ridgelet.risk.page",
        "phase": "compare.studies.ridgelet.phase.page",
        "crossover": "compare.studies.ridgelet.crossover.page",
        "noise": "compare.studies.noise.page",
    }
)
"""Studies by the kind that their runs' records bear."""
