"""Diagonals as angles on parities and the shortest walks that visit them, against brute force."""

import itertools

import numpy as np
import pytest

from quantum.blocks.parity_network import parity_angles, shortest_visit
from tests.quantum.blocks.agreement import assert_close

SIZES = [2, 4, 8, 16]


def parity(s, i):
    return (s & i).bit_count() % 2


def table_of(angles, size, constant=0.0):
    return np.array([constant + sum(angle for s, angle in angles.items() if parity(s, i)) for i in range(size)])


@pytest.mark.parametrize("size", SIZES)
def test_the_angles_on_parities_make_the_table(size):
    table = np.random.default_rng(size).normal(scale=4, size=size)
    angles = parity_angles(table)
    assert set(angles) == set(range(1, size))
    assert_close(table_of(angles, size, table[0]), table)


def test_angles_that_vanish_are_left_out():
    wanted = {1: 0.5, 6: -2.0, 15: 1e-3}
    angles = parity_angles(table_of(wanted, 16, constant=0.7))
    assert angles == pytest.approx(wanted)
    assert parity_angles(np.full(8, 1.2)) == {}


def bases(n):
    """All ways in which n wires can hold independent parities."""
    for wires in itertools.product(range(1, 2**n), repeat=n):
        sums = {0}
        for held in wires:
            sums |= {held ^ other for other in sums}
        if len(sums) == 2**n:
            yield wires


def fewest(start, end, goals):
    """Breadth first over what the wires hold and which goals were seen."""
    frontier, steps = {(start, goals - set(start))}, 0
    known = set(frontier)
    while (end, frozenset()) not in frontier:
        reached = set()
        for wires, missing in frontier:
            for source, target in itertools.permutations(range(len(wires)), 2):
                held = list(wires)
                held[target] ^= held[source]
                reached.add((tuple(held), missing - {held[target]}))
        frontier, steps = reached - known, steps + 1
        known |= frontier
    return steps


def assert_walk_is_shortest(start, end, choices):
    choice, moves = shortest_visit(start, end, choices)
    assert choice in choices
    held, seen = list(start), set(start)
    for source, target in moves:
        assert source != target
        held[target] ^= held[source]
        seen.add(held[target])
    assert tuple(held) == end
    assert choice <= seen
    assert len(moves) == min(fewest(start, end, goals) for goals in choices)
    assert len(moves) == fewest(start, end, choice)


def test_the_shortest_walks_on_two_wires_are_shortest_for_all_ends_and_goals():
    goals = [frozenset(chosen) for n in range(4) for chosen in itertools.combinations((1, 2, 3), n)]
    for start, end in itertools.product(bases(2), repeat=2):
        for goal in goals:
            assert_walk_is_shortest(start, end, [goal])


def test_the_shortest_walks_on_three_wires_are_shortest():
    rng = np.random.default_rng(0)
    everything = list(bases(3))
    lengths = set()
    for _ in range(25):
        start, end = (everything[i] for i in rng.integers(len(everything), size=2))
        choices = [
            frozenset(rng.choice(np.arange(1, 8), rng.integers(8), replace=False).tolist())
            for _ in range(rng.integers(1, 4))
        ]
        assert_walk_is_shortest(start, end, choices)
        lengths.add(len(shortest_visit(start, end, choices)[1]))
    assert max(lengths) >= 6


def first_walk(wires, end, missing, length):
    """All sequences of moves, in the order of their wires."""
    if not missing and wires == end:
        return []
    for source, target in itertools.permutations(range(len(wires)), 2) if length else ():
        held = list(wires)
        held[target] ^= held[source]
        rest = first_walk(tuple(held), end, missing - {held[target]}, length - 1)
        if rest is not None:
            return [(source, target), *rest]
    return None


def test_of_the_shortest_walks_it_is_the_first():
    rng = np.random.default_rng(1)
    everything, lengths = list(bases(3)), []
    while len(lengths) < 12:
        start, end = (everything[i] for i in rng.integers(len(everything), size=2))
        goal = frozenset(rng.choice(np.arange(1, 8), 2, replace=False).tolist())
        length = fewest(start, end, goal)
        if length <= 4:
            assert shortest_visit(start, end, [goal])[1] == first_walk(start, end, goal - set(start), length)
            lengths.append(length)
    assert max(lengths) == 4


def test_the_cheapest_choice_is_taken_wherever_it_stands():
    dear, cheap = frozenset(range(1, 8)), frozenset({4, 6})
    for choices in ([dear, cheap], [cheap, dear]):
        choice, moves = shortest_visit((1, 2, 4), (1, 2, 4), choices)
        assert choice == cheap
        assert len(moves) == 2


def test_nothing_to_visit_takes_nothing():
    assert shortest_visit((1, 2), (1, 2), [frozenset({1, 2})]) == (frozenset({1, 2}), [])
    assert shortest_visit((1,), (1,), [frozenset({1})]) == (frozenset({1}), [])
