import doctest
import hashlib
import re
from types import SimpleNamespace

import numpy as np
import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from problems import seeds
from problems.errors import InputError
from problems.memory import readable_bytes, require_memory
from problems.seeds import generator, named, spawn


@pytest.mark.parametrize(
    "make", [lambda: 7, lambda: [1, 2], lambda: np.random.SeedSequence(7), lambda: np.random.PCG64(7)]
)
def test_a_seed_means_what_it_means_to_numpy(make):
    assert generator(make()).random() == np.random.default_rng(make()).random()


def test_a_generator_is_passed_through():
    rng = np.random.default_rng(0)
    assert generator(rng) is rng


def test_no_seed_is_fresh_entropy():
    assert generator(None).random() != generator(None).random()


@pytest.mark.parametrize("seed", [-1, 1.5, "abc", np.nan, [1, -1], [0.5], {}, object])
def test_a_bad_seed_is_refused(seed):
    message = f"seed = {re.escape(repr(seed))} cannot seed a random generator .*; give a whole number >= 0, or None"
    with pytest.raises(InputError, match=message):
        generator(seed)


paths = st.lists(st.integers(0, 50), max_size=3).map(tuple)


@given(st.integers(0, 2**40), paths, paths)
def test_a_branch_is_the_same_each_time_and_differs_from_every_other(seed, path, other):
    state = spawn(seed, *path).generate_state(4).tolist()
    assert spawn(seed, *path).generate_state(4).tolist() == state
    assert (spawn(seed, *other).generate_state(4).tolist() == state) == (path == other)
    assert spawn(seed + 1, *path).generate_state(4).tolist() != state


def test_a_branch_is_what_numpy_spawns():
    children = np.random.SeedSequence(3).spawn(3)
    assert [child.generate_state(1) for child in children] == [spawn(3, i).generate_state(1) for i in range(3)]


@pytest.fixture
def available(monkeypatch):
    def pretend(count):
        monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=count))

    return pretend


@pytest.mark.parametrize("needed", [0, 1023, 1024])
def test_what_fits_in_memory_is_allowed(available, needed):
    available(1024)
    require_memory(needed, "The work", "take less")


@pytest.mark.parametrize(
    ("needed", "message"),
    [
        (1025, "The work needs 1 KiB, but 1 KiB are available; take less."),
        (5 * 2**30, "The work needs 5 GiB, but 1 KiB are available; take less."),
        (10**120, "The work needs 10^120 bytes, but 1 KiB are available; take less."),
    ],
)
def test_what_does_not_fit_is_refused_with_both_sizes(available, needed, message):
    available(1024)
    with pytest.raises(InputError, match=re.escape(message)):
        require_memory(needed, "The work", "take less")


@pytest.mark.parametrize("digits", [100, 4299, 4301, 10_000])
def test_even_absurd_sizes_are_refused_in_words(digits):
    with pytest.raises(InputError, match=f"needs 10\\^{digits} bytes"):
        require_memory(10**digits, "The work", "take less")


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 bytes"),
        (1023, "1023 bytes"),
        (1024, "1 KiB"),
        (1536, "1.5 KiB"),
        (3 * 2**20, "3 MiB"),
        (2**40, "1 TiB"),
        (2**79, "512 ZiB"),
        (10**81, "10^81 bytes"),
    ],
)
def test_bytes_are_written_in_binary_units(count, text):
    assert readable_bytes(count) == text


def test_named_streams_depend_on_their_name_and_settings_alone():
    first = named("nodes", seed=0, dataset="digits", fold=3)
    assert first.entropy == named("nodes", fold=3, dataset="digits", seed=0).entropy
    others = [
        named("weights", seed=0, dataset="digits", fold=3),
        named("nodes", seed=0, dataset="digits", fold=4),
        named("nodes", seed=0, dataset="digits"),
        named("nodes", seed=0, dataset="digits", fold="3"),
    ]
    assert len({first.entropy, *(other.entropy for other in others)}) == 5


def test_named_streams_are_the_same_on_every_machine():
    assert doctest.testmod(seeds).failed == 0
    # SHA-256 of {"settings":{"seed":0},"stream":"nodes"}
    assert named("nodes", seed=0).entropy == int(
        hashlib.sha256(b'{"settings":{"seed":0},"stream":"nodes"}').hexdigest(), 16
    )
