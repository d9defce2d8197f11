"""A ground state of the toric code from Hadamards and CNOTs."""

import itertools
from collections import defaultdict
from typing import Any

from qiskit import QuantumCircuit

from problems.errors import InputError

__all__ = ["toric_circuit"]

Moves = list[tuple[int, int]]
"""CNOTs as (control, target)."""


def toric_circuit(code: Any) -> QuantumCircuit:
    """Return a circuit on |0>^N that prepares a ground state: +1 for all stars and plaquettes.

    prod over all stars but one of (1 + XXXX)/sqrt(2) |0>^N, the product of all stars being 1 (Dennis, Kitaev, Landahl
    and Preskill 2002, arXiv:quant-ph/0110143; Satzinger et al. 2021, arXiv:2104.01180, prepare it so on a device).
    Every star has one edge of its own, to the star before it in a tree whose root is the star left out: H on that edge,
    and CNOTs from it to the star's other edges before the star before it does the same.

    Parameters
    ----------
    code
        A `ToricCode`.

    Raises
    ------
    InputError
        If the code has no stars.

    Notes
    -----
    Cost: with S stars, S - 1 Hadamards and 3 (S - 1) CNOTs: 24 on 3 x 3, at depth 5. A star waits for those behind it
    in the tree, so that the depth grows as the longest way on the torus, about (rows + columns)/2 + 3; Lieb and
    Robinson's bound allows no less to gates between neighbors (Bravyi, Hastings and Verstraete 2006,
    arXiv:quant-ph/0603121).
    """
    if not len(getattr(code, "stars", ())):
        raise InputError(f"{code!r} has no stars; give a ToricCode.")
    circuit = QuantumCircuit(code.sites, name="toric_code")
    # Which of two equal edges comes first is free; this way round, devices of hexagons route it with fewer gates.
    stars = tuple((one, other, last, third) for one, other, third, last in code.stars)
    own = _own_edges(stars)
    circuit.h([edge for edge in own if edge is not None])
    for layer in _layers(stars, own):
        for control, target in layer:
            circuit.cx(control, target)
    return circuit


def _own_edges(stars: tuple[tuple[int, ...], ...]) -> list[int | None]:
    """Return of each star the edge to the one before it in a tree of shortest ways to star 0, which has none.

    Of the stars before it that are as near to star 0, it takes the one that fewest others took: that one's CNOTs have
    to wait for all of them.
    """
    shared = defaultdict(list)
    for star, edges in enumerate(stars):
        for edge in edges:
            shared[edge].append(star)
    edge_between: dict[tuple[int, int], int] = {}
    for edge, (one, other) in shared.items():
        edge_between[one, other] = edge_between[other, one] = edge
    near = defaultdict(set)
    for one, other in edge_between:
        near[one].add(other)
    distance, reached = {0: 0}, [0]
    for star in reached:
        for other in sorted(near[star] - distance.keys()):
            distance[other] = distance[star] + 1
            reached.append(other)
    own: list[int | None] = [None] * len(stars)
    for level, group in itertools.groupby(reached[1:], key=lambda star: distance[star]):
        before = {star: [one for one in sorted(near[star]) if distance[one] == level - 1] for star in group}
        for star, parent in _spread(before).items():
            own[star] = edge_between[star, parent]
    return own


def _spread(choices: dict[int, list[int]]) -> dict[int, int]:
    """Return a choice for each star such that the most often chosen one is chosen as rarely as can be."""
    for most in itertools.count(1):
        taken: dict[int, list[int]] = defaultdict(list)
        if all(_place(star, choices, taken, most, set()) for star in choices):
            return {star: parent for parent, stars in taken.items() for star in stars}
    raise AssertionError  # each has a choice, so that some number is enough


def _place(star: int, choices: dict[int, list[int]], taken: dict[int, list[int]], most: int, seen: set[int]) -> bool:
    """Give a star one of its choices, moving others on where that one is full: Kuhn's augmenting paths."""
    for parent in choices[star]:
        if parent in seen:
            continue
        seen.add(parent)
        if len(taken[parent]) < most:
            taken[parent].append(star)
            return True
        for other in list(taken[parent]):
            if _place(other, choices, taken, most, seen):
                taken[parent].remove(other)
                taken[parent].append(star)
                return True
    return False


def _layers(stars: tuple[tuple[int, ...], ...], own: list[int | None]) -> list[Moves]:
    """Return the CNOTs in layers that touch no qubit twice, those first on which the longest rows of others wait."""
    star_of = {edge: star for star, edge in enumerate(own) if edge is not None}
    left = {star: [edge for edge in stars[star] if edge != own[star]] for star in star_of.values()}
    # A star is as urgent as the CNOTs that follow on its own edge, and on the edges of those that wait for it.
    parent = {star: next((one for one in left if one != star and own[star] in stars[one]), None) for star in left}
    layers = []
    while any(left.values()):
        urgency = {star: _waiting(star, left, parent) for star in left}
        moves: Moves = []
        busy: set[int] = set()
        for star in sorted(left, key=lambda one: -urgency[one]):
            control = own[star]
            assert control is not None
            if control in busy:
                continue
            # An edge that is another star's own is changed only when that star is done with it.
            free = [edge for edge in left[star] if edge not in busy and not left.get(star_of.get(edge, -1))]
            # What no star waits for goes last; what others need as a target, first where fewer want it.
            free.sort(key=lambda edge: (edge not in star_of, -_wanted(edge, left)))
            if free:
                moves.append((control, free[0]))
                busy |= {control, free[0]}
        for control, target in moves:
            left[star_of[control]].remove(target)
        layers.append(moves)
    return layers


def _waiting(star: int, left: dict[int, list[int]], parent: dict[int, int | None]) -> int:
    """Return the least number of layers until the star that waits longest for this one is done."""
    layers, before = len(left[star]), parent[star]
    while before is not None:
        layers, before = max(layers + 1, len(left[before])), parent[before]
    return layers


def _wanted(edge: int, left: dict[int, list[int]]) -> int:
    return sum(edge in edges for edges in left.values())
