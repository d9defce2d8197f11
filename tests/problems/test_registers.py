"""LLVM is written behind one door, compiled gates stand behind another, and registers do what they say."""

import ast
from pathlib import Path

import numpy as np
import pytest

from problems import registers
from problems.compiling import compiled

ROOT = Path(__file__).parents[2]
ROOMS = ("problems", "classical", "quantum", "compare", "benchmarks")
REGISTERS = "problems.registers"
COMPILED = "classical.ridgelet.dequantized.compiled"


def imports(tree):
    """Everything that a module imports, as whole names: modules, and what is taken from them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.fixture(scope="module")
def imported():
    found = {}
    for file in (file for room in ROOMS for file in (ROOT / room).rglob("*.py")):
        text = file.read_text("utf-8")
        # Most files are not worth parsing: they name nothing that the tests below ask for.
        if any(word in text for word in ("llvmlite", "numba", "registers", "compiled")):
            found[".".join(file.relative_to(ROOT).with_suffix("").parts)] = set(imports(ast.parse(text)))
    return found


def test_llvm_is_written_in_one_package_alone(imported):
    emitting = ("llvmlite", "numba.extending", "numba.core.cgutils", "numba.core.types")
    writers = {name for name, found in imported.items() if any(one.startswith(emitting) for one in found)}
    assert {name for name in writers if not name.startswith(REGISTERS)} == set()
    assert writers  # or nothing was read


def test_its_rooms_are_entered_by_its_door(imported):
    rooms = {f"{REGISTERS}.{file.stem}" for file in (ROOT / "problems" / "registers").glob("*.py")}
    entered = {
        (name, one)
        for name, found in imported.items()
        for one in found
        if not name.startswith(REGISTERS) and one.rpartition(".")[0] in rooms
    }
    assert entered == set()


def test_the_sampler_knows_the_door_to_compiled_gates_alone(imported):
    knowing = {
        (name, one)
        for name, found in imported.items()
        for one in found
        if one.startswith(COMPILED) and not name.startswith((COMPILED, "benchmarks.stages"))
    }
    assert knowing == {("classical.ridgelet.dequantized.sampler", f"{COMPILED}.compiled_gates")}


def test_the_door_offers_what_it_lists():
    assert sorted(registers.__all__) == registers.__all__
    assert all(hasattr(registers, name) for name in registers.__all__)


@compiled
def _logic(x, y, out):
    one, other = registers.load_vector(x, 1), registers.load_vector(y, 2)
    registers.store_vector(out, 0, registers.xor(one, other))
    registers.store_vector(out, 8, registers.either(one, other))
    registers.store_vector(out, 16, registers.add_words(one, other))
    registers.store_vector(out, 24, registers.low_halves(one, other))
    registers.store_vector(out, 32, registers.high_halves(one, other))


def test_words_are_added_joined_and_halved_byte_by_byte():
    rng = np.random.default_rng(0)
    x, y = rng.integers(0, 2**64, (2, 12), dtype=np.uint64)
    out = np.zeros(40, dtype=np.uint64)
    _logic(x, y, out)
    x, y = x[1:9], y[2:10]
    p, q = x.view(np.uint8), y.view(np.uint8)
    low, high = (p & 15) | (q & 15) << 4, p >> 4 | (q & 240)
    np.testing.assert_array_equal(out, np.concatenate([x ^ y, x | y, x + y, low.view(np.uint64), high.view(np.uint64)]))


@compiled
def _sums(x, y, out, sums):
    one, other = registers.load_vector(x, 0), registers.load_vector(y, 3)
    registers.store_vector(out, 0, registers.add(one, other))
    registers.store_vector(out, 8, registers.subtract(one, other))
    registers.store_vector(out, 16, registers.multiply_add(registers.zero_vector(), one, other))
    registers.store_vector(out, 24, registers.load_twice(x, 2))
    sums[0], sums[1], sums[2] = registers.sum_of(one), registers.sum_of_low(one), registers.sum_of_high(one)
    registers.add_pair(out, 30, 2.0, x, 1)


def test_amplitudes_are_added_multiplied_and_summed():
    x, y = np.arange(1.0, 13), 2.0 ** np.arange(12)
    out, sums = np.zeros(32), np.zeros(3)
    _sums(x, y, out, sums)
    one, other, twice = x[:8], y[3:11], np.tile(x[2:6], 2)
    twice[6:] += 2 * x[1:3]
    np.testing.assert_array_equal(out, np.concatenate([one + other, one - other, one * other, twice]))
    assert sums.tolist() == [36, 10, 26]
