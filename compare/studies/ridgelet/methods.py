"""Stub."""

from types import SimpleNamespace

from compare.samplers import SAMPLERS as OLD

SAMPLERS = {n: SimpleNamespace(label=n, law="p*", style=None, make=m.make, check=m.check) for n, m in OLD.items()}
