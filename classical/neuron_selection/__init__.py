"""Classical solvers of neuron selection, one file each, one protocol: ``Solver().solve(problem, seed=None)``.

A new solver is one new file here and one line in `SOLVERS`. `Layerwise` stands beside them: it takes layerwise
distillation alone.
"""

from collections.abc import Callable

from classical.neuron_selection.annealing import Annealing
from classical.neuron_selection.branch_and_bound import BranchAndBound
from classical.neuron_selection.edge_popup import EdgePopup
from classical.neuron_selection.elimination import Elimination
from classical.neuron_selection.gray_code import GrayCode
from classical.neuron_selection.greedy import Greedy
from classical.neuron_selection.layerwise import Layerwise
from classical.neuron_selection.meet_in_the_middle import MeetInTheMiddle
from classical.neuron_selection.mixed_integer import MixedInteger
from classical.neuron_selection.protocol import Problem, Selection, Solver
from classical.neuron_selection.tabu import Tabu

__all__ = [
    "SOLVERS",
    "Annealing",
    "BranchAndBound",
    "EdgePopup",
    "Elimination",
    "GrayCode",
    "Greedy",
    "Layerwise",
    "MeetInTheMiddle",
    "MixedInteger",
    "Problem",
    "Selection",
    "Solver",
    "Tabu",
]

SOLVERS: dict[str, Callable[[], Solver]] = {
    "gray-code": GrayCode,
    "branch-and-bound": BranchAndBound,
    "meet-in-the-middle": MeetInTheMiddle,
    "elimination": Elimination,
    "mixed-integer": MixedInteger,
    "annealing": Annealing,
    "tabu": Tabu,
    "greedy": Greedy,
    "edge-popup": EdgePopup,
}
"""The solvers by name."""
