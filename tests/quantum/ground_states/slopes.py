"""Derivatives by central differences."""

import numpy as np


def differences(energy, angles, step=1e-5):
    """Central differences of an energy by every angle."""
    moves = step * np.eye(angles.size)
    found = [(energy(angles.ravel() + move) - energy(angles.ravel() - move)) / (2 * step) for move in moves]
    return np.reshape(found, angles.shape)
