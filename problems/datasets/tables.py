"""Tables that scikit-learn carries."""

import numpy as np

from problems.datasets.dataset import CLASSES, REGRESSION, TWO_CLASSES, Dataset

__all__ = ["breast_cancer", "diabetes", "iris", "wine"]


def breast_cancer() -> Dataset:
    """Return 569 breast tumors, benign or malignant."""
    return _table("breast-cancer", "load_breast_cancer", "diagnosis", TWO_CLASSES, "Breast tumors")


def wine() -> Dataset:
    """Return 178 wines of three cultivars."""
    return _table("wine", "load_wine", "cultivar", CLASSES, "Wines")


def iris() -> Dataset:
    """Return 150 irises of three species."""
    return _table("iris", "load_iris", "species", CLASSES, "Irises")


def diabetes() -> Dataset:
    """Return 442 diabetes patients and how far the disease went."""
    return _table("diabetes", "load_diabetes", "progression after one year", REGRESSION, "Diabetes patients")


def _table(name: str, loader: str, target: str, kind: str, description: str) -> Dataset:
    from sklearn import datasets

    bunch = getattr(datasets, loader)()
    classes = () if kind == REGRESSION else tuple(map(str, bunch.target_names))
    y = bunch.target.astype(np.int64 if classes else float)
    features = tuple(map(str, bunch.feature_names))
    return Dataset(name, bunch.data, y, features, target, kind, classes, description, f"sklearn.datasets.{loader}")
