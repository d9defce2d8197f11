"""The one door to compiled code: with its cache on disk, without one where none can be used, or not at all.

Where nothing can be compiled, callers take their NumPy reference, which gives the same numbers, only slower. A bug in
compiled code raises as ever: only the lack of a compiler and of a cache are made up for here.
"""

import warnings
from collections.abc import Callable
from functools import cache, partial
from typing import Any

from problems.errors import OutOfReach

__all__ = ["SlowPath", "compiled", "kernels", "require_compiler", "why_not_compiled"]


class SlowPath(UserWarning):
    """Compiled code is taken without its cache, or not at all; the numbers are the same."""


_uncached: list[str] = []
"""The reason why the cache cannot be used, once it is known."""


@cache
def why_not_compiled() -> str | None:
    """Return why nothing can be compiled, after one warning; None if it can."""
    try:
        from numba.core import config
    except Exception as error:  # whatever a broken installation or a setting that it refuses raises
        reason = " ".join(f"numba cannot be imported ({type(error).__name__}: {error})".split())
    else:
        if not vars(config)["DISABLE_JIT"]:
            return None
        reason = "NUMBA_DISABLE_JIT is set"
    warnings.warn(f"Nothing is compiled: {reason}. NumPy computes the same, more slowly.", SlowPath, stacklevel=2)
    return reason


def require_compiler() -> None:
    """Refuse to time compiled code by its name where NumPy would run in its place.

    Raises
    ------
    OutOfReach
        If nothing can be compiled.
    """
    reason = why_not_compiled()
    if reason is not None:
        raise OutOfReach(f"Compiled code is to be timed, and nothing is compiled: {reason}; run it where numba works.")


def kernels() -> str | None:
    """Return how this process runs compiled code: "compiled", "uncached" or "numpy"; None if nothing asked for any."""
    if not why_not_compiled.cache_info().currsize:
        return None
    if why_not_compiled() is not None:
        return "numpy"
    return "uncached" if _uncached else "compiled"


def compiled(function: Callable[..., Any] | None = None, *, inner: bool = False, **options: Any) -> Any:
    """Compile a function when it is first called, without the interpreter's lock, and keep what was compiled on disk.

    Parameters
    ----------
    function
        The function; None returns a decorator.
    inner
        Whether compiled code alone calls it. Then no way in from Python is compiled, which takes as long as a small
        function itself, and a call from Python raises a TypeError.
    options
        Of `numba.njit`.
    """
    if function is None:
        return lambda function: compiled(function, inner=inner, **options)
    from numba import njit

    # No function is ever handed on as a pointer, which a wrapper of its own would be compiled for.
    options |= {"nogil": True, "no_cfunc_wrapper": True, "no_cpython_wrapper": inner}
    dispatcher: Any = njit(**options)(function)
    if inner:
        # A call from Python finds nothing compiled, and is refused where it would be: else it would jump to nowhere.
        dispatcher._insert = _nothing
        dispatcher._compile_for_args = partial(_refuse, function.__qualname__)
    try:
        dispatcher._cache = _forgiving_cache()(function)
    except (RuntimeError, OSError) as error:  # no folder for it: a read-only installation of a user without a home
        _note(error)
    return dispatcher


def _nothing(*_arguments: Any) -> None:
    """Leave what was compiled out of the table that calls from Python are looked up in."""


def _refuse(name: str, *_arguments: Any, **_keywords: Any) -> None:
    raise TypeError(f"{name} is compiled for compiled code alone; leave out inner=True to call it from Python.")


@cache
def _forgiving_cache() -> type:
    """Return Numba's cache of one function, which stops nobody: it is a way to save time and nothing more."""
    from numba.core.caching import FunctionCache

    class ForgivingCache(FunctionCache):
        def load_overload(self, sig: Any, target_context: Any) -> Any:
            try:
                return super().load_overload(sig, target_context)
            except Exception:  # cut off, or written by something else
                try:
                    self.flush()
                except Exception as error:
                    _note(error)
                return None

        def save_overload(self, sig: Any, data: Any) -> None:
            try:
                super().save_overload(sig, data)
            except Exception as error:  # the disk is full, or the folder is not ours
                _note(error)

    return ForgivingCache


def _note(error: Exception) -> None:
    if not _uncached:
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        warnings.warn(
            f"What is compiled cannot be kept ({reason}), so every process compiles anew; name a folder by "
            "NUMBA_CACHE_DIR.",
            SlowPath,
            stacklevel=2,
        )
        _uncached.append(reason)
