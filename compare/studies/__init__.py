"""One room a study: which problems, which methods, which statistics; the same name stands in every column.

A new study is one package here, whose module `study` ends with its `STUDY`, and one entry in `STUDIES`; or a package of
its own with an entry point, see `compare.plugins`.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, cast

from compare import plugins
from compare.studies.known import DATA, DATASETS, DEVICES, ENCODINGS, LOADERS, OWN, SAMPLERS, Known

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
    names
        Flags that take names of data sets, methods, encodings or devices, and those names.
    """

    module: str
    summary: str
    presets: tuple[str, ...] = ()
    names: Mapping[str, Known] = MappingProxyType({})

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

    def is_own(self, name: str) -> bool:
        """Tell whether a study is one of the suite's own."""
        return name in self._known

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
            names={"dataset": DATA, "encoding": ENCODINGS, "loader": LOADERS, "device": DEVICES._replace(word="")},
        ),
        "compare": About(
            f"{RIDGELET}.samplers.study",
            "Compare all samplers: same distribution? same networks? at what cost? Writes a report.",
            names={"dataset": DATA, "method": Known(f"{RIDGELET}.methods:INDEPENDENT")},
        ),
        "crossover": About(
            f"{RIDGELET}.crossover.study",
            "Compare classical and quantum seconds a sample: who wins, from which size, by which assumption.",
            ("verdict",),
            names={"device": DEVICES, "encoding": ENCODINGS, "method": SAMPLERS},
        ),
        "kernels": About(
            "compare.studies.kernel_training.study",
            "Train wide networks by their kernel: exact, sparse and not at all, and what a quantum inverse of each "
            "would take.",
            ("verdict",),
            names={
                "dataset": DATASETS,
                "method": Known("compare.studies.kernel_training.tables:CLASSIFIERS"),
                "device": DEVICES,
            },
        ),
        "neurons": About(
            "compare.studies.neuron_selection.study",
            "Choose neurons of a random network: exact solvers, quantum searches, what each costs, and who wins.",
            ("verdict",),
            names={"method": Known("compare.studies.neuron_selection.families:SOLVERS"), "device": DEVICES},
        ),
        "noise": About(
            f"{RIDGELET}.noise.study",
            "Compare the circuit ideal, noisy, with errors suppressed and readout mitigated.",
            names={
                "dataset": DATA,
                "encoding": ENCODINGS,
                "device": DEVICES._replace(word="noisy device", also="quantum.names:is_device"),
            },
        ),
        "phase": About(
            f"{RIDGELET}.phase.study",
            "Draw where optimized nodes beat uniform ones, over coverage and concentration.",
        ),
        "risk": About(
            f"{RIDGELET}.risk.study",
            "Compare risks over N of all samplers and of common peers on many data sets.",
            names={
                "dataset": Known(f"{RIDGELET}.risk.cases:CASES", "data set", OWN),
                "method": Known(f"{RIDGELET}.methods:METHODS"),
            },
        ),
        "sample": About(
            f"{RIDGELET}.drawing.study",
            "Draw hidden nodes with one sampler and write them to an npz file, part by part.",
            names={"dataset": DATA, "method": SAMPLERS._replace(word="sampler")},
        ),
        "scale": About(
            f"{RIDGELET}.scale.study",
            "Time samplers over dimension, prime and number of points.",
            names={"method": SAMPLERS},
        ),
        "size": About(
            f"{RIDGELET}.size.study",
            "Time draws and judge tickets over the number of points, beside the loader of a quantum machine.",
            names={
                "dataset": Known(f"{RIDGELET}.size.names:IMAGES", "data set of images", OWN),
                "encoding": ENCODINGS,
                "method": SAMPLERS,
                "device": DEVICES,
            },
        ),
        "states": About(
            "compare.studies.ground_states.study",
            "Prune neural states and circuits of lattices of spins: what tickets are, and what else has their energy.",
            ("verdict", "large", "toric", "ten"),
            names={"device": DEVICES},
        ),
        "study": About(
            f"{RIDGELET}.tickets.study",
            "Judge tickets over a grid of data sets, samplers and sizes, a task for each network.",
            names={"dataset": DATA, "method": SAMPLERS},
        ),
        "training": About(
            "compare.studies.sparse_training.study",
            "Train pruned networks by Carleman linearization: how far it is off, what its circuits cost, and who wins.",
            ("verdict",),
            names={
                "dataset": DATASETS._replace(word=""),
                "quadratic": DATASETS._replace(word=""),
                "method": Known("compare.studies.sparse_training.names:SOLVERS"),
                "device": DEVICES,
            },
        ),
    }
)
"""Studies by name, which is the command's; lists and ``--help`` import none of them."""
