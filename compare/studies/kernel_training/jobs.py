"""A prediction by quantum inversion of a kernel as a job: one sign, measured on a device, from few training images."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from compare.hardware.payload import Built, Decoded, Payload, PayloadKind
from compare.hardware.scores import Scores
from problems.arrays import real_array
from problems.errors import InputError
from problems.kernel_training import ErfNtk, KernelTask, kernel_states
from problems.kernel_training.checks import two_labels
from quantum.blocks import QsvtInverse, SignedOverlap

__all__ = ["KIND", "MOST_IMAGES", "OVERLAP", "overlap_payload", "payloads_of_task"]

KIND = "kernels/overlap"

LEAST_MEAN = 1e-9
"""Below this the readout's mean is none, but for rounding."""

MOST_IMAGES = 8
"""Devices lose every inversion of more training images in noise: a query of 16 has 484 CX."""


def overlap_payload(
    matrix: ArrayLike,
    labels: ArrayLike,
    values: ArrayLike,
    epsilon: float = 0.2,
    kappa: float | None = None,
    description: str = "a kernel given in Python",
    origin: Mapping[str, Any] | None = None,
) -> Payload:
    """Return the reading of one test image's sign, as a payload.

    Parameters
    ----------
    matrix
        The kernel of the training images, shape (n, n), n from 2 to 8; all of it goes along.
    labels
        -1 and +1, shape (n,).
    values
        Kernel values of the test image with the training images, shape (n,); their scale does not matter.
    epsilon
        Error of the inversion, from 1e-15 to below 1.
    kappa
        A bound on the condition; None computes it.
    description
        What the kernel is, in words.
    origin
        Where it comes from, plain data for the record.

    Raises
    ------
    InputError
        If there are too many images, shapes do not fit, or the inversion refuses the matrix, epsilon or kappa.
    """
    kernel, y, k = real_array("matrix", matrix), two_labels("labels", labels), real_array("values", values)
    n = len(y)
    if n > MOST_IMAGES:
        raise InputError(f"n = {n} training images are more than a device can invert; give at most {MOST_IMAGES}.")
    if kernel.shape != (n, n) or k.shape != (n,):
        raise InputError(
            f"A kernel of shape {kernel.shape} and values of shape {k.shape} do not fit {n} labels; give ({n}, {n}) "
            f"and ({n},)."
        )
    inverse = QsvtInverse(kernel, epsilon, kappa)
    SignedOverlap(inverse, k, y)
    settings = {"epsilon": float(epsilon), "kappa": inverse.kappa, "origin": dict(origin or {})}
    arrays: dict[str, NDArray] = {"matrix": kernel, "labels": y, "values": k}
    return Payload(KIND, settings, arrays, f"{description}, n = {n}, degree {inverse.degree}")


def payloads_of_task(
    task: KernelTask, ntk: ErfNtk, images: Sequence[int], epsilon: float = 0.2, kappa: float | None = None
) -> list[Payload]:
    """Return the readings of some test images of a task, as payloads.

    Parameters
    ----------
    task
        Training and test images.
    ntk
        The kernel.
    images
        Numbers of test images, from 0.
    epsilon, kappa
        As in `overlap_payload`.

    Raises
    ------
    InputError
        If there is no such test image; see `overlap_payload`.
    """
    kernel, states = task.kernel(ntk), kernel_states(task.test_kernel(ntk), ntk.k_max)
    wrong = [image for image in images if not 0 <= image < len(task.y_test)]
    if wrong:
        raise InputError(f"There is no test image {wrong[0]}; give numbers from 0 to {len(task.y_test) - 1}.")
    return [
        overlap_payload(
            kernel,
            task.y,
            states.amplitudes[image],
            epsilon,
            kappa,
            f"{task.dataset}, L = {ntk.depth}, test image {image}",
            {"dataset": task.dataset, "depth": ntk.depth, "convention": ntk.convention, "image": int(image)},
        )
        for image in images
    ]


def _overlap_of(payload: Payload) -> SignedOverlap:
    arrays, settings = payload.arrays, payload.settings
    inverse = QsvtInverse(arrays["matrix"], settings["epsilon"], settings["kappa"])
    return SignedOverlap(inverse, arrays["values"], arrays["labels"])


def _build(payload: Payload, device: str | None) -> Built:
    return Built(payload, _overlap_of(payload).measured)


def _decode(payload: Payload, bits: NDArray[np.bool_]) -> Decoded:
    outcomes = 1 - 2 * bits[:, 0].astype(np.int8)
    mean, exact = float(outcomes.mean()), _overlap_of(payload).expectation
    right = bool(mean * exact > 0)
    numbers = {"mean": mean, "exact": exact, "kept": mean / exact if exact else None, "right": right}
    told = f"mean {mean:+.3f} where {exact:+.3f} is exact, so the sign is {'right' if right else 'wrong'}"
    return Decoded({"outcomes": outcomes}, numbers, told)


def _scores(payload: Payload, bits: NDArray[np.bool_]) -> Scores:
    exact = _overlap_of(payload).expectation
    chance = min(1.0, max(0.0, (1 - exact) / 2))
    pvalue = float(stats.binomtest(int(np.count_nonzero(bits[:, 0])), len(bits), chance).pvalue)
    outcomes = np.where(bits[:, 0], -1.0, 1.0)
    if abs(exact) < LEAST_MEAN:  # nothing to be in units of
        return Scores("mean", outcomes, perfect=exact, pvalue=pvalue)
    return Scores("share of the mean that is kept", outcomes, 0.0, exact, 0.0, 1.0, pvalue)


OVERLAP = PayloadKind(_build, _decode, _scores)
"""Outcomes +-1, one a shot: `outcomes` (n,), their `mean`, the `exact` one, what is `kept` of it, and `right` signs."""
