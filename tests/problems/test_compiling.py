"""Compiled code where its cache or its compiler is missing: the same nodes, and one note; bugs raise as ever."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from classical.ridgelet import DequantizedSampler
from problems.ridgelet import RidgeletProblem

ROOT = Path(__file__).parents[2]

DRAW = """
import json, warnings
import numpy as np
from classical.ridgelet import DequantizedSampler
from problems.compiling import kernels
from problems.ridgelet import RidgeletProblem

rng = np.random.default_rng(0)
problem = RidgeletProblem.from_samples(rng.integers(0, 7, (12, 3)), rng.choice([-1.0, 1.0], 12), 7)
with warnings.catch_warnings(record=True) as notes:
    warnings.simplefilter("always")
    for _ in range(2):
        nodes = DequantizedSampler(problem, 1).sample(40, seed=1)
print(json.dumps([kernels(), [str(note.message) for note in notes], nodes.a.tolist(), nodes.b.tolist()]))
"""

KERNEL = """
from problems.compiling import compiled

@compiled
def once(number):
    return number + 1

@compiled
def twice(number):
    return once(number) + once(number)
"""

CALL = """
import importlib, json, sys, warnings
found = []
with warnings.catch_warnings(record=True) as notes:
    warnings.simplefilter("always")
    import numba
    import kernel
    from problems.compiling import kernels, why_not_compiled
    assert kernels() is None
    assert why_not_compiled() is None
    for cache in sys.argv[1:] or [numba.config.CACHE_DIR]:
        numba.config.CACHE_DIR = cache
        importlib.reload(kernel)
        called = kernel.twice(20)
        hits = sum(sum(function.stats.cache_hits.values()) for function in (kernel.once, kernel.twice))
        found.append([kernels(), called, hits])
print(json.dumps([[str(note.message) for note in notes], found]))
"""
"""Prints what it noted, and of each cache that is named how code was run, what it found and what was kept there."""


def ran(program, path, *caches, **settings):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NUMBA_")}
    environment |= {"PYTHONPATH": os.pathsep.join([str(path), str(ROOT)]), "PYTHONDONTWRITEBYTECODE": "1"} | settings
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, caches)], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("setting", ["NUMBA_DISABLE_JIT=1", "NUMBA_NUM_THREADS=-1"])
def test_without_a_compiler_numpy_draws_the_same(setting, tmp_path):
    rng = np.random.default_rng(0)
    problem = RidgeletProblem.from_samples(rng.integers(0, 7, (12, 3)), rng.choice([-1.0, 1.0], 12), 7)
    expected = DequantizedSampler(problem, 1).sample(40, seed=1)
    name, value = setting.split("=")
    path, notes, a, b = ran(DRAW, tmp_path, **{name: value})
    assert (path, a, b) == ("numpy", expected.a.tolist(), expected.b.tolist())
    assert len(notes) == 1
    assert notes[0].startswith("Nothing is compiled: ")


def test_without_a_place_for_the_cache_everything_is_compiled_anew(tmp_path):
    """A read-only installation, and a user without a home: here a file stands wherever a folder would."""
    (tmp_path / "kernel.py").write_text(KERNEL)
    (tmp_path / "__pycache__").write_text("")
    notes, found = ran(CALL, tmp_path, HOME=str(tmp_path / "kernel.py"), XDG_CACHE_HOME="/dev/null")
    assert found == [["uncached", 42, 0]]
    assert len(notes) == 1
    assert notes[0].startswith("What is compiled cannot be kept (RuntimeError: cannot cache function")


def test_a_cut_cache_is_made_anew(tmp_path):
    """Index or code, empty, with its first bytes or with half of them: caches of their own, and three processes."""
    (tmp_path / "kernel.py").write_text(KERNEL)
    whole = tmp_path / "whole"
    assert ran(CALL, tmp_path, whole) == [[], [["compiled", 42, 0]]]
    cut = {(ending, kept): tmp_path / f"{ending}-{kept}" for ending in ("nbi", "nbc") for kept in (0, 10, 0.5)}
    for (ending, kept), cache in cut.items():
        shutil.copytree(whole, cache)
        files = list(cache.rglob(f"*.{ending}"))
        assert len(files) == 2
        for file in files:
            content = file.read_bytes()
            file.write_bytes(content[: kept if isinstance(kept, int) else int(kept * len(content))])
    assert ran(CALL, tmp_path, *cut.values()) == [[], [["compiled", 42, 0]] * len(cut)]
    notes, found = ran(CALL, tmp_path, *cut.values(), whole)
    assert (notes, [one[:2] for one in found]) == ([], [["compiled", 42]] * (len(cut) + 1))
    assert all(hits > 0 for _, _, hits in found)


def test_a_full_disk_stops_nobody(monkeypatch):
    from numba.core.caching import FunctionCache

    from problems import compiling

    def full(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(compiling, "_uncached", [])
    monkeypatch.setattr(FunctionCache, "save_overload", full)
    twice = compiling.compiled(lambda number: 2 * number)
    with pytest.warns(compiling.SlowPath, match=r"cannot be kept \(OSError: .*No space left on device\)"):
        assert twice(21) == 42
    assert compiling.why_not_compiled() is None
    assert compiling.kernels() == "uncached"


def test_what_compiled_code_alone_calls_is_refused_from_python():
    """Before it is compiled and after: without a way in, a call would end the process."""
    from problems.compiling import compiled

    @compiled(inner=True)
    def once(number):
        return number + 1

    @compiled
    def twice(number):
        return once(number) + once(number)

    for _ in range(2):
        with pytest.raises(TypeError, match="once is compiled for compiled code alone; leave out inner=True"):
            once(20)
        assert twice(20) == 42


def test_a_bug_in_compiled_code_raises():
    from problems.compiling import compiled

    def broken(number):
        return number.no_such_thing

    with pytest.raises(Exception, match="no_such_thing"):
        compiled(broken)(1)


def test_numpy_is_not_timed_by_the_name_of_compiled_code(monkeypatch):
    from problems import compiling
    from problems.errors import OutOfReach

    compiling.require_compiler()
    monkeypatch.setattr(compiling, "why_not_compiled", lambda: "NUMBA_DISABLE_JIT is set")
    with pytest.raises(OutOfReach, match="is to be timed, and nothing is compiled: NUMBA_DISABLE_JIT is set; run it"):
        compiling.require_compiler()
