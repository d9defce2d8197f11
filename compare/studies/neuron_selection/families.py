"""Families of problems, and the ways to choose a mask that take each: the two tables of the study."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from compare.engine.methods import Lazy, Method, Methods
from compare.report.styles import Style
from problems.errors import InputError

__all__ = ["FAMILIES", "INSTALLED", "SOLVERS", "Family", "SolverMethod"]

PLACE = "problems.neuron_selection:"


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
        Makes a problem from what `fields` name.
    fields
        Settings of an instance that it depends on, by the maker's names.
    exact
        The solver whose optimum it is judged by.
    most
        Neurons up to which the study asks for it.
    """

    label: str
    words: str
    make: Callable[..., Any]
    fields: Mapping[str, str]
    exact: str
    most: int


TICKET = {"neurons": "neurons", "seed": "seed", "scale": "scale"}
ECHO = {"neurons": "neurons", "degree": "degree", "seed": "seed"}
GADGET = {"neurons": "neurons", "rank": "rank", "seed": "seed"}

FAMILIES: dict[str, Family] = {
    "ticket": Family(
        "ticket, MNIST 8 v 9",
        "neurons of a random ReLU layer with a random readout; mean squared error, a QUBO",
        Lazy(f"{PLACE}ticket_problem"),
        TICKET,
        "branch-and-bound",
        512,
    ),
    "digits": Family(
        "ten tickets, digits",
        "the same for ten classes: a mask for each class over shared neurons, ten QUBOs",
        Lazy(f"{PLACE}ticket_problem", dataset="digits-classes"),
        TICKET,
        "branch-and-bound",
        32,
    ),
    "gadget": Family(
        "gadget of ReLU pairs",
        "vectors whose sum is to be 1 / sqrt(r) in each of r entries; squared distance",
        Lazy(f"{PLACE}gadget_problem"),
        GADGET,
        "meet-in-the-middle",
        32,
    ),
    "gadget-uniform": Family(
        "gadget, uniform",
        "the same with uniform vectors",
        Lazy(f"{PLACE}gadget_problem", pairs=False),
        GADGET,
        "meet-in-the-middle",
        32,
    ),
    "echo": Family(
        "echo state, random neighbors",
        "probes of a reservoir that K outputs share at random; 1 - corr^2 with NARMA-10, an NK landscape",
        Lazy(f"{PLACE}echo_state_problem", neighbours="random"),
        ECHO,
        "elimination",
        20,
    ),
    "echo-ring": Family(
        "echo state, ring",
        "the same with neighbors on a ring",
        Lazy(f"{PLACE}echo_state_problem", neighbours="ring"),
        ECHO,
        "elimination",
        512,
    ),
    "distillation": Family(
        "layerwise distillation",
        "12 neurons of a first layer, and 6 for each of 4 teacher neurons; mean squared error to the teacher's neurons",
        Lazy(f"{PLACE}distillation_problem"),
        {"seed": "seed"},
        "layerwise",
        36,
    ),
    "errors": Family(
        "count of errors, MNIST 8 v 9",
        "neurons of the ticket's network; training samples answered wrongly, no QUBO",
        Lazy(f"{PLACE}error_count_problem"),
        TICKET,
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
            "branch and bound", "exact", "BranchAndBound", QUADRATIC, style=Style("#0072B2", "o", "-")
        ),
        "gray-code": SolverMethod(
            "Gray code", "exact", "GrayCode", EVERY[:1] + EVERY[2:], 20, style=Style("#E69F00", "^", "-")
        ),
        "meet-in-the-middle": SolverMethod(
            "meet in the middle",
            "exact",
            "MeetInTheMiddle",
            ("gadget", "gadget-uniform"),
            32,
            style=Style("#009E73", "s", "-"),
        ),
        "elimination": SolverMethod(
            "elimination", "exact", "Elimination", ("echo", "echo-ring"), style=Style("#56B4E9", "d", "-")
        ),
        "layerwise": SolverMethod("layerwise", "exact", "Layerwise", ("distillation",)),
        "mixed-integer": SolverMethod(
            "mixed integer (HiGHS)", "exact", "MixedInteger", ("ticket", "echo", "echo-ring"), 12, seconds=20.0
        ),
        "annealing": SolverMethod("annealing", "heuristic", "Annealing", QUADRATIC, needs="dwave"),
        "tabu": SolverMethod("tabu search", "heuristic", "Tabu", QUADRATIC, needs="dwave", reads=2, restarts=5),
        "greedy": SolverMethod("greedy", "heuristic", "Greedy", (*EVERY, "distillation")),
        "edge-popup": SolverMethod("edge-popup", "heuristic", "EdgePopup", EVERY),
    },
    _named,
)
"""Solvers by name; a class of the user's own is named as ``package.module:Name``."""

INSTALLED = tuple(name for name, method in SOLVERS.items() if method.installed)
"""Those that can be made here: annealing and tabu search take the extra ``[annealing]``."""
