"""Qiskit's preset passes, put together once for all circuits of a device: most circuits here take less time than that.

Passes hold what they found while they run, so each thread has its own.
"""

import copy
import threading
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from functools import partial

from qiskit import generate_preset_pass_manager
from qiskit.transpiler import StagedPassManager, Target

from quantum.last_used import last_used
from quantum.target_contents import target_contents

__all__ = ["KEPT", "TargetPasses", "basis_passes"]

KEPT = 40
"""Sets of passes that a thread keeps, those used last: three devices with the seeds that `fit_circuit` tries."""

TARGETS = 4
"""Descriptions of devices that a thread keeps, those used last."""


class TargetPasses:
    """Passes to a device's gates.

    Parameters
    ----------
    target
        The device's description. Shared passes have a copy of it: what becomes of it afterwards changes nothing.
    shared
        Whether others may get the same passes; if not, they may be changed. They are made anew, from the description
        as it is then, also where its contents are not told by plain data.
    named
        A name that tells a description of gates of a simulator's own from all others, if it never changes.
    """

    def __init__(self, target: Target, shared: bool = True, named: Hashable | None = None) -> None:
        self._contents: Hashable | None
        if named is not None:
            self._contents, self._target = named, target
            return
        self._contents = target_contents(target) if shared else None
        self._target = (
            target
            if self._contents is None
            else last_used(_KEPT.targets, self._contents, TARGETS, partial(copy.deepcopy, target))
        )

    def __call__(self, level: int, seed: int, layout: Sequence[int] | None = None) -> StagedPassManager:
        """Return the passes; nobody may change them if they are shared.

        Parameters
        ----------
        level
            Qiskit's optimization level, 0..3.
        seed
            Of its transpiler.
        layout
            The device's qubit of each of the circuit's; None to have them chosen.
        """
        places = None if layout is None else list(layout)
        made = partial(
            generate_preset_pass_manager,
            target=self._target,
            optimization_level=level,
            seed_transpiler=seed,
            initial_layout=places,
        )
        if self._contents is None:
            return made()
        key = (self._contents, level, seed, None if places is None else tuple(places))
        return last_used(_KEPT.passes, key, KEPT, made)


def basis_passes(basis: Sequence[str], level: int, seed: int) -> StagedPassManager:
    """Return the passes to gates on qubits that are all connected; they are shared: nobody may change them.

    Parameters
    ----------
    basis
        Names of gates.
    level
        Qiskit's optimization level, 0..3.
    seed
        Of its transpiler.
    """
    made = partial(
        generate_preset_pass_manager, basis_gates=list(basis), optimization_level=level, seed_transpiler=seed
    )
    return last_used(_KEPT.passes, (tuple(basis), level, seed), KEPT, made)


class _Kept(threading.local):
    def __init__(self) -> None:
        self.passes: OrderedDict[Hashable, StagedPassManager] = OrderedDict()
        self.targets: OrderedDict[Hashable, Target] = OrderedDict()


_KEPT = _Kept()
