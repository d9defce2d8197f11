"""Echo-state landscapes: how far the outputs' own optima conflict, and what the paper's mixer reaches of them."""

from typing import Literal

import numpy as np

from classical.neuron_selection import Elimination
from compare.engine import Inputs, Seeds
from compare.studies.neuron_selection.records import Conflicts, Landscape, Reach, Reached
from problems.neuron_selection import echo_state_problem
from quantum.neuron_selection import mixer_reach, reaches

__all__ = ["conflicts", "reach"]


def conflicts(task: Landscape, seeds: Seeds, inputs: Inputs) -> Conflicts:
    """Hold the joint optimum against the outputs' own ones."""
    neighbours: Literal["ring", "random"] = "ring" if task.neighbours == "ring" else "random"
    problem = echo_state_problem(task.neurons, task.degree, task.seed, neighbours, task.fitted)
    best = Elimination().solve(problem)
    everything = np.ones(problem.neurons, dtype=np.uint8)
    majority, whole = problem.loss(np.stack([problem.majority(), everything])).tolist()
    return Conflicts(
        float(np.mean(problem.conflicts)),
        problem.bound,
        best.loss,
        majority,
        whole,
        float(np.mean(best.mask)),
        problem.held_out_loss(best.mask),
    )


def reach(task: Reach, seeds: Seeds, inputs: Inputs) -> Reached:
    """Count the masks that the paper's mixer reaches, and look for the best among them."""
    problem = echo_state_problem(task.neurons, task.degree, task.seed)
    return Reached(mixer_reach(problem), bool(reaches(problem, Elimination().solve(problem).mask)))
