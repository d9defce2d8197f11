"""Families of problems, and the ways to choose a mask that take each: the two tables of the study."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from compare.engine.methods import Method, Methods
from compare.report.styles import BLUE, GREEN, ORANGE, SKY, Style
from problems.errors import InputError
from problems.later import imported

__all__ = ["FAMILIES", "INSTALLED", "SOLVERS", "Family", "SolverMethod"]


class Maker:
    """Makes a problem of an instance, by a function of `problems.neuron_selection`.

    Parameters
    ----------
    name
        The function.
    fields
        What of an instance it takes, the seed apart.
    fixed
        Keywords that it is always called with.
    """

    def __init__(self, name: str, fields: Sequence[str], **fixed: Any) -> None:
        self.name, self.fields, self.fixed = name, tuple(fields), fixed

    def __call__(self, instance: Any) -> Any:
        """Import it and make the problem."""
        own = {field: getattr(instance, field) for field in (*self.fields, "seed")}
        return imported(f"problems.neuron_selection:{self.name}")(**own, **self.fixed)


@dataclass(frozen=True)
class Family:
    """A family of problems.

    Attributes
    ----------
    label
        What readers see.
    words
        What its masks choose, and by which loss.
    make
        Makes a problem.
    exact
        The solver whose optimum it is judged by.
    most
        Neurons up to which the study asks for it.
    """

    label: str
    words: str
    make: "Maker"
    exact: str
    most: int


TICKET, GADGET, ECHO = ("neurons", "scale"), ("neurons", "rank"), ("neurons", "degree")

FAMILIES: dict[str, Family] = {
    "ticket": Family(
        "ticket, MNIST 8 v 9",
        "neurons of a random ReLU layer with a random readout; mean squared error, a QUBO",
        Maker("ticket_problem", TICKET),
        "branch-and-bound",
        512,
    ),
    "digits": Family(
        "ten tickets, digits",
        "the same for ten classes: a mask for each class over shared neurons, ten QUBOs",
        Maker("ticket_problem", TICKET, dataset="digits-classes"),
        "branch-and-bound",
        32,
    ),
    "gadget": Family(
        "gadget of ReLU pairs",
        "vectors whose sum is to be 1 / sqrt(r) in each of r entries; squared distance",
        Maker("gadget_problem", GADGET),
        "meet-in-the-middle",
        40,
    ),
    "gadget-uniform": Family(
        "gadget, uniform",
        "the same with uniform vectors",
        Maker("gadget_problem", GADGET, pairs=False),
        "meet-in-the-middle",
        40,
    ),
    "echo": Family(
        "echo state, random neighbors",
        "probes of a reservoir that K outputs share at random; 1 - corr^2 with NARMA-10, an NK landscape",
        Maker("echo_state_problem", ECHO, neighbours="random"),
        "elimination",
        20,
    ),
    "echo-ring": Family(
        "echo state, ring",
        "the same with neighbors on a ring",
        Maker("echo_state_problem", ECHO, neighbours="ring"),
        "elimination",
        512,
    ),
    "distillation": Family(
        "layerwise distillation",
        "12 neurons of a first layer, and 6 for each of 4 teacher neurons; mean squared error to the teacher's neurons",
        Maker("distillation_problem", ()),
        "layerwise",
        36,
    ),
    "errors": Family(
        "count of errors, MNIST 8 v 9",
        "neurons of the ticket's network; training samples answered wrongly, no QUBO",
        Maker("error_count_problem", TICKET),
        "gray-code",
        16,
    ),
}
"""Families by name."""

QUADRATIC = ("ticket", "digits", "gadget", "gadget-uniform")
EVERY = tuple(name for name in FAMILIES if name != "distillation")


class SolverMethod(Method):
    """A way to choose a mask.

    Parameters
    ----------
    label, law, name, style
        See `Method`; what is made is the class of this name in `classical.neuron_selection`.
    takes
        Families that it is asked to solve.
    most
        Neurons up to which it is asked.
    needs
        The package without which it cannot be made; empty if there is none.
    options
        Keywords that it is made with.
    """

    def __init__(
        self,
        label: str,
        law: str,
        make: str,
        takes: tuple[str, ...] = EVERY,
        most: int = 512,
        needs: str = "",
        style: Style | None = None,
        **options: Any,
    ) -> None:
        place = make if ":" in make else f"classical.neuron_selection:{make}"
        super().__init__(label, law, place, style=style, **options)
        self.takes, self.most, self.needs = takes, most, needs

    @property
    def installed(self) -> bool:
        """Tell whether the package that it needs is there."""
        return not self.needs or find_spec(self.needs) is not None


def _named(found: type, path: str) -> SolverMethod:
    if not hasattr(found, "solve"):
        raise InputError(f"{path!r} has no method solve(problem, seed), so it chooses no mask; name a class that has.")
    return SolverMethod(found.__name__, "unknown", path)


SOLVERS: Methods[SolverMethod] = Methods(
    {
        "branch-and-bound": SolverMethod(
            "branch and bound", "exact", "BranchAndBound", QUADRATIC, style=Style(BLUE, "o", "-"), nodes=50_000
        ),
        "gray-code": SolverMethod(
            "Gray code", "exact", "GrayCode", EVERY[:1] + EVERY[2:], 20, style=Style(ORANGE, "^", "-")
        ),
        "meet-in-the-middle": SolverMethod(
            "meet in the middle",
            "exact",
            "MeetInTheMiddle",
            ("gadget", "gadget-uniform"),
            32,
            style=Style(GREEN, "s", "-"),
        ),
        "elimination": SolverMethod(
            "elimination", "exact", "Elimination", ("echo", "echo-ring"), style=Style(SKY, "d", "-")
        ),
        "layerwise": SolverMethod("layerwise", "exact", "Layerwise", ("distillation",)),
        "mixed-integer": SolverMethod(
            "mixed integer (HiGHS)", "exact", "MixedInteger", ("ticket", "echo", "echo-ring"), 12, seconds=20.0
        ),
        "annealing": SolverMethod("annealing", "heuristic", "Annealing", QUADRATIC, needs="dwave"),
        "tabu": SolverMethod("tabu search", "heuristic", "Tabu", QUADRATIC, needs="dwave", reads=2, restarts=5),
        "greedy": SolverMethod("greedy", "heuristic", "Greedy", (*EVERY, "distillation")),
        "edge-popup": SolverMethod("edge-popup", "heuristic", "EdgePopup", (*QUADRATIC, "echo", "errors")),
    },
    _named,
)
"""Solvers by name; a class of the user's own is named as ``package.module:Name``."""

INSTALLED = tuple(name for name, method in SOLVERS.items() if method.installed)
"""Solvers that can be made here: annealing and tabu search take the extra ``[annealing]``."""
