"""Tests of the risk study, and the folds that several of them load."""

from compare.studies.ridgelet.risk.cases import CASES
from compare.studies.ridgelet.risk.study import Fold


def fold_of(name, number=0, seed=0, activation="relu"):
    case = CASES[name]
    parts = (case.dataset, case.prime, case.features, case.kind, case.part, case.independent)
    return Fold(name, *parts, number, 1e-3, activation, seed)
