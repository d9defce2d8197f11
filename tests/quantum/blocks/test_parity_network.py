"""Diagonals as angles on parities and the shortest walks that visit them, against brute force."""

import itertools

import numpy as np
import pytest

from quantum.blocks.parity_network import parity_angles, shortest_visit, vanishing, without
from tests.quantum.blocks.agreement import assert_close

SIZES = [2, 4, 8, 16]


def parity(s, i):
    return (s & i).bit_count() % 2


def table_of(angles, size, constant=0.0):
    return np.array([constant + sum(angle for s, angle in angles.items() if parity(s, i)) for i in range(size)])


def assert_whole_turns(difference):
    turns = np.asarray(difference) / (2 * np.pi)
    assert_close(turns, np.rint(turns), 1e-9)


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


def lifted_brute_force(table, wanted, most):
    """Search all lifts by at most this many turns for one whose angles vanish on all the parities."""
    size = len(table)
    turns = np.array(list(itertools.product(range(-most, most + 1), repeat=size)))
    signs = np.array([[(-1) ** parity(s, i) for i in range(size)] for s in wanted])
    return np.any(np.all(abs((table + 2 * np.pi * turns) @ signs.T) < 1e-9, axis=1))


def table_with(rng, size, removable):
    """Phases whose angles on the given parities are multiples of 4 pi/size, the others generic."""
    angles = {s: 4 * np.pi / size * rng.integers(-2, 3) for s in removable}
    return table_of({**{s: rng.normal() for s in range(1, size)}, **angles}, size, constant=rng.normal())


@pytest.mark.parametrize("removable", [[], [2], [1, 3], [1, 2, 3]])
def test_vanishing_parities_are_those_that_a_lift_removes(removable):
    rng = np.random.default_rng(len(removable))
    for _ in range(5):
        table = table_with(rng, 4, removable)
        # At 4 points and angles of at most 2 pi, two turns at each point are enough.
        assert vanishing(table) == [s for s in (1, 2, 3) if lifted_brute_force(table, [s], 2)]
        assert vanishing(table) == removable


@pytest.mark.parametrize(("size", "removable"), [(2, [1]), (4, [1]), (4, [2, 3]), (8, [3, 5, 6]), (16, [1, 2, 12])])
def test_without_lifts_by_whole_turns_so_that_the_angles_vanish(size, removable):
    """Where all multiples of 2 pi that are needed have one parity, one lift removes all angles."""
    rng = np.random.default_rng(size)
    for _ in range(5):
        turns = 2 * rng.integers(-1, 2, len(removable)) + rng.integers(2)
        wanted = {s: 4 * np.pi / size * int(n) for s, n in zip(removable, turns, strict=True)}
        table = table_of({**{s: rng.normal() for s in range(1, size)}, **wanted}, size, constant=rng.normal())
        lift = without(table, removable)
        assert_whole_turns(lift - table)
        assert set(parity_angles(lift)) == set(range(1, size)) - set(removable)
        assert_close(np.exp(1j * table_of(parity_angles(lift), size, lift[0])), np.exp(1j * table), 1e-9)


def test_without_agrees_with_brute_force_on_every_set_of_vanishing_parities():
    rng = np.random.default_rng(4)
    answers = []
    for removable in ([1, 2], [1, 3], [2, 3], [1, 2, 3]):
        for _ in range(6):
            table = table_with(rng, 4, removable)
            for count in range(1, len(removable) + 1):
                for chosen in itertools.combinations(removable, count):
                    lift = without(table, list(chosen))
                    answers.append(lift is not None)
                    assert answers[-1] == lifted_brute_force(table, list(chosen), 3)
                    if lift is not None:
                        assert_whole_turns(lift - table)
                        assert not set(parity_angles(lift)) & set(chosen)
    assert sum(answers) > 60
    assert answers.count(False) > 10


def test_two_angles_that_vanish_singly_may_not_vanish_together():
    """Both take the sum of all turns to its own parity, 0 and 1."""
    table = table_of({1: 0.0, 2: np.pi, 3: 0.3}, 4)
    assert vanishing(table) == [1, 2]
    assert without(table, [1]) is not None
    assert without(table, [2]) is not None
    assert without(table, [1, 2]) is None


def test_without_any_parity_is_the_table_itself():
    table = np.random.default_rng(0).normal(size=8)
    np.testing.assert_array_equal(without(table, []), table)


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


def test_the_cheapest_choice_is_taken_wherever_it_stands():
    dear, cheap = frozenset(range(1, 8)), frozenset({4, 6})
    for choices in ([dear, cheap], [cheap, dear]):
        choice, moves = shortest_visit((1, 2, 4), (1, 2, 4), choices)
        assert choice == cheap
        assert len(moves) == 2


def test_nothing_to_visit_takes_nothing():
    assert shortest_visit((1, 2), (1, 2), [frozenset({1, 2})]) == (frozenset({1, 2}), [])
    assert shortest_visit((1,), (1,), [frozenset({1})]) == (frozenset({1}), [])
