"""One room a study: which problems, which methods, which statistics; the same name stands in every column.

A new study is one package here, whose module `study` ends with its `STUDY`, and one entry in `STUDIES`; or a package of
its own with an entry point, see `compare.plugins`.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, cast

from compare import plugins

if TYPE_CHECKING:
    from compare.engine.study import Study

__all__ = ["STUDIES", "About"]


RIDGELET = "compare.studies.ridgelet"


class About(NamedTuple):
    """Where a study is, and what lists say of it; a test holds this against the study's own words.

    Attributes
    ----------
    module
        The module with its `STUDY`; empty of a study of another package.
    summary
        One sentence.
    presets
        Names of settings.
    """

    module: str
    summary: str
    presets: tuple[str, ...] = ()

    @property
    def panel(self) -> str:
        """The heading that ``tickets --help`` lists it under."""
        if self.module.startswith(RIDGELET):
            return "Studies: sampling tickets from the ridgelet transform"
        return "Studies: four more papers" if self.module else "Studies of other packages"


class _Studies(Mapping[str, "Study"]):
    """Studies by name, each imported when it is asked for; those of other packages when names are listed."""

    def __init__(self, known: Mapping[str, About]) -> None:
        self._known = known
        self._modules = {name: about.module for name, about in known.items()}

    @cached_property
    def _others(self) -> Mapping[str, "Study"]:
        if not plugins.found(plugins.STUDIES, self._modules):
            return {}
        from compare.engine.study import Study

        return plugins.loaded(plugins.STUDIES, Study, self._modules)

    def about(self, name: str) -> About:
        """Return what lists say of a study; of the suite's own without importing it."""
        if name in self._known:
            return self._known[name]
        other = self[name]
        return About("", other.summary, tuple(other.presets))

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


STUDIES = _Studies(
    {
        "circuit": About(
            f"{RIDGELET}.circuit.study",
            "Count a circuit's gates, loader and transform apart; draw it and write it as OpenQASM and QPY.",
        ),
        "compare": About(
            f"{RIDGELET}.samplers.study",
            "Compare all samplers: same distribution? same networks? at what cost? Writes a report.",
        ),
        "crossover": About(
            f"{RIDGELET}.crossover.study",
            "Compare classical and quantum seconds a sample: who wins, from which size, by which assumption.",
            ("verdict",),
        ),
        "kernels": About(
            "compare.studies.kernel_training.study",
            "Train wide networks by their kernel: exact, sparse and not at all, and what a quantum inverse of each "
            "would take.",
            ("verdict",),
        ),
        "neurons": About(
            "compare.studies.neuron_selection.study",
            "Choose neurons of a random network: exact solvers, quantum searches, what each costs, and who wins.",
            ("verdict",),
        ),
        "noise": About(
            f"{RIDGELET}.noise.study",
            "Compare the circuit ideal, noisy, with errors suppressed and readout mitigated.",
        ),
        "phase": About(
            f"{RIDGELET}.phase.study",
            "Draw where optimized nodes beat uniform ones, over coverage and concentration.",
        ),
        "risk": About(
            f"{RIDGELET}.risk.study",
            "Compare risks over N of all samplers and of common peers on many data sets.",
        ),
        "sample": About(
            f"{RIDGELET}.drawing.study",
            "Draw hidden nodes with one sampler and write them to an npz file, part by part.",
        ),
        "scale": About(f"{RIDGELET}.scale.study", "Time samplers over dimension, prime and number of points."),
        "size": About(
            f"{RIDGELET}.size.study",
            "Time draws and judge tickets over the number of points, beside the loader of a quantum machine.",
        ),
        "states": About(
            "compare.studies.ground_states.study",
            "Prune neural states and circuits of lattices of spins: what tickets are, and what else has their energy.",
            ("verdict", "large", "toric", "ten"),
        ),
        "study": About(
            f"{RIDGELET}.tickets.study",
            "Judge tickets over a grid of data sets, samplers and sizes, a task for each network.",
        ),
        "training": About(
            "compare.studies.sparse_training.study",
            "Train pruned networks by Carleman linearization: how far it is off, what its circuits cost, and who wins.",
            ("verdict",),
        ),
    }
)
"""Studies by name, which is the command's; lists and ``--help`` import none of them."""
