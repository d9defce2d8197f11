"""The problems of the risk study: data sets with few features, with all of them, and functions of known spectrum."""

from dataclasses import dataclass

__all__ = ["CASES", "DEFAULT", "Case", "case_of"]

TWO_CLASSES, CLASSES, REGRESSION = "two classes", "classes", "regression"
"""Kinds of targets, in the words of `problems.datasets`, which is not imported to say them."""


@dataclass(frozen=True)
class Case:
    """One problem of the study.

    Attributes
    ----------
    dataset, prime, features
        What `problems.ridgelet.data.load_residues` takes.
    kind
        What the targets are: two classes, classes or regression; None of a user's file, whose table says it.
    scale
        Networks here have `scale` times the nodes that the setting says.
    part
        Whether a quarter of the points is held out of a function on all of Z_P^D, which has no held-out part itself.
    independent
        Whether every fold has data of its own, drawn anew.
    """

    dataset: str
    prime: int
    features: int | None
    kind: str | None
    scale: float = 1.0
    part: bool = False
    independent: bool = False


CASES: dict[str, Case] = {
    "digits": Case("digits", 5, 4, TWO_CLASSES),
    "mnist-8-9": Case("mnist-8-9", 5, 4, TWO_CLASSES),
    "breast-cancer": Case("breast-cancer", 5, 4, TWO_CLASSES),
    "wine": Case("wine", 5, 4, CLASSES),
    "iris": Case("iris", 5, 4, CLASSES),
    "diabetes": Case("diabetes", 5, 4, REGRESSION),
    "digits-raw": Case("digits", 17, None, TWO_CLASSES, 5),
    "mnist-8-9-pooled": Case("mnist-8-9", 17, 49, TWO_CLASSES, 2.5),
    "mnist-8-9-raw": Case("mnist-8-9", 257, None, TWO_CLASSES, 2.5),
    "breast-cancer-raw": Case("breast-cancer", 17, None, TWO_CLASSES, 2.5),
    "wine-raw": Case("wine", 17, None, CLASSES),
    "diabetes-raw": Case("diabetes", 17, None, REGRESSION),
    "digits-tiny": Case("digits", 3, 3, TWO_CLASSES, 0.25),
    "sine-tiny": Case("sine", 5, 2, REGRESSION, 0.25),
    "sine": Case("sine", 5, 3, REGRESSION, 0.5),
    "ridge": Case("ridge", 5, 3, REGRESSION, 0.5),
    "gaussian": Case("gaussian", 5, 3, REGRESSION, 0.5),
    "random": Case("random", 5, None, TWO_CLASSES, 0.5, independent=True),
    "sine-part": Case("sine", 5, 3, REGRESSION, 0.5, part=True),
    "ridge-part": Case("ridge", 5, 3, REGRESSION, 0.5, part=True),
    "gaussian-part": Case("gaussian", 5, 3, REGRESSION, 0.5, part=True),
}
"""Problems by name. `-raw`: all features; `-part`: a function known on three quarters of Z_P^D; `-tiny`: small enough
for a noisy circuit."""

DEFAULT = tuple(name for name in CASES if name != "mnist-8-9-raw")
"""Cases that are run if nothing else is asked for. A dense network on 784 pixels takes longer than all the rest."""


def case_of(name: str) -> Case:
    """Return a problem by its name; of a user's file, by its content, up to 4 features, as of the small tables here."""
    return CASES[name] if name in CASES else Case(name, 5, 4, None)
