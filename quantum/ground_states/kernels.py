"""The compiled loops of `engine`; their references are `engine.turned` and `engine.undone`."""

from typing import Any

import numpy as np

from problems.compiling import compiled

__all__ = ["turn", "undo"]


@compiled
def turn(state: Any, angles: Any, gates: Any) -> None:
    """Apply exp(-i theta_k Y_i Z_j) to a real state, in place, k = 0 first.

    Parameters
    ----------
    state
        Amplitudes, shape (2^N,).
    angles
        theta, shape (G,).
    gates
        i and j of each, shape (G, 2).
    """
    for k in range(len(angles)):
        _rotate(state, np.cos(angles[k]), np.sin(angles[k]), gates[k, 0], gates[k, 1])


@compiled
def undo(state: Any, dual: Any, angles: Any, gates: Any, slopes: Any) -> None:
    """Undo the gates on a state and on H times it, in place, the last one first, and write down dE/dtheta.

    Parameters
    ----------
    state, dual
        psi and H psi, each of shape (2^N,).
    angles, gates
        As `turn` has them.
    slopes
        Where 2 <dual| -i Y_i Z_j |state> goes, shape (G,).
    """
    for k in range(len(angles) - 1, -1, -1):
        step, control = 1 << gates[k, 0], gates[k, 1]
        cosine, sine = np.cos(angles[k]), -np.sin(angles[k])
        slope = 0.0
        # One pass over both vectors: the slope before the gate is undone, and both as `_rotate` would leave them.
        for base in range(0, len(state), 2 * step):
            for low in range(base, base + step):
                zero, one, left, right = state[low], state[low + step], dual[low], dual[low + step]
                product = right * zero - left * one
                positive = low >> control & 1 == 0
                slope += product if positive else -product
                signed = sine if positive else -sine
                state[low] = cosine * zero - signed * one
                state[low + step] = signed * zero + cosine * one
                dual[low] = cosine * left - signed * right
                dual[low + step] = signed * left + cosine * right
        slopes[k] = 2 * slope


@compiled
def _rotate(state: Any, cosine: float, sine: float, target: int, control: int) -> None:
    step = 1 << target
    for base in range(0, len(state), 2 * step):
        for low in range(base, base + step):
            # Z_j is +1 where bit j is 0: -i Y_i Z_j = [[0, -Z_j], [Z_j, 0]] on (bit i = 0, bit i = 1).
            signed = sine if low >> control & 1 == 0 else -sine
            zero, one = state[low], state[low + step]
            state[low] = cosine * zero - signed * one
            state[low + step] = signed * zero + cosine * one
