"""The origin of a number: every package whose version shapes it, the machine, and the commit."""

import functools
import os
import platform
from collections.abc import Mapping
from importlib import metadata
from typing import Any

from compare.checkout import commit

__all__ = ["PACKAGES", "differences", "provenance"]

PACKAGES = (
    "quantum-tickets",
    "numpy",
    "scipy",
    "scikit-learn",
    "numba",
    "llvmlite",
    "qiskit",
    "qiskit-aer",
    "qiskit-braket-provider",
    "qiskit-ibm-runtime",
    "qdk",
    "qiskit-ionq",
    "mthree",
    "threadpoolctl",
    "distributed",
    "matplotlib",
)
"""Packages whose version shapes a number or how it is drawn; those of extras where they are installed."""


def provenance() -> dict[str, Any]:
    """Return ``versions``, ``machine``, and ``commit`` where this runs from a checkout, as plain data."""
    import psutil

    known = commit()
    return {
        "versions": {"python": platform.python_version()} | _versions(),
        "machine": {
            "system": platform.platform(),
            "processor": platform.processor() or platform.machine(),
            "cores": os.cpu_count(),
            "memory_bytes": psutil.virtual_memory().total,
        },
    } | ({} if known is None else {"commit": known})


def _versions() -> dict[str, str]:
    found = {}
    for name in PACKAGES:
        try:
            found[name] = _version(name)
        except metadata.PackageNotFoundError:  # of an extra that is not installed, perhaps not yet
            continue
    return found


@functools.cache
def _version(name: str) -> str:
    """Return the version of an installed package, read once: it takes long, and what runs is what was imported."""
    return metadata.version(name)


def differences(recorded: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Say which versions, and which commit, are others than those recorded.

    Parameters
    ----------
    recorded
        With ``versions`` and ``commit``, where they are known.
    now
        What `provenance` says here.
    """
    then, here = recorded.get("versions") or {}, now["versions"]
    said = [
        f"{name} {here[name]} (recorded: {then[name]})" for name in here if then.get(name, here[name]) != here[name]
    ]
    old, new = recorded.get("commit"), now.get("commit")
    if old and new and old != new:
        said.append(f"commit {_short(new)} (recorded: {_short(old)})")
    return said


def _short(commit: Mapping[str, Any]) -> str:
    return f"{commit['id'][:10]}{', changed' if commit['changed'] else ''}"
