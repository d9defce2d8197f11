"""Workers are held against this machine before they are given anything: their code, and the files that they see."""

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from problems.errors import InputError, OutOfReach
from problems.rows import RowSource

__all__ = ["check_workers", "code", "seen"]

ROOMS = ("problems", "classical.ridgelet.dequantized")
"""Packages that a worker's sums depend on."""


@cache
def code() -> str:
    """Return a digest of the code that sums depend on."""
    found = hashlib.sha256()
    for room in ROOMS:
        home = Path(str(import_module(room).__file__)).parent
        for file in sorted(home.rglob("*.py")):
            found.update(f"{room}/{file.relative_to(home).as_posix()}".encode() + b"\0" + file.read_bytes() + b"\0")
    return found.hexdigest()[:16]


def seen(source: RowSource) -> tuple[str, str | None]:
    """Return, on a worker, the digest of its code, and why it cannot read the rows, if it cannot."""
    try:
        source.read(0, 1)
    except InputError as error:
        return code(), str(error)
    return code(), None


def check_workers(found: Mapping[str, Any]) -> None:
    """Refuse workers by what `seen` returned for each address, or by the error that was raised there.

    Raises
    ------
    OutOfReach
        If a worker has no quantum-tickets or another version of it, or does not see the files as they are here.
    """
    for address, answer in found.items():
        if isinstance(answer, BaseException):
            reason = " ".join(f"{type(answer).__name__}: {answer}".split())
            raise OutOfReach(
                f"The worker {address} cannot run tasks ({reason}); install this version of quantum-tickets there."
            )
        version, reason = answer
        if version != code():
            raise OutOfReach(
                f"The worker {address} has another version of quantum-tickets (code {version}, here {code()}); install "
                "this one there."
            )
        if reason is not None:
            raise OutOfReach(
                f"The worker {address} cannot read the points: {reason} Every worker needs the file at the same path."
            )
